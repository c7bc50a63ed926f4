//! The responses of the consumer product: the sandbox user, which has an email address and a phone number.

use serde_json::{Value, json};

use super::sessions::{SESSION_ID, STARTED_AT, Session};
use super::{EMAIL, EMAIL_ID};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::merge::{Object, object};
use crate::project::Project;
use crate::rbac::check::AuthorizationCheck;
use crate::rbac::policy::Role;
use crate::session_asked::{SessionAsked, Terms};
use crate::sessions::Attributes;

pub(super) const USER_ID: &str = "user-test-e3795c81-f849-4167-bfda-e4a6e9c280fd";
pub(super) const WALLET_ADDRESS: &str = "0x6df2dB4Fb3DA35d241901Bd53367770BF03123f1";
pub(super) const WALLET_SIGNATURE: &str = "0x0c4f82edc3c818b6beff4b89e0682994e5878074609903cecdfb";
const WALLET_ID: &str = "crypto-wallet-test-0d4cbf0a-0b56-4f0e-9d2c-6f7b1f0c9e5d";
pub(super) const PHONE_ID: &str = "phone-number-test-98cfbe19-6c8f-4b8b-b62a-e78a5a7bdff3";
pub(super) const PHONE_NUMBER: &str = "+10000000000";

/// The response to a link or code. `id` is `email_id` or `phone_id`.
pub(super) fn sent(id: &'static str) -> Reply {
    let value = if id == "email_id" { EMAIL_ID } else { PHONE_ID };
    Reply::ok(json!({ "user_id": USER_ID, id: value }))
}

/// The form of [`sent`] for routes that can create the user.
pub(super) fn sent_or_created(id: &'static str) -> Reply {
    sent(id).and(json!({ "user_created": false }))
}

pub(super) fn invite_revoked() -> Reply {
    Reply::ok(json!({}))
}

/// `POST /v1/magic_links/authenticate`. Returns a session only if a duration is given.
pub(super) fn log_in(project: &Project, call: &Call) -> Result<Reply, Failure> {
    log_in_with(
        Factor::magic_link(EMAIL_ID, EMAIL, STARTED_AT),
        method(EMAIL_ID),
        project,
        call,
    )
}

/// `POST /v1/otps/authenticate` with the code of an email.
pub(super) fn log_in_by_email_code(project: &Project, call: &Call) -> Result<Reply, Failure> {
    let factor = Factor::email_otp(EMAIL_ID, EMAIL, STARTED_AT);
    log_in_with(factor, method(EMAIL_ID), project, call)
}

/// `POST /v1/otps/authenticate` with the code of an SMS or a WhatsApp message.
pub(super) fn log_in_by_phone_code(project: &Project, call: &Call) -> Result<Reply, Failure> {
    let factor = Factor::phone_otp("sms", (PHONE_ID, PHONE_NUMBER), STARTED_AT);
    log_in_with(factor, method(PHONE_ID), project, call)
}

/// `POST /v1/passwords`, with any password.
pub(super) fn create_with_password(project: &Project, call: &Call) -> Result<Reply, Failure> {
    let about = json!({ "email_id": EMAIL_ID });
    Ok(log_in_by_password(project, call)?.and(about))
}

/// `POST /v1/passwords/authenticate`, with any password.
pub(super) fn log_in_by_password(project: &Project, call: &Call) -> Result<Reply, Failure> {
    log_in_with(Factor::password(STARTED_AT), json!({}), project, call)
}

/// `POST /v1/crypto_wallets/authenticate/start`. The challenge is the emulator's own.
pub(super) fn wallet_challenge() -> Reply {
    Reply::ok(json!({ "user_id": USER_ID, "user_created": false, "challenge": "sandbox" }))
}

/// `POST /v1/crypto_wallets/authenticate`. The ID of the wallet is the emulator's own.
pub(super) fn log_in_by_wallet(project: &Project, call: &Call) -> Result<Reply, Failure> {
    let factor = Factor::crypto_wallet((WALLET_ID, WALLET_ADDRESS, "ethereum"), STARTED_AT);
    log_in_with(factor, json!({ "siwe_params": null }), project, call)
}

fn method(id: &str) -> Value {
    json!({ "method_id": id, "reset_sessions": false })
}

/// The response to a log-in with a factor. `about` has the members of the response that depend on the method.
pub(super) fn log_in_with(
    factor: Factor,
    about: Value,
    project: &Project,
    call: &Call,
) -> Result<Reply, Failure> {
    let session = session_if_asked(factor, project, call)?;
    let user = json!({ "user_id": USER_ID, "user": user() });
    Ok(Reply::ok(user).and(about).and(session))
}

/// Returns the session and its tokens. If the call does not contain a duration, they are empty.
fn session_if_asked(factor: Factor, project: &Project, call: &Call) -> Result<Value, Failure> {
    let terms = SessionAsked::read(&call.fields)?.terms;
    match terms.duration_minutes {
        Some(_) => session(project, Session::with(factor, call, terms)),
        None => Ok(json!({ "session_token": "", "session_jwt": "", "session": null })),
    }
}

/// `POST /v1/sessions/authenticate`. The user does not have roles, so every `authorization_check` is refused.
pub(super) fn authenticate_session(project: &Project, call: &Call) -> Result<Reply, Failure> {
    let terms = Terms::read(&call.fields)?;
    if let Some(check) = AuthorizationCheck::read(&call.fields)? {
        let roles: Vec<&Role> = project.policy.roles.iter().collect();
        check.decide(&[], &roles, &errors::CONSUMER_AUTHORIZATION_ERROR)?;
    }
    let session = session(project, Session::of(call, terms))?;
    Ok(Reply::ok(session).and(json!({ "user": user() })))
}

fn session(project: &Project, session: Session) -> Result<Value, Failure> {
    let mut view = object(json!({ "session_id": SESSION_ID, "user_id": USER_ID }));
    view.extend(object(session.view()));
    view.insert("attributes".into(), json!(Attributes::default()));
    let mut tokens = object(session.tokens(project, USER_ID, Value::Null)?);
    tokens.insert("session".into(), Value::Object(view));
    Ok(Value::Object(tokens))
}

pub(super) fn user() -> Value {
    json!({
        "user_id": USER_ID,
        "name": null,
        "emails": [{ "email_id": EMAIL_ID, "email": EMAIL, "verified": false }],
        "phone_numbers": [{ "phone_id": PHONE_ID, "phone_number": PHONE_NUMBER, "verified": false }],
        "status": "",
        "webauthn_registrations": [],
        "biometric_registrations": [],
        "providers": [],
        "totps": [],
        "crypto_wallets": [],
        "password": null,
        "roles": [],
        "created_at": null,
        "is_locked": false,
        "lock_created_at": null,
        "lock_expires_at": null,
        "external_id": null,
        "trusted_metadata": Object::new(),
        "untrusted_metadata": Object::new(),
    })
}

/// `POST /v1/oauth/authenticate`. Assumption: the account is that of Google, and its tokens are empty.
pub(super) fn log_in_with_oauth(project: &Project, call: &Call) -> Result<Reply, Failure> {
    let account = json!({ "id": OAUTH_ID, "provider_subject": "", "email_id": EMAIL_ID });
    let details = json!({ "google_oauth_factor": account });
    let factor = Factor::new("oauth", "oauth_google", details, STARTED_AT);
    let mut session = object(session_if_asked(factor, project, call)?);
    if let Some(view) = session.shift_remove("session") {
        session.insert("user_session".into(), view);
    }
    let values = json!({ "access_token": "", "refresh_token": "", "id_token": "", "scopes": [] });
    Ok(Reply::ok(Value::Object(session)).and(json!({
        "user_id": USER_ID,
        "user": user(),
        "oauth_user_registration_id": OAUTH_ID,
        "provider_subject": "",
        "provider_type": "Google",
        "provider_values": values,
        "reset_sessions": false,
    })))
}

/// Assumption: the id of the account.
const OAUTH_ID: &str = "oauth-user-test-00000000-0000-4000-8000-000000000000";
