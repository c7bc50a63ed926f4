"""The rows of discovery, invites and exchanges."""

from drive import Row
from memory import equal


def organization_id(m):
    return m.of("organizations.create").organization.organization_id


def eve(m):
    return m.email("eve", "acme.example")


def zoe(m):
    return m.email("zoe", f"zoe-{m.run}.example")


def types(result):
    return [found.membership.type for found in result.discovered_organizations]


def token(m, name):
    return m.of(name).intermediate_session_token


def code_for(m, address):
    """The code in the newest message to this address."""
    messages = m.control("GET", "outbox.json")["messages"]
    return next(message["code"] for message in messages if message["to"] == address)


def member_of(m, session_token):
    return m.client.sessions.authenticate(session_token=session_token).member


def created(m):
    return m.of("discovery.organizations.create").organization.organization_id


DISCOVERY = {
    "magic_links.email.discovery.send": Row(lambda m: {"email_address": eve(m)}),
    "magic_links.discovery.authenticate": Row(
        lambda m: {"discovery_magic_links_token": m.token_for(eve(m))},
        lambda m, r: equal("eligible_to_join_by_email_domain" in types(r), True),
    ),
    "otps.email.discovery.send": Row(lambda m: {"email_address": zoe(m)}),
    "otps.email.discovery.authenticate": Row(
        lambda m: {"email_address": zoe(m), "code": code_for(m, zoe(m))},
        lambda m, r: equal(types(r), []),
    ),
    "discovery.organizations.list": Row(
        lambda m: {"intermediate_session_token": token(m, "magic_links.discovery.authenticate")},
        lambda m, r: equal(r.email_address, eve(m)),
    ),
    "discovery.intermediate_sessions.exchange": Row(
        lambda m: {
            "intermediate_session_token": token(m, "magic_links.discovery.authenticate"),
            "organization_id": organization_id(m),
        },
        lambda m, r: equal(member_of(m, r.session_token).member_id, r.member_id),
    ),
    "discovery.organizations.create": Row(
        lambda m: {
            "intermediate_session_token": token(m, "otps.email.discovery.authenticate"),
            "organization_name": "Zoe",
            "email_invites": "ALL_ALLOWED",
        },
        lambda m, r: equal(m.client.organizations.get(r.organization.organization_slug).organization.organization_name, "Zoe"),
    ),
    "magic_links.email.invite": Row(
        lambda m: {"organization_id": created(m), "email_address": eve(m)},
        lambda m, r: equal(
            m.client.organizations.members.get(created(m), member_id=r.member_id).member.status, "invited"
        ),
    ),
    "sessions.exchange": Row(
        lambda m: {
            "organization_id": created(m),
            "session_token": m.of("discovery.intermediate_sessions.exchange").session_token,
        },
        lambda m, r: equal(member_of(m, r.session_token).status, "active"),
    ),
}
