//! The state that an isolate keeps: one key cache for each project it checks
//! tokens of, and the policies that say what their bearers may do.
//!
//! It belongs to the isolate and not to a client object, because people build a
//! client for every request. It is bounded, because a client may be built for
//! every tenant as well.

use super::{KeyCache, PolicyCache, Recent};
use crate::session::Issuer;

/// Key caches by project, the least recently used one dropped when there are too
/// many; and policies.
#[derive(Debug)]
pub struct Scopes {
    /// By project and by where its keys come from.
    caches: Recent<(Issuer, KeySource), KeyCache>,
    policies: PolicyCache,
}

/// Whose state is used, by where the keys of a project come from: the default is the API, whose
/// keys serve every client. Keys that a client brings, or fetches from a URL of its own, verify no token of
/// another client, and an isolated client shares nothing but the store that it may be given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeySource {
    /// Tells clients with keys, a URL or state of their own apart.
    pub number: u32,
    /// Whether they bring keys.
    pub has_seed: bool,
}

impl Default for Scopes {
    fn default() -> Self {
        Self::new()
    }
}

impl Scopes {
    /// No state.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            caches: Recent::new(MAX_SCOPES),
            policies: PolicyCache::new(),
        }
    }

    /// The key cache of `issuer` for clients whose keys come from there; empty if it is used for the first time.
    pub fn keys_from(&mut self, issuer: &Issuer, source: KeySource) -> &mut KeyCache {
        self.caches.get_or_insert(
            |(known, place)| known == issuer && *place == source,
            || ((issuer.clone(), source), KeyCache::default()),
        )
    }

    /// Forgets what is known of a project: keys, verified tokens, policies, and which calls
    /// were made for tokens without a key.
    pub fn forget(&mut self, issuer: &Issuer, source: KeySource) {
        self.caches
            .retain(|(known, place)| known != issuer || *place != source);
        self.policies.forget(issuer, source);
    }

    /// Forgets verified tokens of the projects that were asked for longest ago, until
    /// all of them together take no more than their bound.
    pub fn trim(&mut self) {
        let mut bytes: usize = self
            .caches
            .iter_mut()
            .map(|(_, keys)| keys.verified().bytes())
            .sum();
        for (_, keys) in self.caches.iter_mut() {
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
        scopes
            .keys_from(&issuer(1), KeySource::default())
            .fetches()
            .begin(1.0);
        assert!(
            format!("{:?}", scopes.keys_from(&issuer(1), KeySource::default())).contains("Pending")
        );
        assert!(
            !format!("{:?}", scopes.keys_from(&issuer(2), KeySource::default()))
                .contains("Pending")
        );
        let b2b = Issuer {
            product: Product::B2b,
            ..issuer(1)
        };
        assert!(!format!("{:?}", scopes.keys_from(&b2b, KeySource::default())).contains("Pending"));
    }

    #[test]
    fn forgets_one_project_of_one_source() {
        let mut scopes = Scopes::new();
        let own = KeySource {
            number: 5,
            has_seed: false,
        };
        for (number, source) in [
            (1, KeySource::default()),
            (2, KeySource::default()),
            (1, own),
        ] {
            let keys = scopes.keys_from(&issuer(number), source);
            keys.fetches().begin(1.0);
        }
        let has_begun = |scopes: &mut Scopes, number, source| {
            format!("{:?}", scopes.keys_from(&issuer(number), source)).contains("Pending")
        };
        assert!(has_begun(&mut scopes, 1, KeySource::default()));
        assert!(has_begun(&mut scopes, 1, own));
        scopes.forget(&issuer(1), KeySource::default());
        assert!(!has_begun(&mut scopes, 1, KeySource::default()));
        assert!(has_begun(&mut scopes, 2, KeySource::default()));
        assert!(has_begun(&mut scopes, 1, own));
    }
}
