//! A client as flows see it.

use std::{fmt, sync::Arc};

use super::{Platform, state::with_isolate};
use crate::{
    client::{Asking, Config},
    session::Issuer,
};

/// A checked configuration, and the platform that performs what flows decide. A clone is the same client.
#[derive(Clone)]
pub struct Core {
    /// The configuration.
    pub config: Arc<Config>,
    /// The platform.
    pub platform: Arc<dyn Platform>,
}

impl Core {
    /// A client with this configuration on this platform. Sends no request.
    #[must_use]
    pub fn new(platform: Arc<dyn Platform>, config: Arc<Config>) -> Self {
        Self { config, platform }
    }

    /// Forgets the keys, policies, remembered tokens and M2M access tokens that this client uses. Responses to
    /// requests in flight are still stored.
    pub fn reset(&self) {
        let issuer = self.config.issuer.clone();
        with_isolate(|isolate| {
            isolate.scopes.forget(&issuer, self.config.source);
            isolate.access_tokens.forget_all(&self.owner());
        });
    }

    /// The project, and whose state of it.
    pub(super) fn owner(&self) -> (Issuer, u32) {
        (self.config.issuer.clone(), self.config.source.number)
    }

    /// A question at this moment, of a call that came at `came`.
    pub(super) fn asking(&self, came: f64) -> Asking {
        self.asking_at(self.platform.now(), came)
    }

    pub(super) fn asking_at(&self, now: f64, came: f64) -> Asking {
        Asking {
            now,
            came,
            lifetimes: self.config.lifetimes,
            source: self.config.source,
        }
    }
}

/// Shows whose client it is, and no secret.
impl fmt::Debug for Core {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Core of {}", self.config.issuer.project_id)
    }
}
