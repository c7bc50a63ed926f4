"""The flows of Connected Apps and of machines."""

import requests
from memory import equal

CALLBACK = "https://app.example/callback"


def user_of_a_connected_app(m):
    user_id = m.client.users.create(email=m.email("mary")).user_id
    created = m.client.connected_app.clients.create("third_party", redirect_urls=[CALLBACK]).connected_app
    app = {"client_id": created.client_id, "client_secret": created.client_secret}
    asked = {"client_id": created.client_id, "redirect_uri": CALLBACK, "response_type": "code", "user_id": user_id}
    asked["scopes"] = ["openid", "offline_access"]
    code = m.client.idp.oauth.authorize(**asked, consent_granted=True).authorization_code

    def token(**form):
        return requests.post(f"{m.url}/v1/public/{m.project_id}/oauth2/token", data={**form, **app}).json()

    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    tokens = token(**grant)
    equal(m.client.idp.introspect_access_token_local(access_token=tokens["access_token"]).subject, user_id)
    refreshed = token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    equal(m.client.idp.introspect_token_network(token=refreshed["access_token"], **app).subject, user_id)
    m.client.users.revoke(user_id, created.client_id)
    equal(m.client.idp.introspect_token_network(token=refreshed["access_token"], **app), None)
    equal(token(**grant)["error"], "invalid_grant")


def machine(m):
    scopes = ["read:users", "write:users"]
    created = m.client.m2m.clients.create(scopes=scopes).m2m_client
    client_id, m2m = created.client_id, m.client.m2m
    access_token = m2m.token(client_id, created.client_secret, ["read:users"]).access_token
    checked = m2m.authenticate_token(access_token, required_scopes=["read:users"])
    equal((checked.client_id, checked.scopes), (client_id, ["read:users"]))
    secret = m2m.clients.secrets.rotate_start(client_id).m2m_client.next_client_secret
    m2m.clients.secrets.rotate(client_id)
    m.refused("invalid_client", lambda: m2m.token(client_id, created.client_secret))
    equal(m2m.token(client_id, secret).token_type, "bearer")


SERVICES = [user_of_a_connected_app, machine]
