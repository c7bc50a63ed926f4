//! Sessions that start with something from another issuer: a session of another provider, a trusted auth token, or the
//! access token of a Connected App.
//!
//! Assumption: a session starts only if a duration is given, as for other log-ins of users.

use serde_json::Value;

use super::Consumer;
use super::log_in;
use super::user::{Status, User};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::ids::Ids;
use crate::jws;
use crate::merge::Object;
use crate::session_asked::{SessionAsked, Terms};
use crate::sessions::Attributes;
use crate::shapes;

/// `POST /v1/sessions/migrate`. The user must exist.
pub(crate) fn migrate(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = fields.text("session_token")?;
    let token = token.ok_or(&errors::NO_SESSION_ARGUMENTS)?;
    let asked = without_session(Terms::read(fields)?);
    fields.ignored_texts(&["telemetry_id"])?;

    let address = consumer.project.external_sessions.email_address(token)?;
    let user = consumer.users.with_email(&address.to_lowercase());
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
    let profile_id = fields.text("profile_id")?;
    let profile_id = profile_id.ok_or(&errors::TRUSTED_TOKEN_PROFILE_NOT_FOUND)?;
    let token = fields.text("token")?;
    let token = token.ok_or(&errors::INVALID_TRUSTED_AUTH_TOKEN)?;
    let asked = SessionAsked::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let profile = consumer.project.trusted_token_profiles.find(profile_id)?;
    let now = consumer.project.token_time(call.now);
    let claims = profile.verify(token, now)?;
    let can_create = profile.can_jit_provision;
    let user = attested(consumer, ids, &claims, can_create, call)?;
    let token_id = text(&claims, "jti").unwrap_or_default();
    let factor = Factor::trusted_auth_token(token_id, call.now);
    finish(consumer, ids, user, factor, &asked, call)
}

/// `POST /v1/sessions/exchange_access_token`. The token must have the scope `full_access` and be at most five minutes
/// old. It works once.
pub(crate) fn exchange_access_token(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = fields.text("access_token")?;
    let token = token.ok_or(&errors::IDP_ACCESS_TOKEN_NOT_FOUND)?;
    let asked = without_session(Terms::read(fields)?);
    fields.ignored_texts(&["telemetry_id"])?;

    let project = &consumer.project;
    let claims = jws::verified(&project.keys, &project.id, token);
    let claims = claims.ok_or(&errors::IDP_ACCESS_TOKEN_NOT_FOUND)?;
    let grant = (
        text(&claims, "client_id"),
        text(&claims, "sub"),
        text(&claims, "jti"),
    );
    let (Some(client_id), Some(subject), Some(jti)) = grant else {
        return Err(errors::IDP_ACCESS_TOKEN_NOT_FOUND.failure());
    };
    let mut scopes = text(&claims, "scope").unwrap_or_default().split(' ');
    if !scopes.any(|scope| scope == "full_access") {
        return Err(errors::EXCHANGE_MISSING_FULL_ACCESS.failure());
    }
    let issued = claims
        .get("iat")
        .and_then(Value::as_i64)
        .unwrap_or(i64::MIN);
    let now = project.token_time(call.now).0;
    if now.saturating_sub(issued) > MAX_AGE_SECONDS {
        return Err(errors::EXCHANGE_TOKEN_TOO_OLD.failure());
    }
    if project.exchanged_tokens.contains(jti) {
        return Err(errors::EXCHANGE_INVALID_GRANT.failure());
    }
    let user = consumer.users.find(subject)?.clone();
    let factor = Factor::access_token_exchange(client_id, call.now);
    let reply = finish(consumer, ids, user, factor, &asked, call)?;
    consumer.project.exchanged_tokens.insert(jti.to_owned());
    Ok(reply)
}

/// Returns the user that a trusted token describes.
fn attested(
    consumer: &Consumer,
    ids: &mut Ids,
    claims: &Object,
    can_create: bool,
    call: &Call,
) -> Result<User, Failure> {
    let address = text(claims, "email").map(str::to_lowercase);
    let Some(address) = address else {
        let external_id = text(claims, "sub").unwrap_or_default();
        let user = consumer.users.with_external_id(external_id);
        return Ok(user.ok_or(&errors::USER_NOT_FOUND)?.clone());
    };
    if !shapes::is_email(&address) {
        return Err(errors::JWT_INVALID_CLAIMS.failure());
    }
    if let Some(user) = consumer.users.with_email(&address) {
        return Ok(user.clone());
    }
    if !can_create {
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

fn without_session(terms: Terms) -> SessionAsked {
    SessionAsked {
        presented: None,
        terms,
    }
}

fn text<'a>(claims: &'a Object, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str)
}

const MAX_AGE_SECONDS: i64 = 300;
