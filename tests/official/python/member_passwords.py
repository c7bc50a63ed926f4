"""The rows of the B2B client's passwords: first in one organization, then shared between organizations."""

from drive import Row
from memory import equal

FIRST, SECOND = "correct horse battery", "seven quiet otters under ice"
THIRD, FOURTH = "ninth copper umbrella rides", "walnut bicycles hum at dawn"
# The SHA-1 of the first password.
SHA_1 = "98decc62ece399a22ed30d490ef333be7fde7385"


def organization_id(m):
    return m.of("organizations.create").organization.organization_id


def own(m):
    return m.email("rosalind", "acme.example")


def named(m, **more):
    return {"organization_id": organization_id(m), "email_address": own(m), **more}


def read(m):
    return m.client.organizations.members.get(**named(m)).member


def session(m):
    return m.of("passwords.authenticate").session_token


def share(m, is_shared):
    m.control("POST", "password_config", {"product": "b2b", "cross_org_passwords": is_shared})


def replaced(m, earlier, password):
    """The password logs in, and the earlier one does not."""
    log_in = m.client.passwords.authenticate
    m.refused("unauthorized_credentials", lambda: log_in(**named(m, password=earlier)))
    equal(log_in(**named(m, password=password)).member_authenticated, True)


def changed(m, _):
    m.refused("session_not_found", lambda: m.client.sessions.authenticate(session_token=session(m)))
    replaced(m, SECOND, THIRD)


def shared(m):
    share(m, True)
    return {"email_address": own(m)}


def found(m, result):
    ids = [found.organization.organization_id for found in result.discovered_organizations]
    equal(ids, [organization_id(m)])
    exchange = m.client.discovery.intermediate_sessions.exchange
    member = exchange(result.intermediate_session_token, organization_id(m)).member
    equal(member.email_address, own(m))


def required(m, _):
    equal(read(m).member_password_id, "")
    log_in = m.client.passwords.authenticate
    m.refused("member_password_not_found", lambda: log_in(**named(m, password=SECOND)))
    share(m, False)


MEMBER_PASSWORDS = {
    "passwords.strength_check": Row(
        lambda m: {"password": SECOND, "email_address": own(m)},
        lambda m, r: equal((r.valid_password, r.strength_policy), (True, "zxcvbn")),
    ),
    "passwords.migrate": Row(
        lambda m: named(m, hash=SHA_1, hash_type="sha_1"),
        lambda m, r: equal((r.member_created, read(m)), (True, r.member)),
    ),
    "passwords.authenticate": Row(
        lambda m: named(m, password=FIRST),
        lambda m, r: equal(m.client.sessions.authenticate(session_token=session(m)).member.member_id, r.member_id),
    ),
    "passwords.sessions.reset": Row(
        lambda m: {"organization_id": organization_id(m), "session_token": session(m), "password": SECOND},
        lambda m, r: replaced(m, FIRST, SECOND),
    ),
    "passwords.existing_password.reset": Row(
        lambda m: named(m, existing_password=SECOND, new_password=THIRD),
        changed,
    ),
    "passwords.email.reset_start": Row(
        named,
        lambda m, r: equal(m.message_to(own(m))["kind"], "reset_password"),
    ),
    "passwords.email.reset": Row(
        lambda m: {"password_reset_token": m.token_for(own(m)), "password": FOURTH},
        lambda m, r: replaced(m, THIRD, FOURTH),
    ),
    "passwords.discovery.email.reset_start": Row(
        shared,
        lambda m, r: equal(m.message_to(own(m))["used"], False),
    ),
    "passwords.discovery.email.reset": Row(
        lambda m: {"password_reset_token": m.token_for(own(m)), "password": SECOND},
        lambda m, r: replaced(m, FOURTH, SECOND),
    ),
    "passwords.discovery.authenticate": Row(lambda m: {"email_address": own(m), "password": SECOND}, found),
    "passwords.email.require_reset": Row(named, required),
}
