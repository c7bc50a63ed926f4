//! The members of an API response that flows read. All else in a response is skipped.
//!
//! Values stay the text that they were written in until one is needed: most responses have few of these members.

use serde::Deserialize;
use serde_json::value::RawValue;

/// A response's body, a JSON object.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ApiBody<'a> {
    /// Which error it is.
    #[serde(borrow)]
    pub(crate) error_type: Option<&'a RawValue>,
    /// The same for OAuth2 routes (RFC 6749, section 5.2).
    #[serde(borrow)]
    pub(crate) error: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) session_jwt: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) session_token: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) session: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) member_session: Option<&'a RawValue>,
    /// Of a session.
    #[serde(borrow)]
    pub(crate) expires_at: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) access_token: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) expires_in: Option<&'a RawValue>,
    /// Of the claims of a Connected App.
    #[serde(borrow)]
    pub(crate) custom_claims: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) client_id: Option<&'a RawValue>,
}

impl<'a> ApiBody<'a> {
    /// Reads a body; nothing if it is not a JSON object, or has one of the members twice.
    #[inline(never)]
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        // serde reads a list as the members in their order, too.
        let is_object = text.trim_start().starts_with('{');
        serde_json::from_slice(text.as_bytes())
            .ok()
            .filter(|_| is_object)
    }
}

/// The text of a member that is a string.
pub(crate) fn text_in(member: Option<&RawValue>) -> Option<String> {
    serde_json::from_slice(member?.get().as_bytes()).ok()
}
