"""The rows of passkeys (WebAuthn)."""

import json

from drive import Row
from memory import equal
from security_key import SecurityKey

DOMAIN = "example.com"
KEYS = {}


def key(m):
    """The security key of a run."""
    return KEYS.setdefault(m.run, SecurityKey())


def user_id(m):
    return m.of("users.create").user_id


def registrations(m):
    return m.client.users.get(user_id(m)).webauthn_registrations


def registration_id(m):
    return m.of("webauthn.register").webauthn_registration_id


def factors(m, session_token):
    return m.client.sessions.authenticate(session_token=session_token).session.authentication_factors


PASSKEYS = {
    "webauthn.register_start": Row(
        lambda m: {"user_id": user_id(m), "domain": DOMAIN, "return_passkey_credential_options": True},
        lambda m, r: equal(json.loads(r.public_key_credential_creation_options)["rp"]["id"], DOMAIN),
    ),
    "webauthn.register": Row(
        lambda m: {
            "user_id": user_id(m),
            "public_key_credential": key(m).create(
                m.of("webauthn.register_start").public_key_credential_creation_options,
            ),
        },
        lambda m, r: equal(registrations(m)[0].webauthn_registration_id, r.webauthn_registration_id),
    ),
    "webauthn.authenticate_start": Row(
        lambda m: {"user_id": user_id(m), "domain": DOMAIN, "use_base64_url_encoding": True},
        lambda m, r: equal(
            json.loads(r.public_key_credential_request_options)["allowCredentials"][0]["id"],
            key(m).id,
        ),
    ),
    "webauthn.authenticate": Row(
        lambda m: {
            "public_key_credential": key(m).get(
                m.of("webauthn.authenticate_start").public_key_credential_request_options,
            ),
            "session_duration_minutes": 60,
        },
        lambda m, r: equal(
            factors(m, r.session_token)[0].webauthn_factor.webauthn_registration_id,
            registration_id(m),
        ),
    ),
    "webauthn.update": Row(
        lambda m: {"webauthn_registration_id": registration_id(m), "name": "My key"},
        lambda m, r: equal(registrations(m)[0].name, "My key"),
    ),
    "webauthn.list_credentials": Row(
        lambda m: {"user_id": user_id(m), "domain": DOMAIN},
        lambda m, r: equal([credential.credential_id for credential in r.credentials], [key(m).id]),
    ),
}
