//! What a client is told once: whose API it speaks to, and with which secret.
//!
//! Where it comes from has checked it: the npm package's own constructor does,
//! because it must answer before the wasm is there.

use alloc::string::String;
use core::fmt;

use crate::session::{Issuer, Product};

/// A checked configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// Consumer or B2B.
    pub product: Product,
    /// The project's id; empty for SAML Shield, which has no projects.
    pub project_id: String,
    /// The project's secret; for SAML Shield, its public token.
    pub secret: Secret,
    /// The API's base URL, which is the issuer of tokens on a custom domain.
    pub base_url: String,
    /// Scheme and authority of the API, without a slash at the end: https, or http
    /// on a loopback host. Not a whole URL, so that nothing here has to parse one:
    /// two parsers that disagree would send the secret to another host.
    pub origin: String,
    /// The same of the fraud and risk API.
    pub fraud_origin: String,
    /// How long a call may take, the reading of its answer included, in
    /// milliseconds.
    pub timeout_ms: u32,
}

/// A value that is shown nowhere but in the header it was made for.
#[derive(Clone)]
pub struct Secret(String);

impl Config {
    /// Whose tokens this client accepts.
    #[must_use]
    pub fn issuer(&self) -> Issuer {
        Issuer {
            product: self.product,
            project_id: self.project_id.clone(),
            base_url: self.base_url.clone(),
        }
    }
}

impl Secret {
    /// Wraps a secret.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// Whether there is none: a verifier has no secret.
    #[must_use]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The secret itself, for the header that carries it.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn does_not_show_the_secret_in_debug_output() {
        let config = Config {
            product: Product::Consumer,
            project_id: "project-test-1".to_owned(),
            secret: Secret::new("hush"),
            base_url: "https://test.stytch.com/".to_owned(),
            origin: "https://test.stytch.com".to_owned(),
            fraud_origin: "https://telemetry.stytch.com".to_owned(),
            timeout_ms: 30_000,
        };
        assert!(!format!("{config:?} {config:#?}").contains("hush"));
    }
}
