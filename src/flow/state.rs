//! The state of the isolate: what its clients know of projects, requests in flight, and M2M access tokens.
//!
//! One for each thread, which in JavaScript runtimes is the isolate.

use std::cell::RefCell;

use super::{access_tokens::AccessTokens, loads::InFlight};
use crate::{
    client::{KeySource, ProvidedKeys, Recent, Scopes},
    session::Issuer,
};

/// All of it.
pub(super) struct Isolate {
    pub(super) scopes: Scopes,
    pub(super) in_flight: InFlight,
    pub(super) access_tokens: AccessTokens,
    sources: Recent<OwnKeys, u32>,
    last_source: u32,
}

/// Where the keys of a client come from, if not from the API, or that its state is its own. The keys of such a client
/// verify no token of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnKeys {
    /// Whose tokens they verify.
    pub issuer: Issuer,
    /// Keys that the client provides.
    pub provided: Option<ProvidedKeys>,
    /// Where the client wants the key set from.
    pub jwks_url: Option<String>,
    /// A number of the client's own, if it shares no state.
    pub isolated: Option<u32>,
}

thread_local! {
    static ISOLATE: RefCell<Isolate> = const {
        RefCell::new(Isolate {
            scopes: Scopes::new(),
            in_flight: InFlight::new(),
            access_tokens: AccessTokens::new(),
            sources: Recent::new(MAX_SOURCES),
            last_source: 0,
        })
    };
}

/// Reads or changes what is known of projects. `work` must not call a flow or a platform: the state is borrowed.
pub fn with_state<R>(work: impl FnOnce(&mut Scopes) -> R) -> R {
    with_isolate(|isolate| work(&mut isolate.scopes))
}

/// The source that stands for these keys: the same for equal ones, as long as no more than 256 others were used since.
#[must_use]
pub fn source_of(keys: OwnKeys) -> KeySource {
    let has_seed = keys.provided.is_some();
    if !has_seed && keys.jwks_url.is_none() && keys.isolated.is_none() {
        return KeySource::default();
    }
    with_isolate(|isolate| {
        let number = *isolate.sources.get_or_insert(
            |known| *known == keys,
            || {
                isolate.last_source += 1;
                (keys.clone(), isolate.last_source)
            },
        );
        KeySource { number, has_seed }
    })
}

pub(super) fn with_isolate<R>(work: impl FnOnce(&mut Isolate) -> R) -> R {
    ISOLATE.with_borrow_mut(work)
}

/// As many as there are caches for keys.
const MAX_SOURCES: usize = 256;
