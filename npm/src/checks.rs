//! The local checks of session JWTs, and what all checks of tokens share.

use std::sync::Arc;

use stytch_edge::{
    client::{Accepted, ClientError, Config, Reason, Requirement},
    flow::{Times, TokenCheck},
    jwt::{MAX_TOKEN_BYTES, Refusal as JwtRefusal},
    session::{Product, Refusal, TokenKind},
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    failure::Failure,
    numbers::{self, Token},
    options::Asked,
    platform::{Host, core},
    registry::with_config,
    tasks::{self, Done, Returned},
};

/// Checks a session JWT. `token` is UTF-8, `options` JSON text of [`Asked`]. A `number` other than 0 replaces the token.
/// Returns the session, or the results of [`numbers`].
#[wasm_bindgen]
pub fn authenticate_jwt_local(
    client: usize,
    host: Host,
    token: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
    number: u32,
) -> Returned {
    with_config(client, |config| {
        let (requirement, times) = asked(&config, options)?;
        let Some(token) = session_jwt(token, number)? else {
            return Ok(JsValue::FALSE);
        };
        let kind = TokenKind::Session;
        Ok(begun(config, host, kind, token, requirement, times))
    })
}

/// Checks a session JWT immediately, with the keys that are available.
#[wasm_bindgen]
pub fn authenticate_jwt_local_now(
    client: usize,
    host: Host,
    token: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
    number: u32,
) -> Returned {
    with_config(client, |config| {
        let (requirement, times) = asked(&config, options)?;
        let Some(token) = session_jwt(token, number)? else {
            return Ok(JsValue::FALSE);
        };
        let question = TokenCheck {
            token: &token,
            kind: TokenKind::Session,
            requirement: &requirement,
            times,
        };
        let accepted = core(config, host).check_now(&question)?;
        Ok(tasks::finished(Ok(session(&accepted, &token))))
    })
}

/// The token, or the token with this number; `None` if the number is not in use.
fn session_jwt(token: Option<Vec<u8>>, number: u32) -> Result<Option<Token>, ClientError> {
    match number {
        0 => text_of(token).map(|text| Some(Token::Text(text))),
        _ => Ok(numbers::token(number).map(Token::Known)),
    }
}

/// Begins the check of a token of this kind. All exports share it, so that its future is in the wasm once. Only a session has
/// a number: TypeScript does not keep the numbers of other results.
pub(crate) fn begun(
    config: Arc<Config>,
    host: Host,
    kind: TokenKind,
    token: Token,
    requirement: Requirement,
    times: Times,
) -> JsValue {
    tasks::begin(limit_of(&config), async move {
        let question = TokenCheck {
            token: &token,
            kind,
            requirement: &requirement,
            times,
        };
        let accepted = core(config, host).check(&question).await;
        let accepted = accepted.map_err(Failure::from)?;
        Ok(match kind {
            TokenKind::Session => session(&accepted, &token),
            TokenKind::ConnectedApp | TokenKind::Machine => Done::Accepted(accepted),
        })
    })
}

fn session(accepted: &Accepted, token: &Token) -> Done {
    let text = || accepted.json().to_owned();
    numbers::done(Some(accepted), token.known(), None, text)
}

/// The requirement and the times in the options of a check.
pub(crate) fn asked(
    config: &Config,
    options: Option<Vec<u8>>,
) -> Result<(Requirement, Times), ClientError> {
    let options = Asked::read(options.as_deref())?;
    Ok((
        options.requirement(config.issuer.product)?,
        options.times()?,
    ))
}

/// The text of a token. A token that is absent, not UTF-8 or too long is refused: TypeScript
/// copies only the beginning of a long token into wasm, because the memory of wasm never shrinks.
pub(crate) fn text_of(token: Option<Vec<u8>>) -> Result<String, ClientError> {
    let token = token.ok_or_else(|| ClientError::refused(Reason::NoCredentials))?;
    let refused = |refusal| ClientError::refused(Reason::Token(Refusal::Jwt(refusal)));
    if token.len() > MAX_TOKEN_BYTES {
        return Err(refused(JwtRefusal::TooLong));
    }
    String::from_utf8(token).map_err(|_| refused(JwtRefusal::Malformed))
}

/// The name of the session in results.
pub(crate) fn session_name(product: Product) -> &'static str {
    match product {
        Product::Consumer => "session",
        Product::B2b => "member_session",
    }
}

/// A text as JSON.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// The time limit of a flow, in milliseconds: for a load and two requests.
pub(crate) fn limit_of(config: &Arc<Config>) -> u32 {
    config.time_limit_ms().saturating_mul(3)
}
