//! Reads email addresses and phone numbers from the fields of a call.

use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::shapes;

/// Reads an email address. Addresses are stored and compared in lower case.
pub(crate) fn email_address(fields: &Fields, name: &str) -> Result<Option<String>, Failure> {
    let Some(text) = fields.text(name)? else {
        return Ok(None);
    };
    if shapes::is_email(text) {
        Ok(Some(text.to_lowercase()))
    } else {
        Err(errors::INVALID_EMAIL.failure())
    }
}

/// Reads `phone_number`.
pub(crate) fn phone_number(fields: &Fields) -> Result<Option<String>, Failure> {
    phone_number_in(fields, "phone_number")
}

/// Reads a phone number in E.164 form.
pub(crate) fn phone_number_in(fields: &Fields, name: &str) -> Result<Option<String>, Failure> {
    let Some(text) = fields.text(name)? else {
        return Ok(None);
    };
    if shapes::is_phone_number(text) {
        Ok(Some(text.into()))
    } else {
        Err(errors::INVALID_PHONE_NUMBER.failure())
    }
}
