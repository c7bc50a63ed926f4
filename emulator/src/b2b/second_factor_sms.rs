//! Sends the codes of second factors by SMS. If a log-in is not complete, the code is sent automatically, so that the
//! application does not have to ask for it.

use rsa::sha2::{Digest as _, Sha256};
use serde_json::{Value, json};

use super::B2b;
use super::member::Member;
use super::organization::Organization;
use crate::call::Call;
use crate::clock::UnixSeconds;
use crate::codes::Code;
use crate::ids::{Environment, Ids};
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
    send(b2b, ids, outbox, member, call.now);
    reply
}

/// Sends a code to the phone number of a member. An earlier code is dropped.
pub(super) fn send(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    member: &Member,
    now: UnixSeconds,
) {
    let code = Code {
        channel: Channel::Sms,
        method_id: member.member_id.clone(),
        code: ids.passcode(),
        subject: member.member_id.clone(),
        expires_at: now.plus_minutes(LIFETIME_MINUTES),
        attributes: Attributes::default(),
        used: false,
        message_id: 0,
    };
    let to = (Product::B2b, member.mfa_phone_number.as_str());
    b2b.project.codes.send(outbox, to, code, now);
}

impl Member {
    /// Returns the id of the phone number. The API's form of a member does not have it, so it follows from the member and
    /// the number.
    pub(crate) fn phone_id(&self) -> String {
        let digest: [u8; 32] =
            Sha256::digest(format!("{}\n{}", self.member_id, self.mfa_phone_number)).into();
        let mut half = [0; 16];
        half.iter_mut()
            .zip(digest)
            .for_each(|(byte, digit)| *byte = digit);
        let uuid = uuid::Builder::from_random_bytes(half).into_uuid();
        let environment = match self.member_id.starts_with("member-live-") {
            true => Environment::Live,
            false => Environment::Test,
        };
        format!("phone-number-{}-{uuid}", environment.name())
    }
}

/// The lifetime of a code by SMS.
const LIFETIME_MINUTES: i64 = 2;
