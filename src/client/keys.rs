//! When to fetch a project's key set, and which key of it judges a token.
//!
//! Does not fetch: it is told of fetches and of what came back. Time is passed in.

use super::{endpoint::Method, request, request::OutgoingRequest};
use crate::{
    crypto::RsaPublicKey,
    jwt::{JwkSet, UnixSeconds},
    session::{Issuer, Product},
};

/// How long a key set may take to arrive, in milliseconds.
pub const KEY_FETCH_TIMEOUT_MS: u32 = 5_000;

/// The key set of one project, as old as it is.
#[derive(Debug, Default)]
pub struct KeyCache {
    set: Option<(JwkSet, UnixSeconds)>,
    last_attempt: Option<UnixSeconds>,
}

/// What to do about a `kid`.
#[derive(Debug)]
pub enum Lookup<'a> {
    /// This key judges the token.
    Found(&'a RsaPublicKey),
    /// Fetch the key set, then ask again.
    Fetch,
    /// A set that is fresh enough has no such key.
    Unknown,
}

impl KeyCache {
    /// Looks for the key of a token.
    ///
    /// A set is good for ten minutes. After that it is fetched again, and until
    /// that succeeds the old keys judge on, for a day: an outage of the key
    /// endpoint is no reason to turn visitors away. A `kid` that the set does not
    /// have is worth a fetch, because keys rotate, but only every half minute,
    /// because anybody can make up a `kid`.
    #[must_use]
    pub fn find(&self, kid: Option<&str>, now: UnixSeconds) -> Lookup<'_> {
        let Some((set, fetched_at)) = &self.set else {
            return Lookup::Fetch;
        };
        let age = now - fetched_at;
        let may_fetch = self
            .last_attempt
            .is_none_or(|attempt| now - attempt >= SECONDS_BETWEEN_ATTEMPTS);
        if age >= MAX_STALE_SECONDS || (age >= FRESH_SECONDS && may_fetch) {
            return Lookup::Fetch;
        }
        match set.find(kid) {
            Ok(key) => Lookup::Found(key),
            Err(_) if may_fetch => Lookup::Fetch,
            Err(_) => Lookup::Unknown,
        }
    }

    /// Notes that a fetch begins.
    pub fn note_attempt(&mut self, now: UnixSeconds) {
        self.last_attempt = Some(now);
    }

    /// Takes the set that a fetch brought.
    pub fn store(&mut self, set: JwkSet, now: UnixSeconds) {
        self.set = Some((set, now));
    }
}

/// The request for a project's key set. It carries no credentials: the keys are
/// public, and a secret that is not sent cannot be lost.
#[must_use]
pub fn key_set_request(issuer: &Issuer) -> OutgoingRequest {
    let product = match issuer.product {
        Product::Consumer => "",
        Product::B2b => "b2b/",
    };
    let origin = request::origin(&issuer.base_url);
    let project = request::escape_segment(&issuer.project_id);
    OutgoingRequest {
        method: Method::Get,
        url: format!("{origin}/v1/{product}sessions/jwks/{project}"),
        headers: Vec::new(),
        body: None,
    }
}

const FRESH_SECONDS: UnixSeconds = 600.0;
const MAX_STALE_SECONDS: UnixSeconds = 86_400.0;
const SECONDS_BETWEEN_ATTEMPTS: UnixSeconds = 30.0;

#[cfg(test)]
mod tests {
    use base64ct::{Base64UrlUnpadded, Encoding};

    use super::*;

    const START: UnixSeconds = 1_700_000_000.0;

    fn set(kid: &str) -> JwkSet {
        let n = Base64UrlUnpadded::encode_string(&[0xff; 256]);
        JwkSet::parse(&format!(
            r#"{{"keys":[{{"kty":"RSA","kid":"{kid}","n":"{n}","e":"AQAB"}}]}}"#
        ))
        .unwrap()
    }

    fn fetched_at_start() -> KeyCache {
        let mut keys = KeyCache::default();
        keys.note_attempt(START);
        keys.store(set("a"), START);
        keys
    }

    #[test]
    fn fetches_when_there_are_no_keys_even_after_a_failure() {
        let mut keys = KeyCache::default();
        assert!(matches!(keys.find(Some("a"), START), Lookup::Fetch));
        keys.note_attempt(START);
        assert!(matches!(keys.find(Some("a"), START + 1.0), Lookup::Fetch));
    }

    #[test]
    fn keeps_a_set_for_ten_minutes() {
        let keys = fetched_at_start();
        assert!(matches!(
            keys.find(Some("a"), START + 599.0),
            Lookup::Found(_)
        ));
        assert!(matches!(keys.find(Some("a"), START + 600.0), Lookup::Fetch));
    }

    #[test]
    fn fetches_for_an_unknown_kid_at_most_every_half_minute() {
        let mut keys = fetched_at_start();
        assert!(matches!(
            keys.find(Some("b"), START + 29.0),
            Lookup::Unknown
        ));
        assert!(matches!(keys.find(Some("b"), START + 30.0), Lookup::Fetch));
        keys.note_attempt(START + 30.0);
        assert!(matches!(
            keys.find(Some("b"), START + 31.0),
            Lookup::Unknown
        ));
    }

    #[test]
    fn judges_on_with_old_keys_while_fetching_fails_but_not_for_more_than_a_day() {
        let mut keys = fetched_at_start();
        keys.note_attempt(START + 601.0);
        assert!(matches!(
            keys.find(Some("a"), START + 602.0),
            Lookup::Found(_)
        ));
        keys.note_attempt(START + 86_390.0);
        assert!(matches!(
            keys.find(Some("a"), START + 86_399.0),
            Lookup::Found(_)
        ));
        assert!(matches!(
            keys.find(Some("a"), START + 86_400.0),
            Lookup::Fetch
        ));
    }
}
