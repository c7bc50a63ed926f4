//! The verdict on a request, for the npm package: one step at a time, from what
//! `pkg/src/visits.ts` read of the request and from what came of the last step.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::{
    check::{bytes_of, demand_of, needed},
    failure,
    load::{SCOPES, place_of},
    tasks,
};
use stytch_edge::{
    client::{
        self, Asking, Authenticated, CheckRequest, ClientError, Cookie, CookieRules, Need, Outcome,
        Question, Reason, RemoteFallback, RequestHeaders, RequiredClaim, RequiredValue, Step,
        Trouble, Verdict, Visit, Visited, log_in_cookies, log_out_cookies,
    },
    session::{CheckOptions, TokenKind},
};

/// Takes the next step towards the verdict on a request with these two headers (UTF-8,
/// or undefined). `options` is the list that `pkg/src/visits.ts` makes of a caller's, and
/// `outcome` what came of the last step: nothing at first, see [`outcome_of`].
///
/// Gives `["done", verdict]` (see [`verdict_of`]), or `["ageing", verdict]` if the keys
/// are to be fetched behind the scenes; `["needed", names]` if something has to be
/// fetched first; or `["done", ["ask", field, value]]` if the API has to authenticate a
/// session.
#[wasm_bindgen]
pub fn visit(
    place: u32,
    authorization: &JsValue,
    cookie: &JsValue,
    options: &Array,
    clock_ms: f64,
    outcome: &Array,
) -> JsValue {
    let Some(place) = place_of(place) else {
        return needed(&[Need::Seed]);
    };
    let issuer = &place.issuer;
    let asking = Asking {
        now: clock_ms / 1000.0,
        came: options.get(CAME_MS).as_f64().unwrap_or(clock_ms) / 1000.0,
        lifetimes: place.lifetimes,
        source: place.source,
    };
    let read = match Options::read(options) {
        Ok(read) => read,
        Err(error) => return failed(&error),
    };
    let step = demand_of(
        &options.get(DEMAND),
        Some(TokenKind::Session),
        false,
        issuer,
    )
    .and_then(|demand| {
        let (authorization, cookie) = (text_of(authorization), text_of(cookie));
        let texts = Texts::of(outcome);
        let visit = Visit {
            headers: RequestHeaders {
                authorization: authorization.as_deref(),
                cookie: cookie.as_deref(),
            },
            check: CheckRequest {
                issuer,
                token: "",
                kind: TokenKind::Session,
                demand: &demand,
                options: read.check,
                cache: place.cache,
                asking,
            },
            required_claims: &read.required_claims,
            remote_fallback: read.remote_fallback,
            cookies: &read.cookies,
        };
        client::visit(
            &mut SCOPES.borrow_mut(),
            &visit,
            &outcome_of(outcome, &texts),
        )
    });
    match step {
        Ok(Step::Done(visited)) => {
            let word = if visited.is_ageing { "ageing" } else { "done" };
            step_of(word, verdict_of(&visited, &read.cookies))
        }
        Ok(Step::Needed(needs)) => needed(&needs),
        Ok(Step::Ask(question)) => {
            let (field, token) = match &question {
                Question::SessionToken(token) => ("session_token", token),
                Question::SessionJwt(token) => ("session_jwt", token),
            };
            step_of("done", list(&["ask", field, token], &[]))
        }
        Err(error) => failed(&error),
    }
}

/// The lines that set the cookies of a session that has just begun, or that clear them
/// where there is none: a list of the name of a cookie that could not be set, and of
/// the lines. `rules` is UTF-8 of JSON, or undefined.
#[wasm_bindgen]
pub fn cookies(rules: &JsValue, clock_ms: f64, session: &Array) -> JsValue {
    match rules_of(rules) {
        Err(error) => failed(&error),
        Ok(rules) => {
            let texts = Texts::of(session);
            let (lines, unset) = if session.length() == 0 {
                (log_out_cookies(&rules), None)
            } else {
                log_in_cookies(&rules, &texts.authenticated(), clock_ms / 1000.0)
            };
            step_of("done", list(&[name_of(unset, &rules)], &lines))
        }
    }
}

/// The verdict as `pkg/src/visits.ts` takes it apart: its status, by whom or why, session,
/// JWT and claims; and the cookies, as [`cookies`] gives them.
fn verdict_of(visited: &Visited, rules: &CookieRules) -> JsValue {
    let verdict = &visited.verdict;
    let (word, session, session_jwt, claims) = match verdict {
        Verdict::Authenticated {
            via,
            session,
            session_jwt,
            claims,
        } => (
            via.word(),
            session.as_deref(),
            session_jwt.as_str(),
            claims.as_str(),
        ),
        Verdict::Unauthenticated(reason)
        | Verdict::Forbidden(reason)
        | Verdict::Unavailable(reason) => (reason.word(), None, "", ""),
    };
    let session = session.unwrap_or_default();
    let unset = name_of(visited.unset, rules);
    let texts = [verdict.status(), word, session, session_jwt, claims, unset];
    list(&texts, &visited.set_cookies)
}

fn name_of(cookie: Option<Cookie>, rules: &CookieRules) -> &str {
    cookie.map_or("", |cookie| rules.name_of(cookie))
}

fn step_of(word: &str, value: JsValue) -> JsValue {
    Array::of2(&word.into(), &value).into()
}

fn list(texts: &[&str], more: &[String]) -> JsValue {
    let list = Array::new();
    for text in texts {
        list.push(&JsValue::from_str(text));
    }
    for text in more {
        list.push(&JsValue::from_str(text));
    }
    list.into()
}

/// What a caller asks, once it is read.
struct Options {
    check: CheckOptions,
    required_claims: Vec<RequiredClaim>,
    remote_fallback: RemoteFallback,
    cookies: Box<CookieRules>,
}

/// The places in the list of options.
const DEMAND: u32 = 0;
const NOW_MS: u32 = 1;
const CLOCK_TOLERANCE: u32 = 2;
const MAX_TOKEN_AGE: u32 = 3;
const REQUIRED_CLAIMS: u32 = 4;
const REMOTE_FALLBACK: u32 = 5;
const COOKIES: u32 = 6;
const CAME_MS: u32 = 7;

impl Options {
    fn read(options: &Array) -> Result<Self, ClientError> {
        let number = |place| options.get(place).as_f64();
        let remote_fallback = match number(REMOTE_FALLBACK) {
            Some(0.0) => Ok(RemoteFallback::Always),
            Some(1.0) => Ok(RemoteFallback::Stale),
            Some(2.0) => Ok(RemoteFallback::Never),
            _ => Err(ClientError::invalid_argument(
                "remote_fallback must be \"always\", \"stale\" or \"never\"",
            )),
        };
        Ok(Self {
            check: CheckOptions {
                now: number(NOW_MS).unwrap_or(f64::NAN) / 1000.0,
                clock_tolerance: number(CLOCK_TOLERANCE).unwrap_or_default(),
                max_token_age: number(MAX_TOKEN_AGE),
            },
            required_claims: required_of(&options.get(REQUIRED_CLAIMS))?,
            remote_fallback: remote_fallback?,
            cookies: rules_of(&options.get(COOKIES))?,
        })
    }
}

fn rules_of(json: &JsValue) -> Result<Box<CookieRules>, ClientError> {
    text_of(json).map_or_else(|| Ok(Box::default()), |json| CookieRules::read(&json))
}

/// Names and values of required claims, by turns.
fn required_of(list: &JsValue) -> Result<Vec<RequiredClaim>, ClientError> {
    let mut required = Vec::new();
    if list.is_undefined() {
        return Ok(required);
    }
    let list: &Array = list.unchecked_ref();
    for place in (0..list.length()).step_by(2) {
        let claim = RequiredClaim {
            name: list.get(place).as_string().unwrap_or_default(),
            value: required_value(&list.get(place + 1)),
        };
        claim.check()?;
        required.push(claim);
    }
    Ok(required)
}

fn required_value(value: &JsValue) -> RequiredValue {
    if let Some(text) = value.as_string() {
        return RequiredValue::Text(text);
    }
    if let Some(number) = value.as_f64() {
        return RequiredValue::Number(number);
    }
    match value.as_bool() {
        Some(true) => RequiredValue::Present,
        Some(false) => RequiredValue::False,
        None if value.is_null() => RequiredValue::Null,
        // Which nothing equals, so that the check refuses it.
        None => RequiredValue::Number(f64::NAN),
    }
}

/// The texts of a list, which an [`Outcome`] borrows.
struct Texts([String; 3]);

impl Texts {
    /// Those behind its first value.
    fn of(list: &Array) -> Self {
        Self([1, 2, 3].map(|place| list.get(place).as_string().unwrap_or_default()))
    }

    fn authenticated(&self) -> Authenticated<'_> {
        let [session_jwt, session_token, expires_at] = &self.0;
        Authenticated {
            session_jwt,
            session_token,
            expires_at,
        }
    }
}

/// What came of the last step: `[]`; `["answered", session_jwt, session_token,
/// expires_at]`; `["refused", word, "", "", status]`; or `["loaded", word, "", "",
/// status, without_keys]`, where a status is undefined if nothing was refused, and 0 if
/// there was no answer.
fn outcome_of<'a>(outcome: &Array, texts: &'a Texts) -> Outcome<'a> {
    let [word, ..] = &texts.0;
    let trouble = outcome.get(4).as_f64().map(|status| match status {
        0.0 if word == "timeout" => Trouble::Unanswered(Reason::Timeout),
        0.0 => Trouble::Unanswered(Reason::ApiUnavailable),
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the status of an HTTP answer"
        )]
        status => Trouble::Status(status as u16, word),
    });
    match (outcome.get(0).as_string().as_deref(), trouble) {
        (Some("answered"), _) => Outcome::Answered(texts.authenticated()),
        (Some("refused"), Some(trouble)) => Outcome::Refused(trouble),
        (Some("loaded"), policy) => Outcome::Loaded {
            without_keys: outcome.get(5) == JsValue::TRUE,
            policy,
        },
        _ => Outcome::Begun,
    }
}

/// The text of some UTF-8, which `pkg/src/visits.ts` wrote.
fn text_of(bytes: &JsValue) -> Option<String> {
    String::from_utf8(bytes_of(bytes)?.to_vec()).ok()
}

fn failed(error: &ClientError) -> JsValue {
    tasks::finished(Err(failure::client_error(error, &JsValue::UNDEFINED)))
}
