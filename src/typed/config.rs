//! What a Rust caller says once, and how it is checked.

use std::fmt;

use super::base_url::BaseUrl;
use crate::{
    client::{ClientError, Config, Secret},
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
    /// How long a call may take, the reading of its answer included, in milliseconds.
    pub timeout_ms: u32,
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
            timeout_ms: USUAL_TIMEOUT_MS,
        }
    }

    pub(super) fn checked(&self, product: Product) -> Result<Config, ClientError> {
        check_text("project_id", &self.project_id)?;
        check_text("secret", &self.secret)?;
        check_timeout(self.timeout_ms)?;
        let usual = if self.project_id.starts_with("project-live-") {
            "https://api.stytch.com/"
        } else {
            "https://test.stytch.com/"
        };
        let base = self.custom_base_url.as_deref().unwrap_or(usual);
        let base = BaseUrl::read("custom_base_url", base)?;
        let fraud = self.fraud_env.as_deref();
        let fraud = fraud.unwrap_or("https://telemetry.stytch.com/");
        Ok(Config {
            product,
            project_id: self.project_id.clone(),
            secret: Secret::new(self.secret.clone()),
            base_url: format!("{}{}", base.origin, base.path),
            origin: base.origin,
            fraud_origin: BaseUrl::read("fraud_env", fraud)?.origin,
            timeout_ms: self.timeout_ms,
        })
    }
}

impl SamlShieldClientConfig {
    /// A configuration with everything but the token left as usual.
    #[must_use]
    pub fn new(public_token: impl Into<String>) -> Self {
        Self {
            public_token: public_token.into(),
            custom_base_url: None,
            timeout_ms: USUAL_TIMEOUT_MS,
        }
    }

    pub(super) fn checked(&self) -> Result<Config, ClientError> {
        check_text("public_token", &self.public_token)?;
        check_timeout(self.timeout_ms)?;
        let base = self.custom_base_url.as_deref();
        let base = base.unwrap_or("https://api.samlshield.com/");
        let base = BaseUrl::read("custom_base_url", base)?;
        Ok(Config {
            // It checks no sessions.
            product: Product::Consumer,
            project_id: String::new(),
            secret: Secret::new(self.public_token.clone()),
            base_url: format!("{}{}", base.origin, base.path),
            fraud_origin: base.origin.clone(),
            origin: base.origin,
            timeout_ms: self.timeout_ms,
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

fn check_text(name: &str, value: &str) -> Result<(), ClientError> {
    if value.is_empty() {
        let message = format!("Missing \"{name}\" in config");
        return Err(ClientError::invalid_argument(message));
    }
    Ok(())
}

fn check_timeout(timeout_ms: u32) -> Result<(), ClientError> {
    if timeout_ms == 0 || timeout_ms > i32::MAX.unsigned_abs() {
        let message = "\"timeout_ms\" in config must be at least 1 and below 2^31";
        return Err(ClientError::invalid_argument(message));
    }
    Ok(())
}

const USUAL_TIMEOUT_MS: u32 = 30_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_is_missing_and_shows_no_secret() {
        let config = |project_id: &str, secret: &str| ClientConfig::new(project_id, secret);
        for (config, name) in [
            (config("", "hush"), "project_id"),
            (config("project-test-1", ""), "secret"),
            (
                ClientConfig {
                    timeout_ms: 0,
                    ..config("a", "hush")
                },
                "timeout_ms",
            ),
            (
                ClientConfig {
                    fraud_env: Some("http://a.b".to_owned()),
                    ..config("a", "hush")
                },
                "fraud_env",
            ),
        ] {
            let error = config.checked(Product::B2b).unwrap_err();
            let message = &error.message;
            assert!(
                message.contains(name) && !message.contains("hush"),
                "{message}"
            );
        }
        assert!(!format!("{:?}", config("a", "hush")).contains("hush"));
    }

    #[test]
    fn the_project_id_chooses_the_api() {
        let origin = |project_id: &str| {
            let config = ClientConfig::new(project_id, "hush").checked(Product::B2b);
            config.map(|config| config.origin)
        };
        assert_eq!(origin("project-live-1").unwrap(), "https://api.stytch.com");
        assert_eq!(origin("project-test-1").unwrap(), "https://test.stytch.com");
    }
}
