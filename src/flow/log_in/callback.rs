//! The redirect at the end of a log-in: has the API authenticate its token, once.

use serde_json::value::RawValue;

use super::{
    super::{CallLimits, Core, Error},
    SessionStart,
};
use crate::client::{
    Answered, ClientError, CookieRules, Credential, Denial, FlowCookie, IncomingRequest, KeptReset,
    LogIn, LogInCookies, LogInOutcome, LogInPages, LogInRefusal, NewSession, Purpose, Reason,
    Redirect, RedirectRules, RequestFailure, ReturnTo, TokenType, Verifier, WITHOUT_PKCE,
    log_in_cookies, log_in_request, outcome_of, read_answer, read_redirect,
};

/// A request to the callback, and the rules for it.
#[derive(Clone, Copy)]
pub struct CallbackCheck<'a> {
    /// The request.
    pub request: IncomingRequest<'a>,
    /// The rules.
    pub rules: RedirectRules,
    /// The session that begins, and the response to the browser.
    pub session: SessionStart<'a>,
}

impl Core {
    /// Handles the redirect at the end of a log-in. At most one token is used up, and only by a GET request of a browser
    /// that started the flow, unless the rules allow more.
    ///
    /// # Errors
    /// [`Error::Client`] with `invalid_argument` if an option is invalid. Input of a user never causes an error.
    pub async fn handle_callback(&self, question: &CallbackCheck<'_>) -> Result<LogIn, Error> {
        let rules = question.session.cookies.unwrap_or(&self.config.cookies);
        let cookies = LogInCookies { rules };
        let now = self.platform.now();
        let done = |outcome, token_type, return_to| {
            LogIn::new(outcome, token_type, return_to, question.session.pages)
        };
        let (row, link, flow) = match read_redirect(&question.request, question.rules, cookies, now)
        {
            Redirect::Token { row, link, flow } => (row, link, flow),
            Redirect::Keep { link, page } => {
                let mut kept = done(LogInOutcome::NeedsClick, None, ReturnTo::home());
                (kept.http_status, kept.location) = (303, Some(page.into()));
                kept.set_cookies = vec![cookies.keep_link(&link)];
                return Ok(kept);
            }
            Redirect::Page => {
                return Ok(done(LogInOutcome::NeedsClick, None, ReturnTo::home()));
            }
            Redirect::Refused(reason) => {
                return Ok(done(LogInOutcome::refused(reason), None, ReturnTo::home()));
            }
        };
        let page = flow.as_ref().map(|flow| flow.return_to.clone());
        let page = page.unwrap_or_else(ReturnTo::home);
        let done = |outcome, return_to| done(outcome, Some(row.word), return_to);
        if row.credential == Credential::PasswordReset {
            let mut result = done(LogInOutcome::NeedsNewPassword, page.clone());
            result.set_cookies.push(cookies.keep_reset(&KeptReset {
                token: link.token,
                verifier: flow.map(|flow| flow.verifier),
                return_to: page,
            }));
            result.set_cookies.extend(cleared_link(question, cookies));
            return Ok(result);
        }
        let (outcome, lines, unset) = self
            .authenticate_token(question, row, &link.token, flow.as_ref(), &page)
            .await?;
        let mut result = done(outcome, page);
        result.set_cookies = lines;
        result.unset = unset;
        self.report_unset(rules, unset);
        let keeps_link = matches!(result.outcome, LogInOutcome::Unavailable { .. });
        if !keeps_link {
            result.set_cookies.extend(cleared_link(question, cookies));
        }
        Ok(result)
    }

    /// Ends a log-in with the response of a method that began a session, or that requires another factor. `response` is
    /// JSON text. The page to which the user returns is `pages.logged_in`, else that of the log-in that the request's
    /// cookies show. A request of a page of another origin is refused: the page could have sent the password of another
    /// account.
    ///
    /// # Errors
    /// [`Error::Client`] with `invalid_argument` if the response has no tokens.
    pub fn finish_log_in(
        &self,
        request: &IncomingRequest<'_>,
        response: String,
        pages: &LogInPages,
        rules: Option<&CookieRules>,
    ) -> Result<LogIn, Error> {
        let rules = rules.unwrap_or(&self.config.cookies);
        let of_cookies = || LogInCookies { rules }.pending(request).return_to;
        let page = pages.logged_in.clone().unwrap_or_else(of_cookies);
        if request.is_cross_origin() {
            let outcome = LogInOutcome::refused(LogInRefusal::CrossOrigin);
            return Ok(LogIn::new(outcome, None, page, pages));
        }
        let (outcome, lines, unset) = self.answered(rules, Credential::Session, response, &page);
        if let LogInOutcome::Unavailable { .. } = outcome {
            return Err(ClientError::invalid_argument(
                "the result must be that of a method that begins a session or an intermediate session",
            )
            .into());
        }
        let mut result = LogIn::new(outcome, None, page, pages);
        result.set_cookies = lines;
        result.unset = unset;
        self.report_unset(rules, unset);
        Ok(result)
    }

    async fn authenticate_token(
        &self,
        question: &CallbackCheck<'_>,
        row: &'static TokenType,
        token: &str,
        flow: Option<&FlowCookie>,
        page: &ReturnTo,
    ) -> Result<Finished, Error> {
        let verifier = flow.map(|flow| &flow.verifier);
        let ask = async |verifier: Option<&Verifier>| {
            let body = log_in_body(question, row, token, verifier);
            let request = log_in_request(&self.config, row, body)?;
            let limits = CallLimits::of_method(self.config.time_limit_ms());
            self.exchange(request, &limits).await
        };
        let mut answer = ask(verifier).await;
        let is_without_pkce =
            matches!(&answer, Err(Error::Api(refusal)) if refusal.error_type == WITHOUT_PKCE);
        if is_without_pkce && question.rules.allow_unbound {
            // The API has said that no browser is bound to the token, which the caller accepts.
            answer = ask(None).await;
        }
        let rules = question.session.cookies.unwrap_or(&self.config.cookies);
        match answer {
            Ok(body) => {
                let (outcome, mut lines, unset) =
                    self.answered(rules, row.credential, body.text, page);
                let is_over = !matches!(outcome, LogInOutcome::Unavailable { .. });
                if let Some(flow) = flow.filter(|_| is_over) {
                    lines.extend(self.ended(rules, row, flow));
                }
                Ok((outcome, lines, unset))
            }
            Err(error) if error.is_invalid_argument() => Err(error),
            Err(error) => Ok((log_in_failure(&error), Vec::new(), None)),
        }
    }

    /// The outcome of a successful response, the lines of its cookies, and the cookie that could not be set.
    pub(super) fn answered(
        &self,
        rules: &CookieRules,
        credential: Credential,
        body: String,
        page: &ReturnTo,
    ) -> Finished {
        let cookies = LogInCookies { rules };
        let unusable = || {
            let failure = RequestFailure::NoResponse(Reason::ApiUnavailable);
            (failed(failure, None, None), Vec::new(), None)
        };
        let product = self.config.issuer.product;
        let (outcome, token, member): (fn(String) -> LogInOutcome, _, _) =
            match read_answer(product, credential, &body) {
                None => return unusable(),
                Some(Answered::Session {
                    session_jwt,
                    session_token,
                    expires_at,
                }) => {
                    let begun = NewSession {
                        session_jwt: &session_jwt,
                        session_token: &session_token,
                        expires_at: &expires_at,
                    };
                    let (mut lines, unset) = log_in_cookies(rules, &begun, self.platform.now());
                    if product == crate::session::Product::B2b {
                        lines.push(cookies.clear_intermediate());
                    }
                    return (LogInOutcome::LoggedIn { response: body }, lines, unset);
                }
                Some(Answered::Organization {
                    intermediate_session_token,
                }) => (
                    |response| LogInOutcome::NeedsOrganization { response },
                    intermediate_session_token,
                    [String::new(), String::new()],
                ),
                Some(Answered::Factor {
                    intermediate_session_token,
                    organization_id,
                    member_id,
                }) => (
                    |response| LogInOutcome::NeedsMfa { response },
                    intermediate_session_token,
                    [organization_id, member_id],
                ),
            };
        let member = member.each_ref().map(String::as_str);
        match cookies.keep_intermediate(&token, member, page) {
            Some(line) => (outcome(body), vec![line], None),
            None => unusable(),
        }
    }

    fn ended(&self, rules: &CookieRules, row: &TokenType, flow: &FlowCookie) -> Option<String> {
        let cookies = LogInCookies { rules };
        Some(cookies.end_flow(row.flow, flow, self.platform.now()))
    }
}

/// An outcome, the lines of its cookies, and the cookie that could not be set.
pub(super) type Finished = (LogInOutcome, Vec<String>, Option<crate::client::Cookie>);

/// The outcome of a failed request.
pub(super) fn log_in_failure(error: &Error) -> LogInOutcome {
    let details = error.refusal_details();
    failed(error.request_failure(), details, error.retry_after())
}

fn failed(
    failure: RequestFailure<'_>,
    details: Option<crate::client::ApiRefusalDetails>,
    retry_after: Option<f64>,
) -> LogInOutcome {
    match outcome_of(Purpose::LogIn, failure).denial {
        Denial::Unavailable(reason) => LogInOutcome::Unavailable {
            reason,
            retry_after,
            details,
        },
        Denial::Unauthenticated(_) | Denial::Forbidden(_) => LogInOutcome::Refused {
            reason: match failure {
                RequestFailure::Status(_, error_type) => LogInRefusal::of_api(error_type),
                RequestFailure::NoResponse(_) => LogInRefusal::NotAllowed,
            },
            details,
        },
    }
}

fn cleared_link(question: &CallbackCheck<'_>, cookies: LogInCookies<'_>) -> Option<String> {
    question.rules.confirm.then(|| cookies.clear_link())
}

/// The body of the request for a token.
fn log_in_body(
    question: &CallbackCheck<'_>,
    row: &TokenType,
    token: &str,
    verifier: Option<&Verifier>,
) -> String {
    let mut body = JsonBody::default();
    body.text(row.token_field, token);
    if let Some((name, verifier)) = row.verifier_field.zip(verifier) {
        body.text(name, verifier.reveal());
    }
    if row.credential == Credential::Session {
        body.session(&question.session);
    }
    body.end()
}

/// The fields of a JSON object that is a request.
#[derive(Default)]
pub(super) struct JsonBody(String);

impl JsonBody {
    pub(super) fn text(&mut self, name: &str, value: &str) {
        let value = serde_json::to_string(value).unwrap_or_default();
        self.json(name, &value);
    }

    /// The fields about the session. Without a duration, the consumer API begins none.
    pub(super) fn session(&mut self, session: &SessionStart<'_>) {
        let minutes = session
            .session_duration_minutes
            .map_or(DEFAULT_MINUTES, RawValue::get);
        self.json("session_duration_minutes", minutes);
        if let Some(claims) = session.session_custom_claims {
            self.json("session_custom_claims", claims.get());
        }
    }

    pub(super) fn json(&mut self, name: &str, value: &str) {
        let start = if self.0.is_empty() { "{\"" } else { ",\"" };
        for part in [start, name, "\":", value] {
            self.0.push_str(part);
        }
    }

    pub(super) fn end(self) -> String {
        self.0 + "}"
    }
}

const DEFAULT_MINUTES: &str = "60";
