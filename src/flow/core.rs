//! The internal client on which flows run: a configuration and a platform.

use std::{fmt, sync::Arc};

use super::{Platform, state::with_isolate};
use crate::{
    client::{Config, LookupContext},
    session::Issuer,
};

/// A checked configuration, and the platform that performs I/O for flows. A clone shares both.
#[derive(Clone)]
pub struct Core {
    /// The configuration.
    pub config: Arc<Config>,
    /// The platform.
    pub platform: Arc<dyn Platform>,
}

impl Core {
    /// Creates a client. Sends no request.
    #[must_use]
    pub fn new(platform: Arc<dyn Platform>, config: Arc<Config>) -> Self {
        Self { config, platform }
    }

    /// Deletes the keys, policies, verified tokens and M2M access tokens that this client uses from isolate state.
    /// Responses to requests in flight are still stored.
    pub fn reset(&self) {
        let issuer = self.config.issuer.clone();
        with_isolate(|isolate| {
            isolate.state.forget(&issuer, self.config.source);
            isolate.access_tokens.forget_all(&self.owner());
            isolate.refreshes.forget(&issuer, self.config.source.number);
        });
    }

    /// The key of this client's state: its project, and the number of its key source.
    pub(super) fn owner(&self) -> (Issuer, u32) {
        (self.config.issuer.clone(), self.config.source.number)
    }

    /// The parameters of an attempt at the current time, for a call that began at `came`.
    pub(super) fn lookup(&self, check_began: f64) -> LookupContext {
        self.lookup_at(self.platform.now(), check_began)
    }

    pub(super) fn lookup_at(&self, now: f64, check_began: f64) -> LookupContext {
        LookupContext {
            now,
            check_began,
            lifetimes: self.config.lifetimes,
            source: self.config.source,
        }
    }
}

/// Shows the project and not the secret.
impl fmt::Debug for Core {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Core of {}", self.config.issuer.project_id)
    }
}
