//! The settings of a project that the browser SDKs read.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::given::{Given, SeedError};

/// The settings that the dashboard of Stytch has for the browser SDKs. All are off by default.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SdkConfig {
    /// Whether an SDK sends a code challenge when it requests a magic link (RFC 7636).
    pub(crate) pkce_required_for_email_magic_links: bool,
}

impl SdkConfig {
    /// Reads `sdk`, a member of a project in a seed.
    pub(crate) fn take(project: &mut Given) -> Result<Self, SeedError> {
        let mut given = project.object("sdk")?;
        let is_required = given.flag("pkce_required_for_email_magic_links")?;
        given.finish(&Value::Null)?;
        Ok(Self {
            pkce_required_for_email_magic_links: is_required.unwrap_or_default(),
        })
    }
}
