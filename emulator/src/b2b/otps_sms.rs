//! One-time passcodes by SMS, as the second factor of a member.

use super::B2b;
use super::log_in;
use super::second_factor_sms;
use super::second_factors::{self, Confirmation, Named};
use crate::addresses::phone_number_in;
use crate::call::{Call, Reply};
use crate::codes;
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::ids::Ids;
use crate::outbox::Outbox;

/// `POST /v1/b2b/otps/sms/send`. A member without a phone number receives the number of the call.
pub(crate) fn send(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let named = Named::read(fields)?;
    let number = phone_number_in(fields, "mfa_phone_number")?;
    codes::validate_sms_locale(fields)?;

    let (mut member, organization) = named.find(b2b)?;
    let is_new = member.mfa_phone_number.is_empty();
    match number {
        None if is_new => return Err(errors::MEMBER_PHONE_NUMBER_NOT_FOUND.failure()),
        Some(number) if is_new => member.mfa_phone_number = number,
        Some(number) if number != member.mfa_phone_number => {
            return Err(errors::DUPLICATE_PHONE_NUMBER_FOR_MEMBER.failure());
        }
        Some(_) | None => {}
    }
    let of_member = (&member, &organization);
    if member.mfa_phone_number_verified {
        second_factors::admit_known(b2b, of_member, METHOD, call)?;
    } else {
        second_factors::admit_new(b2b, of_member, METHOD, call)?;
    }
    b2b.members.validate_unique(&member)?;
    second_factor_sms::send(b2b, ids, outbox, &member, call.now);
    if is_new {
        member.updated_at = call.now;
        b2b.members.put(member.clone());
    }
    Ok(Reply::ok(second_factors::view(&member, &organization)))
}

/// `POST /v1/b2b/otps/sms/authenticate`. Marks the phone number as verified.
///
/// A wrong code counts as a failed authentication of the member.
pub(crate) fn authenticate(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let digits = codes::read(&call.fields, "code")?;
    let mut confirmation = Confirmation::read(b2b, call)?;
    second_factors::admit_method(&confirmation.organization, METHOD)?;
    let member = &mut confirmation.member;
    let code = match b2b
        .project
        .codes
        .usable(&member.member_id, digits, call.now)
    {
        Ok(code) => code.clone(),
        Err(failure) => return Err(log_in::refuse(b2b, &member.member_id, failure, call.now)),
    };
    member.mfa_phone_number_verified = true;
    let phone = (&*member.phone_id(), member.mfa_phone_number.as_str());
    let factor = Factor::phone_otp("sms", phone, call.now);
    let reply = confirmation.complete(b2b, ids, (factor, Some(METHOD)), call)?;
    outbox.mark_used(code.message_id);
    b2b.project.codes.use_up(code);
    Ok(reply)
}

/// The name of the method in `allowed_mfa_methods`.
const METHOD: &str = "sms_otp";
