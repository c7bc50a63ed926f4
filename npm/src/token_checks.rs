//! The checks that need the project's secret, or that are of access tokens.

use std::sync::Arc;

use stytch_edge::{
    client::{Config, Requirement},
    flow::{AuthenticatedJwt, JwtCheck, Times, TokenCheck},
    session::TokenKind,
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    checks::{asked, limit_of, quoted, session_name, text_of},
    failure::Failure,
    options::Asked,
    platform::{Host, core},
    registry::with_config,
    tasks::{self, Done, Returned},
};

/// Checks the token of a Connected App. Returns its claims.
#[wasm_bindgen]
pub fn introspect_token_local(
    client: usize,
    host: Host,
    token: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let (requirement, times) = asked(&config, options)?;
        let kind = TokenKind::ConnectedApp;
        begun(config, host, kind, token, requirement, times)
    })
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

/// Begins the check of a token of this kind.
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
        let accepted = core(config, host).check(&question).await;
        Ok(Done::Accepted(accepted.map_err(Failure::from)?))
    }))
}
