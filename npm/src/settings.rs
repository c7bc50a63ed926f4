//! A client's configuration: JSON text of the object that `pkg/src/config_checks.ts` has checked.
//!
//! TypeScript checks the values, because a constructor does not wait for the wasm. Only the options of cookies are checked
//! here.

use stytch_edge::{
    client::{
        CacheLimits, ClientError, Config, CookieRules, DEFAULT_RETRIES, DEFAULT_TIMEOUT_MS,
        Lifetimes, MAX_RESPONSE_BYTES, ProvidedKeys, RefreshLimits, Secret,
    },
    flow::{KeySettings, source_of},
    jwt::JsonObject,
    session::{Issuer, Product},
};

use super::{
    failure::Failure,
    given::read,
    options::{fallback_of, whole},
};

/// Reads a configuration.
///
/// # Errors
/// `invalid_argument` for options of cookies, and `internal` if the text is not a JSON object.
pub(crate) fn config_of(text: &[u8]) -> Result<Config, Failure> {
    let object = JsonObject::parse(text);
    let given = Settings(object.map_err(|_| Failure::internal("the configuration is not JSON"))?);
    let mut config = given.config()?;
    config.source = source_of(KeySettings {
        issuer: config.issuer.clone(),
        provided: config.provided_keys.clone(),
        jwks_url: config.jwks_url.clone(),
        isolated: given.number("isolated").and_then(whole),
    });
    Ok(config)
}

/// The options that are present. `null` counts as absent.
struct Settings<'a>(JsonObject<'a>);

impl Settings<'_> {
    fn config(&self) -> Result<Config, ClientError> {
        let cookies = self.text("cookies");
        let cookies = cookies.as_deref().map(CookieRules::read).transpose()?;
        Ok(Config {
            issuer: Issuer {
                product: Product::from(&*self.required("product")),
                project_id: self.required("project_id"),
                base_url: self.required("base_url"),
            },
            secret: Secret::new(self.required("secret")),
            public_token: self.text("public_token"),
            origin: self.required("origin"),
            fraud_origin: self.required("fraud_origin"),
            timeout_ms: self.whole("timeout").unwrap_or(DEFAULT_TIMEOUT_MS),
            call_timeout_ms: self.whole("call_timeout"),
            retries: self.whole("retries").unwrap_or(DEFAULT_RETRIES),
            max_response_bytes: self
                .whole("max_response_bytes")
                .unwrap_or(MAX_RESPONSE_BYTES),
            source: Default::default(),
            provided_keys: self.text("jwks").map(|text| ProvidedKeys {
                text,
                is_pinned: self.is_true("jwks_pinned"),
            }),
            jwks_url: self.text("jwks_url"),
            lifetimes: self.lifetimes(),
            token_cache: self.token_cache(),
            remote_fallback: self
                .text("remote_fallback")
                .as_deref()
                .and_then(fallback_of),
            refreshes: self.refreshes(),
            cookies: cookies.map(|rules| *rules).unwrap_or_default(),
        })
    }

    fn lifetimes(&self) -> Lifetimes {
        let usual = Lifetimes::default();
        let seconds = |name, usual| self.number(name).unwrap_or(usual);
        Lifetimes {
            max_stale: seconds("keys_max_stale_seconds", usual.max_stale),
            policy_ttl: seconds("policy_ttl_seconds", usual.policy_ttl),
        }
    }

    fn refreshes(&self) -> RefreshLimits {
        let usual = RefreshLimits::default();
        let seconds = |name, usual| self.number(name).unwrap_or(usual);
        // Infinity: no limit.
        let limit = |name, usual| self.number(name).map_or(usual, whole);
        RefreshLimits {
            timeout_ms: self.whole("refresh_timeout").unwrap_or(usual.timeout_ms),
            unverified_refreshes: limit("unverified_refreshes", usual.unverified_refreshes),
            session_refreshes: limit("session_refreshes", usual.session_refreshes),
            refused_session_seconds: seconds(
                "refused_session_seconds",
                usual.refused_session_seconds,
            ),
            max_pause_seconds: seconds("max_pause_seconds", usual.max_pause_seconds),
        }
    }

    fn token_cache(&self) -> CacheLimits {
        let usual = CacheLimits::default();
        let limit = |name, usual| self.whole(name).map_or(usual, |number| number as usize);
        CacheLimits {
            max_entries: limit("max_entries", usual.max_entries),
            max_bytes: limit("max_bytes", usual.max_bytes),
        }
    }

    /// TypeScript writes Infinity as a string.
    fn number(&self, name: &str) -> Option<f64> {
        let value = self.0.raw(name).ok()??;
        match value.get() {
            "\"Infinity\"" => Some(f64::INFINITY),
            _ => read(value),
        }
    }

    fn whole(&self, name: &str) -> Option<u32> {
        self.number(name).and_then(whole)
    }

    fn text(&self, name: &str) -> Option<String> {
        read(self.0.raw(name).ok()??)
    }

    fn required(&self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    fn is_true(&self, name: &str) -> bool {
        self.0
            .raw(name)
            .is_ok_and(|value| value.is_some_and(|value| value.get() == "true"))
    }
}
