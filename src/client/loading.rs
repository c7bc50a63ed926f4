//! One load of a key set or a policy: the entry to read from a store, the request to the API, and the handling of the
//! results.
//!
//! This module does no I/O. `flow` begins a load, reads the store if there is one, sends the request to the API if the
//! entry is not enough, and reports the outcome.

use super::{
    ClientError, Config, IsolateState, KeySource, Lifetimes, OutgoingRequest,
    fetches::{Fetches, is_within},
    keys::FRESH_SECONDS,
    own_requests::{key_set_request, policy_request},
    store::{Kind, Label},
};
use crate::{
    jwt::{JwkSet, UnixSeconds},
    session::{Issuer, Policy},
};

/// The time limit for the request of a key set or a policy, in milliseconds.
pub const LOAD_TIMEOUT_MS: u32 = 5_000;

/// A load that has begun.
#[derive(Debug)]
pub struct Loading {
    what: Loaded,
    issuer: Issuer,
    source: KeySource,
    lifetimes: Lifetimes,
    began: UnixSeconds,
    /// When the data that was stored at the beginning of the load was requested.
    held_before: Option<UnixSeconds>,
}

/// The data to load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded {
    /// The project's key set, from the API or from this URL.
    Keys(Option<String>),
    /// The policy of the project, or of the organization with this identifier.
    Policy(Option<String>),
}

/// The origin of a text.
#[derive(Clone, Copy)]
enum Origin {
    Api,
    /// The store; another isolate fetched the text at this time.
    Store(UnixSeconds),
}

impl Loading {
    /// Records that a load begins.
    pub fn begin(
        state: &mut IsolateState,
        what: Loaded,
        (issuer, source): (Issuer, KeySource),
        lifetimes: Lifetimes,
        began: UnixSeconds,
    ) -> Self {
        let mut loading = Self {
            what,
            issuer,
            source,
            lifetimes,
            began,
            held_before: None,
        };
        let fetches = loading.fetches(state);
        fetches.begin(began);
        loading.held_before = fetches.held_at;
        loading
    }

    /// Returns the name of the entry in a store.
    #[must_use]
    pub fn name(&self) -> String {
        self.label().name()
    }

    /// Accepts an entry of the store. Returns whether the load is complete: the stored data is now fresh, and newer
    /// than at the beginning of the load.
    ///
    /// Such a load does not prevent a later request to the API: a `kid` that the store does not have may exist.
    pub fn recall(&self, state: &mut IsolateState, entry: &str, now: UnixSeconds) -> bool {
        let oldest = self.lifetimes.max_stale.max(self.fresh_seconds());
        let Some(stored) = self.label().read(entry, now, oldest) else {
            return false;
        };
        // A text that cannot be parsed changes nothing.
        let _ = self.accept(state, stored.text, Origin::Store(stored.fetched_at));
        let fetches = self.fetches(state);
        let is_enough = fetches.held_at.is_some_and(|held_at| {
            is_within(now - held_at, self.fresh_seconds())
                && self.held_before.is_none_or(|before| before < held_at)
        });
        if is_enough {
            fetches.forget(self.began);
        }
        is_enough
    }

    /// Builds the request to the API.
    ///
    /// # Errors
    /// The errors of [`key_set_request`] and [`policy_request`].
    pub fn request(&self, config: &Config) -> Result<OutgoingRequest<String>, ClientError> {
        match &self.what {
            Loaded::Keys(_) => key_set_request(config),
            Loaded::Policy(organization_id) => policy_request(config, organization_id.as_deref()),
        }
    }

    /// Accepts the body of a success response, and returns the entry for the store.
    ///
    /// Returns `None` if the body is not a key set or policy. Call [`Loading::failed`] in that case.
    pub fn arrived(&self, state: &mut IsolateState, text: &str) -> Option<String> {
        self.accept(state, text, Origin::Api)?;
        Some(self.label().entry(text, self.began))
    }

    /// Parses and stores a text; returns `None` if it is not a key set or policy.
    fn accept(&self, state: &mut IsolateState, text: &str, origin: Origin) -> Option<()> {
        match &self.what {
            Loaded::Keys(_) => {
                let set = JwkSet::parse(text).ok()?;
                let keys = state.keys_from(&self.issuer, self.source);
                match origin {
                    Origin::Api => keys.store(set, self.began),
                    Origin::Store(fetched_at) => keys.recall(set, fetched_at),
                }
            }
            Loaded::Policy(_) if !cfg!(feature = "api") => return None,
            Loaded::Policy(organization_id) => {
                let policy = Policy::read(text)?;
                let (policies, id) = (state.policies(), organization_id.as_deref());
                let of = (&self.issuer, self.source);
                match origin {
                    Origin::Api => policies.store(of, id, policy, self.began),
                    Origin::Store(fetched_at) => {
                        policies.recall(of, id, policy, fetched_at);
                    }
                }
            }
        }
        Some(())
    }

    /// Records that the load failed.
    pub fn failed(&self, state: &mut IsolateState, now: UnixSeconds) {
        self.fetches(state).fail(self.began, now);
    }

    /// Records that the API refused the request. This is not an outage: the secret of another client may be valid, so
    /// other clients do not pause.
    pub fn refused(&self, state: &mut IsolateState) {
        self.fetches(state).forget(self.began);
    }

    fn fetches<'s>(&self, state: &'s mut IsolateState) -> &'s mut Fetches {
        match &self.what {
            Loaded::Keys(_) => state.keys_from(&self.issuer, self.source).fetches(),
            Loaded::Policy(organization_id) => {
                let policies = state.policies();
                policies.fetches((&self.issuer, self.source), organization_id.as_deref())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{client::LookupContext, session::Product};

    const NOW: UnixSeconds = 1_700_000_000.0;
    const POLICY: &str = r#"{"policy":{"roles":[]}}"#;

    fn begin(state: &mut IsolateState, what: Loaded, now: UnixSeconds) -> Loading {
        let issuer = Issuer {
            product: Product::Consumer,
            project_id: "p".to_owned(),
            base_url: "https://test.stytch.com/".to_owned(),
        };
        let of = (issuer, KeySource::default());
        Loading::begin(state, what, of, Lifetimes::default(), now)
    }

    /// Returns the entry that another isolate wrote into a store.
    fn entry(what: Loaded, text: &str, now: UnixSeconds) -> String {
        let state = &mut IsolateState::new();
        let entry = begin(state, what, now).arrived(state, text);
        entry.expect("an entry")
    }

    #[test]
    fn completes_with_a_fresh_entry_of_the_store() {
        for (what, text, fresh) in [
            (Loaded::Keys(None), r#"{"keys":[]}"#, 600.0),
            (Loaded::Policy(None), POLICY, 300.0),
        ] {
            let entry = entry(what.clone(), text, NOW);
            let ends = |now: UnixSeconds| {
                let state = &mut IsolateState::new();
                begin(state, what.clone(), now).recall(state, &entry, now)
            };
            assert!(ends(NOW + fresh - 1.0));
            assert!(
                !ends(NOW + fresh),
                "the entry is old, so the API is requested"
            );
            assert!(!ends(NOW - 61.0), "the entry is from the future");
        }
    }

    #[test]
    fn completes_all_concurrent_loads_with_one_entry() {
        let state = &mut IsolateState::new();
        let entry = entry(Loaded::Keys(None), r#"{"keys":[]}"#, NOW);
        let loads: Vec<_> = (0..3)
            .map(|_| begin(state, Loaded::Keys(None), NOW + 1.0))
            .collect();
        for load in &loads {
            assert!(load.recall(state, &entry, NOW + 1.0));
        }
        let next = begin(state, Loaded::Keys(None), NOW + 2.0);
        assert!(
            !next.recall(state, &entry, NOW + 2.0),
            "the entry is not newer than the stored data"
        );
    }

    #[test]
    fn uses_an_old_entry_of_the_store_if_the_api_fails() {
        let state = &mut IsolateState::new();
        let entry = entry(Loaded::Policy(None), POLICY, NOW);
        let load = begin(state, Loaded::Policy(None), NOW + 5_000.0);
        assert!(!load.recall(state, &entry, NOW + 5_000.0));
        load.failed(state, NOW + 5_001.0);
        let lookup = LookupContext {
            check_began: NOW + 5_000.0,
            ..LookupContext::at(NOW + 5_001.0)
        };
        let found = state.policies().find(&load.issuer, None, lookup);
        assert!(matches!(found, crate::client::PolicyLookup::Found(_)));
    }

    #[test]
    fn refuses_a_text_that_is_not_a_key_set_or_policy() {
        let state = &mut IsolateState::new();
        let load = begin(state, Loaded::Keys(None), NOW);
        assert_eq!(load.arrived(state, POLICY), None);
        assert_eq!(load.arrived(state, "<html>"), None);
        let set = entry(Loaded::Keys(None), r#"{"keys":[]}"#, NOW);
        let damaged = set.replace(r#"{"keys":[]}"#, r#"{"keys":7}"#);
        assert!(!load.recall(state, &damaged, NOW));
        assert!(!load.recall(state, "", NOW));
    }

    #[test]
    fn does_not_pause_after_a_refusal() {
        let state = &mut IsolateState::new();
        for _ in 0..9 {
            begin(state, Loaded::Policy(None), NOW).refused(state);
        }
        let load = begin(state, Loaded::Policy(None), NOW);
        load.refused(state);
        let found = state
            .policies()
            .find(&load.issuer, None, LookupContext::at(NOW));
        assert!(matches!(found, crate::client::PolicyLookup::Fetch));
    }
}
