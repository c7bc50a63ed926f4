//! Passcodes of discovery: a code proves an email address before the user has chosen an organization.
//!
//! These codes have a store of their own, in which each code belongs to an address.

use serde_json::json;

use super::B2b;
use super::discovery::{self, Discoverer};
use crate::addresses::email_address;
use crate::call::{Call, Reply};
use crate::codes::Code;
use crate::errors::{self, Failure};
use crate::factors::{self, Factor};
use crate::ids::Ids;
use crate::links;
use crate::outbox::{Channel, Outbox};
use crate::product::Product;
use crate::sessions::Attributes;

/// `POST /v1/b2b/otps/email/discovery/send`.
pub(crate) fn send(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email_address")?.ok_or(&errors::INVALID_EMAIL)?;
    let minutes = fields.whole_number("discovery_expiration_minutes")?;
    let minutes = minutes.unwrap_or(10);
    if !(2..=15).contains(&minutes) {
        return Err(errors::INVALID_DISCOVERY_CODE_EXPIRATION.failure());
    }
    links::validate_locale(fields)?;
    fields.ignored_texts(&["login_template_id"])?;

    let code = Code {
        channel: Channel::Email,
        method_id: address.clone(),
        code: ids.passcode(),
        subject: address.clone(),
        expires_at: call.now.plus_minutes(minutes),
        attributes: Attributes::default(),
        used: false,
        message_id: 0,
    };
    let to = (Product::B2b, address.as_str());
    b2b.discovery_codes.send(outbox, to, code, call.now);
    Ok(Reply::ok(json!({})))
}

/// `POST /v1/b2b/otps/email/discovery/authenticate`. Starts an intermediate session.
pub(crate) fn authenticate(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email_address")?.ok_or(&errors::INVALID_EMAIL)?;
    let digits = fields.text("code")?;
    let digits = digits.ok_or(&errors::INVALID_DISCOVERY_CODE)?;
    let code = b2b
        .discovery_codes
        .usable(&address, digits, call.now)?
        .clone();
    outbox.mark_used(code.message_id);
    b2b.discovery_codes.use_up(code);
    let details = factors::email(&ids.id("email"), &address);
    let user = Discoverer {
        factor: Factor::new("email_otp", "email", details, call.now),
        email_address: address,
        tenants: Vec::new(),
    };
    Ok(Reply::ok(discovery::begin(b2b, ids, user, call.now)))
}
