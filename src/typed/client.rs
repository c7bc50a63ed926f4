//! The clients. The methods of their resources are in [`generated`](crate::generated).

use std::{fmt, sync::Arc};

use super::{ClientConfig, Result, SamlShieldClientConfig, core::Core};
use crate::{flow::Platform, session::Product};

/// A client of the consumer API, for projects with users. A clone shares the configuration and all state.
#[derive(Clone)]
pub struct Client {
    pub(crate) core: Core,
}

/// A client of the B2B API, for projects with organizations and their members. A clone shares the configuration and all
/// state.
#[derive(Clone)]
pub struct B2bClient {
    pub(crate) core: Core,
}

/// A client of SAML Shield, which validates SAML responses for applications with single sign-on of their own. A clone
/// shares the configuration.
#[derive(Clone)]
pub struct SamlShieldClient {
    pub(crate) core: Core,
}

impl Client {
    /// Creates a client that sends its requests through `platform`. Sends no request.
    ///
    /// # Errors
    /// [`Error::Client`](super::Error::Client) with `invalid_argument`. The message names the option that is invalid.
    pub fn on(platform: Arc<dyn Platform>, config: &ClientConfig) -> Result<Self> {
        let core = Core::new(platform, config.checked(Product::Consumer)?);
        Ok(Self { core })
    }
}

impl B2bClient {
    /// Creates a client that sends its requests through `platform`. Sends no request.
    ///
    /// # Errors
    /// [`Error::Client`](super::Error::Client) with `invalid_argument`. The message names the option that is invalid.
    pub fn on(platform: Arc<dyn Platform>, config: &ClientConfig) -> Result<Self> {
        let core = Core::new(platform, config.checked(Product::B2b)?);
        Ok(Self { core })
    }
}

impl SamlShieldClient {
    /// Creates a client that sends its requests through `platform`. Sends no request.
    ///
    /// # Errors
    /// [`Error::Client`](super::Error::Client) with `invalid_argument`. The message names the option that is invalid.
    pub fn on(platform: Arc<dyn Platform>, config: &SamlShieldClientConfig) -> Result<Self> {
        let core = Core::new(platform, config.checked()?);
        Ok(Self { core })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Client of {}", self.core.project_id())
    }
}

impl fmt::Debug for B2bClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "B2bClient of {}", self.core.project_id())
    }
}

impl fmt::Debug for SamlShieldClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SamlShieldClient")
    }
}
