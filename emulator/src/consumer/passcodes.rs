//! Sends one-time passcodes to users. The operations are in `otps.rs`.

use serde_json::{Value, json};

use super::Consumer;
use super::recipients::{self, Address, Recipient};
use super::selected::Selector;
use super::user::{Status, User};
use crate::addresses::{email_address, phone_number};
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::codes::{self, Code};
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::links;
use crate::merge::object;
use crate::outbox::{Channel, Outbox};
use crate::product::Product;
use crate::sessions::Attributes;

/// The fields that the operations of all channels have in common.
pub(super) struct Sending {
    channel: Channel,
    to: Address,
    minutes: i64,
    attributes: Attributes,
}

impl Sending {
    pub(super) fn read(fields: &Fields, channel: Channel) -> Result<Self, Failure> {
        let to = match channel {
            Channel::Email => email_address(fields, "email")?
                .map(Address::Email)
                .ok_or(&errors::INVALID_EMAIL)?,
            Channel::Sms | Channel::Whatsapp => phone_number(fields)?
                .map(Address::PhoneNumber)
                .ok_or(&errors::INVALID_PHONE_NUMBER)?,
        };
        let minutes = fields.whole_number("expiration_minutes")?.unwrap_or(2);
        if !(1..=10).contains(&minutes) {
            return Err(errors::INVALID_EXPIRATION_OTP.failure());
        }
        let attributes = Attributes::read(fields)?;
        match channel {
            Channel::Email => links::validate_locale(fields)?,
            Channel::Sms | Channel::Whatsapp => codes::validate_sms_locale(fields)?,
        }
        fields.ignored_texts(&["login_template_id", "signup_template_id"])?;
        Ok(Self {
            channel,
            to,
            minutes,
            attributes,
        })
    }
}

/// Sends a code to an existing user. If the call selects a user, the address or number is added to that user.
pub(super) fn send(
    consumer: &mut Consumer,
    (ids, outbox): (&mut Ids, &mut Outbox),
    sending: Sending,
    call: &Call,
) -> Result<Reply, Failure> {
    let selector = Selector::read(&call.fields)?;
    admit(outbox, &sending, call)?;
    let selector = selector.as_ref();
    let recipient = recipients::existing(consumer, ids, &sending.to, selector, call.now)?;
    deliver(consumer, (ids, outbox), &recipient, &sending, call);
    Ok(Reply::ok(sent(&recipient, &sending)))
}

/// Sends a code to a user, who is created if needed.
pub(super) fn login_or_create(
    consumer: &mut Consumer,
    (ids, outbox): (&mut Ids, &mut Outbox),
    sending: Sending,
    call: &Call,
) -> Result<Reply, Failure> {
    let status = Status::of_new_user(&call.fields)?;
    admit(outbox, &sending, call)?;
    let recipient = recipients::existing_or_new(consumer, ids, &sending.to, status, call.now);
    deliver(consumer, (ids, outbox), &recipient, &sending, call);
    let created = json!({ "user_created": recipient.user_created });
    Ok(Reply::ok(sent(&recipient, &sending)).and(created))
}

/// Returns the factor that a code proves.
pub(super) fn factor(user: &User, code: &Code, now: UnixSeconds) -> Result<Factor, Failure> {
    let id = code.method_id.as_str();
    let delivery_method = match code.channel {
        Channel::Email => {
            let email = user.emails.iter().find(|email| email.email_id == id);
            let email = email.ok_or(&errors::OTP_CODE_NOT_FOUND)?;
            return Ok(Factor::email_otp(id, &email.email, now));
        }
        Channel::Sms => "sms",
        Channel::Whatsapp => "whatsapp",
    };
    let mut phones = user.phone_numbers.iter();
    let phone = phones.find(|phone| phone.phone_id == id);
    let phone = phone.ok_or(&errors::OTP_CODE_NOT_FOUND)?;
    Ok(Factor::phone_otp(
        delivery_method,
        (id, &phone.phone_number),
        now,
    ))
}

fn deliver(
    consumer: &mut Consumer,
    (ids, outbox): (&mut Ids, &mut Outbox),
    recipient: &Recipient,
    sending: &Sending,
    call: &Call,
) {
    let code = Code {
        method_id: recipient.method_id.clone(),
        channel: sending.channel,
        code: ids.passcode(),
        subject: recipient.user.user_id.clone(),
        expires_at: call.now.plus_minutes(sending.minutes),
        attributes: sending.attributes.clone(),
        used: false,
        message_id: 0,
    };
    let to = (Product::Consumer, sending.to.text());
    consumer.project.codes.send(outbox, to, code, call.now);
}

fn admit(outbox: &Outbox, sending: &Sending, call: &Call) -> Result<(), Failure> {
    match &sending.to {
        Address::Email(address) => outbox.admit(address, call.now),
        Address::PhoneNumber(_) => Ok(()),
    }
}

fn sent(recipient: &Recipient, sending: &Sending) -> Value {
    let name = match sending.to {
        Address::Email(_) => "email_id",
        Address::PhoneNumber(_) => "phone_id",
    };
    let mut sent = object(json!({ "user_id": recipient.user.user_id }));
    sent.insert(name.into(), json!(recipient.method_id));
    Value::Object(sent)
}
