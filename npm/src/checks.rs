//! The checks of tokens.

use std::sync::Arc;

use stytch_edge::{
    client::{Accepted, ClientError, Config, Reason, Requirement},
    flow::{AuthenticatedJwt, JwtCheck, LoadFailure, Times, TokenCheck},
    jwt::{MAX_TOKEN_BYTES, Refusal as JwtRefusal},
    session::{Product, Refusal, TokenKind},
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    failure::Failure,
    options::Asked,
    platform::{Host, core},
    registry::with_config,
    tasks::{self, Done, Outcome, Returned},
};

/// Checks a session JWT. `token` is UTF-8, `options` JSON text of [`Asked`]. Returns the session.
#[wasm_bindgen]
pub fn authenticate_jwt_local(
    client: usize,
    host: Host,
    token: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
) -> Returned {
    check(client, host, TokenKind::Session, token, options)
}

/// Checks a session JWT immediately, with the keys that are available.
#[wasm_bindgen]
pub fn authenticate_jwt_local_now(
    client: usize,
    host: Host,
    token: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let (requirement, times) = asked(&config, options)?;
        let token = text_of(token)?;
        let question = TokenCheck {
            token: &token,
            kind: TokenKind::Session,
            requirement: &requirement,
            times,
        };
        let accepted = core(config, host).check_now(&question)?;
        Ok(tasks::finished(Ok(Done::Accepted(accepted))))
    })
}

/// Checks the token of a Connected App. Returns its claims.
#[wasm_bindgen]
pub fn introspect_token_local(
    client: usize,
    host: Host,
    token: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
) -> Returned {
    check(client, host, TokenKind::ConnectedApp, token, options)
}

/// Checks an M2M token. Returns its content. If `compares_scopes`, the caller's own code compares the scopes.
#[wasm_bindgen]
pub fn authenticate_token(
    client: usize,
    host: Host,
    token: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
    compares_scopes: bool,
) -> Returned {
    with_config(client, |config| {
        let options = Asked::read(options.as_deref())?;
        let (scopes, times) = (options.scopes()?, options.times()?);
        let requirement = if compares_scopes {
            Requirement::Nothing
        } else {
            scopes
        };
        begun(config, host, TokenKind::Machine, token, requirement, times)
    })
}

/// Checks a session JWT locally if possible, and by the API if not. `options` is JSON text of [`Asked`]. Returns the
/// session and its JWT, or the API's whole response.
#[wasm_bindgen]
pub fn authenticate_jwt(
    client: usize,
    host: Host,
    token: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let options = Asked::read(options.as_deref())?;
        let (requirement, times) = (
            options.requirement(config.issuer.product)?,
            options.times()?,
        );
        let token = token.map(|token| text_of(Some(token))).transpose();
        let limit_ms = limit_of(&config);
        let remote_fallback = options.remote_fallback()?;
        let session_duration_minutes = options.session_duration_minutes()?;
        let session_custom_claims = options.session_custom_claims()?;
        Ok(tasks::begin(limit_ms, async move {
            let token = token?;
            let question = JwtCheck {
                session_jwt: token.as_deref(),
                requirement: &requirement,
                times,
                remote_fallback,
                session_duration_minutes: session_duration_minutes.as_deref(),
                session_custom_claims: session_custom_claims.as_deref(),
            };
            let name = session_name(config.issuer.product);
            Ok(Done::Json(
                match core(config, host).authenticate_jwt(&question).await? {
                    AuthenticatedJwt::Local(accepted) => {
                        let session_jwt = quoted(token.as_deref().unwrap_or_default());
                        let session = accepted.json();
                        format!("{{\"{name}\":{session},\"session_jwt\":{session_jwt}}}")
                    }
                    AuthenticatedJwt::Remote(body) => body,
                },
            ))
        }))
    })
}

fn check(
    client: usize,
    host: Host,
    kind: TokenKind,
    token: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let (requirement, times) = asked(&config, options)?;
        begun(config, host, kind, token, requirement, times)
    })
}

fn begun(
    config: Arc<Config>,
    host: Host,
    kind: TokenKind,
    token: Option<Vec<u8>>,
    requirement: Requirement,
    times: Times,
) -> Result<JsValue, Failure> {
    let token = text_of(token)?;
    Ok(tasks::begin(limit_of(&config), async move {
        let question = TokenCheck {
            token: &token,
            kind,
            requirement: &requirement,
            times,
        };
        json(core(config, host).check(&question).await)
    }))
}

fn asked(config: &Config, options: Option<Vec<u8>>) -> Result<(Requirement, Times), ClientError> {
    let options = Asked::read(options.as_deref())?;
    Ok((
        options.requirement(config.issuer.product)?,
        options.times()?,
    ))
}

/// The result of a check.
pub(crate) fn json(accepted: Result<Accepted, LoadFailure>) -> Outcome {
    let accepted = accepted.map_err(Failure::from)?;
    Ok(Done::Accepted(accepted))
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
