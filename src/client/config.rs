//! The configuration of a client: the API that it calls, its secret, and its rules for tokens.
//!
//! A configuration is already checked. The npm package checks it in its constructors, because these must report errors
//! before the wasm is loaded. The constructors of the Rust crate check it too.

use std::fmt;

use super::{
    CacheLimits, CookieRules, DEFAULT_RETRIES, KeySource, Lifetimes, MAX_RESPONSE_BYTES,
    RefreshLimits, RemoteFallback,
};
use crate::session::{Issuer, Product};

/// A checked configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The project whose API is called and whose tokens are accepted. SAML Shield has no projects; its project id is
    /// empty.
    pub issuer: Issuer,
    /// The project's secret, or the public token of SAML Shield. If empty, the client is a verifier without a secret.
    pub secret: Secret,
    /// The public token of the project, for the URLs that start OAuth and SSO. It is not a secret.
    pub public_token: Option<String>,
    /// The scheme and authority of the API, without a trailing slash: https, or http on a loopback host.
    ///
    /// This is not a whole URL, so that this crate does not parse one: if two URL parsers disagreed, the secret could
    /// be sent to another host.
    pub origin: String,
    /// The scheme and authority of the fraud and risk API, in the same format.
    pub fraud_origin: String,
    /// The time limit for a call, including the time to read the response, in milliseconds. Default: 30,000.
    pub timeout_ms: u32,
    /// The time limit of one call, which replaces `timeout_ms`. Default: none.
    pub call_timeout_ms: Option<u32>,
    /// How often a request that is safe to repeat is sent again after a temporary failure. Default: 2.
    pub retries: u32,
    /// The length limit of a response in bytes, after decompression. Key sets and policies have limits of their own.
    /// Default: 16 MiB.
    pub max_response_bytes: u32,
    /// The isolate state of keys, policies and verified tokens that the client uses.
    pub source: KeySource,
    /// Keys that the caller provides, which need no request.
    pub provided_keys: Option<ProvidedKeys>,
    /// The URL to fetch the key set from. Default: the API.
    pub jwks_url: Option<String>,
    /// The lifetimes of keys and policies.
    pub lifetimes: Lifetimes,
    /// The limits for the cache of verified tokens.
    pub token_cache: CacheLimits,
    /// When a refused session JWT is sent to the API, unless a call sets it.
    pub remote_fallback: Option<RemoteFallback>,
    /// The limits for refreshes.
    pub refreshes: RefreshLimits,
    /// The names and attributes of session cookies, unless a call sets them.
    pub cookies: CookieRules,
}

impl Config {
    /// Returns the time limit in milliseconds: that of the call if it has its own.
    #[must_use]
    pub fn time_limit_ms(&self) -> u32 {
        self.call_timeout_ms.unwrap_or(self.timeout_ms)
    }

    /// Returns whether a request with this time limit has less time than `usual_ms` and than the client has, because its
    /// call does. If it times out, that says nothing about the API.
    #[must_use]
    pub fn is_shortened(&self, limit_ms: u32, usual_ms: u32) -> bool {
        limit_ms < usual_ms.min(self.timeout_ms)
    }

    /// Returns the setting of the call (`asked`), or else of the configuration, or else the default of the method
    /// (`usual`). Without a secret, it returns [`RemoteFallback::Never`].
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
    /// Whether only these keys verify tokens, so that no key set is fetched.
    pub is_pinned: bool,
}

/// A secret. `Debug` does not display it; only the header of a request contains it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Config {
    /// Creates a configuration with these identifiers and URLs, and the default for every other field.
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
            public_token: None,
            origin,
            fraud_origin,
            timeout_ms: DEFAULT_TIMEOUT_MS,
            call_timeout_ms: None,
            retries: DEFAULT_RETRIES,
            max_response_bytes: MAX_RESPONSE_BYTES,
            source: KeySource::default(),
            provided_keys: None,
            jwks_url: None,
            lifetimes: Lifetimes::default(),
            token_cache: CacheLimits::default(),
            remote_fallback: None,
            refreshes: RefreshLimits::default(),
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

    /// Returns whether the secret is empty. A verifier has no secret.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether the secret starts with this text. The beginning of a secret names its environment.
    pub(crate) fn starts_with(&self, text: &str) -> bool {
        self.0.starts_with(text)
    }

    /// Returns the secret, for the header of a request.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// The default time limit for a call: 30 seconds.
pub const DEFAULT_TIMEOUT_MS: u32 = 30_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn omits_the_secret_from_debug_output() {
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
