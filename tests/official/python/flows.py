"""Whole flows with the clients of PyPI stytch against the emulator. Prints one line of JSON: the problem of each flow.

The argument is the line that the emulator printed when it was ready. A flow is a function of `m`, the memory of the
client of its product. The emulator may have run the scenarios before, so addresses are those of the run `flows`.
"""

import json
import sys
import traceback

import requests
import stytch

from authenticator_app import code_of
from memory import Memory, equal

FIRST, SECOND = "violet-harbour-lantern-41", "walnut bicycles hum at dawn"
CALLBACK = "https://app.example/callback"
MINUTES = {"session_duration_minutes": 60}


def stays_and_ends(m, result, user_id, factor):
    """Raises unless the session of the log-in is valid, also without the API, until it is revoked."""
    sessions = m.client.sessions
    equal([found.type for found in result.session.authentication_factors], [factor])
    equal(sessions.authenticate_jwt_local(session_jwt=result.session_jwt).user_id, user_id)
    equal(sessions.authenticate(session_token=result.session_token).user.user_id, user_id)
    sessions.revoke(session_token=result.session_token)
    m.refused("session_not_found", lambda: sessions.authenticate(session_token=result.session_token))


def is_of_member(m, result, member_id, factors):
    """Raises unless the session of the log-in is of this member and by these factors, also without the API."""
    equal([found.type for found in result.member_session.authentication_factors], factors)
    equal(m.client.sessions.authenticate_jwt_local(session_jwt=result.session_jwt).member_id, member_id)
    equal(m.client.sessions.authenticate(session_token=result.session_token).member.member_id, member_id)


def organization(m, **settings):
    """A new organization that members of acme.example may join. Returns its id."""
    domains = {"email_allowed_domains": ["acme.example"], "email_jit_provisioning": "RESTRICTED"}
    return m.client.organizations.create(organization_name="Acme", **domains, **settings).organization.organization_id


def user_with_a_magic_link(m):
    sent = m.client.magic_links.email.login_or_create(email=m.email("ada"))
    token = m.token_for(m.email("ada"))
    stays_and_ends(m, m.client.magic_links.authenticate(token, **MINUTES), sent.user_id, "magic_link")
    m.refused("unable_to_auth_magic_link", lambda: m.client.magic_links.authenticate(token))


def user_with_a_passcode(m):
    sent = m.client.otps.sms.login_or_create(phone_number="+15005550911")
    code = m.message_to("+15005550911")["code"]
    wrong = "000001" if code == "000000" else "000000"
    m.refused("otp_code_not_found", lambda: m.client.otps.authenticate(sent.phone_id, wrong))
    stays_and_ends(m, m.client.otps.authenticate(sent.phone_id, code, **MINUTES), sent.user_id, "otp")
    m.refused("unable_to_auth_otp_code", lambda: m.client.otps.authenticate(sent.phone_id, code))


def user_who_forgets_a_password(m):
    email, passwords = m.email("rosalind"), m.client.passwords
    user_id = passwords.create(email, FIRST).user_id
    before = passwords.authenticate(email, FIRST, **MINUTES)
    passwords.email.reset_start(email)
    token = m.token_for(email)
    passwords.email.reset(token, SECOND)
    m.refused("session_not_found", lambda: m.client.sessions.authenticate(session_token=before.session_token))
    m.refused("unauthorized_credentials", lambda: passwords.authenticate(email, FIRST))
    m.refused("unable_to_auth_password_reset_token", lambda: passwords.email.reset(token, FIRST))
    stays_and_ends(m, passwords.authenticate(email, SECOND, **MINUTES), user_id, "password")


def user_with_a_second_factor(m):
    user_id = m.client.passwords.create(m.email("joan"), FIRST).user_id
    app = m.client.totps.create(user_id)
    session_token = m.client.passwords.authenticate(m.email("joan"), FIRST, **MINUTES).session_token
    both = m.client.totps.authenticate(user_id, code_of(app.secret), session_token=session_token)
    equal([found.type for found in both.session.authentication_factors], ["password", "totp"])
    equal(both.session.user_id, user_id)
    recover = lambda: m.client.totps.recover(user_id, app.recovery_codes[0], **MINUTES)
    stays_and_ends(m, recover(), user_id, "recovery_codes")
    m.refused("unable_to_authenticate_recovery_code", recover)


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


def user_who_is_impersonated(m):
    user_id = m.client.users.create(email=m.email("eve")).user_id
    order = {"product": "consumer", "user_id": user_id}
    token = m.control("POST", "impersonation_tokens", order)["impersonation_token"]
    stays_and_ends(m, m.client.impersonation.authenticate(token), user_id, "impersonated")
    m.refused("unable_to_auth_impersonation_token", lambda: m.client.impersonation.authenticate(token))


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


def member_who_discovers_an_organization(m):
    organization_id = organization(m, mfa_policy="REQUIRED_FOR_ALL")
    email, number, otps = m.email("grace", "acme.example"), "+15005550912", m.client.otps
    # A member who has verified the domain makes the organization discoverable.
    founder = {"organization_id": organization_id, "email_address": m.email("founder", "acme.example")}
    m.client.magic_links.email.login_or_signup(**founder)
    m.client.magic_links.authenticate(m.token_for(founder["email_address"]))
    otps.email.discovery.send(email)
    found = otps.email.discovery.authenticate(email, m.message_to(email)["code"])
    equal(organization_id in [one.organization.organization_id for one in found.discovered_organizations], True)
    exchange = m.client.discovery.intermediate_sessions.exchange
    joined = exchange(found.intermediate_session_token, organization_id)
    equal((joined.member_authenticated, joined.session_token), (False, ""))
    token = {"intermediate_session_token": joined.intermediate_session_token}
    otps.sms.send(organization_id, joined.member_id, mfa_phone_number=number, **token)
    code = m.message_to(number)["code"]
    second = lambda: otps.sms.authenticate(organization_id, joined.member_id, code, **token)
    is_of_member(m, second(), joined.member_id, ["email_otp", "otp"])
    m.refused("intermediate_session_not_found", second)


def member_of_a_directory(m):
    organization_id = organization(m)
    connection = m.client.scim.connection.create(organization_id, identity_provider="okta").connection
    address = m.email("lin", "acme.example")

    def push(method, path, body, bearer_token=connection.bearer_token):
        url = f"{m.url}/v1/b2b/scim/{connection.connection_id}{path}"
        return requests.request(method, url, json=body, headers={"Authorization": f"Bearer {bearer_token}"})

    def read():
        return m.client.organizations.members.get(organization_id, email_address=address).member

    user = push("POST", "/Users", {"userName": address})
    equal((user.status_code, read().scim_registration.connection_id), (201, connection.connection_id))
    m.client.magic_links.email.login_or_signup(organization_id, address)
    session = m.client.magic_links.authenticate(m.token_for(address))
    is_of_member(m, session, read().member_id, ["magic_link"])
    leave = {"Operations": [{"op": "replace", "path": "active", "value": False}]}
    path = "/".join(["", "Users", user.json()["id"]])
    equal(push("PATCH", path, leave, bearer_token="wrong").status_code, 401)
    equal(push("PATCH", path, leave).status_code, 200)
    left = m.client.organizations.members.dangerously_get(session.member_id, include_deleted=True)
    equal(left.member.status, "deleted")
    m.refused("session_not_found", lambda: m.client.sessions.authenticate(session_token=session.session_token))


def member_who_is_impersonated(m):
    address = m.email("eve", "acme.example")
    member_id = m.client.organizations.members.create(organization(m), address).member_id
    token = m.control("POST", "impersonation_tokens", {"product": "b2b", "member_id": member_id})["impersonation_token"]
    is_of_member(m, m.client.impersonation.authenticate(token), member_id, ["impersonated"])
    m.refused("unable_to_auth_impersonation_token", lambda: m.client.impersonation.authenticate(token))


CONSUMER = [
    user_with_a_magic_link,
    user_with_a_passcode,
    user_who_forgets_a_password,
    user_with_a_second_factor,
    user_of_a_connected_app,
    user_who_is_impersonated,
    machine,
]
B2B = [member_who_discovers_an_organization, member_of_a_directory, member_who_is_impersonated]


def main(ready):
    problems = {}
    for make, product, flows in [(stytch.Client, "consumer", CONSUMER), (stytch.B2BClient, "b2b", B2B)]:
        url = ready["url"]
        m = Memory(make(**ready[product], environment=url, fraud_environment=url), ready, product, None, "flows")
        for flow in flows:
            try:
                flow(m)
                problems[flow.__name__] = None
            except Exception:
                problems[flow.__name__] = traceback.format_exc()
    print(json.dumps(problems))


main(json.loads(sys.argv[1]))
