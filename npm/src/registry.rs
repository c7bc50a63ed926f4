//! The configurations of clients. Each configuration crosses once. Later calls pass the number of its slot.

use std::{cell::RefCell, sync::Arc};

use stytch_edge::{
    client::{ClientError, Config, CookieRules, MAX_RESPONSE_BYTES, ProvidedKeys, Secret},
    flow::{KeySettings, source_of},
    session::Issuer,
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    failure::Failure,
    options::ClientConfig,
    tasks::{Done, Outcome, Returned, finished},
};

thread_local! {
    static CONFIGS: RefCell<Vec<Option<Arc<Config>>>> = const { RefCell::new(Vec::new()) };
}

/// Puts a configuration into a slot, and replaces the previous one. TypeScript chooses the slots, and limits their number.
#[wasm_bindgen]
pub fn register(slot: usize, config: JsValue) -> Returned {
    Ok(finished(registered(slot, config).map(|()| Done::nothing())))
}

fn registered(slot: usize, config: JsValue) -> Result<(), Failure> {
    let given: ClientConfig = serde_wasm_bindgen::from_value(config)
        .map_err(|_| Failure::internal("the configuration could not be read"))?;
    let config = Arc::new(config_of(given)?);
    CONFIGS.with_borrow_mut(|configs| {
        if configs.len() <= slot {
            configs.resize_with(slot + 1, || None);
        }
        if let Some(place) = configs.get_mut(slot) {
            *place = Some(config);
        }
    });
    Ok(())
}

/// The configuration in a slot.
pub(crate) fn config_in(slot: usize) -> Result<Arc<Config>, Failure> {
    let found = CONFIGS.with_borrow(|configs| configs.get(slot)?.clone());
    found.ok_or_else(|| Failure::internal("the client is not registered"))
}

/// Calls `run` with the configuration in a slot.
pub(crate) fn with_config(
    slot: usize,
    run: impl FnOnce(Arc<Config>) -> Result<JsValue, Failure>,
) -> Returned {
    let step = config_in(slot).and_then(run);
    Ok(step.unwrap_or_else(|failure| finished(Outcome::Err(failure))))
}

fn config_of(given: ClientConfig) -> Result<Config, ClientError> {
    let (lifetimes, token_cache) = (given.lifetimes(), given.token_cache());
    let (timeout_ms, retries) = (given.timeout_ms(), given.retries());
    let call_timeout_ms = given.call_timeout_ms();
    let refreshes = given.refreshes();
    let (product, remote_fallback) = (given.product(), given.remote_fallback());
    let provided_keys = given.jwks.map(|text| ProvidedKeys {
        text,
        is_pinned: given.jwks_pinned,
    });
    let cookies = given.cookies.as_deref().map(CookieRules::read);
    let cookies = cookies.transpose()?;
    let mut config = Config {
        issuer: Issuer {
            product,
            project_id: given.project_id,
            base_url: given.base_url,
        },
        secret: Secret::new(given.secret),
        origin: given.origin,
        fraud_origin: given.fraud_origin,
        timeout_ms,
        call_timeout_ms,
        retries,
        max_response_bytes: given.max_response_bytes.unwrap_or(MAX_RESPONSE_BYTES),
        source: Default::default(),
        provided_keys,
        jwks_url: given.jwks_url,
        lifetimes,
        token_cache,
        remote_fallback,
        refreshes,
        cookies: cookies.map(|rules| *rules).unwrap_or_default(),
    };
    config.source = source_of(KeySettings {
        issuer: config.issuer.clone(),
        provided: config.provided_keys.clone(),
        jwks_url: config.jwks_url.clone(),
        isolated: given.isolated,
    });
    Ok(config)
}
