//! Isolate state: the key sets, policies and verified tokens of projects, the requests in flight, M2M access tokens, and the
//! limits for refreshes and retries.
//!
//! Each thread has its own state. In JavaScript runtimes a thread is an isolate.

use std::cell::RefCell;

use super::{access_tokens::AccessTokens, loads::InFlight, refreshes::RefreshesInFlight};
use crate::{
    client::{IsolateState, KeySource, ProvidedKeys, Recent, Refreshes, RetryBudgets},
    session::Issuer,
};

/// The whole state of an isolate.
pub(super) struct Isolate {
    pub(super) state: IsolateState,
    pub(super) in_flight: InFlight,
    pub(super) access_tokens: AccessTokens,
    pub(super) refreshes: Refreshes,
    pub(super) refreshes_in_flight: RefreshesInFlight,
    pub(super) retries: RetryBudgets,
    sources: Recent<KeySettings, u32>,
    last_source: u32,
}

/// The settings by which a client has keys of its own: provided keys, another key set URL, or isolation. Keys of such a
/// client never verify tokens of another client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySettings {
    /// The project whose tokens the keys verify.
    pub issuer: Issuer,
    /// The keys of the option `jwks`.
    pub provided: Option<ProvidedKeys>,
    /// The URL of the key set, of the option `jwks_url`.
    pub jwks_url: Option<String>,
    /// A unique number of the client, if the option `isolated` is set.
    pub isolated: Option<u32>,
}

thread_local! {
    static ISOLATE: RefCell<Isolate> = const {
        RefCell::new(Isolate {
            state: IsolateState::new(),
            in_flight: InFlight::new(),
            access_tokens: AccessTokens::new(),
            refreshes: Refreshes::new(),
            refreshes_in_flight: RefreshesInFlight::new(),
            retries: RetryBudgets::new(),
            sources: Recent::new(MAX_SOURCES),
            last_source: 0,
        })
    };
}

/// Calls `work` with the caches of all projects. `work` must not call a flow or a platform: the state is borrowed.
pub fn with_state<R>(work: impl FnOnce(&mut IsolateState) -> R) -> R {
    with_isolate(|isolate| work(&mut isolate.state))
}

/// Returns the number of a key source. Equal settings return the same number, unless 256 other sources were used in the
/// meantime.
#[must_use]
pub fn source_of(keys: KeySettings) -> KeySource {
    let has_provided_keys = keys.provided.is_some();
    let is_isolated = keys.isolated.is_some();
    if !has_provided_keys && keys.jwks_url.is_none() && keys.isolated.is_none() {
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
        KeySource {
            number,
            has_provided_keys,
            is_isolated,
        }
    })
}

pub(super) fn with_isolate<R>(work: impl FnOnce(&mut Isolate) -> R) -> R {
    ISOLATE.with_borrow_mut(work)
}

/// Equal to the number of key caches of an isolate.
const MAX_SOURCES: usize = 256;
