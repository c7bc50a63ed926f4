"""The flows of log-ins by SSO, with a browser at the identity providers of the emulator."""

import base64
import json
import re

from browser import open_page
from flow_checks import is_of_member, organization
from memory import equal
from oauth import parameter

APPLICATION = "https://app.example"


def start(m, connection_id):
    """Opens the start URL of a connection. Returns the page of the identity provider."""
    targets = {"login_redirect_url": f"{APPLICATION}/login", "signup_redirect_url": f"{APPLICATION}/signup"}
    url = f"{m.url}/v1/public/sso/start"
    return open_page(url, connection_id=connection_id, public_token=m.public_token, **targets)


def token_of(page, path):
    """The token in the URL of the application at which the browser has arrived."""
    equal((page.url.split("?")[0], page.text), (APPLICATION + path, ""))
    equal(parameter(page.url, "stytch_token_type"), "sso")
    return parameter(page.url, "token")


def is_refusal(page, error_type):
    equal(page.status, 400)
    equal(json.loads(page.text)["error_type"], error_type)


def is_registered(m, result, connection_id, external_id):
    """Raises unless the member has this one registration."""
    member = m.client.organizations.members.get(result.organization_id, member_id=result.member_id).member
    found = [(one.connection_id, one.external_id) for one in member.sso_registrations]
    equal((found, member.status), ([(connection_id, external_id)], "active"))


def refuses_forgeries(m, signed, email):
    """The response of another person, of another identity provider and for another application."""
    xml = base64.b64decode(signed.hidden()["SAMLResponse"]).decode()
    tampered = xml.replace(email, m.email("eve", "acme.example")).encode()
    forged = signed.submit(SAMLResponse=base64.b64encode(tampered).decode())
    is_refusal(forged, "invalid_signature_saml_response")
    request = {
        "acs_url": re.search(' Destination="([^"]*)"', xml)[1],
        "in_response_to": re.search(' InResponseTo="([^"]*)"', xml)[1],
    }

    def sign(provider, **more):
        page = open_page(f"{m.url}/_emulator/idp/{provider}/saml").submit(email=email, **request, **more)
        return signed.submit(SAMLResponse=page.hidden()["SAMLResponse"])

    is_refusal(sign(2), "saml_certificate_mismatch")
    is_refusal(sign(1, audience="https://other.example"), "invalid_audience_saml_response")


def member_by_saml(m):
    organization_id, saml = organization(m, sso_jit_provisioning="ALL_ALLOWED"), m.client.sso.saml
    connection_id = saml.create_connection(organization_id, identity_provider="okta").connection.connection_id
    saml.update_by_url(organization_id, connection_id, f"{m.url}/_emulator/idp/1/metadata")
    mapping = {"email": "email", "full_name": "name", "groups": "groups"}
    roles = [{"role_id": "stytch_admin", "group": "admins"}]
    settings = {"attribute_mapping": mapping, "saml_group_implicit_role_assignments": roles}
    equal(saml.update_connection(organization_id, connection_id, **settings).connection.status, "active")
    user = {"email": m.email("saml", "acme.example"), "name": "Ada <O'Neil> & Co"}
    signed = start(m, connection_id).submit(**user, groups="staff, admins")
    refuses_forgeries(m, signed, user["email"])
    token = token_of(signed.submit(), "/signup")
    is_refusal(signed.submit(), "unsolicited_saml_response")
    result = m.client.sso.authenticate(token)
    m.refused("sso_token_not_found", lambda: m.client.sso.authenticate(token))
    is_of_member(m, result, result.member_id, ["sso"])
    equal(result.member_session.authentication_factors[0].saml_sso_factor.provider_id, connection_id)
    equal((result.member.email_address, result.member.name), (user["email"], user["name"]))
    equal(result.member_session.roles, ["stytch_member", "stytch_admin"])
    # The user has left the group of the administrators.
    again = start(m, connection_id).submit(**user, groups="staff").submit()
    back = m.client.sso.authenticate(token_of(again, "/login"))
    is_of_member(m, back, result.member_id, ["sso"])
    equal(back.member_session.roles, ["stytch_member"])
    is_registered(m, back, connection_id, user["email"])


def member_by_openid_connect(m):
    organization_id, oidc = organization(m, sso_jit_provisioning="NOT_ALLOWED"), m.client.sso.oidc
    email = m.email("oidc", "acme.example")
    member_id = m.client.organizations.members.create(organization_id, email).member_id
    connection_id = oidc.create_connection(organization_id, identity_provider="generic").connection.connection_id
    settings = {"issuer": f"{m.url}/_emulator/idp/2", "client_id": "acme", "client_secret": "client secret"}
    equal(oidc.update_connection(organization_id, connection_id, **settings).connection.status, "active")
    stranger = start(m, connection_id).submit(email=m.email("eve", "acme.example"))
    is_refusal(stranger, "invalid_connection_for_jit_provisioning")
    page = start(m, connection_id)
    is_refusal(page.submit(email=email, state="other"), "unsolicited_oidc_response")
    is_refusal(page.submit(email=email, client_id="other"), "oidc_auth_code_error")
    is_refusal(page.submit(email=email, nonce="other"), "oidc_invalid_id_token")
    token = token_of(page.submit(email=email, name="Ada", sub="00u1"), "/login")
    result = m.client.sso.authenticate(token)
    m.refused("sso_token_not_found", lambda: m.client.sso.authenticate(token))
    is_of_member(m, result, member_id, ["sso"])
    equal(result.member_session.authentication_factors[0].oidc_sso_factor.external_id, "00u1")
    is_registered(m, result, connection_id, "00u1")


SSO = [member_by_saml, member_by_openid_connect]
