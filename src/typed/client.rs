//! The clients. Their methods, by resource, are in [`generated`](crate::generated).

use std::{fmt, sync::Arc};

use super::{ClientConfig, Result, SamlShieldClientConfig, core::Core};
use crate::{flow::Platform, session::Product};

/// A client of the consumer API: users, each by themselves. A clone is the same
/// client.
#[derive(Clone)]
pub struct Client {
    pub(crate) core: Core,
}

/// A client of the B2B API: members of organizations. A clone is the same client.
#[derive(Clone)]
pub struct B2bClient {
    pub(crate) core: Core,
}

/// A client of SAML Shield, for those who run single sign-on themselves. A clone is
/// the same client.
#[derive(Clone)]
pub struct SamlShieldClient {
    pub(crate) core: Core,
}

impl Client {
    /// A client whose requests `platform` sends. Constructing one sends none.
    ///
    /// # Errors
    /// [`Error::Client`](super::Error::Client) with `invalid_argument`, naming the
    /// part of the configuration that is wrong.
    pub fn on(platform: Arc<dyn Platform>, config: &ClientConfig) -> Result<Self> {
        let core = Core::new(platform, config.checked(Product::Consumer)?);
        Ok(Self { core })
    }
}

impl B2bClient {
    /// A client whose requests `platform` sends. Constructing one sends none.
    ///
    /// # Errors
    /// [`Error::Client`](super::Error::Client) with `invalid_argument`, naming the
    /// part of the configuration that is wrong.
    pub fn on(platform: Arc<dyn Platform>, config: &ClientConfig) -> Result<Self> {
        let core = Core::new(platform, config.checked(Product::B2b)?);
        Ok(Self { core })
    }
}

impl SamlShieldClient {
    /// A client whose requests `platform` sends. Constructing one sends none.
    ///
    /// # Errors
    /// [`Error::Client`](super::Error::Client) with `invalid_argument`, naming the
    /// part of the configuration that is wrong.
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
