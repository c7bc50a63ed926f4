//! OAuth 2.0 Protected Resource Metadata (RFC 9728, section 2): the document that names the authorization servers of a
//! service.
//!
//! This module does not parse URLs; the caller passes a parser.

use serde::Serialize;

use super::{ClientError, resource::is_scope};

/// The description of a service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProtectedResource {
    /// The URL of the service, without a fragment: https, or http on a loopback host.
    pub resource: String,
    /// The URLs of the authorization servers that issue tokens for the service. Default: the client's base URL. The hosts
    /// that all projects share are refused.
    pub authorization_servers: Option<Vec<String>>,
    /// The scopes of the service. Default: the document does not list scopes.
    pub scopes_supported: Vec<String>,
}

/// The metadata of a service, to be served as JSON at `/.well-known/oauth-protected-resource`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProtectedResourceMetadata {
    /// The URL of the service, unchanged: clients compare it as text.
    pub resource: String,
    /// The URLs of the authorization servers.
    pub authorization_servers: Vec<String>,
    /// The scopes of the service. An empty list is omitted (RFC 9728, section 3.2).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes_supported: Vec<String>,
    /// The ways to send the token: only the `Authorization` header.
    pub bearer_methods_supported: [&'static str; 1],
}

impl ProtectedResource {
    /// Returns the metadata. `origin_of` returns the origin of an absolute URL as the WHATWG URL standard serializes it, and
    /// `origin` is that of the client's API.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument`, which names the field.
    pub fn metadata(
        self,
        origin: &str,
        origin_of: fn(&str) -> Option<String>,
    ) -> Result<ProtectedResourceMetadata, ClientError> {
        let safe_origin = |url: &str| origin_of(url).filter(|origin| is_safe_origin(origin));
        if safe_origin(&self.resource).is_none() || self.resource.contains('#') {
            return Err(ClientError::invalid_argument(
                "resource must be an https URL without a fragment",
            ));
        }
        if !self.scopes_supported.iter().all(|scope| is_scope(scope)) {
            return Err(ClientError::invalid_argument(SCOPES));
        }
        let servers = self
            .authorization_servers
            .unwrap_or_else(|| vec![origin.to_owned()]);
        for server in &servers {
            match safe_origin(server) {
                Some(origin) if !SHARED_ORIGINS.contains(&origin.as_str()) => {}
                _ => return Err(ClientError::invalid_argument(SERVERS)),
            }
        }
        if servers.is_empty() {
            return Err(ClientError::invalid_argument(SERVERS));
        }
        Ok(ProtectedResourceMetadata {
            resource: self.resource,
            authorization_servers: servers,
            scopes_supported: self.scopes_supported,
            bearer_methods_supported: ["header"],
        })
    }
}

/// Returns whether an origin is one of https, or of http on a loopback host. Names other than localhost could resolve to
/// another address.
#[must_use]
pub fn is_safe_origin(origin: &str) -> bool {
    let Some(authority) = origin.strip_prefix("http://") else {
        return origin.starts_with("https://");
    };
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => authority,
    };
    // A host of digits and dots is an IPv4 address, which URL parsers write with four numbers.
    let is_number = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    matches!(host, "localhost" | "[::1]")
        || (host.starts_with("127.") && host.bytes().all(is_number))
}

/// The origins of Stytch's API. All projects share them, so none of them is the authorization server of a project.
const SHARED_ORIGINS: [&str; 3] = [
    "https://test.stytch.com",
    "https://api.stytch.com",
    "https://telemetry.stytch.com",
];

const SCOPES: &str = "scopes_supported must be a list of scopes (RFC 6749, section 3.3)";

const SERVERS: &str = "authorization_servers must be a list of https URLs on the project's own domain, as must custom_base_url, its default";

#[cfg(test)]
mod tests {
    use super::*;

    /// The part before the path, of a URL that is written as parsers write it.
    fn origin_of(url: &str) -> Option<String> {
        let (scheme, rest) = url.split_once("://")?;
        let authority = rest.split(['/', '#', '?']).next()?;
        Some(format!("{scheme}://{authority}"))
    }

    fn made(resource: ProtectedResource) -> Result<ProtectedResourceMetadata, String> {
        resource
            .metadata("https://login.example.com", origin_of)
            .map_err(|error| error.message.clone())
    }

    fn service() -> ProtectedResource {
        ProtectedResource {
            resource: "https://mcp.example.com/a?b".to_owned(),
            ..ProtectedResource::default()
        }
    }

    #[test]
    fn names_the_service_and_the_client_s_own_domain() {
        let json = serde_json::to_string(&made(service()).unwrap()).unwrap();
        assert_eq!(
            json,
            r#"{"resource":"https://mcp.example.com/a?b","authorization_servers":["https://login.example.com"],"bearer_methods_supported":["header"]}"#
        );
        let more = ProtectedResource {
            authorization_servers: Some(vec!["http://127.0.0.1:1/".to_owned()]),
            scopes_supported: vec!["read:notes".to_owned()],
            ..service()
        };
        let more = made(more).unwrap();
        assert_eq!(more.authorization_servers, ["http://127.0.0.1:1/"]);
        assert_eq!(more.scopes_supported, ["read:notes"]);
    }

    #[test]
    fn rejects_urls_that_clients_must_not_trust() {
        for resource in [
            "",
            "/mcp",
            "http://mcp.example.com",
            "http://127.0.0.1.example.com",
            "ftp://127.0.0.1",
            "https://mcp.example.com/#a",
            "https://mcp.example.com#",
        ] {
            let resource = ProtectedResource {
                resource: resource.to_owned(),
                ..ProtectedResource::default()
            };
            assert!(made(resource).unwrap_err().starts_with("resource must"));
        }
        for servers in [
            vec![],
            vec!["http://a.example"],
            vec!["https://a.example", "a"],
            vec!["https://api.stytch.com/"],
            vec!["https://a.example", "https://test.stytch.com"],
        ] {
            let servers = servers.into_iter().map(str::to_owned).collect();
            let resource = ProtectedResource {
                authorization_servers: Some(servers),
                ..service()
            };
            let error = made(resource).unwrap_err();
            assert!(error.starts_with("authorization_servers must"), "{error}");
        }
    }

    #[test]
    fn rejects_scopes_that_are_malformed() {
        for scope in ["", "a b", "a\"b", "ä"] {
            let resource = ProtectedResource {
                scopes_supported: vec![scope.to_owned()],
                ..service()
            };
            assert_eq!(made(resource).unwrap_err(), SCOPES);
        }
    }
}
