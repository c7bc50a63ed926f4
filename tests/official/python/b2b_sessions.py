"""The rows of the B2B client's sessions that start with a session, a token or an account from elsewhere."""

from drive import Row
from memory import equal
from oauth import MEMBER_OAUTH

ISSUER = "https://issuer.example"


def organization_id(m):
    return m.of("organizations.create").organization.organization_id


def own(m):
    return m.email("mary", "acme.example")


def token(m, kind, claims, **subject):
    order = {"product": "b2b", "kind": kind, "claims": claims, **subject}
    return m.control("POST", "tokens", order)["token"]


def foreign(m):
    m.client.organizations.members.create(organization_id(m), own(m))
    session = {"product": "b2b", "session_token": "foreign", "email_address": own(m)}
    m.control("POST", "external_sessions", session)
    return {"session_token": "foreign", "organization_id": organization_id(m)}


def trusted(m):
    keys = [vars(key) for key in m.client.sessions.get_jwks(m.project_id).keys]
    profile = {"product": "b2b", "issuer": ISSUER, "audience": "stytch", "keys": keys}
    profile_id = m.control("POST", "trusted_token_profiles", profile)["profile_id"]
    claims = {"iss": ISSUER, "aud": "stytch", "email": own(m)}
    return {"profile_id": profile_id, "token": token(m, "m2m", claims), "organization_id": organization_id(m)}


def access_token(m):
    member_id = m.of("sessions.migrate").member_id
    return {"access_token": token(m, "connected_app", {"scope": "full_access"}, member_id=member_id)}


def is_session(m, result):
    found = m.client.sessions.authenticate(session_token=result.session_token).member
    equal((found.member_id, found.email_address), (result.member_id, own(m)))


MEMBER_SESSIONS = {
    "sessions.migrate": Row(foreign, is_session),
    "sessions.attest": Row(trusted, is_session),
    "sessions.exchange_access_token": Row(access_token, is_session),
    **MEMBER_OAUTH,
}
