//! Keys and policies ahead of the first check, the state of the isolate, and the rights of a session.

use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    checks::limit_of,
    options::{Asked, no_permission},
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

/// The key set as it was served, fetched if need be.
#[wasm_bindgen]
pub fn export_keys(client: usize, host: Host) -> Returned {
    with_config(client, |config| {
        Ok(tasks::begin(limit_of(&config), async move {
            Ok(Done::Json(core(config, host).export_keys().await?))
        }))
    })
}

/// Fetches the project's policy, and that of an organization if one is named, unless there are fresh ones.
#[wasm_bindgen]
pub fn load_policies(client: usize, host: Host, organization_id: Option<String>) -> Returned {
    with_config(client, |config| {
        Ok(tasks::begin(limit_of(&config), async move {
            let core = core(config, host);
            core.load_policies(organization_id.as_deref()).await?;
            Ok(Done::nothing())
        }))
    })
}

/// Why a session's roles, or the scopes of an app's claims, allow something or do not. `held` is JSON text of what
/// decides of the session or the claims, `check` that of [`Asked`].
#[wasm_bindgen]
pub fn explain(client: usize, host: Host, held: String, check: Option<Vec<u8>>) -> Returned {
    with_config(client, |config| {
        let check = Asked::read(check.as_deref())?.permission(config.issuer.product)?;
        let check = check.ok_or_else(no_permission)?;
        let explanation = core(config, host).explain(&held, &check)?;
        Ok(tasks::finished(Ok(Done::Json(explanation))))
    })
}

/// Forgets the keys, policies, remembered tokens and M2M access tokens that a client uses.
#[wasm_bindgen]
pub fn reset(client: usize, host: Host) -> Returned {
    with_config(client, |config| {
        core(config, host).reset();
        Ok(tasks::finished(Ok(Done::nothing())))
    })
}
