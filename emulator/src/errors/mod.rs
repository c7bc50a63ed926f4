//! The errors that the emulator returns. The error response is in `failure.rs`, the error types are in `rows.rs`, and
//! the functions that need both are in this file.

mod enterprise;
mod failure;
mod rows;

pub(crate) use enterprise::*;
pub(crate) use failure::{ErrorRow, Failure};
pub(crate) use rows::*;

use failure::OAUTH2_NAMES;

impl Failure {
    /// Converts the error to that of the host for fraud prevention, which has another type for wrong credentials.
    pub(crate) fn in_fraud_form(self) -> Self {
        match self.row.error_type {
            "unauthorized_credentials" => UNAUTHORIZED_CREDENTIALS_ERROR.failure(),
            _ => self,
        }
    }

    /// Converts the error to the form of OAuth 2.0. If OAuth 2.0 does not define the error, the API's error type
    /// remains.
    pub(crate) fn in_oauth2_form(self) -> Self {
        let message = self.message.unwrap_or_else(|| self.row.message.to_owned());
        let row = match self.row.error_type {
            "bad_request" | "invalid_argument" => &INVALID_REQUEST,
            _ => self.row,
        };
        Self {
            row,
            message: Some(message),
            names: &OAUTH2_NAMES,
        }
    }
}

/// Returns the error type for a status that a fault sends.
pub(crate) fn row_for_status(status: u16) -> Option<&'static ErrorRow> {
    [
        &BAD_REQUEST,
        &UNAUTHORIZED_CREDENTIALS,
        &SESSION_AUTHORIZATION_ERROR,
        &ROUTE_NOT_FOUND,
        &METHOD_NOT_ALLOWED,
        &TOO_MANY_REQUESTS,
        &INTERNAL_SERVER_ERROR,
        &SERVER_UNAVAILABLE,
    ]
    .into_iter()
    .find(|row| row.status == status)
}
