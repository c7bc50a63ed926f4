//! The two products of the API, which share a host and nothing else.

use serde::Deserialize;

/// Which of the two APIs a client speaks, and which kind of session it accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Product {
    /// Users, each by themselves.
    Consumer,
    /// Members of organizations.
    B2b,
}
