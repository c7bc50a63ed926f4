//! One-time passcodes by email in one organization. If the organization allows it, a new member joins by requesting a
//! code.

use serde_json::json;

use super::log_in::{self, Presence};
use super::member::Status;
use super::{B2b, organization_id};
use super::{recipients, second_factor_sms};
use crate::addresses::email_address;
use crate::call::{Call, Reply};
use crate::codes::{self, Code};
use crate::errors::{self, Failure};
use crate::factors::{self, Factor};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::links;
use crate::outbox::{Channel, Outbox};
use crate::product::Product;
use crate::sessions::Attributes;

/// `POST /v1/b2b/otps/email/login_or_signup`.
pub(crate) fn login_or_signup(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let organization_id = organization_id(fields)?;
    let address = email_address(fields, "email_address")?.ok_or(&errors::INVALID_EMAIL)?;
    let login_minutes = minutes(fields, "login_expiration_minutes")?;
    let signup_minutes = minutes(fields, "signup_expiration_minutes")?;
    links::validate_locale(fields)?;
    fields.ignored_texts(&["login_template_id", "signup_template_id"])?;

    outbox.admit(&address, call.now)?;
    let to = (organization_id, address);
    let recipient = recipients::existing_or_new(b2b, ids, to, METHOD, call.now)?;
    let member = &recipient.member;
    let minutes = match member.status {
        Status::Pending | Status::Invited => signup_minutes,
        Status::Active | Status::Deleted => login_minutes,
    };
    let code = Code {
        channel: Channel::Email,
        method_id: member.email_id.clone(),
        code: ids.passcode(),
        subject: member.member_id.clone(),
        expires_at: call.now.plus_minutes(minutes),
        attributes: Attributes::default(),
        used: false,
        message_id: 0,
    };
    let to = (Product::B2b, member.email_address.as_str());
    b2b.project.codes.send(outbox, to, code, call.now);
    let reply = json!({
        "member_id": member.member_id,
        "member_created": recipient.member_created,
        "member": member,
        "organization": recipient.organization,
    });
    if recipient.member_created {
        b2b.members.put(recipient.member);
    }
    Ok(Reply::ok(reply))
}

/// `POST /v1/b2b/otps/email/authenticate`. Starts or updates a session. If a second factor is required, returns an
/// intermediate session token instead.
///
/// A wrong code counts as a failed authentication of the member.
pub(crate) fn authenticate(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let organization_id = organization_id(fields)?;
    let address = email_address(fields, "email_address")?.ok_or(&errors::INVALID_EMAIL)?;
    let digits = codes::read(fields, "code")?;
    let presence = Presence::read(b2b, call)?;
    codes::validate_sms_locale(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let organization = b2b.organizations.find(organization_id)?.clone();
    let id = &organization.organization_id;
    let member = b2b.members.with_email(id, &address);
    let mut member = member.ok_or(&errors::MEMBER_NOT_FOUND)?.clone();
    recipients::admit_method(&member, &organization, METHOD)?;
    let code = match b2b.project.codes.usable(&member.email_id, digits, call.now) {
        Ok(code) => code.clone(),
        Err(failure) => return Err(log_in::refuse(b2b, &member.member_id, failure, call.now)),
    };
    member.verify_email(&organization, call.now);
    let details = factors::email(&member.email_id, &member.email_address);
    let factor = Factor::new("email_otp", "email", details, call.now);
    let of_member = (&member, &organization);
    let outcome = log_in::complete(b2b, ids, of_member, factor, &presence, call)?;
    // The code is marked as used only now: if the call is refused earlier, the code remains valid.
    outbox.mark_used(code.message_id);
    b2b.project.codes.use_up(code);
    let outcome = second_factor_sms::initiate(b2b, ids, outbox, of_member, outcome, call);
    b2b.members.put(member.clone());
    Ok(Reply::ok(outcome).and(json!({
        "member_id": member.member_id,
        "method_id": member.email_id,
        "organization_id": organization.organization_id,
        "member": member,
        "organization": organization,
    })))
}

/// Reads the lifetime of a code. Default: 10 minutes.
fn minutes(fields: &Fields, name: &str) -> Result<i64, Failure> {
    let minutes = fields.whole_number(name)?.unwrap_or(10);
    if (2..=15).contains(&minutes) {
        Ok(minutes)
    } else {
        Err(errors::INVALID_MEMBER_CODE_EXPIRATION.failure())
    }
}

/// The name of the method in `allowed_auth_methods`.
const METHOD: &str = "email_otp";
