//! Authenticator apps of users, and the recovery codes that replace a lost app.

use serde_json::json;

use super::Consumer;
use super::log_in;
use super::user::{Totp, User};
use crate::authenticators::{self, Authenticator};
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::session_asked::SessionAsked;
use crate::sessions::Attributes;

/// `POST /v1/totps`. The app is pending until its first code. An app whose time has passed is replaced.
pub(crate) fn create(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let user_id = user_id(fields)?;
    let minutes = authenticators::read_minutes(fields, 1440)?;
    let mut user = consumer.users.find(user_id)?.clone();
    let known = consumer.project.authenticators.of(&user.user_id);
    if user.totps.iter().any(|totp| totp.verified) {
        return Err(errors::ACTIVE_TOTP_EXISTS.failure());
    }
    if known.is_some_and(|known| !known.has_expired(call.now)) {
        return Err(errors::PENDING_TOTP_EXISTS.failure());
    }
    let app = Authenticator::new(ids, &user.user_id, call.now.plus_minutes(minutes));
    user.totps = vec![Totp {
        totp_id: app.totp_id.clone(),
        verified: false,
    }];
    let email = user.emails.first().map(|email| email.email.as_str());
    let enrolment = app.enrolment(email.unwrap_or(&user.user_id));
    let about = json!({ "user_id": user.user_id, "user": user, "totp_id": app.totp_id });
    consumer.project.authenticators.put(app);
    consumer.users.put(user);
    Ok(Reply::ok(about).and(enrolment))
}

/// `POST /v1/totps/authenticate`. The first code makes the app active. If a duration is given, starts a session.
///
/// A wrong code counts as a failed authentication of the user.
pub(crate) fn authenticate(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let user_id = user_id(fields)?;
    let code = authenticators::read_code(fields, "totp_code")?;
    let asked = SessionAsked::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let (user, app) = with_app(consumer, user_id)?;
    let used = app.after_code(code, call.now);
    let factor = Factor::totp(&app.totp_id, call.now);
    finish(consumer, ids, (user, used, factor), &asked, call.now)
}

/// `POST /v1/totps/recovery_codes`.
pub(crate) fn recovery_codes(consumer: &mut Consumer, call: &Call) -> Result<Reply, Failure> {
    let (user, app) = with_app(consumer, user_id(&call.fields)?)?;
    let view = json!({
        "totp_id": app.totp_id,
        "verified": app.verified,
        "recovery_codes": app.recovery_codes,
    });
    Ok(Reply::ok(
        json!({ "user_id": user.user_id, "totps": [view] }),
    ))
}

/// `POST /v1/totps/recover`. The code is consumed. If a duration is given, starts a session.
///
/// A wrong code counts as a failed authentication of the user.
pub(crate) fn recover(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let user_id = user_id(fields)?;
    let code = authenticators::read_recovery_code(fields)?;
    let asked = SessionAsked::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let (user, app) = with_app(consumer, user_id)?;
    let used = app.after_recovery(code);
    let factor = Factor::recovery_code(&ids.id("totp-recovery-code"), call.now);
    finish(consumer, ids, (user, used, factor), &asked, call.now)
}

/// Logs the user in if the code could be used, and stores the app. Otherwise counts the failure.
fn finish(
    consumer: &mut Consumer,
    ids: &mut Ids,
    (mut user, used, factor): (User, Result<Authenticator, Failure>, Factor),
    asked: &SessionAsked,
    now: UnixSeconds,
) -> Result<Reply, Failure> {
    let used = match used {
        Ok(used) => used,
        Err(failure) => return Err(log_in::refuse(consumer, &user.user_id, failure, now)),
    };
    for totp in &mut user.totps {
        totp.verified |= totp.totp_id == used.totp_id;
    }
    let attributes = Attributes::default();
    let done = log_in::complete(consumer, ids, (user, factor), attributes, asked, now)?;
    let about = json!({ "totp_id": used.totp_id });
    consumer.project.authenticators.put(used);
    Ok(Reply::ok(done.view(&consumer.project, now)?).and(about))
}

fn with_app(consumer: &Consumer, user_id: &str) -> Result<(User, Authenticator), Failure> {
    let user = consumer.users.find(user_id)?;
    let app = consumer.project.authenticators.of(&user.user_id);
    let app = app.ok_or(&errors::TOTPS_NOT_FOUND_FOR_USER)?;
    Ok((user.clone(), app.clone()))
}

/// Reads `user_id`. The API reports a missing ID as an unknown user.
fn user_id(fields: &Fields) -> Result<&str, Failure> {
    Ok(fields.text("user_id")?.ok_or(&errors::USER_NOT_FOUND)?)
}
