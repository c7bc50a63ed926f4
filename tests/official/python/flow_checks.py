"""What the flows share: passwords, a new organization, and the checks of the session of a log-in."""

from memory import equal

FIRST, SECOND = "violet-harbour-lantern-41", "walnut bicycles hum at dawn"
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


def impersonation_token(m, **subject):
    """The token with which an employee impersonates a user or a member."""
    return m.control("POST", "impersonation_tokens", {"product": m.product, **subject})["impersonation_token"]
