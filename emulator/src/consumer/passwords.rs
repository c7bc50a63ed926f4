//! Passwords of users: creating a user with a password, logging in with it, and the strength check. Resets are in
//! `password_resets.rs`, passwords of other systems in `password_migration.rs`.

use serde_json::json;

use super::Consumer;
use super::log_in::{self, LoggedIn};
use super::user::{Password, Status, User};
use crate::addresses::email_address;
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::ids::Ids;
use crate::session_asked::{SessionAsked, Terms};
use crate::sessions::Attributes;

/// `POST /v1/passwords`. The email address of the new user is not verified.
pub(crate) fn create(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email")?.ok_or(&errors::INVALID_EMAIL)?;
    let password = fields.text("password")?.ok_or(&errors::MISSING_PASSWORD)?;
    let asked = SessionAsked {
        presented: None,
        terms: Terms::read(fields)?,
    };
    fields.ignored_texts(&["telemetry_id"])?;
    let mut user = User::new(ids, Status::Active, call.now);
    user.describe(&fields.only(&["name", "trusted_metadata", "untrusted_metadata"]))?;

    consumer.project.password_config.admit(password, &address)?;
    let email_id = user.add_email(ids, address);
    consumer.users.validate_unique(&user)?;
    user.set_password(ids);
    let done = log_in_with(consumer, ids, user, Some(password), &asked, call.now)?;
    let about = json!({ "email_id": email_id });
    Ok(Reply::ok(done.view(&consumer.project, call.now)?).and(about))
}

/// `POST /v1/passwords/authenticate`. Wrong passwords count towards a lock of the user.
pub(crate) fn authenticate(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email")?.ok_or(&errors::INVALID_EMAIL)?;
    let password = fields.text("password")?.ok_or(&errors::MISSING_PASSWORD)?;
    let asked = SessionAsked::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let user = consumer.users.with_email(&address);
    let user = user.ok_or(&errors::EMAIL_NOT_FOUND)?.clone();
    consumer.project.locks.admit(&user.user_id, call.now)?;
    let known = user.password.as_ref().ok_or(&errors::NO_USER_PASSWORD)?;
    if known.requires_reset {
        return Err(errors::RESET_PASSWORD.failure());
    }
    verify(consumer, &user, password, call.now)?;
    let config = &consumer.project.password_config;
    if config.requires_reset(password, &address) {
        return Err(errors::RESET_PASSWORD.failure());
    }
    let done = log_in_with(consumer, ids, user, None, &asked, call.now)?;
    Ok(Reply::ok(done.view(&consumer.project, call.now)?))
}

/// `POST /v1/passwords/strength_check`.
pub(crate) fn strength_check(consumer: &Consumer, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let password = fields.text("password")?.ok_or(&errors::MISSING_PASSWORD)?;
    let address = email_address(fields, "email")?;
    let config = &consumer.project.password_config;
    let strength = config.strength(password, address.as_deref());
    let feedback = json!({ "feedback": strength.feedback() });
    Ok(Reply::ok(strength.view()).and(feedback))
}

/// Returns an error unless this is the password of the user. A wrong password is counted.
pub(super) fn verify(
    consumer: &mut Consumer,
    user: &User,
    password: &str,
    now: UnixSeconds,
) -> Result<(), Failure> {
    let known = user.password.as_ref().ok_or(&errors::NO_USER_PASSWORD)?;
    let passwords = &consumer.project.passwords;
    if passwords.verify(&known.password_id, password) {
        return Ok(());
    }
    let failure = errors::WRONG_PASSWORD.failure();
    Err(log_in::refuse(consumer, &user.user_id, failure, now))
}

/// Logs a user in with the password. If there is a new password, stores it: the user has its id already.
pub(super) fn log_in_with(
    consumer: &mut Consumer,
    ids: &mut Ids,
    user: User,
    new: Option<&str>,
    asked: &SessionAsked,
    now: UnixSeconds,
) -> Result<LoggedIn, Failure> {
    let attributes = Attributes::default();
    let factor = Factor::password(now);
    let done = log_in::complete(consumer, ids, (user, factor), attributes, asked, now)?;
    if let Some(password) = new {
        store(consumer, ids, &done.user, password);
    }
    Ok(done)
}

/// Stores the hash of a new password of the user.
pub(super) fn store(consumer: &mut Consumer, ids: &mut Ids, user: &User, password: &str) {
    if let Some(known) = &user.password {
        let passwords = &mut consumer.project.passwords;
        passwords.set(ids, &known.password_id, &user.user_id, password);
    }
}

impl User {
    /// Gives the user a password that does not require a reset. A user who has a password keeps its id.
    pub(super) fn set_password(&mut self, ids: &mut Ids) {
        let drawn = ids.id("password");
        let known = self.password.take();
        self.password = Some(Password {
            password_id: known.map_or(drawn, |known| known.password_id),
            requires_reset: false,
        });
    }
}
