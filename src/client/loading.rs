//! One load of something that checks need, from its beginning to its end: what to look
//! for in a store, what to ask the API, and what becomes of the answers.
//!
//! Performs nothing itself. A shell begins, looks into the store if there is one, asks
//! the API if that did not do, and tells the outcome.

use alloc::string::String;

use super::{
    ClientError, Config, KeySource, Lifetimes, OutgoingRequest, Scopes,
    fetches::Fetches,
    keys::{FRESH_SECONDS, key_set_request},
    policies::policy_request,
    store::{Kind, Label},
};
use crate::{
    jwt::{JwkSet, UnixSeconds},
    session::{Issuer, Policy},
};

/// How long a key set or a policy may take to arrive, in milliseconds.
pub const LOAD_TIMEOUT_MS: u32 = 5_000;

/// A load that has begun.
#[derive(Debug)]
pub struct Loading {
    what: Loaded,
    issuer: Issuer,
    source: KeySource,
    lifetimes: Lifetimes,
    began: UnixSeconds,
}

/// What is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded {
    /// The project's key set, from the API or from this URL.
    Keys(Option<String>),
    /// The project's policy, or that of the organization with this identifier.
    Policy(Option<String>),
}

impl Loading {
    /// Notes that a load begins.
    pub fn begin(
        scopes: &mut Scopes,
        what: Loaded,
        (issuer, source): (Issuer, KeySource),
        lifetimes: Lifetimes,
        began: UnixSeconds,
    ) -> Self {
        let loading = Self {
            what,
            issuer,
            source,
            lifetimes,
            began,
        };
        loading.fetches(scopes).begin(began);
        loading
    }

    /// The name of its entry in a store.
    #[must_use]
    pub fn name(&self) -> String {
        self.label().name()
    }

    /// Takes in what a store has under that name. Gives whether the load has come to its
    /// end with that: it was fresh, and newer than what is here.
    ///
    /// Such an end keeps nobody from asking the API: a `kid` that is not in a store is
    /// unknown to that only.
    pub fn recall(&self, scopes: &mut Scopes, entry: &str, now: UnixSeconds) -> bool {
        let oldest = self.lifetimes.max_stale.max(self.fresh_seconds());
        let Some(kept) = self.label().read(entry, now, oldest) else {
            return false;
        };
        let is_news = match &self.what {
            Loaded::Keys(_) => JwkSet::parse(kept.text).is_ok_and(|set| {
                let keys = scopes.keys_from(&self.issuer, self.source);
                keys.recall(set, kept.fetched_at)
            }),
            Loaded::Policy(organization_id) => Policy::read(kept.text).is_some_and(|policy| {
                let (policies, id) = (scopes.policies(), organization_id.as_deref());
                policies.recall(&self.issuer, id, policy, kept.fetched_at)
            }),
        };
        let is_enough = is_news && now - kept.fetched_at < self.fresh_seconds();
        if is_enough {
            self.fetches(scopes).forget(self.began);
        }
        is_enough
    }

    /// The request to the API.
    ///
    /// # Errors
    /// As [`policy_request`]'s; nothing is under way then.
    pub fn request<Json>(&self, config: &Config) -> Result<OutgoingRequest<Json>, ClientError> {
        match &self.what {
            Loaded::Keys(url) => Ok(key_set_request(
                &self.issuer,
                &config.origin,
                url.as_deref(),
            )),
            Loaded::Policy(organization_id) => policy_request(config, organization_id.as_deref()),
        }
    }

    /// Takes in what a success of the API brought, and gives the entry for a store;
    /// nothing if that is not what was asked for, which has still to be told as a failure.
    pub fn arrived(&self, scopes: &mut Scopes, text: &str) -> Option<String> {
        match &self.what {
            Loaded::Keys(_) => {
                let set = JwkSet::parse(text).ok()?;
                let keys = scopes.keys_from(&self.issuer, self.source);
                keys.store(set, self.began);
            }
            Loaded::Policy(organization_id) => {
                let policy = Policy::read(text)?;
                let (policies, id) = (scopes.policies(), organization_id.as_deref());
                policies.store(&self.issuer, id, policy, self.began);
            }
        }
        Some(self.label().entry(text, self.began))
    }

    /// Notes that nothing could be had.
    pub fn failed(&self, scopes: &mut Scopes, now: UnixSeconds) {
        self.fetches(scopes).fail(self.began, now);
    }

    /// Notes that the API refused, which is its word and no outage: another client's
    /// secret may do, and nobody has to wait for it.
    pub fn refused(&self, scopes: &mut Scopes) {
        self.fetches(scopes).forget(self.began);
    }

    fn fetches<'s>(&self, scopes: &'s mut Scopes) -> &'s mut Fetches {
        match &self.what {
            Loaded::Keys(_) => scopes.keys_from(&self.issuer, self.source).fetches(),
            Loaded::Policy(organization_id) => {
                let policies = scopes.policies();
                policies.fetches(&self.issuer, organization_id.as_deref())
            }
        }
    }

    fn label(&self) -> Label<'_> {
        let kind = match &self.what {
            Loaded::Keys(url) => Kind::Keys(url.as_deref()),
            Loaded::Policy(organization_id) => Kind::Policy(organization_id.as_deref()),
        };
        Label {
            issuer: &self.issuer,
            kind,
        }
    }

    fn fresh_seconds(&self) -> UnixSeconds {
        match self.what {
            Loaded::Keys(_) => FRESH_SECONDS,
            Loaded::Policy(_) => self.lifetimes.policy_ttl,
        }
    }
}

/// Whether an answer with this status says that something cannot be had now, rather than
/// that the question was wrong.
#[must_use]
pub fn is_outage(status: u16) -> bool {
    status >= 500 || matches!(status, 408 | 429)
}
