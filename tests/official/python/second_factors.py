"""The rows of one-time passcodes and second factors: of members, and of users."""

from authenticator_app import code_of
from drive import Row
from memory import equal

PHONE = "+15005550019"


def organization_id(m):
    return m.of("organizations.create").organization.organization_id


def address(m):
    return m.email("trudy", "acme.example")


def trudy(m):
    return {"organization_id": organization_id(m), "member_id": m.of("otps.email.authenticate").member_id}


def read(m):
    return m.client.organizations.members.get(**trudy(m)).member


def codes(m, member=None):
    return m.client.recovery_codes.get(**(member or trudy(m))).recovery_codes


def confirmed(m):
    return {**trudy(m), "session_token": m.of("otps.sms.authenticate").session_token}


def status_of(m, member_id):
    return m.client.organizations.members.get(organization_id(m), member_id=member_id).member.status


def mallory(m):
    created = m.client.organizations.members.create(organization_id(m), m.email("mallory", "acme.example"))
    return {"organization_id": organization_id(m), "member_id": created.member_id}


SECOND_FACTORS = {
    "otps.email.login_or_signup": Row(
        lambda m: {"organization_id": organization_id(m), "email_address": address(m)},
        lambda m, r: equal(status_of(m, r.member_id), "pending"),
    ),
    "otps.email.authenticate": Row(
        lambda m: {
            "organization_id": organization_id(m),
            "email_address": address(m),
            "code": m.message_to(address(m))["code"],
        },
        lambda m, r: equal(read(m).status, "active"),
    ),
    "otps.sms.send": Row(
        lambda m: {**trudy(m), "mfa_phone_number": PHONE},
        lambda m, r: equal(read(m).mfa_phone_number, PHONE),
    ),
    "otps.sms.authenticate": Row(
        lambda m: {
            **trudy(m),
            "code": m.message_to(PHONE)["code"],
            "session_token": m.of("otps.email.authenticate").session_token,
            "set_mfa_enrollment": "enroll",
        },
        lambda m, r: equal((read(m).mfa_phone_number_verified, read(m).mfa_enrolled), (True, True)),
    ),
    "totps.create": Row(
        confirmed,
        lambda m, r: m.refused("recovery_codes_not_found", lambda: codes(m)),
    ),
    "totps.authenticate": Row(
        lambda m: {**confirmed(m), "code": code_of(m.of("totps.create").secret), "set_default_mfa": True},
        lambda m, r: equal(
            (read(m).totp_registration_id, read(m).default_mfa_method),
            (m.of("totps.create").totp_registration_id, "totp"),
        ),
    ),
    "recovery_codes.get": Row(
        trudy,
        lambda m, r: equal(r.recovery_codes, m.of("totps.create").recovery_codes),
    ),
    "recovery_codes.recover": Row(
        lambda m: {**confirmed(m), "recovery_code": m.of("totps.create").recovery_codes[0]},
        lambda m, r: equal(codes(m), m.of("totps.create").recovery_codes[1:]),
    ),
    "recovery_codes.rotate": Row(
        trudy,
        lambda m, r: equal(codes(m), r.recovery_codes),
    ),
    "totps.migrate": Row(
        lambda m: {**mallory(m), "secret": "GEZDGNBVGY3TQOJQ", "recovery_codes": ["old"]},
        lambda m, r: equal(
            codes(m, {"organization_id": organization_id(m), "member_id": r.member_id}),
            ["old"],
        ),
    ),
}


def user_id(m):
    return m.of("users.create").user_id


def apps(m):
    return m.client.totps.recovery_codes(user_id(m)).totps


TOTPS = {
    "totps.create": Row(
        lambda m: {"user_id": user_id(m)},
        lambda m, r: equal(apps(m)[0].totp_id, r.totp_id),
    ),
    "totps.authenticate": Row(
        lambda m: {"user_id": user_id(m), "totp_code": code_of(m.of("totps.create").secret)},
        lambda m, r: equal(m.client.users.get(user_id(m)).totps[0].verified, True),
    ),
    "totps.recovery_codes": Row(
        lambda m: {"user_id": user_id(m)},
        lambda m, r: equal(r.totps[0].recovery_codes, m.of("totps.create").recovery_codes),
    ),
    "totps.recover": Row(
        lambda m: {"user_id": user_id(m), "recovery_code": m.of("totps.create").recovery_codes[0]},
        lambda m, r: equal(apps(m)[0].recovery_codes, m.of("totps.create").recovery_codes[1:]),
    ),
}
