//! A client's configuration: whose API it calls, with which secret, and what decides about tokens.
//!
//! Its source has checked it: the constructors of the npm package do, because they must answer before the
//! wasm is loaded, and those for Rust.

use std::fmt;

use super::{CacheLimits, CookieRules, KeySource, Lifetimes, RemoteFallback};
use crate::session::{Issuer, Product};

/// A checked configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// Whose API it is, and whose tokens are accepted; for SAML Shield, which has no projects, without a project's id.
    pub issuer: Issuer,
    /// The project's secret; for SAML Shield, its public token.
    pub secret: Secret,
    /// Scheme and authority of the API, without a slash at the end: https, or http
    /// on a loopback host. Not a whole URL, so that nothing here has to parse one:
    /// two parsers that disagree would send the secret to another host.
    pub origin: String,
    /// The same of the fraud and risk API.
    pub fraud_origin: String,
    /// How long a call may take, the reading of its answer included, in
    /// milliseconds.
    pub timeout_ms: u32,
    /// Whose keys, policies and remembered tokens the client uses.
    pub source: KeySource,
    /// Keys that need no request.
    pub provided_keys: Option<ProvidedKeys>,
    /// Where the key set is fetched from, if not from the API.
    pub jwks_url: Option<String>,
    /// How long keys and policies are used.
    pub lifetimes: Lifetimes,
    /// How many verified tokens are remembered.
    pub token_cache: CacheLimits,
    /// When the API is asked about a session JWT that is refused here, unless a call says otherwise.
    pub remote_fallback: Option<RemoteFallback>,
    /// How the cookies of sessions are called and set, unless a call says otherwise.
    pub cookies: CookieRules,
}

impl Config {
    /// When the API is asked: as the call says, else as the configuration says, else as usual. Without a secret, never.
    #[must_use]
    pub fn fallback(&self, asked: Option<RemoteFallback>, usual: RemoteFallback) -> RemoteFallback {
        if self.secret.is_empty() {
            return RemoteFallback::Never;
        }
        asked.or(self.remote_fallback).unwrap_or(usual)
    }
}

/// A JWK set that a client provides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvidedKeys {
    /// The set, as JSON text.
    pub text: String,
    /// Whether these keys are the only ones.
    pub is_pinned: bool,
}

/// A value that is displayed nowhere but in the header that carries it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Config {
    /// A configuration with the API's own hosts at `origin`, and everything else at its default.
    #[must_use]
    pub fn new(
        product: Product,
        (project_id, secret): (String, String),
        (base_url, origin, fraud_origin): (String, String, String),
    ) -> Self {
        Self {
            issuer: Issuer {
                product,
                project_id,
                base_url,
            },
            secret: Secret::new(secret),
            origin,
            fraud_origin,
            timeout_ms: DEFAULT_TIMEOUT_MS,
            source: KeySource::default(),
            provided_keys: None,
            jwks_url: None,
            lifetimes: Lifetimes::default(),
            token_cache: CacheLimits::default(),
            remote_fallback: None,
            cookies: CookieRules::default(),
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

/// Half a minute.
pub const DEFAULT_TIMEOUT_MS: u32 = 30_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn does_not_show_the_secret_in_debug_output() {
        let text = str::to_owned;
        let config = Config::new(
            Product::Consumer,
            (text("project-test-1"), text("hush")),
            (
                text("https://a.b/"),
                text("https://a.b"),
                text("https://c.d"),
            ),
        );
        assert!(!format!("{config:?} {config:#?}").contains("hush"));
    }
}
