//! One-time passcodes for users: sending one by SMS, WhatsApp or email, and logging in with it.

use serde_json::json;

use super::Consumer;
use super::log_in;
use super::magic_links::required_matches;
use super::passcodes::{self, Sending};
use crate::call::{Call, Reply};
use crate::codes;
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::outbox::{Channel, Outbox};
use crate::session_asked::SessionAsked;
use crate::sessions::Attributes;

/// `POST /v1/otps/sms/send`, `POST /v1/otps/whatsapp/send` and `POST /v1/otps/email/send`.
pub(crate) fn send(
    consumer: &mut Consumer,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let sending = Sending::read(&call.fields, channel(call))?;
    passcodes::send(consumer, (ids, outbox), sending, call)
}

/// `POST /v1/otps/sms/login_or_create`, `POST /v1/otps/whatsapp/login_or_create` and `POST
/// /v1/otps/email/login_or_create`.
pub(crate) fn login_or_create(
    consumer: &mut Consumer,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let sending = Sending::read(&call.fields, channel(call))?;
    passcodes::login_or_create(consumer, (ids, outbox), sending, call)
}

/// Returns the channel that the path names.
fn channel(call: &Call) -> Channel {
    match call.request.path.split('/').nth(3) {
        Some("sms") => Channel::Sms,
        Some("whatsapp") => Channel::Whatsapp,
        _ => Channel::Email,
    }
}

/// `POST /v1/otps/authenticate`. Marks the address or number as verified. If a duration is given, starts a session.
///
/// A wrong code counts as a failed authentication of the user.
pub(crate) fn authenticate(
    consumer: &mut Consumer,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let method_id = fields.text("method_id")?;
    let method_id = method_id.ok_or(&errors::INVALID_METHOD_ID)?;
    let digits = codes::read(fields, "code")?;
    let (ip_match, user_agent_match) = required_matches(fields)?;
    let attributes = Attributes::read(fields)?;
    let asked = SessionAsked::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let sent = consumer.project.codes.of_method(method_id);
    let subject = sent.map(|code| code.subject.clone()).unwrap_or_default();
    let code = match consumer.project.codes.usable(method_id, digits, call.now) {
        Ok(code) => code.clone(),
        Err(failure) => return Err(log_in::refuse(consumer, &subject, failure, call.now)),
    };
    if !code
        .attributes
        .matches(&attributes, ip_match, user_agent_match)
    {
        return Err(errors::ATTRIBUTE_MISMATCH.failure());
    }
    let mut user = consumer.users.find(&code.subject)?.clone();
    user.verify(method_id);
    let factor = passcodes::factor(&user, &code, call.now)?;
    let done = log_in::complete(consumer, ids, (user, factor), attributes, &asked, call.now)?;
    outbox.mark_used(code.message_id);
    consumer.project.codes.use_up(code);
    let about = json!({ "method_id": method_id, "reset_sessions": done.reset_sessions });
    Ok(Reply::ok(done.view(&consumer.project, call.now)?).and(about))
}
