//! The isolate state: a key cache for each project, and the policies of projects and organizations.
//!
//! The state belongs to the isolate, not to a client object, because some callers create a client for every request. It
//! is bounded, because some callers create a client for every tenant.

use super::{KeyCache, PolicyCache, Recent};
use crate::session::Issuer;

/// The isolate state: the key caches of at most 256 projects, of which the least recently used one is dropped first,
/// and the policies.
#[derive(Debug)]
pub struct IsolateState {
    /// The key caches by project and key source.
    caches: Recent<(Issuer, KeySource), KeyCache>,
    policies: PolicyCache,
}

/// The source of a project's keys, which selects the part of the isolate state that a client uses.
///
/// The default source is the API, and all clients of a project share its state. Keys that a client provides, or fetches
/// from its own URL, never verify tokens of another client. An isolated client shares only the store, if it has one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeySource {
    /// Distinguishes clients with their own keys, URL or isolated state.
    pub number: u32,
    /// Whether the client provides keys.
    pub has_provided_keys: bool,
    /// Whether the client has the option `isolated`.
    pub is_isolated: bool,
}

impl Default for IsolateState {
    fn default() -> Self {
        Self::new()
    }
}

impl IsolateState {
    /// Creates empty state.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            caches: Recent::new(MAX_PROJECTS),
            policies: PolicyCache::new(),
        }
    }

    /// Returns the key cache of `issuer` for `source`. If it does not exist, it is created empty.
    pub fn keys_from(&mut self, issuer: &Issuer, source: KeySource) -> &mut KeyCache {
        self.caches.get_or_insert(
            |(known, known_source)| known == issuer && *known_source == source,
            || ((issuer.clone(), source), KeyCache::default()),
        )
    }

    /// Removes the state of a project: keys, verified tokens, policies, and the number of calls for tokens without a
    /// key.
    pub fn forget(&mut self, issuer: &Issuer, source: KeySource) {
        self.caches
            .retain(|(known, known_source)| known != issuer || *known_source != source);
        self.policies.forget(issuer, source);
    }

    /// Removes the verified tokens of the least recently used projects, until those of all projects together are at
    /// most 16 MiB, and the forged tokens, until those of all projects are at most 1 MiB.
    pub fn trim(&mut self) {
        let of = |keys: &mut KeyCache| (keys.verified().bytes(), keys.forged().bytes());
        let (mut verified, mut forged) = (0, 0);
        for (_, keys) in self.caches.iter_mut() {
            let (more_verified, more_forged) = of(keys);
            verified += more_verified;
            forged += more_forged;
        }
        for (_, keys) in self.caches.iter_mut() {
            let (its_verified, its_forged) = of(keys);
            if verified > MAX_VERIFIED_BYTES {
                verified -= its_verified;
                keys.verified().clear();
            }
            if forged > MAX_FORGED_BYTES {
                forged -= its_forged;
                keys.forged().clear();
            }
        }
    }

    /// Returns the policies of all projects.
    pub fn policies(&mut self) -> &mut PolicyCache {
        &mut self.policies
    }
}

const MAX_PROJECTS: usize = 256;
/// A workerd isolate has 128 MB of memory in total.
const MAX_VERIFIED_BYTES: usize = 16 << 20;
const MAX_FORGED_BYTES: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Product;

    fn issuer(number: usize) -> Issuer {
        Issuer {
            product: Product::Consumer,
            project_id: format!("project-test-{number}"),
            base_url: "https://test.stytch.com/".to_owned(),
        }
    }

    #[test]
    fn separates_the_caches_of_different_issuers() {
        let mut state = IsolateState::new();
        state
            .keys_from(&issuer(1), KeySource::default())
            .fetches()
            .begin(1.0);
        assert!(
            format!("{:?}", state.keys_from(&issuer(1), KeySource::default())).contains("Pending")
        );
        assert!(
            !format!("{:?}", state.keys_from(&issuer(2), KeySource::default())).contains("Pending")
        );
        let b2b = Issuer {
            product: Product::B2b,
            ..issuer(1)
        };
        assert!(!format!("{:?}", state.keys_from(&b2b, KeySource::default())).contains("Pending"));
    }

    #[test]
    fn forgets_only_the_given_project_and_source() {
        let mut state = IsolateState::new();
        let own = KeySource {
            number: 5,
            has_provided_keys: false,
            is_isolated: false,
        };
        for (number, source) in [
            (1, KeySource::default()),
            (2, KeySource::default()),
            (1, own),
        ] {
            let keys = state.keys_from(&issuer(number), source);
            keys.fetches().begin(1.0);
        }
        let has_begun = |state: &mut IsolateState, number, source| {
            format!("{:?}", state.keys_from(&issuer(number), source)).contains("Pending")
        };
        assert!(has_begun(&mut state, 1, KeySource::default()));
        assert!(has_begun(&mut state, 1, own));
        state.forget(&issuer(1), KeySource::default());
        assert!(!has_begun(&mut state, 1, KeySource::default()));
        assert!(has_begun(&mut state, 2, KeySource::default()));
        assert!(has_begun(&mut state, 1, own));
    }
}
