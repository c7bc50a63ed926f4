//! Log-in round trips: the start, the callback, the new password, the end and the log-out.

use serde_json::value::RawValue;
use stytch_edge::{
    client::{
        ApiRefusalDetails, ClientError, CookieRules, Denial, IncomingRequest, LogIn, LogInCookies,
        LogInOutcome, LogInPages, LogInRefusal, Purpose, Reason, RedirectRules, RequestFailure,
        ReturnTo, StartLogIn, decimal, outcome_of,
    },
    flow::{CallbackCheck, LogOutCheck, LoggedOut, PasswordReset, SessionStart},
    jwt::JsonObject,
};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    checks::{limit_of, quoted},
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
        let done = Written::new(&started.set_cookies)
            .text("url", started.url.as_deref())
            .text("code_challenge", Some(&started.code_challenge))
            .done();
        Ok(tasks::finished(Ok(done)))
    })
}

/// The options of a step that begins a session.
struct Start {
    pages: LogInPages,
    minutes: Option<Box<RawValue>>,
    claims: Option<Box<RawValue>>,
    cookies: Option<Box<CookieRules>>,
}

impl Start {
    fn read(options: &Asked<'_>, client: &CookieRules) -> Result<Self, ClientError> {
        Ok(Self {
            cookies: options.cookies(client)?,
            pages: options.pages()?,
            minutes: options.session_duration_minutes()?,
            claims: options.session_custom_claims()?,
        })
    }

    fn session(&self) -> SessionStart<'_> {
        SessionStart {
            pages: &self.pages,
            session_duration_minutes: self.minutes.as_deref(),
            session_custom_claims: self.claims.as_deref(),
            cookies: self.cookies.as_deref(),
        }
    }
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
        let start = Start::read(&options, &config.cookies)?;
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
                session: start.session(),
            };
            let log_in = core(config, host).handle_callback(&question).await?;
            Ok(written(&log_in))
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
        let start = Start::read(&options, &config.cookies)?;
        let password = options.option("password");
        let password = password
            .string("a string")?
            .ok_or_else(|| password.must_be("a string"))?;
        let incoming = Incoming::read(&request)?;
        Ok(tasks::begin(limit_of(&config), async move {
            let question = PasswordReset {
                request: incoming.request(),
                password: &password,
                session: start.session(),
            };
            let log_in = core(config, host).reset_password(&question).await?;
            Ok(written(&log_in))
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
        Ok(tasks::finished(Ok(written(&log_in))))
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
        let has_reset = if found.has_password_reset {
            "true"
        } else {
            "false"
        };
        let token = found.intermediate_session_token.as_deref();
        let done = Written::new(&[])
            .text("intermediate_session_token", token)
            .text("organization_id", found.organization_id.as_deref())
            .text("member_id", found.member_id.as_deref())
            .json("has_password_reset", has_reset)
            .text("return_to", Some(found.return_to.as_str()))
            .done();
        Ok(tasks::finished(Ok(done)))
    })
}

/// Whether a page of the same origin sent the request.
#[wasm_bindgen]
pub fn is_same_origin(request: Vec<u8>) -> bool {
    Incoming::read(&request).is_ok_and(|incoming| incoming.request().is_same_origin())
}

/// The meaning of a failed request with the form of a user: a `status`, and a `reason` unless it is the one of the form.
/// `purpose` is `password` or another word. `http_status` is 0 if there was no response, and `word` then the reason,
/// else the `error_type`.
#[wasm_bindgen]
pub fn log_in_failure(purpose: Vec<u8>, http_status: u16, word: Vec<u8>) -> Returned {
    let purpose = match purpose.as_slice() {
        b"password" => Purpose::Password,
        _ => Purpose::LogInForm,
    };
    let word = String::from_utf8(word).unwrap_or_default();
    let failure = match (http_status, word.as_str()) {
        (0, "timeout") => RequestFailure::NoResponse(Reason::Timeout),
        (0, _) => RequestFailure::NoResponse(Reason::ApiUnavailable),
        (status, error_type) => RequestFailure::Status(status, error_type),
    };
    let (status, reason) = match outcome_of(purpose, failure).denial {
        Denial::Unavailable(reason) => ("unavailable", Some(reason.word())),
        Denial::Unauthenticated(_) | Denial::Forbidden(_) => {
            let lost = LogInRefusal::FlowNotStartedHere;
            let is_lost = LogInRefusal::of_api(&word) == lost;
            ("refused", is_lost.then(|| lost.word()))
        }
    };
    let done = Written::new(&[])
        .text("status", Some(status))
        .text("reason", reason)
        .done();
    Ok(tasks::finished(Ok(done)))
}

/// Logs a user out.
#[wasm_bindgen]
pub fn log_out(client: usize, host: Host, request: Vec<u8>, options: Option<Vec<u8>>) -> Returned {
    with_config(client, |config| {
        let options = Asked::read(options.as_deref())?;
        let cookies = options.cookies(&config.cookies)?;
        let page = options.option("return_to").string("a string")?;
        let page = page
            .map(|path| ReturnTo::read("return_to", &path))
            .transpose()?;
        let page = page.unwrap_or_else(ReturnTo::home);
        let incoming = Incoming::read(&request)?;
        Ok(tasks::begin(limit_of(&config), async move {
            let question = LogOutCheck {
                request: incoming.request(),
                cookies: cookies.as_deref(),
            };
            Ok(match core(config, host).log_out(&question).await {
                LoggedOut::Done {
                    set_cookies,
                    is_revoked,
                } => Written::new(&set_cookies)
                    .text("status", Some("logged_out"))
                    .json("revoked", if is_revoked { "true" } else { "false" })
                    .json("http_status", "303")
                    .text("location", Some(page.as_str()))
                    .done(),
                LoggedOut::Refused(reason) => Written::new(&[])
                    .text("status", Some("refused"))
                    .text("reason", Some(reason.word()))
                    .json("revoked", "false")
                    .json(
                        "http_status",
                        match reason {
                            LogInRefusal::MethodNotAllowed => "405",
                            _ => "403",
                        },
                    )
                    .done(),
            })
        }))
    })
}

/// A user's request as `pkg/src/log_in.ts` reads it: the fields of [`IncomingRequest`].
struct Incoming([Option<String>; 7]);

impl Incoming {
    fn read(json: &[u8]) -> Result<Self, ClientError> {
        let request = Asked::read(Some(json))?;
        let text = |name| request.part(name).value().and_then(given::read);
        Ok(Self(FIELDS.map(text)))
    }

    fn request(&self) -> IncomingRequest<'_> {
        let [method, url, cookie, origin, host, sec_fetch_site, purpose] =
            self.0.each_ref().map(Option::as_deref);
        IncomingRequest {
            method: method.unwrap_or_default(),
            url: url.unwrap_or_default(),
            cookie,
            origin,
            host,
            sec_fetch_site,
            purpose,
        }
    }
}

const FIELDS: [&str; 7] = [
    "method",
    "url",
    "cookie",
    "origin",
    "host",
    "sec_fetch_site",
    "purpose",
];

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
            logged_in: page(given::field(PAGES, &pages, "logged_in"))?,
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
const KNOWN_PAGES: [&str; 6] = [
    "logged_in",
    "needs_organization",
    "needs_mfa",
    "needs_new_password",
    "refused",
    "unavailable",
];

/// The JSON text of a result. TypeScript makes `Headers` of its `headers`. Derived code would be larger.
struct Written(String);

impl Written {
    fn new(set_cookies: &[String]) -> Self {
        Self(["{\"headers\":", &headers(set_cookies, None)].concat())
    }

    fn json(mut self, name: &str, value: &str) -> Self {
        for part in [",\"", name, "\":", value] {
            self.0.push_str(part);
        }
        self
    }

    fn text(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.json(name, &quoted(value)),
            None => self,
        }
    }

    fn number(self, name: &str, value: Option<u32>) -> Self {
        match value {
            Some(value) => self.json(name, &decimal(value.into())),
            None => self,
        }
    }

    fn done(self) -> Done {
        Done::Json(self.0 + "}")
    }
}

fn written(log_in: &LogIn) -> Done {
    let (mut reason, mut retry_after) = (None, None);
    let (mut response, mut refusal): (Option<&str>, Option<&ApiRefusalDetails>) = (None, None);
    match &log_in.outcome {
        LogInOutcome::LoggedIn { response: body }
        | LogInOutcome::NeedsOrganization { response: body }
        | LogInOutcome::NeedsMfa { response: body } => response = Some(body),
        LogInOutcome::NeedsNewPassword | LogInOutcome::NeedsClick => {}
        LogInOutcome::Refused {
            reason: why,
            details,
        } => {
            (reason, refusal) = (Some(why.word()), details.as_ref());
        }
        LogInOutcome::Unavailable {
            reason: why,
            retry_after: after,
            details,
        } => {
            (reason, refusal) = (Some(why.word()), details.as_ref());
            retry_after = after.and_then(|seconds| whole(seconds.ceil()));
        }
    }
    let text = Written::new(&log_in.set_cookies)
        .text("status", Some(log_in.outcome.status()))
        .text("reason", reason)
        .text("token_type", log_in.token_type)
        .text("return_to", Some(log_in.return_to.as_str()))
        .number("http_status", Some(log_in.http_status.into()))
        .text("location", log_in.location.as_deref())
        .number("retry_after_seconds", retry_after)
        .number("status_code", refusal.map(|api| api.status_code.into()))
        .text("error_type", refusal.map(|api| api.error_type.as_str()))
        .text("request_id", refusal.map(|api| api.request_id.as_str()));
    match response {
        Some(body) => text.json("response", body).done(),
        None => text.done(),
    }
}
