//! The errors this emulator answers with. A refusal is in `failure.rs`, the error types are in `rows.rs`, and this file
//! has the functions that need both.

mod failure;
mod rows;

pub(crate) use failure::{ErrorRow, Failure};
pub(crate) use rows::*;

use failure::OAUTH2_NAMES;

impl Failure {
    /// The same failure as OAuth 2.0 tells of it. What OAuth has no word for keeps the API's.
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

/// The row that stands for a bare status, where a fault asks for one.
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
