//! When to fetch a project's key set, and which key of it judges a token.
//!
//! Does not fetch: it is told of fetches and of what came back. Time is passed in.

use alloc::vec::Vec;

use super::{VerifiedTokens, endpoint::Method, request, request::OutgoingRequest};
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
    /// What the caller brought, which needs no fetch and does not grow old.
    seed: Option<Seed>,
    /// The set, and when the fetch began that brought it.
    set: Option<(JwkSet, UnixSeconds)>,
    /// When the last fetch began, and how it stands.
    attempt: Option<(UnixSeconds, Attempt)>,
    /// What the keys of the set have verified.
    verified: VerifiedTokens,
}

#[derive(Debug)]
struct Seed {
    set: JwkSet,
    /// Whether these keys are all there are.
    is_pinned: bool,
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
    ///
    /// The keys that a caller brought come first, and where they are pinned, last.
    #[must_use]
    pub fn find(&self, kid: Option<&str>, now: UnixSeconds) -> Lookup<'_> {
        if let Some(seed) = &self.seed {
            match seed.set.find(kid) {
                Ok(key) => return Lookup::Found(key),
                Err(_) if seed.is_pinned => return Lookup::Unknown,
                Err(_) => {}
            }
        }
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

    /// Takes the keys that a caller brought.
    pub fn plant(&mut self, set: JwkSet, is_pinned: bool) {
        self.seed = Some(Seed { set, is_pinned });
        self.verified.clear();
    }

    /// Whether there are keys that a caller brought.
    #[must_use]
    pub fn is_seeded(&self) -> bool {
        self.seed.is_some()
    }

    /// Whether there is a set that is not to be fetched again yet.
    #[must_use]
    pub fn is_fresh(&self, now: UnixSeconds) -> bool {
        let is_pinned = self.seed.as_ref().is_some_and(|seed| seed.is_pinned);
        is_pinned
            || self
                .set
                .as_ref()
                .is_some_and(|(_, began)| (0.0..FRESH_SECONDS).contains(&(now - began)))
    }

    /// The tokens that the keys of the set have verified.
    pub fn verified(&mut self) -> &mut VerifiedTokens {
        &mut self.verified
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
            self.verified.clear();
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
mod tests;
