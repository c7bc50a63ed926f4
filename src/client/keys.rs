//! When to fetch a project's key set, and which key of it judges a token.
//!
//! Does not fetch: it is told of fetches and of what came back. Time is passed in.

use super::{
    RemoteCalls, VerifiedTokens,
    fetches::{Asking, Fetches, Outcome, is_within},
};
use crate::{
    crypto::RsaPublicKey,
    jwt::{JwkSet, Refusal, UnixSeconds},
};

/// The key set of one project, as old as it is.
#[derive(Debug, Default)]
pub struct KeyCache {
    /// What the caller brought, which needs no fetch and does not grow old.
    seed: Option<Seed>,
    held: Option<Held>,
    fetches: Fetches,
    /// What the keys of the set have verified.
    verified: VerifiedTokens,
    /// The calls of the API that were made for tokens whose key is unavailable.
    remote_calls: RemoteCalls,
}

#[derive(Debug)]
struct Seed {
    set: JwkSet,
    /// Whether these keys are all there are.
    is_pinned: bool,
}

/// The set that was fetched last.
#[derive(Debug)]
struct Held {
    set: JwkSet,
    /// When it was asked for, here or in another isolate.
    fetched_at: UnixSeconds,
    /// The same if it was here, by this clock: what another isolate fetched has not the
    /// last word on what is unknown.
    asked_at: Option<UnixSeconds>,
}

/// What to do about a `kid`.
#[derive(Debug)]
pub enum Lookup<'a> {
    /// This key judges the token.
    Found(&'a RsaPublicKey),
    /// This key judges the token, and its set is to be fetched again behind the scenes.
    Ageing(&'a RsaPublicKey),
    /// Fetch the key set, then ask again.
    Fetch,
    /// Somebody fetches the key set: ask again in a moment.
    Wait,
    /// A set that was asked for since the check began has no such key, or several.
    Unknown(Refusal),
    /// Neither has the set here, and it is too early to ask for another.
    NotYetKnown(Refusal),
    /// A set that might have the key could not be had just now.
    Unavailable,
}

impl KeyCache {
    /// Looks for the key of a token.
    ///
    /// A set is good for ten minutes, and in the last of them it is fetched again behind
    /// the scenes. After that it is fetched first, and until that succeeds the old keys
    /// judge on, for as long as the caller allows: an outage of the key endpoint is no
    /// reason to turn visitors away. A `kid` that the set does not have is worth a fetch,
    /// because keys rotate, but only every half minute, because anybody can make up a
    /// `kid`. Only a set that was asked for after the token came has the last word on
    /// it: an outage is no verdict, and neither is a set from before a rotation. A clock
    /// that went back makes ages negative, and those count as old.
    ///
    /// The keys that a caller brought come first, and where they are pinned, last.
    #[must_use]
    pub fn find(&self, kid: Option<&str>, asking: Asking) -> Lookup<'_> {
        if let Some(seed) = &self.seed {
            match seed.set.find(kid) {
                Ok(key) => return Lookup::Found(key),
                Err(refusal) if seed.is_pinned => return Lookup::Unknown(refusal),
                Err(_) => {}
            }
        }
        let (now, fetches) = (asking.now, &self.fetches);
        let oldest = asking.lifetimes.max_stale.max(FRESH_SECONDS);
        let usable = self.held.as_ref();
        let Some(held) = usable.filter(|held| is_within(now - held.fetched_at, oldest)) else {
            return if fetches.is_barred(asking) {
                Lookup::Unavailable
            } else {
                Lookup::Fetch
            };
        };
        let age = now - held.fetched_at;
        let may_fetch =
            !fetches.is_barred(asking) && !fetches.is_pending(LONGEST_FETCH_SECONDS, now);
        if age >= FRESH_SECONDS && may_fetch {
            return Lookup::Fetch;
        }
        let recent = fetches.within(SECONDS_BETWEEN_ATTEMPTS, now);
        match held.set.find(kid) {
            Ok(key) if (AGEING_SECONDS..FRESH_SECONDS).contains(&age) && recent.is_none() => {
                Lookup::Ageing(key)
            }
            Ok(key) => Lookup::Found(key),
            Err(refusal) if held.asked_at.is_some_and(|asked| asked >= asking.came) => {
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

    /// Whether loading the keys ahead of the first check needs no fetch: the caller provided keys,
    /// or the fetched ones are fresh.
    #[must_use]
    pub fn is_loaded(&self, now: UnixSeconds) -> bool {
        let held = self.held.as_ref();
        self.is_seeded() || held.is_some_and(|held| is_within(now - held.fetched_at, FRESH_SECONDS))
    }

    /// The set that verifies tokens, as it was served: the fetched one, or else the one that
    /// the caller provided, which also is the only one if it is pinned.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        let provided = self.seed.as_ref();
        let pinned = provided.filter(|seed| seed.is_pinned).map(|seed| &seed.set);
        let fetched = || self.held.as_ref().map(|held| &held.set);
        let set = pinned.or_else(fetched);
        Some(set.or_else(|| provided.map(|seed| &seed.set))?.text())
    }

    /// The tokens that the keys of the set have verified.
    pub fn verified(&mut self) -> &mut VerifiedTokens {
        &mut self.verified
    }

    /// The calls of the API that were made for tokens whose key is unavailable.
    pub fn remote_calls(&mut self) -> &mut RemoteCalls {
        &mut self.remote_calls
    }

    /// Takes the set that the fetch that began at `began` brought, unless a later
    /// fetch was faster.
    pub fn store(&mut self, set: JwkSet, began: UnixSeconds) {
        if self.fetches.take(began) {
            self.hold(set, began, Some(began));
        }
    }

    /// Takes a set that another isolate fetched at `fetched_at`, which is in the past,
    /// unless what is here is as new.
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
        self.verified.clear();
    }
}

/// How long a set is good.
pub(super) const FRESH_SECONDS: UnixSeconds = 600.0;
/// From which age on it is fetched again behind the scenes.
const AGEING_SECONDS: UnixSeconds = 540.0;
const SECONDS_BETWEEN_ATTEMPTS: UnixSeconds = 30.0;
/// Longer than a fetch may take.
const LONGEST_FETCH_SECONDS: UnixSeconds = 10.0;
/// How long one waits for another's fetch, whose request may have been cancelled.
const TAKEN_OVER_SECONDS: UnixSeconds = 2.0;

#[cfg(test)]
mod tests;
