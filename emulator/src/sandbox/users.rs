//! The responses of the consumer product: the sandbox user, which has an email address and a phone number.

use serde_json::{Value, json};

use super::sessions::{SESSION_ID, Session};
use super::{EMAIL, EMAIL_ID};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::merge::{Object, object};
use crate::project::Project;
use crate::rbac::check::AuthorizationCheck;
use crate::rbac::policy::Role;
use crate::session_asked::{SessionAsked, Terms};
use crate::sessions::Attributes;

const USER_ID: &str = "user-test-e3795c81-f849-4167-bfda-e4a6e9c280fd";
const PHONE_ID: &str = "phone-number-test-98cfbe19-6c8f-4b8b-b62a-e78a5a7bdff3";
const PHONE_NUMBER: &str = "+10000000000";

pub(super) fn link_sent() -> Reply {
    Reply::ok(json!({ "user_id": USER_ID, "email_id": EMAIL_ID, "user_created": false }))
}

/// `POST /v1/magic_links/authenticate`. Returns a session only if a duration is given.
pub(super) fn log_in(project: &Project, call: &Call) -> Result<Reply, Failure> {
    let terms = SessionAsked::read(&call.fields)?.terms;
    let about = json!({ "user_id": USER_ID, "method_id": EMAIL_ID, "user": user(), "reset_sessions": false });
    let session = match terms.duration_minutes {
        Some(_) => session(project, call, terms)?,
        None => json!({ "session_token": "", "session_jwt": "", "session": null }),
    };
    Ok(Reply::ok(about).and(session))
}

/// `POST /v1/sessions/authenticate`. The user does not have roles, so every `authorization_check` is refused.
pub(super) fn authenticate_session(project: &Project, call: &Call) -> Result<Reply, Failure> {
    let terms = Terms::read(&call.fields)?;
    if let Some(check) = AuthorizationCheck::read(&call.fields)? {
        let roles: Vec<&Role> = project.policy.roles.iter().collect();
        check.decide(&[], &roles, &errors::CONSUMER_AUTHORIZATION_ERROR)?;
    }
    let session = session(project, call, terms)?;
    Ok(Reply::ok(session).and(json!({ "user": user() })))
}

fn session(project: &Project, call: &Call, terms: Terms) -> Result<Value, Failure> {
    let session = Session::of(call, terms);
    let mut view = object(json!({ "session_id": SESSION_ID, "user_id": USER_ID }));
    view.extend(object(session.view()));
    view.insert("attributes".into(), json!(Attributes::default()));
    let mut tokens = object(session.tokens(project, USER_ID, Value::Null)?);
    tokens.insert("session".into(), Value::Object(view));
    Ok(Value::Object(tokens))
}

fn user() -> Value {
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
