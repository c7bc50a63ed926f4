//! The checks that need the project's secret, or that are of access tokens.

use stytch_edge::{
    client::Requirement,
    flow::{AuthenticatedJwt, JwtCheck},
    session::TokenKind,
};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    checks::{asked, begun, limit_of, quoted, session_name, text_of},
    numbers::Token,
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
        let (kind, token) = (TokenKind::ConnectedApp, Token::Text(text_of(token)?));
        Ok(begun(config, host, kind, token, requirement, times))
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
        let (kind, token) = (TokenKind::Machine, Token::Text(text_of(token)?));
        Ok(begun(config, host, kind, token, requirement, times))
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
