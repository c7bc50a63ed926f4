//! Log-in round trips: the start, the callback, the new password, the end and the log-out.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use stytch_edge::{
    client::{
        ApiRefusalDetails, ClientError, CookieRules, IncomingRequest, LogIn, LogInCookies,
        LogInOutcome, LogInPages, LogInRefusal, RedirectRules, ReturnTo, StartLogIn,
    },
    flow::{CallbackCheck, LogOutCheck, LoggedOut, PasswordReset},
    jwt::JsonObject,
};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    checks::limit_of,
    given::{self, Given},
    options::{Asked, whole},
    platform::{Host, core},
    registry::with_config,
    requests::headers,
    tasks::{self, Done, Returned},
};

/// Starts a log-in. `request` is JSON text of [`Incoming`], `options` of [`Asked`]; here and below.
#[wasm_bindgen]
pub fn start_log_in(
    client: usize,
    host: Host,
    request: Vec<u8>,
    options: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let options = Asked::read(options.as_deref())?;
        let cookies = options.cookies(&config.cookies)?;
        let method = options.option("method").string("a string")?;
        let provider = options.option("provider").string("a string")?;
        let return_to = options.option("return_to").string("a string")?;
        let asked = StartLogIn {
            method: &method.unwrap_or_default(),
            provider: provider.as_deref(),
            params: &options.params()?,
            return_to: return_to.as_deref(),
            expiration_minutes: options
                .option("expiration_minutes")
                .number("a number of minutes")?,
            cookies: cookies.as_deref(),
        };
        let incoming = Incoming::read(&request)?;
        let started = core(config, host).start_log_in(&incoming.request(), &asked)?;
        let json = serde_json::to_string(&Start {
            url: started.url.as_deref(),
            code_challenge: &started.code_challenge,
            headers: raw(headers(&started.set_cookies)),
        });
        Ok(tasks::finished(Ok(Done::Json(json.unwrap_or_default()))))
    })
}

/// Handles the redirect at the end of a log-in.
#[wasm_bindgen]
pub fn handle_callback(
    client: usize,
    host: Host,
    request: Vec<u8>,
    options: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let options = Asked::read(options.as_deref())?;
        let cookies = options.cookies(&config.cookies)?;
        let (pages, minutes) = (options.pages()?, options.session_duration_minutes()?);
        let claims = options.session_custom_claims()?;
        let rules = RedirectRules {
            product: config.issuer.product,
            allow_unbound: options.option("allow_unbound").flag()?,
            allow_impersonation: options.option("allow_impersonation").flag()?,
            confirm: options.option("confirm").flag()?,
        };
        let incoming = Incoming::read(&request)?;
        Ok(tasks::begin(limit_of(&config), async move {
            let question = CallbackCheck {
                request: incoming.request(),
                rules,
                pages: &pages,
                session_duration_minutes: minutes.as_deref(),
                session_custom_claims: claims.as_deref(),
                cookies: cookies.as_deref(),
            };
            let log_in = core(config, host).handle_callback(&question).await?;
            Ok(Done::Json(written(log_in)))
        }))
    })
}

/// Sets a new password.
#[wasm_bindgen]
pub fn reset_password(
    client: usize,
    host: Host,
    request: Vec<u8>,
    options: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let options = Asked::read(options.as_deref())?;
        let cookies = options.cookies(&config.cookies)?;
        let (pages, minutes) = (options.pages()?, options.session_duration_minutes()?);
        let claims = options.session_custom_claims()?;
        let password = options.option("password");
        let password = password
            .string("a string")?
            .ok_or_else(|| password.must_be("a string"))?;
        let incoming = Incoming::read(&request)?;
        Ok(tasks::begin(limit_of(&config), async move {
            let question = PasswordReset {
                request: incoming.request(),
                password: &password,
                pages: &pages,
                session_duration_minutes: minutes.as_deref(),
                session_custom_claims: claims.as_deref(),
                cookies: cookies.as_deref(),
            };
            let log_in = core(config, host).reset_password(&question).await?;
            Ok(Done::Json(written(log_in)))
        }))
    })
}

/// Ends a log-in. `begun` is JSON text of the used part of the result.
#[wasm_bindgen]
pub fn finish_log_in(
    client: usize,
    host: Host,
    request: Vec<u8>,
    begun: Option<Vec<u8>>,
    options: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let options = Asked::read(options.as_deref())?;
        let cookies = options.cookies(&config.cookies)?;
        let pages = options.pages()?;
        let incoming = Incoming::read(&request)?;
        let response = String::from_utf8(begun.unwrap_or_default()).unwrap_or_default();
        let request = incoming.request();
        let log_in =
            core(config, host).finish_log_in(&request, response, &pages, cookies.as_deref())?;
        Ok(tasks::finished(Ok(Done::Json(written(log_in)))))
    })
}

/// The log-in that has not ended.
#[wasm_bindgen]
pub fn pending_log_in(client: usize, request: Vec<u8>, options: Option<Vec<u8>>) -> Returned {
    with_config(client, |config| {
        let own = Asked::read(options.as_deref())?.cookies(&config.cookies)?;
        let rules: &CookieRules = own.as_deref().unwrap_or(&config.cookies);
        let incoming = Incoming::read(&request)?;
        let found = LogInCookies { rules }.pending(&incoming.request());
        let json = serde_json::to_string(&Pending {
            intermediate_session_token: found.intermediate_session_token.as_deref(),
            has_password_reset: found.has_password_reset,
            return_to: found.return_to.as_str(),
        });
        Ok(tasks::finished(Ok(Done::Json(json.unwrap_or_default()))))
    })
}

/// Logs a user out.
#[wasm_bindgen]
pub fn log_out(client: usize, host: Host, request: Vec<u8>, options: Option<Vec<u8>>) -> Returned {
    with_config(client, |config| {
        let options = Asked::read(options.as_deref())?;
        let cookies = options.cookies(&config.cookies)?;
        let page = options.option("return_to").string("a string")?;
        let page = page.map(|path| ReturnTo::read("return_to", &path)).transpose()?;
        let page = page.unwrap_or_else(ReturnTo::home);
        let incoming = Incoming::read(&request)?;
        Ok(tasks::begin(limit_of(&config), async move {
            let question = LogOutCheck {
                request: incoming.request(),
                cookies: cookies.as_deref(),
            };
            Ok(Done::Json(match core(config, host).log_out(&question).await {
                LoggedOut::Done {
                    set_cookies,
                    is_revoked,
                } => text_of(&Step {
                    status: "logged_out",
                    revoked: Some(is_revoked),
                    http_status: 303,
                    location: Some(page.as_str()),
                    headers: raw(headers(&set_cookies)),
                    ..Step::default()
                }),
                LoggedOut::Refused(reason) => text_of(&Step {
                    status: "refused",
                    reason: Some(reason.word()),
                    revoked: Some(false),
                    http_status: match reason {
                        LogInRefusal::MethodNotAllowed => 405,
                        _ => 403,
                    },
                    headers: raw(headers(&[])),
                    ..Step::default()
                }),
            }))
        }))
    })
}

/// A user's request as `pkg/src/log_in.ts` reads it.
#[derive(Deserialize)]
struct Incoming {
    method: String,
    url: String,
    cookie: Option<String>,
    origin: Option<String>,
    host: Option<String>,
    sec_fetch_site: Option<String>,
    purpose: Option<String>,
}

impl Incoming {
    fn read(json: &[u8]) -> Result<Self, ClientError> {
        serde_json::from_slice(json)
            .map_err(|_| ClientError::invalid_argument("the request cannot be read"))
    }

    fn request(&self) -> IncomingRequest<'_> {
        IncomingRequest {
            method: &self.method,
            url: &self.url,
            cookie: self.cookie.as_deref(),
            origin: self.origin.as_deref(),
            host: self.host.as_deref(),
            sec_fetch_site: self.sec_fetch_site.as_deref(),
            purpose: self.purpose.as_deref(),
        }
    }
}

impl Asked<'_> {
    /// The other parameters of a start URL.
    fn params(&self) -> Result<Vec<(String, String)>, ClientError> {
        let params = self.option("params");
        let accepted = "a plain object with values that are strings";
        let Some(members) = params.members(accepted)? else {
            return Ok(Vec::new());
        };
        let members = members.members().map(|(name, value)| {
            let value = given::read(value).ok_or_else(|| params.must_be(accepted))?;
            Ok((name.to_owned(), value))
        });
        members.collect()
    }

    /// The pages to which responses redirect.
    fn pages(&self) -> Result<LogInPages, ClientError> {
        let Some(pages) = self.option("pages").members("an object")? else {
            return Ok(LogInPages::default());
        };
        let page = |field: Given<'_>| {
            let path = field.string("a string")?;
            let path = path.map(|path| ReturnTo::read(&field.full_name(), &path));
            path.transpose()
        };
        let read = LogInPages {
            needs_organization: page(given::field(PAGES, &pages, "needs_organization"))?,
            needs_mfa: page(given::field(PAGES, &pages, "needs_mfa"))?,
            needs_new_password: page(given::field(PAGES, &pages, "needs_new_password"))?,
            refused: page(given::field(PAGES, &pages, "refused"))?,
            unavailable: page(given::field(PAGES, &pages, "unavailable"))?,
        };
        refuse_unknown(&pages)?;
        Ok(read)
    }
}

fn refuse_unknown(pages: &JsonObject<'_>) -> Result<(), ClientError> {
    let is_known = |name: &str| KNOWN_PAGES.contains(&name);
    match pages.members().find(|(name, _)| !is_known(name)) {
        Some((name, _)) => Err(ClientError::invalid_argument(
            ["unknown pages option \"", name, "\""].concat(),
        )),
        None => Ok(()),
    }
}

const PAGES: &str = "pages.";
const KNOWN_PAGES: [&str; 5] = [
    "needs_organization",
    "needs_mfa",
    "needs_new_password",
    "refused",
    "unavailable",
];

/// A started log-in.
#[derive(Serialize)]
struct Start<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    code_challenge: &'a str,
    headers: Box<RawValue>,
}

/// A log-in that has not ended.
#[derive(Serialize)]
struct Pending<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    intermediate_session_token: Option<&'a str>,
    has_password_reset: bool,
    return_to: &'a str,
}

/// A step of a log-in, or a log-out. TypeScript makes `Headers` of its `headers`.
#[derive(Default, Serialize)]
struct Step<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<bool>,
    http_status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<Box<RawValue>>,
    headers: Box<RawValue>,
}

fn written(log_in: LogIn) -> String {
    let status = log_in.outcome.status();
    let (mut reason, mut retry_after_seconds) = (None, None);
    let (mut response, mut refusal): (_, Option<ApiRefusalDetails>) = (None, None);
    match log_in.outcome {
        LogInOutcome::LoggedIn { response: body }
        | LogInOutcome::NeedsOrganization { response: body }
        | LogInOutcome::NeedsMfa { response: body } => response = Some(raw(body)),
        LogInOutcome::NeedsNewPassword | LogInOutcome::NeedsClick => {}
        LogInOutcome::Refused { reason: why, details } => {
            (reason, refusal) = (Some(why.word()), details);
        }
        LogInOutcome::Unavailable {
            reason: why,
            retry_after,
            details,
        } => {
            (reason, refusal) = (Some(why.word()), details);
            retry_after_seconds = retry_after.and_then(|seconds| whole(seconds.ceil()));
        }
    }
    let details = refusal.as_ref();
    text_of(&Step {
        status,
        reason,
        token_type: log_in.token_type,
        return_to: Some(log_in.return_to.as_str()),
        revoked: None,
        http_status: log_in.http_status,
        location: log_in.location.as_deref(),
        retry_after_seconds,
        status_code: details.map(|details| details.status_code),
        error_type: details.map(|details| details.error_type.as_str()),
        request_id: details.map(|details| details.request_id.as_str()),
        response,
        headers: raw(headers(&log_in.set_cookies)),
    })
}

fn text_of(step: &Step<'_>) -> String {
    serde_json::to_string(step).unwrap_or_default()
}

fn raw(json: String) -> Box<RawValue> {
    RawValue::from_string(json).unwrap_or_default()
}
