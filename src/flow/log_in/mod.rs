//! The round trip of a log-in: to start it, to handle the redirect at its end, to set a new password, and to log out.
//!
//! `client::log_in` decides; this module sends the requests.

mod start;

mod callback;
pub use callback::CallbackCheck;

mod reset;
pub use reset::PasswordReset;

mod log_out;
pub use log_out::{LogOutCheck, LoggedOut};
