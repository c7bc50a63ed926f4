//! Reads the rows of the endpoint table.
//!
//! The table is generated from `api/`. It is text, because structures with pointers to paths would add 0.9 KB to the
//! npm package. [`Endpoint::in_row`] parses the row with a number, and [`Endpoint::read`] a row of `generated::endpoints::rows`.

use crate::{generated::endpoints::ENDPOINTS, jwt::pieces};

/// An endpoint of the API: its method and path, and how arguments and credentials are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// The HTTP method.
    pub method: Method,
    /// The path, with `{name}` for the argument of that name.
    pub path: &'static str,
    /// The dotted name of the first client method that sends the request, such as `users.get`. The clients of both
    /// products use the same name for similar endpoints, so it does not identify an endpoint.
    pub operation: &'static str,
    /// The host of the endpoint.
    pub base: Base,
    /// How arguments that are not in the path are sent.
    pub payload: Payload,
    /// The credentials that are sent.
    pub authorization: Authorization,
    /// Whether a member's session may be sent, to act with the member's permissions.
    pub member_session_headers: bool,
    /// Whether the request may be sent again without knowing whether the API handled it. For example, a search is safe
    /// to repeat, and a request that sends an email is not.
    pub is_safe_to_repeat: bool,
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
    /// The authentication API, which serves most endpoints.
    Auth,
    /// The fraud and risk API.
    Fraud,
    /// SAML Shield, which has a separate client.
    SamlShield,
}

/// The content of the `Authorization` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authorization {
    /// The request does not have the header.
    None,
    /// The project's id and secret (HTTP Basic, RFC 7617).
    Basic,
    /// The public token of SAML Shield (Bearer, RFC 6750).
    Bearer,
}

/// How arguments that are not part of the path are sent.
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
    /// Returns the endpoint in a row of the table, or `None` if the row does not exist. The first row is 0.
    #[must_use]
    pub fn in_row(row: usize) -> Option<Self> {
        Self::read(pieces(ENDPOINTS, '\n').nth(row)?)
    }

    /// Returns the endpoint of this operation, such as `debug.whoami`. If two products have an operation of this name, the
    /// first one of the table is returned.
    #[must_use]
    pub fn of_operation(operation: &str) -> Option<Self> {
        let row = pieces(ENDPOINTS, '\n').find(|row| pieces(row, ' ').nth(2) == Some(operation));
        Self::read(row?)
    }

    /// Returns the endpoint with this method and path, such as `POST /v1/users/search`.
    #[must_use]
    pub fn at(method_and_path: &str) -> Option<Self> {
        let is_row = |row: &&str| {
            let rest = row.strip_prefix(method_and_path);
            rest.is_some_and(|rest| rest.starts_with(' '))
        };
        Self::read(pieces(ENDPOINTS, '\n').find(is_row)?)
    }

    /// Parses a row of the table. Returns `None` if it is not valid.
    #[must_use]
    pub fn read(row: &'static str) -> Option<Self> {
        let mut words = pieces(row, ' ');
        let method = Method::named(words.next()?)?;
        let mut endpoint = Self {
            method,
            path: words.next()?,
            operation: words.next()?,
            base: Base::Auth,
            payload: match method {
                Method::Get => Payload::Query,
                _ => Payload::Json,
            },
            authorization: Authorization::Basic,
            member_session_headers: false,
            is_safe_to_repeat: false,
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
                "retry" => endpoint.is_safe_to_repeat = true,
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

    /// Returns the name of the method in HTTP.
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
    fn uses_defaults_for_words_that_a_row_omits() {
        let named = |words: &str| {
            let row = ENDPOINTS.split('\n').position(|row| row == words);
            row.and_then(Endpoint::in_row)
        };
        let usual = Endpoint {
            method: Method::Post,
            path: "/v1/users/search",
            operation: "users.search",
            base: Base::Auth,
            payload: Payload::Json,
            authorization: Authorization::Basic,
            member_session_headers: false,
            is_safe_to_repeat: true,
        };
        assert_eq!(
            named("POST /v1/users/search users.search retry"),
            Some(usual)
        );
        let open = Endpoint {
            path: "/v1/public/{project_id}/oauth2/token",
            operation: "m2m.token",
            payload: Payload::Form,
            authorization: Authorization::None,
            is_safe_to_repeat: false,
            ..usual
        };
        assert_eq!(
            named("POST /v1/public/{project_id}/oauth2/token m2m.token form open"),
            Some(open)
        );
        let fetched = Endpoint {
            method: Method::Get,
            path: "/v1/rbac/policy",
            operation: "rbac.policy",
            payload: Payload::Query,
            ..usual
        };
        assert_eq!(
            named("GET /v1/rbac/policy rbac.policy retry"),
            Some(fetched)
        );
    }
}
