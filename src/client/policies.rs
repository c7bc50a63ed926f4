//! The RBAC policies of projects and organizations, as old as they are.
//!
//! Decides when a policy has to be fetched; fetching is the shell's business.

use std::fmt;

use super::{
    KeySource, Recent,
    fetches::{Asking, Fetches, is_within},
};
use crate::{
    jwt::UnixSeconds,
    session::{Issuer, Policy},
};

/// Policies by project and organization, the least recently used one dropped if there are too many.
pub struct PolicyCache(Recent<Owner, Entry>);

/// Whose policy it is, and whose state that is: the project's own has no organization.
type Owner = (Issuer, KeySource, Option<String>);

#[derive(Default)]
struct Entry {
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

impl Default for PolicyCache {
    fn default() -> Self {
        Self::new()
    }
}

impl PolicyCache {
    /// Forgets the policies of a project and its organizations.
    pub fn forget(&mut self, issuer: &Issuer, source: KeySource) {
        self.0
            .retain(|(known, of, _)| known != issuer || *of != source);
    }

    /// A cache without any policy.
    #[must_use]
    pub const fn new() -> Self {
        Self(Recent::new(MAX_POLICIES))
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
        let found = self.0.get(is_of((issuer, asking.source), organization_id));
        let Some(entry) = found else {
            return PolicyLookup::Fetch;
        };
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

/// Shows how many policies there are.
impl fmt::Debug for PolicyCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PolicyCache of {}", self.0.count())
    }
}

/// Longer than a fetch may take.
const LONGEST_FETCH_SECONDS: UnixSeconds = 10.0;
const MAX_POLICIES: usize = 256;

#[cfg(test)]
mod tests;
