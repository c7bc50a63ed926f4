//! One load of something that checks need, from its beginning to its end: what to look
//! for in a store, what to ask the API, and what becomes of the answers.
//!
//! Performs nothing itself. A shell begins, looks into the store if there is one, asks
//! the API if that did not do, and tells the outcome.

use super::{
    ClientError, Config, KeySource, Lifetimes, OutgoingRequest, Scopes,
    fetches::{Fetches, is_within},
    keys::FRESH_SECONDS,
    own_requests::{key_set_request, policy_request},
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
    /// When that was fetched which was here then.
    had: Option<UnixSeconds>,
}

/// What is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded {
    /// The project's key set, from the API or from this URL.
    Keys(Option<String>),
    /// The project's policy, or that of the organization with this identifier.
    Policy(Option<String>),
}

/// Who brought a text.
#[derive(Clone, Copy)]
enum Brought {
    ByApi,
    /// It was fetched then, by another isolate.
    ByStore(UnixSeconds),
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
        let mut loading = Self {
            what,
            issuer,
            source,
            lifetimes,
            began,
            had: None,
        };
        let fetches = loading.fetches(scopes);
        fetches.begin(began);
        loading.had = fetches.held_at;
        loading
    }

    /// The name of its entry in a store.
    #[must_use]
    pub fn name(&self) -> String {
        self.label().name()
    }

    /// Takes in what a store has under that name. Gives whether the load has come to its
    /// end with that: what is here now is fresh, and newer than what was when it began,
    /// whoever has brought it.
    ///
    /// Such an end keeps nobody from asking the API: a `kid` that is not in a store is
    /// unknown to that only.
    pub fn recall(&self, scopes: &mut Scopes, entry: &str, now: UnixSeconds) -> bool {
        let oldest = self.lifetimes.max_stale.max(self.fresh_seconds());
        let Some(kept) = self.label().read(entry, now, oldest) else {
            return false;
        };
        // One that cannot be read changes nothing.
        let _ = self.take(scopes, kept.text, Brought::ByStore(kept.fetched_at));
        let fetches = self.fetches(scopes);
        let is_enough = fetches.held_at.is_some_and(|held_at| {
            is_within(now - held_at, self.fresh_seconds())
                && self.had.is_none_or(|had| had < held_at)
        });
        if is_enough {
            fetches.forget(self.began);
        }
        is_enough
    }

    /// The request to the API.
    ///
    /// # Errors
    /// As [`policy_request`]'s; nothing is in flight then.
    pub fn request(&self, config: &Config) -> Result<OutgoingRequest<String>, ClientError> {
        match &self.what {
            Loaded::Keys(_) => key_set_request(config),
            Loaded::Policy(organization_id) => policy_request(config, organization_id.as_deref()),
        }
    }

    /// Takes in what a success of the API brought, and gives the entry for a store;
    /// nothing if that is not what was asked for, which has still to be told as a failure.
    pub fn arrived(&self, scopes: &mut Scopes, text: &str) -> Option<String> {
        self.take(scopes, text, Brought::ByApi)?;
        Some(self.label().entry(text, self.began))
    }

    /// Takes in a text, unless it is not what was asked for.
    fn take(&self, scopes: &mut Scopes, text: &str, brought: Brought) -> Option<()> {
        match &self.what {
            Loaded::Keys(_) => {
                let set = JwkSet::parse(text).ok()?;
                let keys = scopes.keys_from(&self.issuer, self.source);
                match brought {
                    Brought::ByApi => keys.store(set, self.began),
                    Brought::ByStore(fetched_at) => keys.recall(set, fetched_at),
                }
            }
            Loaded::Policy(organization_id) => {
                let policy = Policy::read(text)?;
                let (policies, id) = (scopes.policies(), organization_id.as_deref());
                let of = (&self.issuer, self.source);
                match brought {
                    Brought::ByApi => policies.store(of, id, policy, self.began),
                    Brought::ByStore(fetched_at) => {
                        policies.recall(of, id, policy, fetched_at);
                    }
                }
            }
        }
        Some(())
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
    use crate::{client::Asking, session::Product};

    const NOW: UnixSeconds = 1_700_000_000.0;
    const POLICY: &str = r#"{"policy":{"roles":[]}}"#;

    fn begin(scopes: &mut Scopes, what: Loaded, now: UnixSeconds) -> Loading {
        let issuer = Issuer {
            product: Product::Consumer,
            project_id: "p".to_owned(),
            base_url: "https://test.stytch.com/".to_owned(),
        };
        let of = (issuer, KeySource::default());
        Loading::begin(scopes, what, of, Lifetimes::default(), now)
    }

    /// What another isolate has put into a store.
    fn entry(what: Loaded, text: &str, now: UnixSeconds) -> String {
        let scopes = &mut Scopes::new();
        let entry = begin(scopes, what, now).arrived(scopes, text);
        entry.expect("an entry")
    }

    #[test]
    fn ends_with_what_a_store_has_where_that_is_fresh() {
        for (what, text, fresh) in [
            (Loaded::Keys(None), r#"{"keys":[]}"#, 600.0),
            (Loaded::Policy(None), POLICY, 300.0),
        ] {
            let entry = entry(what.clone(), text, NOW);
            let ends = |now: UnixSeconds| {
                let scopes = &mut Scopes::new();
                begin(scopes, what.clone(), now).recall(scopes, &entry, now)
            };
            assert!(ends(NOW + fresh - 1.0));
            assert!(!ends(NOW + fresh), "it is there, and the API is asked");
            assert!(!ends(NOW - 61.0), "it is from the future");
        }
    }

    #[test]
    fn ends_for_all_that_look_into_a_store_at_the_same_time() {
        let scopes = &mut Scopes::new();
        let entry = entry(Loaded::Keys(None), r#"{"keys":[]}"#, NOW);
        let loads: Vec<_> = (0..3)
            .map(|_| begin(scopes, Loaded::Keys(None), NOW + 1.0))
            .collect();
        for load in &loads {
            assert!(load.recall(scopes, &entry, NOW + 1.0));
        }
        let next = begin(scopes, Loaded::Keys(None), NOW + 2.0);
        assert!(
            !next.recall(scopes, &entry, NOW + 2.0),
            "it has nothing that was not here"
        );
    }

    #[test]
    fn decides_by_what_a_store_has_where_the_api_fails() {
        let scopes = &mut Scopes::new();
        let entry = entry(Loaded::Policy(None), POLICY, NOW);
        let load = begin(scopes, Loaded::Policy(None), NOW + 5_000.0);
        assert!(!load.recall(scopes, &entry, NOW + 5_000.0));
        load.failed(scopes, NOW + 5_001.0);
        let asking = Asking {
            came: NOW + 5_000.0,
            ..Asking::at(NOW + 5_001.0)
        };
        let found = scopes.policies().find(&load.issuer, None, asking);
        assert!(matches!(found, crate::client::PolicyLookup::Found(_)));
    }

    #[test]
    fn takes_nothing_that_is_not_what_was_asked_for() {
        let scopes = &mut Scopes::new();
        let load = begin(scopes, Loaded::Keys(None), NOW);
        assert_eq!(load.arrived(scopes, POLICY), None);
        assert_eq!(load.arrived(scopes, "<html>"), None);
        let set = entry(Loaded::Keys(None), r#"{"keys":[]}"#, NOW);
        let damaged = set.replace(r#"{"keys":[]}"#, r#"{"keys":7}"#);
        assert!(!load.recall(scopes, &damaged, NOW));
        assert!(!load.recall(scopes, "", NOW));
    }

    #[test]
    fn keeps_nobody_waiting_after_a_refusal() {
        let scopes = &mut Scopes::new();
        for _ in 0..9 {
            begin(scopes, Loaded::Policy(None), NOW).refused(scopes);
        }
        let load = begin(scopes, Loaded::Policy(None), NOW);
        load.refused(scopes);
        let found = scopes.policies().find(&load.issuer, None, Asking::at(NOW));
        assert!(matches!(found, crate::client::PolicyLookup::Fetch));
    }
}
