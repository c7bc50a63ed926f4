"""The rows of the consumer client's passwords."""

from drive import Row
from memory import equal

FIRST, SECOND = "violet-harbour-lantern-41", "seven quiet otters under ice"
THIRD, FOURTH = "ninth copper umbrella rides", "walnut bicycles hum at dawn"
# The SHA-1 of `correct horse battery`.
SHA_1 = "98decc62ece399a22ed30d490ef333be7fde7385"


def own(m):
    return m.email("rosalind")


def session(m):
    return m.of("passwords.authenticate").session_token


def read(m, user_id):
    return m.client.users.get(user_id)


def replaced(m, earlier, password, email=None):
    """The password logs in, and the earlier one does not."""
    log_in = m.client.passwords.authenticate
    m.refused("unauthorized_credentials", lambda: log_in(email=email or own(m), password=earlier))
    log_in(email=email or own(m), password=password)


def changed(m, _):
    m.refused("session_not_found", lambda: m.client.sessions.authenticate(session_token=session(m)))
    replaced(m, SECOND, THIRD)


def reset(m, result):
    replaced(m, THIRD, FOURTH)
    equal(read(m, result.user_id).emails[0].verified, True)


def migrated(m, result):
    equal(result.user_created, True)
    equal(read(m, result.user_id).emails[0].verified, True)
    replaced(m, SHA_1, "correct horse battery", m.email("barbara"))


def by_password(m, result):
    found = m.client.sessions.authenticate(session_token=result.session_token).session
    equal(found.authentication_factors[0].type.value, "password")


PASSWORDS = {
    "passwords.strength_check": Row(
        lambda m: {"password": FIRST, "email": own(m)},
        lambda m, r: equal((r.valid_password, r.strength_policy), (True, "zxcvbn")),
    ),
    "passwords.create": Row(
        lambda m: {"email": own(m), "password": FIRST},
        lambda m, r: equal(read(m, r.user_id).password.password_id, r.user.password.password_id),
    ),
    "passwords.authenticate": Row(
        lambda m: {"email": own(m), "password": FIRST, "session_duration_minutes": 60},
        by_password,
    ),
    "passwords.sessions.reset": Row(
        lambda m: {"session_token": session(m), "password": SECOND},
        lambda m, r: replaced(m, FIRST, SECOND),
    ),
    "passwords.existing_password.reset": Row(
        lambda m: {"email": own(m), "existing_password": SECOND, "new_password": THIRD},
        changed,
    ),
    "passwords.email.reset_start": Row(
        lambda m: {"email": own(m)},
        lambda m, r: equal(m.message_to(own(m))["kind"], "reset_password"),
    ),
    "passwords.email.reset": Row(
        lambda m: {"token": m.token_for(own(m)), "password": FOURTH},
        reset,
    ),
    "passwords.migrate": Row(
        lambda m: {"email": m.email("barbara"), "hash": SHA_1, "hash_type": "sha_1", "set_email_verified": True},
        migrated,
    ),
}
