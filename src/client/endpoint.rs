//! What a row of the endpoint table says.
//!
//! The rows themselves are generated from `api/`.

use crate::generated::endpoints::ENDPOINTS;

/// One method and path of the API, and where the arguments of a call go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// The HTTP method.
    pub method: Method,
    /// The path, with `{name}` where an argument of that name is put in.
    pub path: &'static str,
    /// Which host serves it.
    pub base: Base,
    /// Where the arguments go that the path does not take.
    pub payload: Payload,
    /// Which of the client's credentials are sent.
    pub authorization: Authorization,
    /// Whether a member's session may be sent along, to act with its rights.
    pub member_session_headers: bool,
}

/// The HTTP methods that the API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is its own name")]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

/// The hosts of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// Authentication: nearly everything.
    Auth,
    /// Fraud and risk.
    Fraud,
    /// SAML Shield, which has a client of its own.
    SamlShield,
}

/// What the `Authorization` header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authorization {
    /// Nothing: the request has no such header.
    None,
    /// The project's id and its secret (RFC 7617).
    Basic,
    /// The secret alone, which is a public token (RFC 6750).
    Bearer,
}

/// The place of the arguments that are not part of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload {
    /// In the query.
    Query,
    /// In the body, as JSON.
    Json,
    /// In the body, as `application/x-www-form-urlencoded`.
    Form,
}

impl Endpoint {
    /// The endpoint in a row of the table, by the number that the generated
    /// JavaScript passes.
    #[must_use]
    pub fn in_row(row: usize) -> Option<&'static Self> {
        ENDPOINTS.get(row)
    }
}

impl Method {
    /// The method as HTTP spells it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}
