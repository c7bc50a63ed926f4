//! The cookies of sessions that begin or end by a call of the API.

use stytch_edge::{
    client::{ClientError, LogInCookies, NewSession, ReturnTo, log_out_cookies},
    jwt::JsonObject,
    session::Product,
};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    given::{self, Given},
    options::Asked,
    platform::{Host, core},
    registry::with_config,
    requests::headers,
    tasks::{self, Done, Returned},
};

/// The lines that set the cookies of a session that has just begun. `begun` is JSON text of the used part of the result,
/// `options` of [`Asked`]. Returns the lines.
#[wasm_bindgen]
pub fn session_cookies(
    client: usize,
    host: Host,
    begun: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let result = Asked::read(begun.as_deref())?;
        let session_jwt = text_of_result(result.option("session_jwt"))?;
        let session_token = text_of_result(result.option("session_token"))?;
        let session = match config.issuer.product {
            Product::Consumer => result.option("session"),
            Product::B2b => result.option("member_session"),
        };
        // `oauth.authenticate` has another name for it.
        let session = session.value().or(result.option("user_session").value());
        let session = session.and_then(|session| JsonObject::nested(session).ok());
        let expires_at = match &session {
            Some(session) => text_of_result(given::field("session.", session, "expires_at"))?,
            None => None,
        };
        let rules = Asked::read(options.as_deref())?.cookies(&config.cookies)?;
        let has = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        let intermediate = text_of_result(result.option("intermediate_session_token"))?;
        if let Some(token) = intermediate.filter(|token| !token.is_empty())
            && !has(&session_jwt)
            && !has(&session_token)
        {
            let rules = rules.as_deref().unwrap_or(&config.cookies);
            let kept = LogInCookies { rules };
            let kept = kept.keep_intermediate(&token, [""; 2], &ReturnTo::home());
            let line = kept.ok_or_else(|| {
                ClientError::invalid_argument("intermediate_session_token must be a token")
            })?;
            return Ok(tasks::finished(Ok(Done::Json(headers(&[line], None)))));
        }
        if session_jwt.is_none() && session_token.is_none() {
            return Err(ClientError::invalid_argument(
                "sessionHeaders needs a result with a session_jwt, a session_token or an intermediate_session_token",
            )
            .into());
        }
        let begun = NewSession {
            session_jwt: &session_jwt.unwrap_or_default(),
            session_token: &session_token.unwrap_or_default(),
            expires_at: &expires_at.unwrap_or_default(),
        };
        let lines = core(config, host).session_cookies(&begun, rules.as_deref());
        Ok(tasks::finished(Ok(Done::Json(headers(&lines, None)))))
    })
}

/// The lines that clear both cookies.
#[wasm_bindgen]
pub fn clear_session_cookies(client: usize, options: Option<Vec<u8>>) -> Returned {
    with_config(client, |config| {
        let own = Asked::read(options.as_deref())?.cookies(&config.cookies)?;
        let lines = log_out_cookies(own.as_deref().unwrap_or(&config.cookies));
        Ok(tasks::finished(Ok(Done::Json(headers(&lines, None)))))
    })
}

/// A text that is not well-formed is replaced by a text that a cookie cannot contain, so that its cookie is cleared.
fn text_of_result(field: Given<'_>) -> Result<Option<String>, ClientError> {
    let Some(value) = field.value() else {
        return Ok(None);
    };
    if value.get().starts_with('"') {
        return Ok(Some(
            given::read(value).unwrap_or_else(|| "\u{fffd}".to_owned()),
        ));
    }
    Err(field.must_be("a string, as methods that begin a session return it"))
}
