"""The rows of the consumer client's log-ins without passwords, of the factors of users, and of sessions from elsewhere."""

from drive import Row
from memory import equal

ISSUER = "https://issuer.example"

# The factors of Mary that need a device or another server: the member of the user, the name of the id, and the factor.
FACTORS = {
    "delete_webauthn_registration": (
        "webauthn_registrations",
        "webauthn_registration_id",
        "webauthn-registration",
        {"domain": "example.com", "user_agent": "", "verified": True, "authenticator_type": "", "name": ""},
    ),
    "delete_biometric_registration": (
        "biometric_registrations",
        "biometric_registration_id",
        "biometric-registration",
        {"verified": True},
    ),
    "delete_totp": ("totps", "totp_id", "totp", {"verified": True}),
    "delete_crypto_wallet": (
        "crypto_wallets",
        "crypto_wallet_id",
        "crypto-wallet",
        {"crypto_wallet_address": "0x1", "crypto_wallet_type": "ethereum", "verified": True},
    ),
    "delete_password": ("password", "password_id", "password", {"requires_reset": False}),
    "delete_oauth_registration": (
        "providers",
        "oauth_user_registration_id",
        "oauth-user",
        {"provider_type": "Google", "provider_subject": "1", "profile_picture_url": "", "locale": ""},
    ),
}


def number(m, last):
    """A phone number that no other run of a scenario uses, npm stytch's included."""
    return f"+1500555{3 if m.run == 'async' else 2}00{last}"


def read(m, user_id):
    return m.client.users.get(user_id)


def mary(m):
    return m.of("otps.email.login_or_create").user_id


def own(m):
    return m.email("mary")


def sending(channel, to, method_id):
    """The rows of a channel. `to(m)` returns the arguments, `method_id` is the name of the id in the response."""

    def log_in(m, sent):
        message = m.message_to(next(iter(to(m).values())))
        equal(message["channel"], channel)
        used = m.client.otps.authenticate(getattr(sent, method_id), message["code"])
        equal(used.user_id, sent.user_id)

    return {
        f"otps.{channel}.login_or_create": Row(to, lambda m, r: equal(read(m, r.user_id).status, "active")),
        f"otps.{channel}.send": Row(to, log_in),
    }


def code(m):
    sent = m.client.otps.email.send(own(m))
    return {"method_id": sent.email_id, "code": m.message_to(own(m))["code"], "session_duration_minutes": 60}


def deletion(member, id_name, prefix, factor):
    """Gives Mary a factor, through a snapshot, before it is deleted."""

    def give(m):
        factor_id = f"{prefix}-test-5ae0ba81-0000-4000-8000-000000000001"
        given = {id_name: factor_id, **factor}
        snapshot = m.control("GET", "snapshot.json")
        users = snapshot["state"]["projects"]["consumer"]["users"]
        user = next(user for user in users if user["user_id"] == mary(m))
        user[member] = given if member == "password" else [given]
        m.control("POST", "restore", snapshot)
        return {id_name: factor_id}

    left = None if member == "password" else []
    return Row(give, lambda m, r: equal(getattr(read(m, mary(m)), member), left))


def external_id(m):
    m.client.users.update(mary(m), external_id=f"mary-{m.run}")
    return {"user_id": f"mary-{m.run}"}


def impersonation(m, subject):
    token = m.control("POST", "impersonation_tokens", {"product": m.product, **subject})
    return {"impersonation_token": token["impersonation_token"]}


def foreign(m):
    session = {"product": "consumer", "session_token": "foreign", "email_address": own(m)}
    m.control("POST", "external_sessions", session)
    return {"session_token": "foreign", "session_duration_minutes": 60}


def trusted(m):
    keys = [vars(key) for key in m.client.sessions.get_jwks(m.project_id).keys]
    profile = {"product": "consumer", "issuer": ISSUER, "audience": "stytch", "keys": keys}
    claims = {"iss": ISSUER, "aud": "stytch", "email": own(m)}
    token = m.control("POST", "tokens", {"product": "consumer", "kind": "m2m", "claims": claims})["token"]
    profile_id = m.control("POST", "trusted_token_profiles", profile)["profile_id"]
    return {"profile_id": profile_id, "token": token, "session_duration_minutes": 60}


def access_token(m):
    order = {"product": "consumer", "kind": "connected_app", "user_id": mary(m), "claims": {"scope": "full_access"}}
    return {"access_token": m.control("POST", "tokens", order)["token"], "session_duration_minutes": 60}


def is_session_of_mary(m, result):
    equal(result.session.user_id, mary(m))


PASSWORDLESS = {
    "magic_links.email.invite": Row(
        lambda m: {"email": m.email("hedy")},
        lambda m, r: equal(read(m, r.user_id).status, "pending"),
    ),
    "magic_links.email.revoke_invite": Row(
        lambda m: {"email": m.email("hedy")},
        lambda m, r: m.refused("user_not_found", lambda: read(m, m.of("magic_links.email.invite").user_id)),
    ),
    **sending("sms", lambda m: {"phone_number": number(m, 6)}, "phone_id"),
    **sending("whatsapp", lambda m: {"phone_number": number(m, 6)}, "phone_id"),
    **sending("email", lambda m: {"email": own(m)}, "email_id"),
    "otps.authenticate": Row(code, lambda m, r: equal(read(m, r.user_id).emails[0].verified, True)),
    "magic_links.email.send": Row(
        lambda m: {"email": m.email("second"), "user_id": mary(m)},
        lambda m, r: equal(read(m, mary(m)).emails[1].email_id, r.email_id),
    ),
    "users.delete_email": Row(
        lambda m: {"email_id": m.of("magic_links.email.send").email_id},
        lambda m, r: equal(len(read(m, mary(m)).emails), 1),
    ),
    "users.delete_phone_number": Row(
        lambda m: {"phone_id": m.client.otps.sms.send(number(m, 7), user_id=mary(m)).phone_id},
        lambda m, r: equal(read(m, mary(m)).phone_numbers, []),
    ),
    **{f"users.{name}": deletion(*factor) for name, factor in FACTORS.items()},
    "users.delete_external_id": Row(
        external_id,
        lambda m, r: m.refused("user_not_found", lambda: read(m, f"mary-{m.run}")),
    ),
    "users.exchange_primary_factor": Row(
        lambda m: {"user_id": m.of("otps.sms.login_or_create").user_id, "phone_number": number(m, 8)},
        lambda m, r: equal(read(m, r.user_id).phone_numbers[0].phone_number, number(m, 8)),
    ),
    "magic_links.create": Row(
        lambda m: {"user_id": mary(m)},
        lambda m, r: equal(m.client.magic_links.authenticate(r.token).user_id, mary(m)),
    ),
    "impersonation.authenticate": Row(lambda m: impersonation(m, {"user_id": mary(m)}), is_session_of_mary),
    "sessions.migrate": Row(foreign, is_session_of_mary),
    "sessions.attest": Row(trusted, is_session_of_mary),
    "sessions.exchange_access_token": Row(access_token, is_session_of_mary),
}
