//! M2M access tokens that are kept and renewed in time.

use stytch_edge::flow::{AccessTokenSource, ForgetToken};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    checks::{limit_of, quoted},
    platform::{Host, core},
    registry::with_config,
    tasks::{self, Done, Returned},
};

/// An access token that is valid now.
#[wasm_bindgen]
pub fn access_token(
    client: usize,
    host: Host,
    client_id: String,
    client_secret: String,
    scopes: Vec<String>,
    refresh_ahead_seconds: f64,
    provider: u32,
) -> Returned {
    let source = AccessTokenSource {
        client_id,
        client_secret,
        scopes,
        refresh_ahead_seconds,
        provider,
    };
    with_config(client, |config| {
        Ok(tasks::begin(limit_of(&config), async move {
            let token = core(config, host).access_token(&source).await?;
            Ok(Done::Json(quoted(&token)))
        }))
    })
}

/// Forgets a token: the kept one, or with a `token` only that one.
#[wasm_bindgen]
pub fn forget_access_token(
    client: usize,
    host: Host,
    client_id: String,
    client_secret: String,
    scopes: Vec<String>,
    token: Option<String>,
) -> Returned {
    let source = AccessTokenSource {
        client_id,
        client_secret,
        scopes,
        refresh_ahead_seconds: 0.0,
        provider: 0,
    };
    with_config(client, |config| {
        let which = token
            .as_deref()
            .map_or(ForgetToken::Any, ForgetToken::Exactly);
        core(config, host).forget_access_token(&source, which);
        Ok(tasks::finished(Ok(Done::nothing())))
    })
}
