//! The verdict on a request, and the cookies of sessions.

use serde::Serialize;
use stytch_edge::{
    client::{
        BegunSession, Config, CookieRules, Credentials, Decided, RequestHeaders, Verdict,
        log_out_cookies,
    },
    flow::RequestQuestion,
};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    checks::{limit_of, quoted, session_name},
    failure::Failure,
    options::Asked,
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
        let demand = options.demand(config.issuer.product)?;
        let (times, required_claims) = (options.times()?, options.required_claims()?);
        let (cookies, remote_fallback) = (options.cookies()?, options.remote_fallback()?);
        let session_duration_minutes = options.session_duration_minutes();
        let rules = cookies.as_deref().unwrap_or(&config.cookies);
        let credentials = credentials_in(authorization, cookie, rules);
        Ok(tasks::begin(limit_of(&config), async move {
            let question = RequestQuestion {
                credentials: credentials.as_texts(),
                demand: &demand,
                times,
                required_claims: &required_claims,
                remote_fallback,
                cookies: cookies.as_deref(),
                session_duration_minutes: session_duration_minutes.as_deref(),
            };
            let name = session_name(config.issuer.product);
            let decided = core(config, host).authenticate_request(&question).await?;
            Ok(Done::Json(written(&decided, name)))
        }))
    })
}

/// The lines that set the cookies of a session that has just begun. `cookies` is JSON text of cookie options, if they are
/// not the client's. Returns the lines.
#[wasm_bindgen]
pub fn session_cookies(
    client: usize,
    host: Host,
    session_jwt: Option<String>,
    session_token: Option<String>,
    expires_at: Option<String>,
    cookies: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let rules = rules_of(&config, cookies)?;
        let begun = BegunSession {
            session_jwt: &session_jwt.unwrap_or_default(),
            session_token: &session_token.unwrap_or_default(),
            expires_at: &expires_at.unwrap_or_default(),
        };
        let lines = core(config, host).session_cookies(&begun, Some(&rules));
        Ok(tasks::finished(Ok(Done::Json(texts(&lines)))))
    })
}

/// The lines that clear both cookies.
#[wasm_bindgen]
pub fn clear_session_cookies(client: usize, cookies: Option<Vec<u8>>) -> Returned {
    with_config(client, |config| {
        let rules = rules_of(&config, cookies)?;
        let lines = log_out_cookies(&rules);
        Ok(tasks::finished(Ok(Done::Json(texts(&lines)))))
    })
}

fn rules_of(config: &Config, cookies: Option<Vec<u8>>) -> Result<CookieRules, Failure> {
    let Some(json) = cookies else {
        return Ok(config.cookies.clone());
    };
    let json = String::from_utf8(json).map_err(|_| Failure::internal("no UTF-8"))?;
    Ok(*CookieRules::read(&json)?)
}

fn texts(lines: &[String]) -> String {
    serde_json::to_string(lines).unwrap_or_default()
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

/// A verdict other than `authenticated`.
#[derive(Serialize)]
struct Refused<'a> {
    status: &'static str,
    reason: &'static str,
    set_cookies: &'a [String],
}

/// The verdict as JSON text. The session and the claims are JSON text already.
fn written(decided: &Decided, session_name: &str) -> String {
    let verdict = &decided.verdict;
    let Verdict::Authenticated {
        via,
        session,
        session_jwt,
        claims,
    } = verdict
    else {
        let refused = Refused {
            status: verdict.status(),
            reason: verdict.reason(),
            set_cookies: &decided.set_cookies,
        };
        return serde_json::to_string(&refused).unwrap_or_default();
    };
    let (via, session_jwt) = (via.word(), quoted(session_jwt));
    let set_cookies = texts(&decided.set_cookies);
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
        ",\"set_cookies\":",
        &set_cookies,
        "}",
    ]
    .concat()
}
