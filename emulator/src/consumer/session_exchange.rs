//! Sessions that start with something from another issuer: a session of another provider, a trusted auth token, or the
//! access token of a Connected App.
//!
//! Assumption: a session starts only if a duration is given, as for other log-ins of users.

use super::Consumer;
use super::log_in;
use super::user::{Status, User};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::external_sessions;
use crate::factors::Factor;
use crate::ids::Ids;
use crate::outside_tokens::{AccessToken, Attestation, TrustedToken};
use crate::session_asked::SessionAsked;
use crate::sessions::Attributes;

/// `POST /v1/sessions/migrate`. The user must exist.
pub(crate) fn migrate(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = external_sessions::token(fields)?;
    let asked = SessionAsked::of_new(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let address = consumer.project.external_sessions.email_address(token)?;
    let user = consumer.users.with_email(&address);
    let user = user.ok_or(&errors::MIGRATE_EMAIL_DOES_NOT_EXIST)?.clone();
    finish(
        consumer,
        ids,
        user,
        Factor::imported(call.now),
        &asked,
        call,
    )
}

/// `POST /v1/sessions/attest`. If the profile allows it, an unknown user is created.
pub(crate) fn attest(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let attestation = Attestation::read(fields)?;
    let asked = SessionAsked::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let token = attestation.verify(&consumer.project, call.now)?;
    let user = attested(consumer, ids, &token, call)?;
    let factor = token.factor(call.now);
    finish(consumer, ids, user, factor, &asked, call)
}

/// `POST /v1/sessions/exchange_access_token`.
pub(crate) fn exchange_access_token(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let asked = SessionAsked::of_new(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let token = AccessToken::read(fields, &consumer.project, call.now)?;
    let user = consumer.users.find(&token.subject)?.clone();
    let factor = token.factor(call.now);
    let reply = finish(consumer, ids, user, factor, &asked, call)?;
    token.use_up(&mut consumer.project);
    Ok(reply)
}

/// Returns the user that a trusted token describes.
fn attested(
    consumer: &Consumer,
    ids: &mut Ids,
    token: &TrustedToken,
    call: &Call,
) -> Result<User, Failure> {
    let Some(address) = token.email_address()? else {
        let user = consumer.users.with_external_id(token.subject());
        return Ok(user.ok_or(&errors::USER_NOT_FOUND)?.clone());
    };
    if let Some(user) = consumer.users.with_email(&address) {
        return Ok(user.clone());
    }
    if !token.can_create {
        return Err(errors::USER_NOT_FOUND.failure());
    }
    let mut user = User::new(ids, Status::Active, call.now);
    let email_id = user.add_email(ids, address);
    user.verify(&email_id);
    Ok(user)
}

fn finish(
    consumer: &mut Consumer,
    ids: &mut Ids,
    user: User,
    factor: Factor,
    asked: &SessionAsked,
    call: &Call,
) -> Result<Reply, Failure> {
    let attributes = Attributes::default();
    let done = log_in::complete(consumer, ids, (user, factor), attributes, asked, call.now)?;
    Ok(Reply::ok(done.view(&consumer.project, call.now)?))
}
