//! One-time passcodes: six digits, sent by email, SMS or WhatsApp. A code belongs to one address or number, expires, and
//! works once. A new code replaces the earlier one.
//!
//! A used code stays in the list, so that a second use (401) has a different error than a wrong code (404).

use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::outbox::{Channel, Content, Kind, Message, Outbox};
use crate::product::Product;
use crate::sessions::Attributes;
use crate::store::{Record, Store};

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    /// The id of the email address or phone number.
    pub(crate) method_id: String,
    pub(crate) channel: Channel,
    /// The six digits.
    pub(crate) code: String,
    /// The id of the user or member.
    pub(crate) subject: String,
    pub(crate) expires_at: UnixSeconds,
    pub(crate) attributes: Attributes,
    pub(crate) used: bool,
    /// The number of its message in the outbox.
    pub(crate) message_id: u64,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Codes(Store<Code>);

/// The index of the codes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Subject,
}

impl Record for Code {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[];

    fn id(&self) -> &str {
        &self.method_id
    }

    fn keys(&self) -> Vec<(By, String)> {
        vec![(By::Subject, self.subject.clone())]
    }
}

impl Codes {
    /// Sends a code to an address or number, and stores it. An earlier code of the same method is dropped.
    pub(crate) fn send(
        &mut self,
        outbox: &mut Outbox,
        (product, to): (Product, &str),
        mut code: Code,
        now: UnixSeconds,
    ) {
        code.message_id = outbox.send(Message::new(
            product,
            Kind::Passcode,
            (code.channel, to),
            Content::Code(code.code.clone()),
            (now, code.expires_at),
        ));
        self.0.put(code);
    }

    /// Returns the newest code of an address or number. It can be used or expired.
    pub(crate) fn of_method(&self, method_id: &str) -> Option<&Code> {
        self.0.get(method_id)
    }

    /// Returns a code if it may be used now. Does not mark it as used.
    pub(crate) fn usable(
        &self,
        method_id: &str,
        digits: &str,
        now: UnixSeconds,
    ) -> Result<&Code, Failure> {
        let code = self.0.get(method_id).filter(|code| code.code == digits);
        let code = code.ok_or(&errors::OTP_CODE_NOT_FOUND)?;
        if code.used || code.expires_at <= now {
            return Err(errors::UNABLE_TO_AUTH_OTP_CODE.failure());
        }
        Ok(code)
    }

    pub(crate) fn use_up(&mut self, code: Code) {
        self.0.put(Code { used: true, ..code });
    }

    /// Removes the code of an address or number that does not exist any more.
    pub(crate) fn forget_method(&mut self, method_id: &str) {
        self.0.remove(method_id);
    }

    /// Removes the codes of a deleted user or member.
    pub(crate) fn forget(&mut self, subject: &str) {
        self.0.remove_all(By::Subject, subject, |_| true);
    }
}

/// Reads a code: six digits.
pub(crate) fn read<'a>(fields: &'a Fields, name: &str) -> Result<&'a str, Failure> {
    let code = fields.text(name)?;
    let is_code = |text: &&str| text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    Ok(code.filter(is_code).ok_or(&errors::INVALID_CODE)?)
}

/// Validates the `locale` of an SMS. The emulator's messages do not depend on it.
pub(crate) fn validate_sms_locale(fields: &Fields) -> Result<(), Failure> {
    match fields.text("locale")? {
        Some(locale) if !SMS_LOCALES.contains(&locale) => Err(errors::INVALID_LOCALE.with_message(
            format!("The locale must be one of {}.", SMS_LOCALES.join(", ")),
        )),
        Some(_) | None => Ok(()),
    }
}

const SMS_LOCALES: [&str; 16] = [
    "en", "es", "pt-br", "fr", "it", "de-DE", "zh-Hans", "ca-ES", "ja", "ru", "nl", "pl", "tr",
    "fa", "vi", "cs",
];
