//! The key cache of a project: which key verifies a token, and when the key set must be fetched.
//!
//! This module does not fetch. Callers record fetches and store their results. Time is a parameter.

use super::{
    CacheLimits, ForgedTokens, RemoteCalls, VerifiedTokens,
    fetches::{Fetches, LookupContext, Outcome, is_within},
};
use crate::{
    crypto::RsaPublicKey,
    jwt::{JwkSet, Refusal, UnixSeconds},
};

/// The key set of one project, with its age and the tokens that it verified.
#[derive(Debug, Default)]
pub struct KeyCache {
    /// The keys that the caller provides. They need no fetch and do not expire.
    provided: Option<Provided>,
    held: Option<Held>,
    fetches: Fetches,
    /// The tokens that the keys of the set have verified.
    verified: VerifiedTokens,
    /// The tokens whose signatures the keys of the set refused.
    forged: ForgedTokens,
    /// The calls to the API for tokens whose key is unavailable.
    remote_calls: RemoteCalls,
}

#[derive(Debug)]
struct Provided {
    set: JwkSet,
    /// Whether only these keys verify tokens.
    is_pinned: bool,
}

/// The fetched key set.
#[derive(Debug)]
struct Held {
    set: JwkSet,
    /// When the set was requested, by this isolate or by another one.
    fetched_at: UnixSeconds,
    /// When this isolate requested the set, by its own clock. A set that another isolate fetched cannot prove that a
    /// `kid` is unknown.
    asked_at: Option<UnixSeconds>,
}

/// The result of a lookup.
#[derive(Debug)]
pub enum Lookup<'a> {
    /// This key verifies the token.
    Found(&'a RsaPublicKey),
    /// This key verifies the token, and the key set must be fetched again in the background.
    Ageing(&'a RsaPublicKey),
    /// The key set must be fetched; then look the key up again.
    Fetch,
    /// Another call fetches the key set; look the key up again in a moment.
    Wait,
    /// A key set that was requested since the check began does not have exactly one usable key for the token.
    Unknown(Refusal),
    /// The available key set does not have exactly one usable key for the token, and it is too early to fetch another
    /// set.
    NotYetKnown(Refusal),
    /// The key set could not be fetched just now.
    Unavailable,
}

impl KeyCache {
    /// Looks up the key of a token.
    ///
    /// - A set is fresh for 600 seconds. From 540 seconds on it is fetched again in the background.
    /// - After 600 seconds the set is fetched before it is used. Until a fetch succeeds, the old keys remain valid up
    ///   to the age of [`max_stale`](super::Lifetimes::max_stale), so that an outage of the key endpoint does not
    ///   refuse users.
    /// - If the set has no key with the token's `kid`, the set is fetched, because keys rotate; but at most once in 30
    ///   seconds, because an attacker can make up a `kid`.
    /// - Only a set that was requested since the check began can prove that a `kid` is unknown. An outage cannot, and
    ///   neither can a set from before a rotation.
    /// - If the clock goes back, ages become negative; the set then counts as old.
    ///
    /// Keys that the caller provides are tried first. If they are pinned, no others are tried.
    #[must_use]
    pub fn find(&self, kid: Option<&str>, lookup: LookupContext) -> Lookup<'_> {
        if let Some(provided) = &self.provided {
            match provided.set.find(kid) {
                Ok(key) => return Lookup::Found(key),
                Err(refusal) if provided.is_pinned => return Lookup::Unknown(refusal),
                Err(_) => {}
            }
        }
        let (now, fetches) = (lookup.now, &self.fetches);
        let oldest = lookup.lifetimes.max_stale.max(FRESH_SECONDS);
        let usable = self.held.as_ref();
        let Some(held) = usable.filter(|held| is_within(now - held.fetched_at, oldest)) else {
            return if fetches.is_barred(lookup) {
                Lookup::Unavailable
            } else {
                Lookup::Fetch
            };
        };
        let age = now - held.fetched_at;
        let may_fetch =
            !fetches.is_barred(lookup) && !fetches.is_pending(LONGEST_FETCH_SECONDS, now);
        if age >= FRESH_SECONDS && may_fetch {
            return Lookup::Fetch;
        }
        let recent = fetches.within(SECONDS_BETWEEN_ATTEMPTS, now);
        match held.set.find(kid) {
            Ok(key) if (AGEING_SECONDS..FRESH_SECONDS).contains(&age) && recent.is_none() => {
                Lookup::Ageing(key)
            }
            Ok(key) => Lookup::Found(key),
            Err(refusal)
                if held
                    .asked_at
                    .is_some_and(|asked| asked >= lookup.check_began) =>
            {
                Lookup::Unknown(refusal)
            }
            Err(refusal) => match recent {
                Some(Outcome::Pending) if fetches.is_pending(TAKEN_OVER_SECONDS, now) => {
                    Lookup::Wait
                }
                None | Some(Outcome::Pending) => Lookup::Fetch,
                Some(Outcome::Succeeded) => Lookup::NotYetKnown(refusal),
                Some(Outcome::Failed) => Lookup::Unavailable,
            },
        }
    }

    /// Stores the keys that the caller provides, and removes all verified and forged tokens.
    pub fn set_provided(&mut self, set: JwkSet, is_pinned: bool) {
        self.provided = Some(Provided { set, is_pinned });
        self.forget_tokens();
    }

    /// Returns whether keys of the caller are stored.
    #[must_use]
    pub fn has_provided(&self) -> bool {
        self.provided.is_some()
    }

    /// Returns whether keys are loaded already: the caller provided keys, or the fetched keys are fresh.
    #[must_use]
    pub fn is_loaded(&self, now: UnixSeconds) -> bool {
        let held = self.held.as_ref();
        self.has_provided()
            || held.is_some_and(|held| is_within(now - held.fetched_at, FRESH_SECONDS))
    }

    /// Returns the JSON text of the key set in use: the pinned set, or else the fetched set, or else the provided set.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        let provided = self.provided.as_ref();
        let pinned = provided.filter(|provided| provided.is_pinned);
        let pinned = pinned.map(|provided| &provided.set);
        let fetched = || self.held.as_ref().map(|held| &held.set);
        let set = pinned.or_else(fetched);
        Some(
            set.or_else(|| provided.map(|provided| &provided.set))?
                .text(),
        )
    }

    /// Returns the tokens that the keys of the set have verified.
    pub fn verified(&mut self) -> &mut VerifiedTokens {
        &mut self.verified
    }

    /// Returns the `kid` of a token whose signature was refused before.
    pub(super) fn known_forgery(&mut self, token: &str, limits: CacheLimits) -> Option<String> {
        let known = (!limits.is_disabled()).then(|| self.forged.find(token));
        known.flatten().map(ToOwned::to_owned)
    }

    /// Stores a token whose signature was refused by the key with this `kid`.
    pub(super) fn remember_forgery(&mut self, token: &str, kid: &str, limits: CacheLimits) {
        if !limits.is_disabled() {
            self.forged.store(token, kid);
        }
    }

    /// Returns the tokens whose signatures the keys of the set refused.
    pub fn forged(&mut self) -> &mut ForgedTokens {
        &mut self.forged
    }

    /// Returns the counter of calls to the API for tokens whose key is unavailable.
    pub fn remote_calls(&mut self) -> &mut RemoteCalls {
        &mut self.remote_calls
    }

    /// Stores the set of the fetch that began at `began`, unless the set of a later fetch is already stored.
    pub fn store(&mut self, set: JwkSet, began: UnixSeconds) {
        if self.fetches.accept(began) {
            self.hold(set, began, Some(began));
        }
    }

    /// Stores a set that another isolate fetched at `fetched_at`, which is in the past, if it is newer than the stored
    /// set.
    pub fn recall(&mut self, set: JwkSet, fetched_at: UnixSeconds) {
        if self.fetches.recall(fetched_at) {
            self.hold(set, fetched_at, None);
        }
    }

    pub(super) fn fetches(&mut self) -> &mut Fetches {
        &mut self.fetches
    }

    fn hold(&mut self, set: JwkSet, fetched_at: UnixSeconds, asked_at: Option<UnixSeconds>) {
        self.held = Some(Held {
            set,
            fetched_at,
            asked_at,
        });
        self.forget_tokens();
    }

    fn forget_tokens(&mut self) {
        self.verified.clear();
        self.forged.clear();
    }
}

/// The age up to which a set is fresh.
pub(super) const FRESH_SECONDS: UnixSeconds = 600.0;
/// The age at which a fresh set is fetched again in the background.
const AGEING_SECONDS: UnixSeconds = 540.0;
const SECONDS_BETWEEN_ATTEMPTS: UnixSeconds = 30.0;
/// After this time a fetch has ended: its time limit is shorter.
const LONGEST_FETCH_SECONDS: UnixSeconds = 10.0;
/// The time that a check waits for the fetch of another check, which may have been cancelled.
const TAKEN_OVER_SECONDS: UnixSeconds = 2.0;

#[cfg(test)]
mod tests;
