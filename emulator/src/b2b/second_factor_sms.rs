//! Sends the second factor of a member whose log-in is not complete, so that the application does not have to ask for
//! it.

use serde_json::{Value, json};

use super::B2b;
use super::member::Member;
use super::organization::Organization;
use crate::call::Call;
use crate::codes::Code;
use crate::ids::Ids;
use crate::outbox::{Channel, Outbox};
use crate::product::Product;
use crate::sessions::Attributes;

/// If the reply of a log-in requires a second factor and the member has a verified phone number, sends a code by SMS, and
/// adds this fact to the reply.
pub(super) fn initiate(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    (member, organization): (&Member, &Organization),
    mut reply: Value,
    call: &Call,
) -> Value {
    let can_receive = member.mfa_phone_number_verified && !member.mfa_phone_number.is_empty();
    if !can_receive || !organization.settings.allows_mfa_method("sms_otp") {
        return reply;
    }
    let Some(initiated) = reply.pointer_mut("/mfa_required/secondary_auth_initiated") else {
        return reply;
    };
    *initiated = json!("sms_otp");
    let code = Code {
        channel: Channel::Sms,
        method_id: member.member_id.clone(),
        code: ids.passcode(),
        subject: member.member_id.clone(),
        expires_at: call.now.plus_minutes(LIFETIME_MINUTES),
        attributes: Attributes::default(),
        used: false,
        message_id: 0,
    };
    let to = (Product::B2b, member.mfa_phone_number.as_str());
    b2b.project.codes.send(outbox, to, code, call.now);
    reply
}

/// The lifetime of a code by SMS.
const LIFETIME_MINUTES: i64 = 2;
