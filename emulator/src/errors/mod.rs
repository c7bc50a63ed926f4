//! The errors this emulator answers with: how a row becomes a refusal, and the body it has. The rows are next door.

mod rows;

use serde_json::{Value, json};

pub(crate) use rows::*;

/// One error type of the API.
#[derive(Debug)]
pub(crate) struct ErrorRow {
    status: u16,
    error_type: &'static str,
    message: &'static str,
    docs: &'static str,
}

/// A refusal: a row, and more particular words where a call has them.
#[derive(Debug)]
pub(crate) struct Failure {
    row: &'static ErrorRow,
    message: Option<String>,
    names: &'static Names,
}

/// How the three members of an error's body are called: by the API, or by OAuth 2.0 (RFC 6749, section 5.2).
#[derive(Debug)]
struct Names {
    error_type: &'static str,
    message: &'static str,
    url: &'static str,
}

impl ErrorRow {
    pub(crate) fn failure(&'static self) -> Failure {
        Failure {
            row: self,
            message: None,
            names: &NAMES,
        }
    }

    pub(crate) fn because(&'static self, message: impl Into<String>) -> Failure {
        Failure {
            row: self,
            message: Some(message.into()),
            names: &NAMES,
        }
    }
}

impl From<&'static ErrorRow> for Failure {
    fn from(row: &'static ErrorRow) -> Self {
        row.failure()
    }
}

impl Failure {
    pub(crate) fn status(&self) -> u16 {
        self.row.status
    }

    #[cfg(test)]
    pub(crate) fn error_type(&self) -> &'static str {
        self.row.error_type
    }

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

    /// The body, its keys in the order the API sends them.
    pub(crate) fn body(&self, request_id: &str) -> Value {
        let ErrorRow {
            status,
            error_type,
            message,
            docs,
        } = self.row;
        json!({
            "status_code": status,
            "request_id": request_id,
            self.names.error_type: error_type,
            self.names.message: self.message.as_deref().unwrap_or(message),
            self.names.url: format!("https://stytch.com/docs/{docs}/errors/{status}#{error_type}"),
        })
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

static NAMES: Names = Names {
    error_type: "error_type",
    message: "error_message",
    url: "error_url",
};
static OAUTH2_NAMES: Names = Names {
    error_type: "error",
    message: "error_description",
    url: "error_uri",
};
