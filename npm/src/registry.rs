//! The configurations of clients. Each configuration crosses once. Later calls pass the number of its slot.

use std::{cell::RefCell, sync::Arc};

use stytch_edge::client::Config;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    failure::Failure,
    settings::config_of,
    tasks::{Done, Outcome, Returned, finished},
};

thread_local! {
    static CONFIGS: RefCell<Vec<Option<Arc<Config>>>> = const { RefCell::new(Vec::new()) };
}

/// Puts a configuration, which is JSON text, into a slot, and replaces the previous one. TypeScript chooses the slots, and
/// limits their number.
#[wasm_bindgen]
pub fn register(slot: usize, config: Vec<u8>) -> Returned {
    Ok(finished(
        registered(slot, &config).map(|()| Done::nothing()),
    ))
}

fn registered(slot: usize, config: &[u8]) -> Result<(), Failure> {
    let config = Arc::new(config_of(config)?);
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
