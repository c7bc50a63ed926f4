//! The state that an isolate keeps: one key cache for each project it checks
//! tokens of, and the policies that say what their bearers may do.
//!
//! It belongs to the isolate and not to a client object, because people build a
//! client for every request. It is bounded, because a client may be built for
//! every tenant as well.

use alloc::vec::Vec;

use super::{KeyCache, PolicyCache, RemoteCalls};
use crate::session::Issuer;

/// Key caches by project, the least recently used one dropped when there are too
/// many; and policies.
#[derive(Debug, Default)]
pub struct Scopes {
    /// By project and by where its keys come from; most recently used last.
    caches: Vec<((Issuer, KeySource), KeyCache)>,
    policies: PolicyCache,
    remote_calls: RemoteCalls,
}

/// The state of an isolate: what its clients share, and what clients keep for themselves.
#[derive(Debug, Default)]
pub struct IsolateState {
    shared: Scopes,
    /// By the number of the owner, most recently used last.
    owned: Vec<(u32, Scopes)>,
}

impl IsolateState {
    /// No state at all.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            shared: Scopes::new(),
            owned: Vec::new(),
        }
    }

    /// The state of an owner, [`SHARED`] for what clients share. An owner that is seen for
    /// the first time has none.
    pub fn of(&mut self, owner: u32) -> &mut Scopes {
        if owner == SHARED {
            return &mut self.shared;
        }
        let entry = match self.owned.iter().position(|(known, _)| *known == owner) {
            Some(place) => self.owned.remove(place),
            None => (owner, Scopes::new()),
        };
        if self.owned.len() >= MAX_OWNERS {
            self.owned.remove(0);
        }
        &mut self.owned.push_mut(entry).1
    }

    /// Forgets what an owner knows of a project: keys, verified tokens, policies, and which
    /// calls were made for tokens without a key.
    pub fn forget(&mut self, owner: u32, issuer: &Issuer, source: KeySource) {
        let scopes = self.of(owner);
        scopes
            .caches
            .retain(|((known, place), _)| known != issuer || *place != source);
        scopes.policies.forget(issuer);
        scopes.remote_calls = RemoteCalls::new();
    }
}

/// The owner of the state that all clients share.
pub const SHARED: u32 = 0;

/// Where the keys of a project come from: the default is the API. Nobody's own keys, and
/// none from a URL of their own, judge for others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeySource {
    /// Tells callers with keys or a URL of their own apart.
    pub number: u32,
    /// Whether they bring keys.
    pub has_seed: bool,
}

impl Scopes {
    /// A place without any state.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            caches: Vec::new(),
            policies: PolicyCache::new(),
            remote_calls: RemoteCalls::new(),
        }
    }

    /// The key cache of `issuer`, empty if it is seen for the first time.
    pub fn keys_of(&mut self, issuer: &Issuer) -> &mut KeyCache {
        self.keys_from(issuer, KeySource::default())
    }

    /// The key cache of `issuer` for callers whose keys come from there.
    pub fn keys_from(&mut self, issuer: &Issuer, source: KeySource) -> &mut KeyCache {
        let is_it = |((known, place), _): &((Issuer, KeySource), KeyCache)| {
            known == issuer && *place == source
        };
        let entry = match self.caches.iter().position(is_it) {
            Some(place) => self.caches.remove(place),
            None => ((issuer.clone(), source), KeyCache::default()),
        };
        if self.caches.len() >= MAX_SCOPES {
            self.caches.remove(0);
        }
        &mut self.caches.push_mut(entry).1
    }

    /// The calls that were made for tokens whose key was not to be had.
    pub fn remote_calls(&mut self) -> &mut RemoteCalls {
        &mut self.remote_calls
    }

    /// Forgets verified tokens of the projects that were asked for longest ago, until
    /// all of them together take no more than their bound.
    pub fn trim(&mut self) {
        let mut bytes: usize = self
            .caches
            .iter_mut()
            .map(|(_, keys)| keys.verified().bytes())
            .sum();
        for (_, keys) in &mut self.caches {
            if bytes <= MAX_VERIFIED_BYTES {
                break;
            }
            bytes -= keys.verified().bytes();
            keys.verified().clear();
        }
    }

    /// The policies of every project.
    pub fn policies(&mut self) -> &mut PolicyCache {
        &mut self.policies
    }
}

const MAX_SCOPES: usize = 256;
/// Clients with state of their own are for tests, which make one for each test.
const MAX_OWNERS: usize = 64;
/// An isolate on workerd has 128 MB for everything.
const MAX_VERIFIED_BYTES: usize = 16 << 20;

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
    fn keeps_one_cache_for_equal_issuers_and_others_apart() {
        let mut scopes = Scopes::new();
        scopes.keys_of(&issuer(1)).fetches().begin(1.0);
        assert!(format!("{:?}", scopes.keys_of(&issuer(1))).contains("Pending"));
        assert!(!format!("{:?}", scopes.keys_of(&issuer(2))).contains("Pending"));
        let b2b = Issuer {
            product: Product::B2b,
            ..issuer(1)
        };
        assert!(!format!("{:?}", scopes.keys_of(&b2b)).contains("Pending"));
    }

    fn begin(state: &mut IsolateState, owner: u32, number: usize) {
        let keys = state.of(owner).keys_of(&issuer(number));
        keys.fetches().begin(1.0);
    }

    fn has_begun(state: &mut IsolateState, owner: u32, number: usize) -> bool {
        format!("{:?}", state.of(owner).keys_of(&issuer(number))).contains("Pending")
    }

    #[test]
    fn an_owner_sees_its_own_state_only() {
        let mut state = IsolateState::new();
        begin(&mut state, SHARED, 1);
        assert!(!has_begun(&mut state, 1, 1));
        begin(&mut state, 1, 2);
        assert!(!has_begun(&mut state, SHARED, 2));
        assert!(has_begun(&mut state, 1, 2));
        for owner in 2..=u32::try_from(MAX_OWNERS).unwrap() {
            state.of(owner);
        }
        assert!(has_begun(&mut state, 1, 2), "as many as there may be");
        state.of(u32::MAX);
        state.of(u32::MAX - 1);
        assert_eq!(state.owned.len(), MAX_OWNERS);
    }

    #[test]
    fn forgets_one_project_of_one_owner() {
        let mut state = IsolateState::new();
        for (owner, number) in [(SHARED, 1), (SHARED, 2), (7, 1)] {
            begin(&mut state, owner, number);
        }
        let other = KeySource {
            number: 5,
            has_seed: true,
        };
        state.forget(SHARED, &issuer(1), other);
        assert!(has_begun(&mut state, SHARED, 1), "keys from elsewhere");
        state.forget(SHARED, &issuer(1), KeySource::default());
        assert!(!has_begun(&mut state, SHARED, 1));
        assert!(has_begun(&mut state, SHARED, 2));
        assert!(has_begun(&mut state, 7, 1));
    }

    #[test]
    fn drops_the_least_recently_used_beyond_its_bound() {
        let mut scopes = Scopes::new();
        for number in 0..MAX_SCOPES {
            scopes.keys_of(&issuer(number)).fetches().begin(1.0);
        }
        scopes.keys_of(&issuer(0));
        scopes.keys_of(&issuer(MAX_SCOPES));
        assert_eq!(scopes.caches.len(), MAX_SCOPES);
        assert!(
            scopes
                .caches
                .iter()
                .any(|((known, _), _)| *known == issuer(0))
        );
        assert!(
            !scopes
                .caches
                .iter()
                .any(|((known, _), _)| *known == issuer(1))
        );
    }
}
