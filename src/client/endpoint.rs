//! What a row of the endpoint table says.
//!
//! The rows themselves are generated from `api/`: text, because structures with pointers
//! to paths would be 0.9 KB more of the package. [`Endpoint::in_row`] reads one.

use crate::{generated::endpoints::ENDPOINTS, jwt::pieces};

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
    pub fn in_row(row: usize) -> Option<Self> {
        let row = pieces(ENDPOINTS, '\n').nth(row)?;
        let mut words = pieces(row, ' ');
        let method = Method::named(words.next()?)?;
        let mut endpoint = Self {
            method,
            path: words.next()?,
            base: Base::Auth,
            payload: match method {
                Method::Get => Payload::Query,
                _ => Payload::Json,
            },
            authorization: Authorization::Basic,
            member_session_headers: false,
        };
        for word in words {
            match word {
                "fraud" => endpoint.base = Base::Fraud,
                "saml_shield" => endpoint.base = Base::SamlShield,
                "query" => endpoint.payload = Payload::Query,
                "json" => endpoint.payload = Payload::Json,
                "form" => endpoint.payload = Payload::Form,
                "open" => endpoint.authorization = Authorization::None,
                "bearer" => endpoint.authorization = Authorization::Bearer,
                "member" => endpoint.member_session_headers = true,
                _ => return None,
            }
        }
        Some(endpoint)
    }
}

impl Method {
    fn named(word: &str) -> Option<Self> {
        let all = [Self::Get, Self::Post, Self::Put, Self::Delete];
        all.into_iter().find(|method| method.word() == word)
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_row_of_the_table() {
        let rows = ENDPOINTS.split('\n').count();
        assert!(rows > 180, "{rows}");
        assert_eq!((0..).map_while(Endpoint::in_row).count(), rows);
    }

    #[test]
    fn takes_what_a_row_does_not_mention_as_usual() {
        let named = |words: &str| {
            let row = ENDPOINTS.split('\n').position(|row| row == words);
            row.and_then(Endpoint::in_row)
        };
        let usual = Endpoint {
            method: Method::Post,
            path: "/v1/users/search",
            base: Base::Auth,
            payload: Payload::Json,
            authorization: Authorization::Basic,
            member_session_headers: false,
        };
        assert_eq!(named("POST /v1/users/search"), Some(usual));
        let open = Endpoint {
            path: "/v1/public/{project_id}/oauth2/token",
            payload: Payload::Form,
            authorization: Authorization::None,
            ..usual
        };
        assert_eq!(
            named("POST /v1/public/{project_id}/oauth2/token form open"),
            Some(open)
        );
        let fetched = Endpoint {
            method: Method::Get,
            path: "/v1/rbac/policy",
            payload: Payload::Query,
            ..usual
        };
        assert_eq!(named("GET /v1/rbac/policy"), Some(fetched));
    }
}
