"""The flows of members: log-ins of every kind, discovery, a directory, and impersonation."""

import requests
from authenticator_app import code_of
from flow_checks import FIRST, SECOND, impersonation_token, is_of_member, organization
from memory import equal
from oauth import oauth_token


def member_with_a_magic_link(m):
    organization_id, address = organization(m), m.email("ada", "acme.example")
    sent = m.client.magic_links.email.login_or_signup(organization_id, address)
    token = m.token_for(address)
    is_of_member(m, m.client.magic_links.authenticate(token), sent.member_id, ["magic_link"])
    m.refused("unable_to_auth_magic_link", lambda: m.client.magic_links.authenticate(token))


def member_with_a_passcode(m):
    organization_id, address, otps = organization(m), m.email("otto", "acme.example"), m.client.otps
    sent = otps.email.login_or_signup(organization_id, address)
    code = m.message_to(address)["code"]
    wrong = "000001" if code == "000000" else "000000"
    m.refused("otp_code_not_found", lambda: otps.email.authenticate(organization_id, address, wrong))
    is_of_member(m, otps.email.authenticate(organization_id, address, code), sent.member_id, ["email_otp"])


def member_who_forgets_a_password(m):
    organization_id, address, passwords = organization(m), m.email("rosalind", "acme.example"), m.client.passwords
    member_id = m.client.organizations.members.create(organization_id, address).member_id

    def reset(password):
        passwords.email.reset_start(organization_id, address)
        token = m.token_for(address)
        equal(passwords.email.reset(token, password).member_id, member_id)
        m.refused("unable_to_auth_password_reset_token", lambda: passwords.email.reset(token, password))

    log_in = lambda password: passwords.authenticate(organization_id, address, password)
    reset(FIRST)
    before = log_in(FIRST)
    reset(SECOND)
    m.refused("session_not_found", lambda: m.client.sessions.authenticate(session_token=before.session_token))
    m.refused("unauthorized_credentials", lambda: log_in(FIRST))
    is_of_member(m, log_in(SECOND), member_id, ["password"])


def user_with_one_password_for_all_organizations(m):
    share = lambda shared: m.control("POST", "password_config", {"product": "b2b", "cross_org_passwords": shared})
    share(True)
    try:
        organization_id, address = organization(m), m.email("mabel", "acme.example")
        # A password alone does not prove the address to an organization: an earlier log-in did.
        m.client.magic_links.email.login_or_signup(organization_id, address)
        member_id = m.client.magic_links.authenticate(m.token_for(address)).member_id
        discovery = m.client.passwords.discovery
        discovery.email.reset_start(address)
        discovery.email.reset(m.token_for(address), FIRST)
        m.refused("unauthorized_credentials", lambda: discovery.authenticate(address, SECOND))
        found = discovery.authenticate(address, FIRST)
        exchange = m.client.discovery.intermediate_sessions.exchange
        result = exchange(found.intermediate_session_token, organization_id)
        is_of_member(m, result, member_id, ["password"])
    finally:
        share(False)


def member_with_an_authenticator_app(m):
    organization_id, address = organization(m, mfa_policy="REQUIRED_FOR_ALL"), m.email("joan", "acme.example")

    def first_factor():
        m.client.magic_links.email.login_or_signup(organization_id, address)
        found = m.client.magic_links.authenticate(m.token_for(address))
        equal((found.member_authenticated, found.session_token), (False, ""))
        token = {"intermediate_session_token": found.intermediate_session_token}
        return {"organization_id": organization_id, "member_id": found.member_id, **token}

    joining = first_factor()
    app = m.client.totps.create(**joining)
    second = m.client.totps.authenticate(code=code_of(app.secret), **joining)
    is_of_member(m, second, joining["member_id"], ["magic_link", "totp"])
    recover = lambda: m.client.recovery_codes.recover(recovery_code=app.recovery_codes[0], **first_factor())
    is_of_member(m, recover(), joining["member_id"], ["magic_link", "recovery_codes"])
    m.refused("unable_to_authenticate_recovery_code", recover)


def member_with_an_account_at_microsoft(m):
    organization_id, address = organization(m), m.email("mary", "acme.example")
    member_id = m.client.organizations.members.create(organization_id, address).member_id
    path, account = "/v1/b2b/public/oauth/microsoft/start", {"email_address": address, "name": "Mary"}
    token = oauth_token(m, path, account, organization_id=organization_id)
    is_of_member(m, m.client.oauth.authenticate(token), member_id, ["oauth"])
    m.refused("oauth_token_not_found", lambda: m.client.oauth.authenticate(token))
    token = oauth_token(m, "/v1/b2b/public/oauth/microsoft/discovery/start", account)
    found = m.client.oauth.discovery.authenticate(token)
    equal(organization_id in [one.organization.organization_id for one in found.discovered_organizations], True)
    exchange = m.client.discovery.intermediate_sessions.exchange
    token = found.intermediate_session_token
    is_of_member(m, exchange(token, organization_id), member_id, ["oauth"])
    m.refused("intermediate_session_not_found", lambda: exchange(token, organization_id))


def user_who_creates_an_organization(m):
    address, magic_links = m.email("zoe", "zoe.example"), m.client.magic_links
    magic_links.email.discovery.send(address)
    found = magic_links.discovery.authenticate(m.token_for(address))
    equal(found.discovered_organizations, [])
    create = lambda: m.client.discovery.organizations.create(found.intermediate_session_token, organization_name="Zoe")
    founded = create()
    is_of_member(m, founded, founded.member_id, ["magic_link"])
    m.refused("intermediate_session_not_found", create)
    organization_id = founded.organization.organization_id
    member = m.client.organizations.members.get(organization_id, email_address=address).member
    equal((member.member_id, member.is_admin, member.status), (founded.member_id, True, "active"))


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
    group = {"displayName": "Staff", "members": [{"value": user.json()["id"]}]}
    equal((push("POST", "/Groups", group).status_code, read().is_admin), (201, False))
    group = m.client.scim.connection.get_groups(organization_id, connection.connection_id).scim_groups[0]
    roles = {"scim_group_implicit_role_assignments": [{"role_id": "stytch_admin", "group_id": group.group_id}]}
    m.client.scim.connection.update(organization_id, connection.connection_id, **roles)
    equal(read().is_admin, True)
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
    token = impersonation_token(m, member_id=member_id)
    is_of_member(m, m.client.impersonation.authenticate(token), member_id, ["impersonated"])
    m.refused("unable_to_auth_impersonation_token", lambda: m.client.impersonation.authenticate(token))


MEMBERS = [
    member_with_a_magic_link,
    member_with_a_passcode,
    member_who_forgets_a_password,
    user_with_one_password_for_all_organizations,
    member_with_an_authenticator_app,
    member_with_an_account_at_microsoft,
    user_who_creates_an_organization,
    member_who_discovers_an_organization,
    member_of_a_directory,
    member_who_is_impersonated,
]
