//! The verdict on a request, and the cookies of sessions.

use serde::Serialize;
use serde_json::value::RawValue;
use stytch_edge::{
    client::{
        ClientError, CookieRules, Credentials, NewSession, RemoteFallback, RequestHeaders, Verdict,
        VerdictWithCookies, log_out_cookies,
    },
    flow::RequestCheck,
    jwt::JsonObject,
    session::Product,
};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    checks::{limit_of, quoted, session_name},
    given::{self, Given},
    options::{Asked, whole},
    platform::{Host, core},
    registry::with_config,
    tasks::{self, Done, Returned},
};

/// The verdict on a request with these two headers (UTF-8). `options` is JSON text of [`Asked`].
#[wasm_bindgen]
pub fn authenticate_request(
    client: usize,
    host: Host,
    authorization: Option<Vec<u8>>,
    cookie: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let options = Asked::read(options.as_deref())?;
        let requirement = options.requirement(config.issuer.product)?;
        let (times, required_claims) = (options.times()?, options.required_claims()?);
        let (cookies, remote_fallback) = (
            options.cookies(&config.cookies)?,
            options.remote_fallback()?,
        );
        if config.secret.is_empty() && remote_fallback.is_some_and(|asked| asked != NEVER) {
            return Err(ClientError::invalid_argument(
                "remote_fallback must be \"never\" for a SessionVerifier",
            )
            .into());
        }
        let session_duration_minutes = options.session_duration_minutes()?;
        let refresh_timeout_ms = options.refresh_timeout_ms()?;
        let rules = cookies.as_deref().unwrap_or(&config.cookies);
        let credentials = credentials_in(authorization, cookie, rules);
        Ok(tasks::begin(limit_of(&config), async move {
            let question = RequestCheck {
                credentials: credentials.as_texts(),
                requirement: &requirement,
                times,
                required_claims: &required_claims,
                remote_fallback,
                cookies: cookies.as_deref(),
                session_duration_minutes: session_duration_minutes.as_deref(),
                refresh_timeout_ms,
            };
            let name = session_name(config.issuer.product);
            let decided = core(config, host).authenticate_request(&question).await?;
            Ok(Done::Json(written(&decided, name)))
        }))
    })
}

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
        if session_jwt.is_none() && session_token.is_none() {
            return Err(ClientError::invalid_argument(
                "sessionHeaders needs a result with a session_jwt or a session_token",
            )
            .into());
        }
        let rules = Asked::read(options.as_deref())?.cookies(&config.cookies)?;
        let begun = NewSession {
            session_jwt: &session_jwt.unwrap_or_default(),
            session_token: &session_token.unwrap_or_default(),
            expires_at: &expires_at.unwrap_or_default(),
        };
        let lines = core(config, host).session_cookies(&begun, rules.as_deref());
        Ok(tasks::finished(Ok(Done::Json(headers(&lines)))))
    })
}

/// The lines that clear both cookies.
#[wasm_bindgen]
pub fn clear_session_cookies(client: usize, options: Option<Vec<u8>>) -> Returned {
    with_config(client, |config| {
        let own = Asked::read(options.as_deref())?.cookies(&config.cookies)?;
        let lines = log_out_cookies(own.as_deref().unwrap_or(&config.cookies));
        Ok(tasks::finished(Ok(Done::Json(headers(&lines)))))
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

/// JSON text of the names and values of headers, for the constructor of `Headers`. A response that sets cookies must not
/// be cached (RFC 9111, section 7.3).
fn headers(set_cookies: &[String]) -> String {
    let lines = set_cookies.iter().map(|line| ["Set-Cookie", line]);
    let no_store = (!set_cookies.is_empty()).then_some(["Cache-Control", "no-store"]);
    let pairs: Vec<[&str; 2]> = lines.chain(no_store).collect();
    serde_json::to_string(&pairs).unwrap_or_default()
}

/// The credentials in two headers, which are not kept: the memory of wasm never shrinks.
fn credentials_in(
    authorization: Option<Vec<u8>>,
    cookie: Option<Vec<u8>>,
    rules: &CookieRules,
) -> Credentials<String> {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).ok();
    let (authorization, cookie) = (authorization.and_then(text), cookie.and_then(text));
    let headers = RequestHeaders {
        authorization: authorization.as_deref(),
        cookie: cookie.as_deref(),
    };
    Credentials::find(headers, &rules.session_jwt, &rules.session_token).kept()
}

const NEVER: RemoteFallback = RemoteFallback::Never;

/// The verdict as JSON text. TypeScript makes `Headers` of its `headers`. The session and the claims are JSON text already.
fn written<'a>(decided: &'a VerdictWithCookies, session_name: &str) -> String {
    let verdict = &decided.verdict;
    let set_cookies = headers(&decided.set_cookies);
    let Verdict::Authenticated {
        via,
        session,
        session_jwt,
        claims,
    } = verdict
    else {
        let details = decided.refusal.as_ref();
        let present = |text: &'a String| (!text.is_empty()).then_some(text.as_str());
        let refused = Refused {
            status: verdict.status(),
            reason: verdict.reason(),
            retry_after_seconds: decided
                .retry_after
                .and_then(|seconds| whole(seconds.ceil())),
            status_code: details.map(|details| details.status_code),
            error_type: details.and_then(|details| present(&details.error_type)),
            request_id: details.and_then(|details| present(&details.request_id)),
            headers: RawValue::from_string(set_cookies).unwrap_or_default(),
        };
        return serde_json::to_string(&refused).unwrap_or_default();
    };
    let (via, session_jwt) = (via.word(), quoted(session_jwt));
    [
        "{\"status\":\"authenticated\",\"via\":\"",
        via,
        "\",\"",
        session_name,
        "\":",
        session,
        ",\"session_jwt\":",
        &session_jwt,
        ",\"claims\":",
        claims,
        ",\"headers\":",
        &set_cookies,
        "}",
    ]
    .concat()
}

/// A verdict other than `authenticated`, as it crosses to JavaScript.
#[derive(Serialize)]
struct Refused<'a> {
    status: &'static str,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    headers: Box<RawValue>,
}
