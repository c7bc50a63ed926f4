//! The configuration of a client in Rust, and how it is checked.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use super::{
    base_url::BaseUrl,
    hooks::{Hooks, OnEvent, WaitUntil},
};
use crate::{
    client::{
        CacheLimits, ClientError, Config, CookieRules, DEFAULT_TIMEOUT_MS, Lifetimes, ProvidedKeys,
        RemoteFallback,
    },
    flow::{OwnKeys, Store, source_of},
    session::Product,
};

/// How a client is set up.
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
    /// The project, `project-test-…` or `project-live-…`, which also chooses the API.
    pub project_id: String,
    /// The project's secret. It goes into the Authorization header and nowhere else.
    pub secret: String,
    /// The API's base URL, where the project id should not choose it: https, or http
    /// on a loopback host. On a custom domain tokens name it as their issuer.
    pub custom_base_url: Option<String>,
    /// The base URL of the fraud and risk API, where it is not Stytch's own.
    pub fraud_env: Option<String>,
    /// How long a call may take, the reading of its answer included, in milliseconds. Default: 30,000.
    pub timeout_ms: u32,
    /// The project's JWK set as JSON text, as `export_keys` returns it: its keys need no request. A token of a key that
    /// is not in the set has the key set fetched. Default: none.
    pub jwks: Option<String>,
    /// Whether tokens of keys that are not in `jwks` are refused instead. Default: false.
    pub jwks_pinned: bool,
    /// Where the key set is fetched from in place of the API: https, or http on a loopback host. Its keys
    /// verify no token of another client. Default: the API.
    pub jwks_url: Option<String>,
    /// Gives the client its own keys, policies and remembered tokens, in place of those that every client of the project
    /// shares. A `store` is shared nevertheless. Meant for tests. Default: false.
    pub isolated: bool,
    /// Where isolates keep keys and policies for each other. Anyone who can write to it can forge sessions: protect it
    /// like the secret. Default: nowhere.
    pub store: Option<Arc<dyn Store>>,
    /// For how many seconds old keys and policies remain valid while newer ones are unavailable. Default: 86,400.
    pub keys_max_stale_seconds: f64,
    /// After how many seconds a policy is fetched again. Default: 300.
    pub policy_ttl_seconds: f64,
    /// How many verified tokens are remembered. Default: 1,000 tokens and 2 MiB.
    pub token_cache: CacheLimits,
    /// Called with failures that do not make a call fail. Default: nothing is called.
    pub on_event: Option<OnEvent>,
    /// Keeps a request alive for a refresh of keys or a write to the store. Default: calls await both.
    pub wait_until: Option<WaitUntil>,
    /// When the API is asked about a session JWT that is refused here, unless a call says otherwise. Default:
    /// [`RemoteFallback::Stale`] for `authenticate_request`, [`RemoteFallback::Always`] for `authenticate_jwt`.
    pub remote_fallback: Option<RemoteFallback>,
    /// Names and attributes of the cookies in which a browser keeps a session.
    pub cookies: CookieRules,
}

/// A checked configuration.
pub(super) struct Checked {
    pub(super) config: Config,
    pub(super) hooks: Hooks,
}

/// How a client of SAML Shield is set up.
#[derive(Clone)]
pub struct SamlShieldClientConfig {
    /// The public token of a SAML Shield account. It goes into the Authorization
    /// header and nowhere else.
    pub public_token: String,
    /// The base URL of SAML Shield, where it is another: https, or http on a loopback
    /// host.
    pub custom_base_url: Option<String>,
    /// How long a call may take, the reading of its answer included, in milliseconds.
    pub timeout_ms: u32,
}

impl ClientConfig {
    /// A configuration with everything but the credentials left as usual.
    #[must_use]
    pub fn new(project_id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            project_id: project_id.into(),
            secret: secret.into(),
            custom_base_url: None,
            fraud_env: None,
            timeout_ms: DEFAULT_TIMEOUT_MS,
            jwks: None,
            jwks_pinned: false,
            jwks_url: None,
            isolated: false,
            store: None,
            keys_max_stale_seconds: Lifetimes::default().max_stale,
            policy_ttl_seconds: Lifetimes::default().policy_ttl,
            token_cache: CacheLimits::default(),
            on_event: None,
            wait_until: None,
            remote_fallback: None,
            cookies: CookieRules::default(),
        }
    }

    pub(super) fn checked(&self, product: Product) -> Result<Checked, ClientError> {
        check_text("project_id", &self.project_id)?;
        if self.custom_base_url.is_none() {
            check_project_id(&self.project_id)?;
        }
        check_text("secret", &self.secret)?;
        check_timeout(self.timeout_ms)?;
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
        config.timeout_ms = self.timeout_ms;
        config.provided_keys = self.provided_keys()?;
        config.jwks_url = self.keys_url()?;
        config.source = source_of(OwnKeys {
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
        config.cookies = self.cookies.clone();
        let hooks = Hooks {
            store: self.store.clone(),
            on_event: self.on_event.clone(),
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
            let message = "\"jwks_pinned\" in config needs \"jwks\"";
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
    /// A configuration with everything but the token left as usual.
    #[must_use]
    pub fn new(public_token: impl Into<String>) -> Self {
        Self {
            public_token: public_token.into(),
            custom_base_url: None,
            timeout_ms: DEFAULT_TIMEOUT_MS,
        }
    }

    pub(super) fn checked(&self) -> Result<Checked, ClientError> {
        check_text("public_token", &self.public_token)?;
        check_timeout(self.timeout_ms)?;
        let base = self.custom_base_url.as_deref();
        let base = base.unwrap_or("https://api.samlshield.com/");
        let base = BaseUrl::read("custom_base_url", base)?;
        let base_url = format!("{}{}", base.origin, base.path);
        let urls = (base_url, base.origin.clone(), base.origin);
        // It checks no sessions, so the product does not matter.
        let credentials = (String::new(), self.public_token.clone());
        let mut config = Config::new(Product::Consumer, credentials, urls);
        config.timeout_ms = self.timeout_ms;
        Ok(Checked {
            config,
            hooks: Hooks::default(),
        })
    }
}

/// Shows no token.
impl fmt::Debug for SamlShieldClientConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SamlShieldClientConfig { .. }")
    }
}

/// Shows no secret.
impl fmt::Debug for ClientConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ClientConfig of {}", self.project_id)
    }
}

/// Refuses an id or a secret that is missing, or has white space or quotes from the way it was copied.
fn check_text(name: &str, value: &str) -> Result<(), ClientError> {
    if value.is_empty() {
        let message = format!("Missing \"{name}\" in config");
        return Err(ClientError::invalid_argument(message));
    }
    let is_quote = |byte: Option<&u8>| byte.is_some_and(|byte| b"\"'`".contains(byte));
    let bytes = value.as_bytes();
    if !bytes.iter().all(u8::is_ascii_graphic) || is_quote(bytes.first()) || is_quote(bytes.last())
    {
        return Err(ClientError::invalid_argument(format!(
            "\"{name}\" in config must be ASCII characters without white space or quotes around them"
        )));
    }
    Ok(())
}

/// Refuses an identifier that is damaged: it selects the API that receives the secret, so a live project must not be
/// taken for a test project.
fn check_project_id(project_id: &str) -> Result<(), ClientError> {
    let rest = project_id
        .strip_prefix("project-test-")
        .or_else(|| project_id.strip_prefix("project-live-"));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(is_plain)) {
        return Ok(());
    }
    let message = "\"project_id\" in config must begin with project-test- or project-live-, unless custom_base_url is set";
    Err(ClientError::invalid_argument(message))
}

fn check_timeout(timeout_ms: u32) -> Result<(), ClientError> {
    if timeout_ms == 0 || timeout_ms > i32::MAX.unsigned_abs() {
        let message = "\"timeout_ms\" in config must be at least 1 and below 2^31";
        return Err(ClientError::invalid_argument(message));
    }
    Ok(())
}

fn check_seconds(name: &str, seconds: f64) -> Result<(), ClientError> {
    if !(0.0..f64::INFINITY).contains(&seconds) {
        let message = format!("\"{name}\" in config must be a number of at least 0");
        return Err(ClientError::invalid_argument(message));
    }
    Ok(())
}

/// The numbers of clients that share no state.
static ISOLATED: AtomicU32 = AtomicU32::new(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_is_missing_and_shows_no_secret() {
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
