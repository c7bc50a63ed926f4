//! The round trip of a log-in: to start it, to handle the redirect at its end, to set a new password, and to log out.
//!
//! `client::log_in` decides; this module sends the requests.

use serde_json::value::RawValue;

use crate::client::{CookieRules, LogInPages};

mod start;

mod callback;
pub use callback::CallbackCheck;

mod reset;
pub use reset::PasswordReset;

mod log_out;
pub use log_out::{LogOutCheck, LoggedOut};

/// The rules for the session that a step of a log-in begins, and for the response to the browser.
#[derive(Clone, Copy)]
pub struct SessionStart<'a> {
    /// The pages to which the response redirects.
    pub pages: &'a LogInPages,
    /// The lifetime of the session in minutes, as JSON text. Default: 60.
    pub session_duration_minutes: Option<&'a RawValue>,
    /// Custom claims of the session, as JSON text.
    pub session_custom_claims: Option<&'a RawValue>,
    /// The names and attributes of the cookies. Default: the configuration's `cookies`.
    pub cookies: Option<&'a CookieRules>,
}
