//! An error response: how it is created from an error type, and its body. The error types are in `rows.rs`.

use serde_json::{Value, json};

/// One error type of the API.
#[derive(Debug)]
pub(crate) struct ErrorRow {
    pub(super) status: u16,
    pub(super) error_type: &'static str,
    pub(super) message: &'static str,
    pub(super) docs: Docs,
}

/// The page that describes an error type.
#[derive(Clone, Copy, Debug)]
pub(super) enum Docs {
    /// A page of Stytch's documentation, by the part of its path.
    Stytch(&'static str),
    /// The list of the emulator's routes.
    Coverage,
}

impl Docs {
    fn url(self, status: u16, error_type: &str) -> String {
        match self {
            Self::Stytch(part) => {
                format!("https://stytch.com/docs/{part}/errors/{status}#{error_type}")
            }
            Self::Coverage => COVERAGE_PAGE.to_owned(),
        }
    }
}

/// An error response: an error type, and optionally a more specific message.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(super) row: &'static ErrorRow,
    pub(super) message: Option<String>,
    pub(super) names: &'static Names,
}

/// The names of three members of an error's body, which differ between the API and OAuth 2.0 (RFC 6749, section 5.2).
#[derive(Debug)]
pub(super) struct Names {
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

    pub(crate) fn with_message(&'static self, message: impl Into<String>) -> Failure {
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

    /// Returns the error type and the message.
    pub(crate) fn summary(&self) -> String {
        format!("{}: {}", self.row.error_type, self.message())
    }

    /// Returns the message.
    pub(crate) fn message(&self) -> &str {
        self.message.as_deref().unwrap_or(self.row.message)
    }

    /// Returns the error type.
    pub(crate) fn error_type(&self) -> &'static str {
        self.row.error_type
    }

    /// Returns the body. Its keys are in the API's order.
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
            self.names.url: docs.url(*status, error_type),
        })
    }
}

const COVERAGE_PAGE: &str = concat!(
    env!("CARGO_PKG_REPOSITORY"),
    "/blob/main/docs/reference/emulator.md"
);

static NAMES: Names = Names {
    error_type: "error_type",
    message: "error_message",
    url: "error_url",
};
pub(super) static OAUTH2_NAMES: Names = Names {
    error_type: "error",
    message: "error_description",
    url: "error_uri",
};
