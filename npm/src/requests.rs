//! The verdict on a request, and the cookies of sessions.

#[cfg(feature = "api")]
use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;
use stytch_edge::{
    client::{
        ClientError, Config, CookieRules, Credentials, RemoteFallback, RequestHeaders,
        RequiredClaim, Requirement, Verdict, VerdictWithCookies,
    },
    flow::{RequestCheck, Times},
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    checks::{limit_of, quoted, session_name},
    numbers::{self, Request},
    options::{Asked, whole},
    platform::{Host, core},
    registry::with_config,
    tasks::{self, Returned},
};

/// The verdict on a request with these two headers (UTF-8). `options` is JSON text of [`Asked`]. A `number` other than 0
/// replaces the headers. Returns the verdict, or the results of [`numbers`].
#[wasm_bindgen]
pub fn authenticate_request(
    client: usize,
    host: Host,
    authorization: Option<Vec<u8>>,
    cookie: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
    number: u32,
) -> Returned {
    with_config(client, |config| {
        let asked = SessionOptions::read(&Asked::read(options.as_deref())?, &config)?;
        let rules = asked.rules(&config);
        #[cfg(feature = "api")]
        report_other_mode(&config, &host, cookie.as_deref(), Some(rules));
        let (before, request) = match number {
            0 => {
                let lengths = [&authorization, &cookie].map(|header| header.as_ref().map(Vec::len));
                let longest = lengths.into_iter().flatten().max().unwrap_or_default();
                let credentials = credentials_in(authorization, cookie, rules);
                (None, Request::new(credentials, rules, longest))
            }
            _ => match numbers::request(number, rules) {
                Some((verified, request)) => (Some(verified), request),
                None => return Ok(JsValue::FALSE),
            },
        };
        Ok(tasks::begin(limit_of(&config), async move {
            let question = asked.question(request.credentials.as_texts());
            let name = session_name(config.issuer.product);
            let decided = core(config, host).authenticate_request(&question).await?;
            let accepted = decided.accepted.as_ref();
            let text = || written(&decided, name, None);
            Ok(numbers::done(
                accepted,
                before.as_ref(),
                Some(&request),
                text,
            ))
        }))
    })
}

/// Reports cookies of the other mode, if the rules have a mode.
#[cfg(feature = "api")]
pub(crate) fn report_other_mode(
    config: &Arc<Config>,
    host: &Host,
    cookie: Option<&[u8]>,
    rules: Option<&CookieRules>,
) {
    let rules = rules.filter(|rules| rules.mode.is_some());
    if let Some((cookie, rules)) = cookie.zip(rules) {
        let core = core(Arc::clone(config), host.clone());
        core.report_other_mode(std::str::from_utf8(cookie).ok(), rules);
    }
}

/// The options of a session check.
pub(crate) struct SessionOptions {
    requirement: Requirement,
    times: Times,
    required_claims: Vec<RequiredClaim>,
    remote_fallback: Option<RemoteFallback>,
    cookies: Option<Box<CookieRules>>,
    session_duration_minutes: Option<Box<RawValue>>,
    refresh_timeout_ms: Option<u32>,
}

impl SessionOptions {
    pub(crate) fn read(options: &Asked<'_>, config: &Config) -> Result<Self, ClientError> {
        let requirement = options.requirement(config.issuer.product)?;
        let (times, required_claims) = (options.times()?, options.required_claims()?);
        let (cookies, remote_fallback) = (
            options.cookies(&config.cookies)?,
            options.remote_fallback()?,
        );
        if config.secret.is_empty() && remote_fallback.is_some_and(|asked| asked != NEVER) {
            return Err(ClientError::invalid_argument(
                "remote_fallback must be \"never\" for a SessionVerifier",
            ));
        }
        Ok(Self {
            requirement,
            times,
            required_claims,
            remote_fallback,
            cookies,
            session_duration_minutes: options.session_duration_minutes()?,
            refresh_timeout_ms: options.refresh_timeout_ms()?,
        })
    }

    /// The rules for cookies of the call, or else those of the client.
    pub(crate) fn rules<'a>(&'a self, config: &'a Config) -> &'a CookieRules {
        self.cookies.as_deref().unwrap_or(&config.cookies)
    }

    pub(crate) fn question<'a>(&'a self, credentials: Credentials<&'a str>) -> RequestCheck<'a> {
        RequestCheck {
            credentials,
            requirement: &self.requirement,
            times: self.times,
            required_claims: &self.required_claims,
            remote_fallback: self.remote_fallback,
            cookies: self.cookies.as_deref(),
            session_duration_minutes: self.session_duration_minutes.as_deref(),
            refresh_timeout_ms: self.refresh_timeout_ms,
        }
    }
}

/// JSON text of the names and values of headers, for the constructor of `Headers`. A response that sets cookies must not
/// be cached (RFC 9111, section 7.3).
pub(crate) fn headers(set_cookies: &[String], challenge: Option<&str>) -> String {
    let lines = set_cookies.iter().map(|line| ["Set-Cookie", line]);
    let no_store = (!set_cookies.is_empty()).then_some(["Cache-Control", "no-store"]);
    let challenge = challenge.map(|challenge| ["WWW-Authenticate", challenge]);
    let pairs: Vec<[&str; 2]> = lines.chain(no_store).chain(challenge).collect();
    serde_json::to_string(&pairs).unwrap_or_default()
}

/// The credentials in two headers, which are not kept: the memory of wasm never shrinks.
pub(crate) fn credentials_in(
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
pub(crate) fn written<'a>(
    decided: &'a VerdictWithCookies,
    session_name: &str,
    challenge: Option<&str>,
) -> String {
    let verdict = &decided.verdict;
    let set_cookies = headers(&decided.set_cookies, challenge);
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
