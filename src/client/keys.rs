//! When to fetch a project's key set, and which key of it judges a token.
//!
//! Does not fetch: it is told of fetches and of what came back. Time is passed in.

use alloc::vec::Vec;

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
    /// The set, and when the fetch began that brought it.
    set: Option<(JwkSet, UnixSeconds)>,
    /// When the last fetch began, and how it stands.
    attempt: Option<(UnixSeconds, Attempt)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    Pending,
    Failed,
    Succeeded,
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
    /// A set that might have the key could not be had just now.
    Unavailable,
}

impl KeyCache {
    /// Looks for the key of a token.
    ///
    /// A set is good for ten minutes. After that it is fetched again, and until
    /// that succeeds the old keys judge on, for a day: an outage of the key
    /// endpoint is no reason to turn visitors away. A `kid` that the set does not
    /// have is worth a fetch, because keys rotate, but only every half minute,
    /// because anybody can make up a `kid`. It is "unknown" only to a set that was
    /// really fetched: an outage is no verdict. A clock that went back makes ages
    /// negative, and those count as old.
    #[must_use]
    pub fn find(&self, kid: Option<&str>, now: UnixSeconds) -> Lookup<'_> {
        let recent = self
            .attempt
            .filter(|(began, _)| (0.0..SECONDS_BETWEEN_ATTEMPTS).contains(&(now - began)))
            .map(|(began, attempt)| match attempt {
                // Whoever began it may have been cancelled since.
                Attempt::Pending if now - began >= SECONDS_PENDING => Attempt::Failed,
                attempt => attempt,
            });
        let usable = self
            .set
            .as_ref()
            .filter(|(_, began)| (0.0..MAX_STALE_SECONDS).contains(&(now - began)));
        let Some((set, began)) = usable else {
            return Lookup::Fetch;
        };
        if now - began >= FRESH_SECONDS && recent.is_none() {
            return Lookup::Fetch;
        }
        match (set.find(kid), recent) {
            (Ok(key), _) => Lookup::Found(key),
            // Whatever else is under way: where fetches are not shared, strangers with
            // made-up names could keep one under way for ever.
            (Err(_), _) if now - began < SECONDS_BETWEEN_ATTEMPTS => Lookup::Unknown,
            (Err(_), None | Some(Attempt::Pending)) => Lookup::Fetch,
            (Err(_), Some(Attempt::Succeeded)) => Lookup::Unknown,
            (Err(_), Some(Attempt::Failed)) => Lookup::Unavailable,
        }
    }

    /// Notes that a fetch begins.
    pub fn note_attempt(&mut self, began: UnixSeconds) {
        self.attempt = Some((began, Attempt::Pending));
    }

    /// Notes that the fetch that began at `began` brought nothing.
    pub fn note_failure(&mut self, began: UnixSeconds) {
        self.settle(began, Attempt::Failed);
    }

    /// Takes the set that the fetch that began at `began` brought, unless a later
    /// fetch was faster.
    pub fn store(&mut self, set: JwkSet, began: UnixSeconds) {
        self.settle(began, Attempt::Succeeded);
        // What began after the last fetch did is from before the clock went back.
        let last = self.attempt.map_or(began, |(last, _)| last);
        let overtaken = self
            .set
            .as_ref()
            .is_some_and(|(_, other)| *other > began && *other <= last);
        if !overtaken {
            self.set = Some((set, began));
        }
    }

    /// The outcome of a fetch counts if no later one has begun; a failure also while
    /// that one is under way, which will say so itself if it fares better.
    #[allow(clippy::float_cmp, reason = "the same moment, not a computed one")]
    fn settle(&mut self, began: UnixSeconds, outcome: Attempt) {
        if let Some((last, attempt)) = &mut self.attempt
            && (*last == began
                || (*last > began && *attempt == Attempt::Pending && outcome == Attempt::Failed))
        {
            *attempt = outcome;
        }
    }
}

/// The request to `origin` for a project's key set. It carries no credentials: the keys are
/// public, and a secret that is not sent cannot be lost.
#[must_use]
pub fn key_set_request<Json>(issuer: &Issuer, origin: &str) -> OutgoingRequest<Json> {
    let product = match issuer.product {
        Product::Consumer => "",
        Product::B2b => "b2b/",
    };
    let project = request::escape_segment(&issuer.project_id);
    OutgoingRequest {
        method: Method::Get,
        url: [origin, "/v1/", product, "sessions/jwks/", &project].concat(),
        headers: Vec::new(),
        body: None,
    }
}

const FRESH_SECONDS: UnixSeconds = 600.0;
const MAX_STALE_SECONDS: UnixSeconds = 86_400.0;
const SECONDS_BETWEEN_ATTEMPTS: UnixSeconds = 30.0;
/// Longer than a fetch may take.
const SECONDS_PENDING: UnixSeconds = 10.0;

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
        keys.note_failure(START);
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
        keys.store(set("a"), START + 30.0);
        assert!(matches!(
            keys.find(Some("b"), START + 31.0),
            Lookup::Unknown
        ));
    }

    #[test]
    fn takes_no_outage_for_a_verdict_on_an_unknown_kid() {
        let mut keys = fetched_at_start();
        keys.note_attempt(START + 60.0);
        assert!(
            matches!(keys.find(Some("b"), START + 61.0), Lookup::Fetch),
            "while one is under way"
        );
        assert!(
            matches!(keys.find(Some("b"), START + 75.0), Lookup::Unavailable),
            "one that never ended"
        );
        keys.note_failure(START + 60.0);
        assert!(matches!(
            keys.find(Some("b"), START + 61.0),
            Lookup::Unavailable
        ));
        assert!(matches!(
            keys.find(Some("a"), START + 61.0),
            Lookup::Found(_)
        ));
        assert!(matches!(keys.find(Some("b"), START + 90.0), Lookup::Fetch));
    }

    #[test]
    fn asks_no_more_for_made_up_kids_once_one_of_many_fetches_has_ended() {
        // Where no call waits for another's fetch, attempts overlap for as long as
        // strangers keep coming.
        let mut keys = fetched_at_start();
        keys.note_attempt(START + 60.0);
        keys.note_attempt(START + 60.5);
        keys.store(set("a"), START + 60.0);
        assert!(matches!(
            keys.find(Some("b"), START + 61.0),
            Lookup::Unknown
        ));
        let mut keys = fetched_at_start();
        keys.note_attempt(START + 60.0);
        keys.note_attempt(START + 60.5);
        keys.note_failure(START + 60.0);
        assert!(matches!(
            keys.find(Some("b"), START + 61.0),
            Lookup::Unavailable
        ));
        keys.store(set("b"), START + 60.5);
        assert!(matches!(
            keys.find(Some("b"), START + 61.0),
            Lookup::Found(_)
        ));
        keys.note_failure(START + 60.0);
        assert!(
            matches!(keys.find(Some("c"), START + 61.0), Lookup::Unknown),
            "a failure that is told late says nothing of the later fetch"
        );
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
        keys.note_failure(START + 86_390.0);
        assert!(matches!(
            keys.find(Some("a"), START + 86_399.0),
            Lookup::Found(_)
        ));
        assert!(matches!(
            keys.find(Some("a"), START + 86_400.0),
            Lookup::Fetch
        ));
    }

    #[test]
    fn takes_keys_from_the_future_for_old_ones() {
        let keys = fetched_at_start();
        assert!(matches!(keys.find(Some("a"), START - 1.0), Lookup::Fetch));
    }

    #[test]
    fn lets_an_empty_set_withdraw_all_keys() {
        let mut keys = fetched_at_start();
        keys.note_attempt(START + 600.0);
        keys.store(JwkSet::parse(r#"{"keys":[]}"#).unwrap(), START + 600.0);
        assert!(matches!(
            keys.find(Some("a"), START + 601.0),
            Lookup::Unknown
        ));
    }

    #[test]
    fn keeps_the_set_of_the_later_fetch_when_an_earlier_one_is_slow() {
        let mut keys = KeyCache::default();
        keys.note_attempt(START);
        keys.note_attempt(START + 1.0);
        keys.store(set("new"), START + 1.0);
        keys.store(set("old"), START);
        assert!(matches!(
            keys.find(Some("new"), START + 2.0),
            Lookup::Found(_)
        ));
    }

    #[test]
    fn keeps_the_later_set_while_a_third_fetch_is_under_way() {
        let mut keys = KeyCache::default();
        keys.note_attempt(START);
        keys.note_attempt(START + 1.0);
        keys.store(set("new"), START + 1.0);
        keys.note_attempt(START + 2.0);
        keys.store(set("old"), START);
        assert!(matches!(
            keys.find(Some("new"), START + 3.0),
            Lookup::Found(_)
        ));
    }

    #[test]
    fn takes_a_set_that_came_after_the_clock_went_back() {
        let mut keys = fetched_at_start();
        keys.note_attempt(START - 1000.0);
        keys.store(set("b"), START - 1000.0);
        assert!(matches!(
            keys.find(Some("b"), START - 999.0),
            Lookup::Found(_)
        ));
    }
}
