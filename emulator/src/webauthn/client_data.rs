//! The client data of a response (section 5.8.1): the ceremony, the challenge and the origin of the page.

use std::str::FromStr as _;

use http::Uri;
use serde_json::Value;

use super::{Expected, Refusal};
use crate::webauthn::credential::from_base64;

pub(super) struct ClientData {
    r#type: String,
    pub(super) challenge: Vec<u8>,
    origin: String,
    cross_origin: bool,
}

/// The function that the page has called.
#[derive(Clone, Copy)]
pub(super) enum Ceremony {
    Create,
    Get,
}

impl ClientData {
    pub(super) fn parse(json: &[u8]) -> Result<Self, Refusal> {
        let value: Value =
            serde_json::from_slice(json).map_err(|_| Refusal::MalformedClientData)?;
        let text = |name: &str| {
            let text = value.get(name).and_then(Value::as_str);
            text.ok_or(Refusal::MalformedClientData)
        };
        Ok(Self {
            r#type: text("type")?.to_owned(),
            challenge: from_base64(text("challenge")?).ok_or(Refusal::MalformedClientData)?,
            origin: text("origin")?.to_owned(),
            cross_origin: value.get("crossOrigin") == Some(&Value::Bool(true)),
        })
    }

    pub(super) fn validate(&self, ceremony: Ceremony, expected: &Expected) -> Result<(), Refusal> {
        let wanted = match ceremony {
            Ceremony::Create => "webauthn.create",
            Ceremony::Get => "webauthn.get",
        };
        if self.r#type != wanted {
            return Err(Refusal::Mismatch(
                "The type of the client data is not that of the call.",
            ));
        }
        if self.challenge != expected.challenge {
            return Err(Refusal::Mismatch("The challenge is not that of the call."));
        }
        if !is_origin_of(&self.origin, expected.domain) {
            return Err(Refusal::Mismatch(
                "The origin does not belong to the domain.",
            ));
        }
        if self.cross_origin {
            return Err(Refusal::Mismatch(
                "The page was in a frame of another origin.",
            ));
        }
        Ok(())
    }
}

/// Whether pages of the origin may use credentials of the domain: `https` and the domain or a subdomain. A page of
/// `localhost` may use `http`.
fn is_origin_of(origin: &str, domain: &str) -> bool {
    let Ok(uri) = Uri::from_str(origin) else {
        return false;
    };
    let (Some(host), Some(scheme)) = (uri.host(), uri.scheme_str()) else {
        return false;
    };
    let above = host.strip_suffix(domain);
    let is_within = above.is_some_and(|above| above.is_empty() || above.ends_with('.'));
    let is_local = host == "localhost" || host.ends_with(".localhost");
    let is_bare = uri.path().trim_start_matches('/').is_empty() && uri.query().is_none();
    is_within && is_bare && (scheme == "https" || (scheme == "http" && is_local))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_secure_origins_of_the_domain() {
        for (origin, is_accepted) in [
            ("https://example.com", true),
            ("https://example.com:8443", true),
            ("https://login.example.com", true),
            ("http://example.com", false),
            ("https://evilexample.com", false),
            ("https://example.com.evil.example", false),
            ("https://example.com@evil.example", false),
            ("https://evil.example/example.com", false),
            ("example.com", false),
            ("null", false),
        ] {
            assert_eq!(is_origin_of(origin, "example.com"), is_accepted, "{origin}");
        }
        assert!(is_origin_of("http://localhost:3000", "localhost"));
        assert!(!is_origin_of("http://localhost:3000", "example.com"));
    }
}
