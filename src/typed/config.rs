//! The configuration of the typed clients, and its validation.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use super::{
    base_url::BaseUrl,
    hooks::{Hooks, OnEvent, OnRequest, OnResponse, OnRetry, WaitUntil},
};
use crate::{
    client::{
        CacheLimits, ClientError, Config, CookieRules, DEFAULT_RETRIES, DEFAULT_TIMEOUT_MS,
        Lifetimes, MAX_RESPONSE_BYTES, MAX_RETRIES, ProvidedKeys, RefreshLimits, RemoteFallback,
    },
    flow::{KeySettings, Store, source_of},
    session::Product,
};

/// The configuration of a [`Client`](super::Client) or [`B2bClient`](super::B2bClient).
///
/// ```
/// # use stytch_edge::ClientConfig;
/// let config = ClientConfig {
///     timeout_ms: 5_000,
///     ..ClientConfig::new("project-test-11111111", "secret-test-22222222")
/// };
/// ```
#[derive(Clone)]
pub struct ClientConfig {
    /// The project id, `project-test-…` or `project-live-…`. It selects the test or the live API.
    pub project_id: String,
    /// The project's secret. It is sent in the `Authorization` header only.
    pub secret: String,
    /// The public token of the project, for the URLs that start OAuth and SSO. Default: none, and such log-ins cannot be
    /// started.
    pub public_token: Option<String>,
    /// The base URL of the API: https, or http with a loopback host. The issuer of tokens of a custom domain is this URL.
    /// Default: selected by `project_id`.
    pub custom_base_url: Option<String>,
    /// The base URL of the fraud and risk API: https, or http with a loopback host. Default:
    /// `https://telemetry.stytch.com/`.
    pub fraud_env: Option<String>,
    /// The time limit of a request in milliseconds, including the body of its response. From 1 to 2,147,483,647.
    /// Default: 30,000.
    pub timeout_ms: u32,
    /// How often a request that is safe to repeat, such as a search, is sent again after a temporary failure, within the
    /// time limit. At most 10. 0: never. Default: 2.
    pub retries: u32,
    /// The length limit of a response in bytes, after decompression. Key sets are limited to 256 KiB, and policies to
    /// 4 MiB. At least 1. Default: 16 MiB.
    pub max_response_bytes: u32,
    /// The project's JWK set (RFC 7517) as JSON text, as `export_keys` returns it. Its keys are used without a request.
    /// A token with the `kid` of another key triggers a fetch of the key set. Default: the key set is fetched.
    pub jwks: Option<String>,
    /// Whether a token with the `kid` of a key that is not in `jwks` is refused without a fetch. Requires `jwks`.
    /// Default: `false`.
    pub jwks_pinned: bool,
    /// The URL of the key set: https, or http with a loopback host. Its keys never verify tokens of other clients.
    /// Default: the key set of the API.
    pub jwks_url: Option<String>,
    /// Whether the client has its own keys, policies and verified tokens instead of the state that all clients of the
    /// project share. A `store` is shared anyway. Meant for tests. Default: `false`.
    pub isolated: bool,
    /// A store through which isolates share keys and policies. An attacker who can write to the store can forge sessions:
    /// protect it like the secret. Default: none.
    pub store: Option<Arc<dyn Store>>,
    /// For how many seconds loaded keys and policies remain valid if they cannot be refreshed. Default: 86,400.
    pub keys_max_stale_seconds: f64,
    /// After how many seconds a policy is fetched again. Default: 300.
    pub policy_ttl_seconds: f64,
    /// The size of the cache of verified tokens. Default: 1,000 tokens and 2 MiB.
    pub token_cache: CacheLimits,
    /// A function that is called with failures that do not make a call fail. Default: none.
    pub on_event: Option<OnEvent>,
    /// A function that is called before each attempt to send a request. Default: none.
    pub on_request: Option<OnRequest>,
    /// A function that is called after each attempt. Default: none.
    pub on_response: Option<OnResponse>,
    /// A function that is called before the delay of each retry. Default: none.
    pub on_retry: Option<OnRetry>,
    /// A function that runs work after the response: a refresh of keys, or a write to the store. Default: calls await
    /// that work.
    pub wait_until: Option<WaitUntil>,
    /// When the API authenticates the session of a JWT that fails the local check. A call may override it. Default:
    /// [`RemoteFallback::Stale`] for `authenticate_request`, [`RemoteFallback::Always`] for `authenticate_jwt`.
    pub remote_fallback: Option<RemoteFallback>,
    /// The time limit in milliseconds for the request by which the API authenticates the session of a user. From 1 to
    /// 2,147,483,647. Default: 5,000.
    pub refresh_timeout_ms: u32,
    /// The limits for these requests.
    pub refresh_limits: RefreshLimitOptions,
    /// The names and attributes of the session cookies.
    pub cookies: CookieRules,
}

/// The limits for the requests by which the API authenticates the sessions of users.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RefreshLimitOptions {
    /// The number of requests without a verified JWT, per 10 seconds and isolate. `None`: no limit. Default: 100.
    pub unverified_refreshes: Option<u32>,
    /// The number of requests for one session with a verified JWT, per 10 seconds. `None`: no limit. Default: 100.
    pub session_refreshes: Option<u32>,
    /// For how many seconds a session that the API refused is refused again without a request. 0: never. Default: 10.
    pub refused_session_seconds: f64,
    /// The longest pause in seconds after failed requests. 0: no pauses. Default: 30.
    pub max_pause_seconds: f64,
}

impl Default for RefreshLimitOptions {
    fn default() -> Self {
        let limits = RefreshLimits::default();
        Self {
            unverified_refreshes: limits.unverified_refreshes,
            session_refreshes: limits.session_refreshes,
            refused_session_seconds: limits.refused_session_seconds,
            max_pause_seconds: limits.max_pause_seconds,
        }
    }
}

/// A checked configuration.
pub(super) struct Checked {
    pub(super) config: Config,
    pub(super) hooks: Hooks,
}

/// The configuration of a [`SamlShieldClient`](super::SamlShieldClient).
#[derive(Clone)]
pub struct SamlShieldClientConfig {
    /// The public token of a SAML Shield account. It is sent in the `Authorization` header only.
    pub public_token: String,
    /// The base URL of SAML Shield: https, or http with a loopback host. Default: `https://api.samlshield.com/`.
    pub custom_base_url: Option<String>,
    /// The time limit of a request in milliseconds, including the body of its response. From 1 to 2,147,483,647.
    /// Default: 30,000.
    pub timeout_ms: u32,
    /// How often a request that is safe to repeat is sent again after a temporary failure, within the time limit. At most
    /// 10. 0: never. Default: 2.
    pub retries: u32,
}

impl ClientConfig {
    /// Creates a configuration with the defaults for all other options.
    #[must_use]
    pub fn new(project_id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            project_id: project_id.into(),
            secret: secret.into(),
            public_token: None,
            custom_base_url: None,
            fraud_env: None,
            timeout_ms: DEFAULT_TIMEOUT_MS,
            retries: DEFAULT_RETRIES,
            max_response_bytes: MAX_RESPONSE_BYTES,
            jwks: None,
            jwks_pinned: false,
            jwks_url: None,
            isolated: false,
            store: None,
            keys_max_stale_seconds: Lifetimes::default().max_stale,
            policy_ttl_seconds: Lifetimes::default().policy_ttl,
            token_cache: CacheLimits::default(),
            on_event: None,
            on_request: None,
            on_response: None,
            on_retry: None,
            wait_until: None,
            remote_fallback: None,
            refresh_timeout_ms: RefreshLimits::default().timeout_ms,
            refresh_limits: RefreshLimitOptions::default(),
            cookies: CookieRules::default(),
        }
    }

    pub(super) fn checked(&self, product: Product) -> Result<Checked, ClientError> {
        check_text("project_id", &self.project_id)?;
        if self.custom_base_url.is_none() {
            check_project_id(&self.project_id)?;
        }
        check_text("secret", &self.secret)?;
        if let Some(public_token) = &self.public_token {
            check_text("public_token", public_token)?;
        }
        check_timeout("timeout_ms", self.timeout_ms)?;
        check_timeout("refresh_timeout_ms", self.refresh_timeout_ms)?;
        check_retries(self.retries)?;
        if self.max_response_bytes == 0 {
            let message = "\"max_response_bytes\" in config must be at least 1";
            return Err(ClientError::invalid_argument(message));
        }
        let limits = self.refresh_limits;
        check_seconds("refused_session_seconds", limits.refused_session_seconds)?;
        check_seconds("max_pause_seconds", limits.max_pause_seconds)?;
        check_seconds("keys_max_stale_seconds", self.keys_max_stale_seconds)?;
        check_seconds("policy_ttl_seconds", self.policy_ttl_seconds)?;
        self.cookies.check()?;
        let usual = if self.project_id.starts_with("project-live-") {
            "https://api.stytch.com/"
        } else {
            "https://test.stytch.com/"
        };
        let base = self.custom_base_url.as_deref().unwrap_or(usual);
        let base = BaseUrl::read("custom_base_url", base)?;
        let fraud = self.fraud_env.as_deref();
        let fraud = fraud.unwrap_or("https://telemetry.stytch.com/");
        let base_url = format!("{}{}", base.origin, base.path);
        let fraud_origin = BaseUrl::read("fraud_env", fraud)?.origin;
        let credentials = (self.project_id.clone(), self.secret.clone());
        let mut config = Config::new(product, credentials, (base_url, base.origin, fraud_origin));
        config.public_token = self.public_token.clone();
        config.timeout_ms = self.timeout_ms;
        config.retries = self.retries;
        config.max_response_bytes = self.max_response_bytes;
        config.provided_keys = self.provided_keys()?;
        config.jwks_url = self.keys_url()?;
        config.source = source_of(KeySettings {
            issuer: config.issuer.clone(),
            provided: config.provided_keys.clone(),
            jwks_url: config.jwks_url.clone(),
            isolated: self
                .isolated
                .then(|| ISOLATED.fetch_add(1, Ordering::Relaxed)),
        });
        config.lifetimes = Lifetimes {
            max_stale: self.keys_max_stale_seconds,
            policy_ttl: self.policy_ttl_seconds,
        };
        config.token_cache = self.token_cache;
        config.remote_fallback = self.remote_fallback;
        config.refreshes = RefreshLimits {
            timeout_ms: self.refresh_timeout_ms,
            unverified_refreshes: limits.unverified_refreshes,
            session_refreshes: limits.session_refreshes,
            refused_session_seconds: limits.refused_session_seconds,
            max_pause_seconds: limits.max_pause_seconds,
        };
        config.cookies = self.cookies.clone();
        let hooks = Hooks {
            store: self.store.clone(),
            on_event: self.on_event.clone(),
            on_request: self.on_request.clone(),
            on_response: self.on_response.clone(),
            on_retry: self.on_retry.clone(),
            wait_until: self.wait_until.clone(),
        };
        Ok(Checked { config, hooks })
    }

    fn provided_keys(&self) -> Result<Option<ProvidedKeys>, ClientError> {
        let provided = self.jwks.clone().map(|text| ProvidedKeys {
            text,
            is_pinned: self.jwks_pinned,
        });
        if provided.is_none() && self.jwks_pinned {
            let message = "\"jwks_pinned\" in config requires \"jwks\"";
            return Err(ClientError::invalid_argument(message));
        }
        Ok(provided)
    }

    fn keys_url(&self) -> Result<Option<String>, ClientError> {
        let read = |url: &String| {
            let url = BaseUrl::read("jwks_url", url)?;
            Ok(format!("{}{}", url.origin, url.path))
        };
        self.jwks_url.as_ref().map(read).transpose()
    }
}

impl SamlShieldClientConfig {
    /// Creates a configuration with the defaults for all other options.
    #[must_use]
    pub fn new(public_token: impl Into<String>) -> Self {
        Self {
            public_token: public_token.into(),
            custom_base_url: None,
            timeout_ms: DEFAULT_TIMEOUT_MS,
            retries: DEFAULT_RETRIES,
        }
    }

    pub(super) fn checked(&self) -> Result<Checked, ClientError> {
        check_text("public_token", &self.public_token)?;
        check_timeout("timeout_ms", self.timeout_ms)?;
        check_retries(self.retries)?;
        let base = self.custom_base_url.as_deref();
        let base = base.unwrap_or("https://api.samlshield.com/");
        let base = BaseUrl::read("custom_base_url", base)?;
        let base_url = format!("{}{}", base.origin, base.path);
        let urls = (base_url, base.origin.clone(), base.origin);
        // SAML Shield does not have sessions, so the product is not used.
        let credentials = (String::new(), self.public_token.clone());
        let mut config = Config::new(Product::Consumer, credentials, urls);
        config.timeout_ms = self.timeout_ms;
        config.retries = self.retries;
        Ok(Checked {
            config,
            hooks: Hooks::default(),
        })
    }
}

/// Does not show the token.
impl fmt::Debug for SamlShieldClientConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SamlShieldClientConfig { .. }")
    }
}

/// Shows the project id and not the secret.
impl fmt::Debug for ClientConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ClientConfig of {}", self.project_id)
    }
}

/// Rejects an id or a secret that is missing, or that was copied with white space or quotes.
fn check_text(name: &str, value: &str) -> Result<(), ClientError> {
    if value.is_empty() {
        let message = format!("\"{name}\" in config is required");
        return Err(ClientError::invalid_argument(message));
    }
    let is_quote = |byte: Option<&u8>| byte.is_some_and(|byte| b"\"'`".contains(byte));
    let bytes = value.as_bytes();
    if !bytes.iter().all(u8::is_ascii_graphic) || is_quote(bytes.first()) || is_quote(bytes.last())
    {
        return Err(ClientError::invalid_argument(format!(
            "\"{name}\" in config must contain only visible ASCII characters, without quotes around them"
        )));
    }
    Ok(())
}

/// Rejects a malformed project id. The project id selects the API that receives the secret: the secret of a live project
/// must not be sent to the test API.
fn check_project_id(project_id: &str) -> Result<(), ClientError> {
    let rest = project_id
        .strip_prefix("project-test-")
        .or_else(|| project_id.strip_prefix("project-live-"));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(is_plain)) {
        return Ok(());
    }
    let message = "\"project_id\" in config must begin with project-test- or project-live-, unless \"custom_base_url\" is set, and contain only ASCII letters, digits, - and _";
    Err(ClientError::invalid_argument(message))
}

pub(super) fn check_timeout(name: &str, timeout_ms: u32) -> Result<(), ClientError> {
    if timeout_ms == 0 || timeout_ms > i32::MAX.unsigned_abs() {
        let message = format!("\"{name}\" must be from 1 to 2147483647 milliseconds");
        return Err(ClientError::invalid_argument(message));
    }
    Ok(())
}

pub(super) fn check_retries(retries: u32) -> Result<(), ClientError> {
    if retries > MAX_RETRIES {
        let message = format!("\"retries\" must be at most {MAX_RETRIES}");
        return Err(ClientError::invalid_argument(message));
    }
    Ok(())
}

fn check_seconds(name: &str, seconds: f64) -> Result<(), ClientError> {
    if !(0.0..f64::INFINITY).contains(&seconds) {
        let message = format!("\"{name}\" in config must be a finite number of at least 0");
        return Err(ClientError::invalid_argument(message));
    }
    Ok(())
}

/// The number of the next isolated client.
static ISOLATED: AtomicU32 = AtomicU32::new(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_invalid_option_and_does_not_show_the_secret() {
        let config = |project_id: &str, secret: &str| ClientConfig::new(project_id, secret);
        for (config, name) in [
            (config("", "hush"), "project_id"),
            (config("project-test-1", ""), "secret"),
            (config("project-test-1", "hush "), "secret"),
            (config("project-test-1", "\"hush\""), "secret"),
            (config("project-tset-1", "hush"), "project_id"),
            (config("\u{feff}project-live-1", "hush"), "project_id"),
            (config("project-live-", "hush"), "project_id"),
            (config("project-live-1/2", "hush"), "project_id"),
            (
                ClientConfig {
                    timeout_ms: 0,
                    ..config("project-test-1", "hush")
                },
                "timeout_ms",
            ),
            (
                ClientConfig {
                    max_response_bytes: 0,
                    ..config("project-test-1", "hush")
                },
                "max_response_bytes",
            ),
            (
                ClientConfig {
                    fraud_env: Some("http://a.b".to_owned()),
                    ..config("project-test-1", "hush")
                },
                "fraud_env",
            ),
        ] {
            let error = config.checked(Product::B2b).err().unwrap();
            let message = &error.message;
            assert!(
                message.contains(name) && !message.contains("hush"),
                "{message}"
            );
        }
        assert!(!format!("{:?}", config("project-test-1", "hush")).contains("hush"));
    }

    #[test]
    fn a_custom_base_url_allows_any_project_id() {
        let config = ClientConfig {
            custom_base_url: Some("https://login.example.com".to_owned()),
            ..ClientConfig::new("acme", "hush")
        };
        assert!(config.checked(Product::Consumer).is_ok());
    }

    #[test]
    fn the_project_id_chooses_the_api() {
        let origin = |project_id: &str| {
            let config = ClientConfig::new(project_id, "hush").checked(Product::B2b);
            config.map(|checked| checked.config.origin)
        };
        assert_eq!(origin("project-live-1").unwrap(), "https://api.stytch.com");
        assert_eq!(origin("project-test-1").unwrap(), "https://test.stytch.com");
    }
}
