//! The cache of the RBAC policies of projects and organizations.
//!
//! This module decides when a policy must be fetched; it does not fetch.

use std::fmt;

use super::{
    KeySource, Recent,
    fetches::{Fetches, LookupContext, is_within},
};
use crate::{
    jwt::UnixSeconds,
    session::{Issuer, Policy},
};

/// The policies by project and organization: at most 256, of which the least recently used one is dropped first.
pub struct PolicyCache(Recent<Owner, Entry>);

/// The project, the isolate state, and the organization of a policy; `None` for the project's own policy.
type Owner = (Issuer, KeySource, Option<String>);

#[derive(Default)]
struct Entry {
    /// The time when the policy was requested, and the policy.
    held: Option<(UnixSeconds, Policy)>,
    fetches: Fetches,
}

/// The result of a lookup.
#[derive(Debug, PartialEq, Eq)]
pub enum PolicyLookup<'a> {
    /// This policy is in force.
    Found(&'a Policy),
    /// The policy must be fetched; then look it up again.
    Fetch,
    /// The policy is unavailable now.
    Unavailable,
}

impl Default for PolicyCache {
    fn default() -> Self {
        Self::new()
    }
}

impl PolicyCache {
    /// Removes the policies of a project and its organizations.
    pub fn forget(&mut self, issuer: &Issuer, source: KeySource) {
        self.0
            .retain(|(known, of, _)| known != issuer || *of != source);
    }

    /// Creates an empty cache.
    #[must_use]
    pub const fn new() -> Self {
        Self(Recent::new(MAX_POLICIES))
    }

    /// Looks up the policy of a project, or of one of its organizations.
    ///
    /// A policy is fresh for [`policy_ttl`](super::Lifetimes::policy_ttl) seconds. After that it is fetched again, by
    /// one check at a time. Until a fetch succeeds, the old policy remains valid up to an age of
    /// [`max_stale`](super::Lifetimes::max_stale) seconds.
    #[must_use]
    pub fn find(
        &mut self,
        issuer: &Issuer,
        organization_id: Option<&str>,
        lookup: LookupContext,
    ) -> PolicyLookup<'_> {
        let found = self.0.get(is_of((issuer, lookup.source), organization_id));
        let Some(entry) = found else {
            return PolicyLookup::Fetch;
        };
        let (lifetimes, fetches) = (lookup.lifetimes, entry.fetches);
        let may_fetch = !fetches.is_barred(lookup);
        let is_younger = |fetched_at: UnixSeconds, age| is_within(lookup.now - fetched_at, age);
        // If the clock goes back, the negative age does not make a policy fresh. A policy that was requested during
        // this check is always fresh.
        let is_fresh = |fetched_at: UnixSeconds| {
            is_younger(fetched_at, lifetimes.policy_ttl)
                || (lookup.check_began..=lookup.now).contains(&fetched_at)
        };
        match &entry.held {
            Some((fetched_at, policy)) if is_fresh(*fetched_at) => PolicyLookup::Found(policy),
            Some((fetched_at, policy)) if is_younger(*fetched_at, lifetimes.max_stale) => {
                if may_fetch && !fetches.is_pending(LONGEST_FETCH_SECONDS, lookup.now) {
                    return PolicyLookup::Fetch;
                }
                PolicyLookup::Found(policy)
            }
            _ if may_fetch => PolicyLookup::Fetch,
            _ => PolicyLookup::Unavailable,
        }
    }

    /// Stores a policy that was requested at `asked_at`, unless the policy of a later request is already stored:
    /// otherwise a revoked permission could return.
    pub fn store(
        &mut self,
        of: (&Issuer, KeySource),
        organization_id: Option<&str>,
        policy: Policy,
        asked_at: UnixSeconds,
    ) {
        let entry = self.entry(of, organization_id);
        if entry.fetches.accept(asked_at) {
            entry.held = Some((asked_at, policy));
        }
    }

    /// Stores a policy that another isolate fetched at `fetched_at`, which is in the past, if it is newer than the
    /// stored one.
    pub fn recall(
        &mut self,
        of: (&Issuer, KeySource),
        organization_id: Option<&str>,
        policy: Policy,
        fetched_at: UnixSeconds,
    ) {
        let entry = self.entry(of, organization_id);
        if entry.fetches.recall(fetched_at) {
            entry.held = Some((fetched_at, policy));
        }
    }

    pub(super) fn fetches(
        &mut self,
        of: (&Issuer, KeySource),
        organization_id: Option<&str>,
    ) -> &mut Fetches {
        &mut self.entry(of, organization_id).fetches
    }

    fn entry(&mut self, of: (&Issuer, KeySource), organization_id: Option<&str>) -> &mut Entry {
        self.0.get_or_insert(is_of(of, organization_id), || {
            let owner = (of.0.clone(), of.1, organization_id.map(str::to_owned));
            (owner, Entry::default())
        })
    }
}

fn is_of<'a>(
    (issuer, source): (&'a Issuer, KeySource),
    organization_id: Option<&'a str>,
) -> impl Fn(&Owner) -> bool + 'a {
    move |(known, of, id)| id.as_deref() == organization_id && *of == source && known == issuer
}

/// Writes the number of policies.
impl fmt::Debug for PolicyCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PolicyCache of {}", self.0.count())
    }
}

/// After this time a fetch has ended: its time limit is shorter.
const LONGEST_FETCH_SECONDS: UnixSeconds = 10.0;
const MAX_POLICIES: usize = 256;

#[cfg(test)]
mod tests;
