//! The RBAC policies of projects and organizations, as old as they are.
//!
//! Decides when a policy has to be fetched; fetching is the shell's business.

use std::fmt;

use super::{
    KeySource,
    fetches::{Asking, Fetches, is_within},
};
use crate::{
    jwt::UnixSeconds,
    session::{Issuer, Policy},
};

/// Policies by project and organization, the least recently used one dropped when
/// there are too many.
#[derive(Default)]
pub struct PolicyCache {
    /// Most recently used last.
    entries: Vec<Entry>,
}

struct Entry {
    issuer: Issuer,
    source: KeySource,
    /// None for the project's own.
    organization_id: Option<String>,
    /// When it was asked for, and what it is.
    held: Option<(UnixSeconds, Policy)>,
    fetches: Fetches,
}

/// What to do about a permission.
#[derive(Debug, PartialEq, Eq)]
pub enum PolicyLookup<'a> {
    /// This policy decides.
    Found(&'a Policy),
    /// Fetch the policy, then ask again.
    Fetch,
    /// The policy could not be had just now.
    Unavailable,
}

impl PolicyCache {
    /// Forgets the policies of a project and its organizations.
    pub fn forget(&mut self, issuer: &Issuer, source: KeySource) {
        self.entries
            .retain(|entry| entry.issuer != *issuer || entry.source != source);
    }

    /// A cache without any policy.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
        }
    }

    /// The policy of a project, or of one of its organizations.
    ///
    /// It is good for as long as the caller says. After that it is fetched again, by one
    /// check at a time, and until that succeeds the old one decides on.
    #[must_use]
    pub fn find(
        &mut self,
        issuer: &Issuer,
        organization_id: Option<&str>,
        asking: Asking,
    ) -> PolicyLookup<'_> {
        let Some(place) = self.place_of((issuer, asking.source), organization_id) else {
            return PolicyLookup::Fetch;
        };
        let entry = self.entries.remove(place);
        let entry = self.entries.push_mut(entry);
        let (lifetimes, fetches) = (asking.lifetimes, entry.fetches);
        let may_fetch = !fetches.is_barred(asking);
        let is_younger = |fetched_at: UnixSeconds, age| is_within(asking.now - fetched_at, age);
        // A clock that went back makes no policy fresh; what this check waited for is.
        let is_fresh = |fetched_at: UnixSeconds| {
            is_younger(fetched_at, lifetimes.policy_ttl)
                || (asking.came..=asking.now).contains(&fetched_at)
        };
        match &entry.held {
            Some((fetched_at, policy)) if is_fresh(*fetched_at) => PolicyLookup::Found(policy),
            Some((fetched_at, policy)) if is_younger(*fetched_at, lifetimes.max_stale) => {
                if may_fetch && !fetches.is_pending(LONGEST_FETCH_SECONDS, asking.now) {
                    return PolicyLookup::Fetch;
                }
                PolicyLookup::Found(policy)
            }
            _ if may_fetch => PolicyLookup::Fetch,
            _ => PolicyLookup::Unavailable,
        }
    }

    /// Takes in a policy that was asked for at `asked_at`, unless a later answer was
    /// faster: what was revoked meanwhile must not come back.
    pub fn store(
        &mut self,
        of: (&Issuer, KeySource),
        organization_id: Option<&str>,
        policy: Policy,
        asked_at: UnixSeconds,
    ) {
        let entry = self.entry(of, organization_id);
        if entry.fetches.take(asked_at) {
            entry.held = Some((asked_at, policy));
        }
    }

    /// Takes in a policy that another isolate fetched at `fetched_at`, which is in the
    /// past, unless what is here is as new.
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
        let entry = match self.place_of(of, organization_id) {
            Some(place) => self.entries.remove(place),
            None => Entry {
                issuer: of.0.clone(),
                source: of.1,
                organization_id: organization_id.map(str::to_owned),
                held: None,
                fetches: Fetches::default(),
            },
        };
        if self.entries.len() >= MAX_POLICIES {
            self.entries.remove(0);
        }
        self.entries.push_mut(entry)
    }

    fn place_of(
        &self,
        (issuer, source): (&Issuer, KeySource),
        organization_id: Option<&str>,
    ) -> Option<usize> {
        self.entries.iter().position(|entry| {
            entry.organization_id.as_deref() == organization_id
                && entry.source == source
                && entry.issuer == *issuer
        })
    }
}

/// Shows how many policies there are.
impl fmt::Debug for PolicyCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PolicyCache of {}", self.entries.len())
    }
}

/// Longer than a fetch may take.
const LONGEST_FETCH_SECONDS: UnixSeconds = 10.0;
const MAX_POLICIES: usize = 256;

#[cfg(test)]
mod tests;
