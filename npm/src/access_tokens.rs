//! M2M access tokens, which are cached and renewed before they expire.

use stytch_edge::{
    client::ClientError,
    flow::{AccessTokenSource, ForgetToken},
};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    checks::{limit_of, quoted},
    given::Given,
    options::Asked,
    platform::{Host, core},
    registry::with_config,
    tasks::{self, Done, Returned},
};

/// Refuses invalid options of a token provider. `options` is JSON text of [`Asked`], here and below.
#[wasm_bindgen]
pub fn check_token_provider(options: Option<Vec<u8>>) -> Returned {
    let source = source_in(options).map(|_| Done::nothing());
    Ok(tasks::finished(source.map_err(Into::into)))
}

/// Returns a valid access token.
#[wasm_bindgen]
pub fn access_token(client: usize, host: Host, options: Option<Vec<u8>>) -> Returned {
    with_config(client, |config| {
        let source = source_in(options)?;
        Ok(tasks::begin(limit_of(&config), async move {
            let token = core(config, host).access_token(&source).await?;
            Ok(Done::Json(quoted(&token)))
        }))
    })
}

/// Deletes the cached token. With a `token`, deletes it only if it is that token.
#[wasm_bindgen]
pub fn forget_access_token(
    client: usize,
    host: Host,
    options: Option<Vec<u8>>,
    token: Option<String>,
) -> Returned {
    with_config(client, |config| {
        let source = source_in(options)?;
        let which = token
            .as_deref()
            .map_or(ForgetToken::Any, ForgetToken::Exactly);
        core(config, host).forget_access_token(&source, which);
        Ok(tasks::finished(Ok(Done::nothing())))
    })
}

fn source_in(options: Option<Vec<u8>>) -> Result<AccessTokenSource, ClientError> {
    let options = Asked::read(options.as_deref())?;
    let ahead = options.option("refresh_ahead_seconds").seconds()?;
    let source = AccessTokenSource {
        client_id: credential(options.option("client_id"))?,
        client_secret: credential(options.option("client_secret"))?,
        scopes: options.option("scopes").strings()?.unwrap_or_default(),
        refresh_ahead_seconds: ahead.unwrap_or(REFRESH_AHEAD_SECONDS),
    };
    source.check()?;
    Ok(source)
}

fn credential(option: Given<'_>) -> Result<String, ClientError> {
    let text = option.string(CREDENTIAL)?;
    text.filter(|text| !text.is_empty())
        .ok_or_else(|| option.must_be(CREDENTIAL))
}

const CREDENTIAL: &str = "a non-empty string";
const REFRESH_AHEAD_SECONDS: f64 = 60.0;
