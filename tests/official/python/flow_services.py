"""The flows of Connected Apps and of machines."""

import requests
from flow_checks import MINUTES, organization, stays_and_ends
from memory import equal

CALLBACK = "https://app.example/callback"


def created(m, client_type, **settings):
    """Creates an app, and returns its credentials."""
    app = m.client.connected_app.clients.create(client_type, redirect_urls=[CALLBACK], **settings).connected_app
    return {"client_id": app.client_id, "client_secret": app.client_secret}


def authorized(m, app, scopes, **subject):
    """Has the user or member consent, and returns the code."""
    request = {"client_id": app["client_id"], "redirect_uri": CALLBACK, "response_type": "code", "scopes": scopes}
    return m.client.idp.oauth.authorize(consent_granted=True, **request, **subject).authorization_code


def tokens_of(m, app, **form):
    """Sends a form to the token route, as an app does."""
    return requests.post(f"{m.url}/v1/public/{m.project_id}/oauth2/token", data={**form, **app}).json()


def grant(code):
    return {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}


def user_of_a_connected_app(m):
    user_id, idp = m.client.users.create(email=m.email("mary")).user_id, m.client.idp
    app = created(m, "third_party")
    code = authorized(m, app, ["openid", "offline_access"], user_id=user_id)
    tokens = tokens_of(m, app, **grant(code))
    equal(idp.introspect_access_token_local(access_token=tokens["access_token"]).subject, user_id)
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    access_token = tokens_of(m, app, **refresh)["access_token"]
    equal(idp.introspect_token_network(token=access_token, **app).subject, user_id)
    listed = m.client.users.connected_apps(user_id).connected_apps
    equal([one.connected_app_id for one in listed], [app["client_id"]])
    m.client.users.revoke(user_id, app["client_id"])
    equal(idp.introspect_token_network(token=access_token, **app), None)
    equal(tokens_of(m, app, **refresh)["error"], "invalid_grant")
    equal(tokens_of(m, app, **grant(code))["error"], "invalid_grant")


def user_of_a_first_party_app(m):
    m.client.magic_links.email.login_or_create(email=m.email("frida"))
    log_in = m.client.magic_links.authenticate(m.token_for(m.email("frida")), **MINUTES)
    app = created(m, "first_party", full_access_allowed=True)
    code = authorized(m, app, ["full_access"], session_token=log_in.session_token)
    exchange = lambda token: m.client.sessions.exchange_access_token(token, **MINUTES)
    result = exchange(tokens_of(m, app, **grant(code))["access_token"])
    stays_and_ends(m, result, log_in.user_id, "oauth")
    # A session JWT is not an access token.
    m.refused("idp_access_token_not_found", lambda: exchange(log_in.session_jwt))


def member_of_an_app(m):
    organization_id, organizations = organization(m), m.client.organizations
    member_id = organizations.members.create(organization_id, m.email("frida", "acme.example")).member_id
    app, member = created(m, "first_party"), {"organization_id": organization_id, "member_id": member_id}
    access_token = tokens_of(m, app, **grant(authorized(m, app, ["openid"], **member)))["access_token"]
    equal(m.client.idp.introspect_access_token_local(access_token=access_token).subject, member_id)
    organizations.update(organization_id, first_party_connected_apps_allowed_type="NOT_ALLOWED")
    m.refused("connected_app_not_allowed_for_org", lambda: authorized(m, app, ["openid"], **member))


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


USER_SERVICES = [user_of_a_connected_app, user_of_a_first_party_app, machine]
MEMBER_SERVICES = [member_of_an_app, machine]
