//! Resets of the passwords of users: by email, with the existing password, and in a session.

use serde_json::json;

use super::Consumer;
use super::magic_links::attempt;
use super::passwords;
use super::sessions;
use super::user::User;
use crate::addresses::email_address;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::links::{self, Link};
use crate::outbox::{Kind, Outbox};
use crate::passwords::admit_session;
use crate::product::Product;
use crate::redirects;
use crate::session_asked::{Presented, SessionAsked, Terms};
use crate::sessions::Attributes;

/// `POST /v1/passwords/email/reset/start`. The user must exist, but does not need a password.
pub(crate) fn start(
    consumer: &mut Consumer,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email")?.ok_or(&errors::INVALID_EMAIL)?;
    let redirect_url = redirects::read(
        fields,
        "reset_password_redirect_url",
        &errors::INVALID_PASSWORD_RESET_REDIRECT_URL,
    )?;
    redirects::read(
        fields,
        "login_redirect_url",
        &errors::INVALID_LOGIN_REDIRECT_URL,
    )?;
    let minutes = links::expiration_minutes(fields, "reset_password_expiration_minutes", 30)?;
    let code_challenge = links::code_challenge(fields, "code_challenge")?;
    let attributes = Attributes::read(fields)?;
    links::validate_locale(fields)?;
    fields.ignored_texts(&["reset_password_template_id"])?;

    outbox.admit(&address, call.now)?;
    let user = consumer.users.with_email(&address);
    let user = user.ok_or(&errors::EMAIL_NOT_FOUND)?;
    let mut emails = user.emails.iter();
    let email = emails.find(|email| email.email == address);
    let email_id = email
        .map(|email| email.email_id.clone())
        .unwrap_or_default();
    let reply = json!({ "user_id": user.user_id, "email_id": email_id });
    let link = Link {
        token: ids.opaque_token(),
        subject: user.user_id.clone(),
        email_id,
        email_address: address,
        expires_at: call.now.plus_minutes(minutes),
        code_challenge,
        attributes,
        used: false,
        message_id: 0,
    };
    let params = [("stytch_token_type", "reset_password")];
    consumer.project.reset_links.send(
        outbox,
        (Product::Consumer, Kind::ResetPassword),
        (&redirect_url, &params),
        link,
        call.now,
    );
    Ok(Reply::ok(reply))
}

/// `POST /v1/passwords/email/reset`. Verifies the email address and ends the other sessions of the user.
pub(crate) fn by_email(
    consumer: &mut Consumer,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = fields.text("token")?.ok_or(&errors::INVALID_TOKEN)?;
    let password = fields.text("password")?.ok_or(&errors::MISSING_PASSWORD)?;
    let attempt = attempt(fields, token)?;
    let asked = SessionAsked::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let link = consumer
        .project
        .reset_links
        .usable_reset(&attempt, call.now)?;
    let link = link.clone();
    let config = &consumer.project.password_config;
    config.admit(password, &link.email_address)?;
    let mut user = consumer.users.find(&link.subject)?.clone();
    user.verify(&link.email_id);
    user.set_password(ids);
    let reply = reset(consumer, ids, user, password, &asked, call)?;
    outbox.mark_used(link.message_id);
    consumer.project.reset_links.use_up(link);
    Ok(reply)
}

/// `POST /v1/passwords/existing_password/reset`. Ends the other sessions of the user. A wrong password is counted.
pub(crate) fn by_existing_password(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email")?.ok_or(&errors::INVALID_EMAIL)?;
    let existing = fields.text("existing_password")?;
    let existing = existing.ok_or(&errors::MISSING_PASSWORD)?;
    let new = fields.text("new_password")?;
    let new = new.ok_or(&errors::MISSING_PASSWORD)?;
    let asked = SessionAsked::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let user = consumer.users.with_email(&address);
    let mut user = user.ok_or(&errors::EMAIL_NOT_FOUND)?.clone();
    consumer.project.locks.admit(&user.user_id, call.now)?;
    let known = user.password.as_ref().ok_or(&errors::NO_USER_PASSWORD)?;
    if known.requires_reset {
        return Err(errors::CANNOT_RESET_WITH_EXISTING_PASSWORD.failure());
    }
    passwords::verify(consumer, &user, existing, call.now)?;
    consumer.project.password_config.admit(new, &address)?;
    user.set_password(ids);
    reset(consumer, ids, user, new, &asked, call)
}

/// `POST /v1/passwords/session/reset`. The session remains; the other sessions of the user end.
pub(crate) fn in_session(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let password = fields.text("password")?.ok_or(&errors::MISSING_PASSWORD)?;
    let presented = Presented::read(fields)?.ok_or(&errors::NO_SESSION_ARGUMENTS)?;
    let terms = Terms::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let mut session = consumer.project.session(&presented, call.now)?.clone();
    admit_session(&session, call.now)?;
    let mut user = consumer.users.find(&session.subject)?.clone();
    let address = user.emails.first().map(|email| email.email.clone());
    let config = &consumer.project.password_config;
    config.admit(password, &address.unwrap_or_default())?;
    session.touch(&terms, call.now)?;
    user.set_password(ids);
    passwords::store(consumer, ids, &user, password);
    let sessions = &mut consumer.project.sessions;
    sessions.revoke_others_of(&user.user_id, Some(&session.id));
    sessions.put(session.clone());
    consumer.users.put(user.clone());
    let tokens = sessions::tokens(&consumer.project, Some(&session), call.now)?;
    let about = json!({ "user_id": user.user_id, "user": user });
    Ok(Reply::ok(tokens).and(about))
}

/// Logs the user in with the new password, and ends the other sessions.
fn reset(
    consumer: &mut Consumer,
    ids: &mut Ids,
    user: User,
    password: &str,
    asked: &SessionAsked,
    call: &Call,
) -> Result<Reply, Failure> {
    let done = passwords::log_in_with(consumer, ids, user, Some(password), asked, call.now)?;
    let kept = done.session.as_ref().map(|session| session.id.as_str());
    let sessions = &mut consumer.project.sessions;
    sessions.revoke_others_of(&done.user.user_id, kept);
    Ok(Reply::ok(done.view(&consumer.project, call.now)?))
}
