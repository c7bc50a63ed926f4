"""The flows of users: log-ins of every kind, a password that is reset, and impersonation."""

import json

from authenticator_app import code_of
from crypto_wallets import base58, signature, wallet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flow_checks import FIRST, MINUTES, SECOND, impersonation_token, stays_and_ends
from memory import equal
from oauth import oauth_token
from passkeys import DOMAIN
from security_key import SecurityKey


def user_with_a_magic_link(m):
    sent = m.client.magic_links.email.login_or_create(email=m.email("ada"))
    token = m.token_for(m.email("ada"))
    stays_and_ends(m, m.client.magic_links.authenticate(token, **MINUTES), sent.user_id, "magic_link")
    m.refused("unable_to_auth_magic_link", lambda: m.client.magic_links.authenticate(token))


def user_with_a_passcode_by_sms(m):
    log_in_by_passcode(m, m.client.otps.sms, "+15005550911", "phone_id")


def user_with_a_passcode_by_whatsapp(m):
    log_in_by_passcode(m, m.client.otps.whatsapp, "+15005550913", "phone_id")


def user_with_a_passcode_by_email(m):
    log_in_by_passcode(m, m.client.otps.email, m.email("otto"), "email_id")


def log_in_by_passcode(m, channel, to, method_id):
    sent = channel.login_or_create(to)
    method_id, code = getattr(sent, method_id), m.message_to(to)["code"]
    wrong = "000001" if code == "000000" else "000000"
    m.refused("otp_code_not_found", lambda: m.client.otps.authenticate(method_id, wrong))
    stays_and_ends(m, m.client.otps.authenticate(method_id, code, **MINUTES), sent.user_id, "otp")
    m.refused("unable_to_auth_otp_code", lambda: m.client.otps.authenticate(method_id, code))


def user_who_forgets_a_password(m):
    email, passwords = m.email("rosalind"), m.client.passwords
    user_id = passwords.create(email, FIRST).user_id
    before = passwords.authenticate(email, FIRST, **MINUTES)
    passwords.email.reset_start(email)
    token = m.token_for(email)
    passwords.email.reset(token, SECOND)
    m.refused("session_not_found", lambda: m.client.sessions.authenticate(session_token=before.session_token))
    m.refused("unauthorized_credentials", lambda: passwords.authenticate(email, FIRST))
    m.refused("unable_to_auth_password_reset_token", lambda: passwords.email.reset(token, FIRST))
    stays_and_ends(m, passwords.authenticate(email, SECOND, **MINUTES), user_id, "password")


def user_with_a_second_factor(m):
    user_id = m.client.passwords.create(m.email("joan"), FIRST).user_id
    app = m.client.totps.create(user_id)
    session_token = m.client.passwords.authenticate(m.email("joan"), FIRST, **MINUTES).session_token
    both = m.client.totps.authenticate(user_id, code_of(app.secret), session_token=session_token)
    equal([found.type for found in both.session.authentication_factors], ["password", "totp"])
    equal(both.session.user_id, user_id)
    recover = lambda: m.client.totps.recover(user_id, app.recovery_codes[0], **MINUTES)
    stays_and_ends(m, recover(), user_id, "recovery_codes")
    m.refused("unable_to_authenticate_recovery_code", recover)


def user_with_a_passkey(m):
    user_id, webauthn = m.client.users.create(email=m.email("hedy")).user_id, m.client.webauthn
    key = SecurityKey()
    started = webauthn.register_start(user_id, DOMAIN, return_passkey_credential_options=True)
    created = key.create(started.public_key_credential_creation_options)
    registered = webauthn.register(user_id, created)
    options = lambda: webauthn.authenticate_start(DOMAIN).public_key_credential_request_options
    challenge = options()
    # Another key signs the challenge in the name of the passkey.
    forged = json.loads(key.get(challenge))
    forged["response"]["signature"] = json.loads(SecurityKey().get(challenge))["response"]["signature"]
    m.refused("unable_to_auth_webauthn_registration", lambda: webauthn.authenticate(json.dumps(forged)))
    result = webauthn.authenticate(key.get(options()), **MINUTES)
    factor = result.session.authentication_factors[0].webauthn_factor
    equal(factor.webauthn_registration_id, registered.webauthn_registration_id)
    stays_and_ends(m, result, user_id, "webauthn")


def user_with_a_wallet(m):
    started = m.client.crypto_wallets.authenticate_start(**wallet(m))
    authenticate = lambda signed: m.client.crypto_wallets.authenticate(**wallet(m), signature=signed, **MINUTES)
    forged = base58(Ed25519PrivateKey.generate().sign(started.challenge.encode()))
    m.refused("unable_to_authenticate_crypto_wallet", lambda: authenticate(forged))
    signed = signature(m, started.challenge)
    stays_and_ends(m, authenticate(signed), started.user_id, "crypto")
    m.refused("unable_to_authenticate_crypto_wallet", lambda: authenticate(signed))


def user_with_an_account_at_google(m):
    account = {"email_address": m.email("ola"), "name": "Ola"}
    token = oauth_token(m, "/v1/public/oauth/google/start", account)
    result = m.client.oauth.authenticate(token, **MINUTES)
    equal([found.type for found in result.user_session.authentication_factors], ["oauth"])
    m.refused("oauth_token_not_found", lambda: m.client.oauth.authenticate(token))
    again = m.client.oauth.authenticate(oauth_token(m, "/v1/public/oauth/google/start", account))
    equal((again.user_id, again.provider_subject), (result.user_id, result.provider_subject))
    user = m.client.sessions.authenticate(session_token=result.session_token).user
    equal([found.provider_subject for found in user.providers], [result.provider_subject])


def user_who_adds_an_account_at_github(m):
    user_id, oauth = m.client.users.create(email=m.email("grace")).user_id, m.client.oauth
    attach_token = oauth.attach("github", user_id=user_id).oauth_attach_token
    # The account has another email address: without the attach token it would be another user.
    account = {"email_address": m.email("other"), "subject": m.email("subject")}
    token = oauth_token(m, "/v1/public/oauth/github/start", account, oauth_attach_token=attach_token)
    equal(oauth.authenticate(token).user_id, user_id)
    m.refused("oauth_token_not_found", lambda: oauth.authenticate(token))
    again = oauth.authenticate(oauth_token(m, "/v1/public/oauth/github/start", account), **MINUTES)
    equal((again.user_id, again.user_session.user_id, len(again.user.providers)), (user_id, user_id, 1))


def user_who_is_impersonated(m):
    user_id = m.client.users.create(email=m.email("eve")).user_id
    token = impersonation_token(m, user_id=user_id)
    stays_and_ends(m, m.client.impersonation.authenticate(token), user_id, "impersonated")
    m.refused("unable_to_auth_impersonation_token", lambda: m.client.impersonation.authenticate(token))


USERS = [
    user_with_a_magic_link,
    user_with_a_passcode_by_sms,
    user_with_a_passcode_by_whatsapp,
    user_with_a_passcode_by_email,
    user_who_forgets_a_password,
    user_with_a_second_factor,
    user_with_a_passkey,
    user_with_a_wallet,
    user_with_an_account_at_google,
    user_who_adds_an_account_at_github,
    user_who_is_impersonated,
]
