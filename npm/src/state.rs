//! The loading of keys before the first check, and the reset of the isolate state.

use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    checks::limit_of,
    numbers,
    platform::{Host, core},
    registry::with_config,
    tasks::{self, Done, Returned},
};

/// Fetches the key set, unless there is a fresh one or the client provides keys.
#[wasm_bindgen]
pub fn load_keys(client: usize, host: Host) -> Returned {
    with_config(client, |config| {
        Ok(tasks::begin(limit_of(&config), async move {
            core(config, host).load_keys().await?;
            Ok(Done::nothing())
        }))
    })
}

/// Deletes the keys, policies, remembered tokens and M2M access tokens that a client uses.
#[wasm_bindgen]
pub fn reset(client: usize, host: Host) -> Returned {
    with_config(client, |config| {
        core(config, host).reset();
        numbers::forget();
        Ok(tasks::finished(Ok(Done::nothing())))
    })
}
