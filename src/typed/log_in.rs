//! Log-in round trips with typed sessions, for both clients.

use std::fmt;

use serde_json::{Map, Value, value::RawValue};

use super::{
    Result,
    checks::parsed,
    client::{B2bClient, Client},
    core::Core,
    json::FromJson,
    product::{B2b, Consumer, Product},
};
use crate::{
    b2b,
    client::{
        ApiRefusalDetails, CookieRules, IncomingRequest, LogIn, LogInCookies, LogInOutcome,
        LogInPages, LogInRefusal, PendingLogIn, Reason, RedirectRules, StartLogIn, Started,
    },
    consumer,
    flow::{CallbackCheck, LogOutCheck, LoggedOut, PasswordReset, SessionStart},
};

/// How a log-in starts.
#[derive(Debug, Clone, Default)]
pub struct StartLogInOptions {
    /// `magic_link`, `password_reset` or `oauth`; with [`B2bClient`] also `sso`, `discovery` or `discovery_oauth`.
    pub method: String,
    /// The provider of OAuth, such as `google`. Default: none, which only OAuth refuses.
    pub provider: Option<String>,
    /// Other parameters of the start URL, as Stytch names them, such as `login_redirect_url` or `organization_id`.
    pub params: Vec<(String, String)>,
    /// The page to which the user returns: a path of the own origin. Default: `/`.
    pub return_to: Option<String>,
    /// The lifetime of the link of an email in minutes, if the request for the email changes it. Default: 60, or 30 for a
    /// password reset.
    pub expiration_minutes: Option<u32>,
    /// The names and attributes of the cookies. Default: the `cookies` of the client's configuration.
    pub cookies: Option<CookieRules>,
}

/// The rules of a callback.
#[derive(Clone, Default)]
pub struct CallbackOptions {
    /// Whether a token is accepted although this browser did not start its flow, for instance a link of an invitation. An
    /// attacker can log users in to the attacker's account then. Default: `false`.
    pub allow_unbound: bool,
    /// Whether employees may impersonate users. Default: `false`.
    pub allow_impersonation: bool,
    /// Whether the user clicks a button before the token is used. Default: `false`.
    pub confirm: bool,
    /// The pages to which the response redirects.
    pub pages: LogInPages,
    /// The lifetime of the session in minutes. Default: 60.
    pub session_duration_minutes: Option<i64>,
    /// Custom claims of the session. Default: none.
    pub session_custom_claims: Option<Map<String, Value>>,
    /// The names and attributes of the cookies. Default: the `cookies` of the client's configuration.
    pub cookies: Option<CookieRules>,
}

/// The rules of the end of a password reset.
#[derive(Clone, Default)]
pub struct PasswordResetOptions {
    /// The pages to which the response redirects.
    pub pages: LogInPages,
    /// The lifetime of the session in minutes. Default: 60.
    pub session_duration_minutes: Option<i64>,
    /// Custom claims of the session. Default: none.
    pub session_custom_claims: Option<Map<String, Value>>,
    /// The names and attributes of the cookies. Default: the `cookies` of the client's configuration.
    pub cookies: Option<CookieRules>,
}

/// The result of a step of a log-in, and the response to the browser.
///
/// Send `http_status`, `location` and `set_cookies` with `Cache-Control: no-store` and `Referrer-Policy: no-referrer`: the
/// URL of the request contains a token.
#[derive(Clone, PartialEq)]
pub struct LogInVerdict<Session> {
    /// The result.
    pub result: LogInResult<Session>,
    /// The value of `stytch_token_type`, if it is known.
    pub token_type: Option<&'static str>,
    /// The page to which the user returns at the end of the log-in.
    pub return_to: String,
    /// The HTTP status of the response.
    pub http_status: u16,
    /// The header `Location` of the response.
    pub location: Option<String>,
    /// The `Set-Cookie` lines of the response.
    pub set_cookies: Vec<String>,
}

/// The result of a step of a log-in. `response` is the API's response, which contains tokens.
#[derive(Clone, PartialEq)]
pub enum LogInResult<Session> {
    /// The user has a session.
    LoggedIn {
        /// The session.
        session: Box<Session>,
        /// The API's response.
        response: Map<String, Value>,
    },
    /// The user selects an organization: `discovered_organizations` of the response.
    NeedsOrganization {
        /// The API's response.
        response: Map<String, Value>,
    },
    /// Another factor is required: `mfa_required` or `primary_required` of the response.
    NeedsMfa {
        /// The API's response.
        response: Map<String, Value>,
    },
    /// The user sends a new password, for `reset_password`.
    NeedsNewPassword,
    /// The user clicks a button. If there is no `location`, respond with a page that has a form with the method POST and no
    /// action, and with `Referrer-Policy: same-origin`: with `no-referrer`, older browsers send the form without their origin.
    NeedsClick,
    /// The log-in is refused.
    Refused {
        /// The reason.
        reason: LogInRefusal,
        /// The response of the API, if it refused the token.
        details: Option<ApiRefusalDetails>,
    },
    /// The API is unavailable, or refuses this client. The user may open the same link again.
    Unavailable {
        /// The reason.
        reason: Reason,
        /// The time in seconds after which the API may be available, if it is known.
        retry_after_seconds: Option<f64>,
        /// The response of the API, if there was one.
        details: Option<ApiRefusalDetails>,
    },
}

macro_rules! log_in_methods {
    ($client:ty, $product:ty, $session:ty) => {
        impl $client {
            /// Starts a log-in, and binds it to the browser that sends `request` by PKCE (RFC 7636). Send `set_cookies` with
            /// the response. Redirect to `url`, or pass `code_challenge` to the method that sends an email.
            ///
            /// # Errors
            /// [`Error::Client`](super::Error::Client) with `invalid_argument` if an option is invalid, with `cross_origin` if
            /// a page of another origin has sent the request for an email, or with `internal` if the platform has no
            /// [`secret_bytes`](super::Platform::secret_bytes).
            pub fn start_log_in(
                &self,
                request: &IncomingRequest<'_>,
                options: &StartLogInOptions,
            ) -> Result<Started> {
                self.core.start_log_in(request, options)
            }

            /// Handles the redirect of Stytch at the end of a log-in. The token is used up only by a GET request of the browser
            /// that started the log-in, unless the options allow more.
            ///
            /// # Errors
            /// [`Error::Client`](super::Error::Client) with `invalid_argument` if an option is invalid. Input of a user never
            /// causes an error.
            pub async fn handle_callback(
                &self,
                request: IncomingRequest<'_>,
                options: &CallbackOptions,
            ) -> Result<LogInVerdict<$session>> {
                self.core
                    .handle_callback::<$product>(request, options)
                    .await
            }

            /// Sets a new password, with the token that [`handle_callback`](Self::handle_callback) keeps in a cookie. The
            /// request must be a POST of a page of the same origin.
            ///
            /// # Errors
            /// [`Error::Client`](super::Error::Client) with `invalid_argument` if an option is invalid. Input of a user never
            /// causes an error.
            pub async fn reset_password(
                &self,
                request: IncomingRequest<'_>,
                password: &str,
                options: &PasswordResetOptions,
            ) -> Result<LogInVerdict<$session>> {
                let core = &self.core;
                core.reset_password::<$product>(request, password, options)
                    .await
            }

            /// Returns the log-in that has not ended, as the cookies of the request show it.
            #[must_use]
            pub fn pending_log_in(&self, request: &IncomingRequest<'_>) -> PendingLogIn {
                let rules = &self.core.flow.config.cookies;
                LogInCookies { rules }.pending(request)
            }

            /// Ends a log-in with the response of a method that began a session, or that requires another factor.
            ///
            /// # Errors
            /// [`Error::Client`](super::Error::Client) with `invalid_argument` if the response has no tokens.
            pub fn finish_log_in(
                &self,
                request: &IncomingRequest<'_>,
                response: &Map<String, Value>,
                pages: &LogInPages,
            ) -> Result<LogInVerdict<$session>> {
                let text = serde_json::to_string(response).unwrap_or_default();
                let finished = self.core.flow.finish_log_in(request, text, pages, None)?;
                Ok(typed::<$product>(finished))
            }

            /// Logs a user out: clears the cookies, and revokes the session at the API. The request must be a POST of a page of
            /// the same origin.
            pub async fn log_out(&self, request: IncomingRequest<'_>) -> LoggedOut {
                let cookies = None;
                self.core
                    .flow
                    .log_out(&LogOutCheck { request, cookies })
                    .await
            }
        }
    };
}

log_in_methods!(Client, Consumer, consumer::Session);
log_in_methods!(B2bClient, B2b, b2b::MemberSession);

impl Core {
    fn start_log_in(
        &self,
        request: &IncomingRequest<'_>,
        options: &StartLogInOptions,
    ) -> Result<Started> {
        if let Some(cookies) = &options.cookies {
            cookies.check()?;
        }
        let options = StartLogIn {
            method: &options.method,
            provider: options.provider.as_deref(),
            params: &options.params,
            return_to: options.return_to.as_deref(),
            expiration_minutes: options.expiration_minutes.map(f64::from),
            cookies: options.cookies.as_ref(),
        };
        Ok(self.flow.start_log_in(request, &options)?)
    }

    async fn handle_callback<P: Product>(
        &self,
        request: IncomingRequest<'_>,
        options: &CallbackOptions,
    ) -> Result<LogInVerdict<P::Session>> {
        let start = Start::checked(
            &options.pages,
            options.session_duration_minutes,
            options.session_custom_claims.as_ref(),
            options.cookies.as_ref(),
        )?;
        let question = CallbackCheck {
            request,
            rules: RedirectRules {
                product: self.flow.config.issuer.product,
                allow_unbound: options.allow_unbound,
                allow_impersonation: options.allow_impersonation,
                confirm: options.confirm,
            },
            session: start.session(),
        };
        Ok(typed::<P>(self.flow.handle_callback(&question).await?))
    }

    async fn reset_password<P: Product>(
        &self,
        request: IncomingRequest<'_>,
        password: &str,
        options: &PasswordResetOptions,
    ) -> Result<LogInVerdict<P::Session>> {
        let start = Start::checked(
            &options.pages,
            options.session_duration_minutes,
            options.session_custom_claims.as_ref(),
            options.cookies.as_ref(),
        )?;
        let question = PasswordReset {
            request,
            password,
            session: start.session(),
        };
        Ok(typed::<P>(self.flow.reset_password(&question).await?))
    }
}

/// The options of a step that begins a session, as the flow reads them.
struct Start<'a> {
    pages: &'a LogInPages,
    minutes: Option<Box<RawValue>>,
    claims: Option<Box<RawValue>>,
    cookies: Option<&'a CookieRules>,
}

impl<'a> Start<'a> {
    fn checked(
        pages: &'a LogInPages,
        minutes: Option<i64>,
        claims: Option<&Map<String, Value>>,
        cookies: Option<&'a CookieRules>,
    ) -> Result<Self> {
        if let Some(cookies) = cookies {
            cookies.check()?;
        }
        Ok(Self {
            pages,
            minutes: minutes.and_then(|it| serde_json::value::to_raw_value(&it).ok()),
            claims: claims.and_then(|it| serde_json::value::to_raw_value(it).ok()),
            cookies,
        })
    }

    fn session(&self) -> SessionStart<'_> {
        SessionStart {
            pages: self.pages,
            session_duration_minutes: self.minutes.as_deref(),
            session_custom_claims: self.claims.as_deref(),
            cookies: self.cookies,
        }
    }
}

fn typed<P: Product>(log_in: LogIn) -> LogInVerdict<P::Session> {
    let read = |text: &str| parsed::<Map<String, Value>>(text).unwrap_or_default();
    let result = match log_in.outcome {
        LogInOutcome::LoggedIn { response } => {
            let response = read(&response);
            // `oauth.authenticate` of the consumer product has another name for the session.
            let session = response.get(P::SESSION).or(response.get("user_session"));
            match P::Session::from_json(session.cloned().unwrap_or_default()) {
                Ok(session) => LogInResult::LoggedIn {
                    session: Box::new(session),
                    response,
                },
                // A field of the session does not have its documented type.
                Err(_) => LogInResult::Unavailable {
                    reason: Reason::Internal,
                    retry_after_seconds: None,
                    details: None,
                },
            }
        }
        LogInOutcome::NeedsOrganization { response } => LogInResult::NeedsOrganization {
            response: read(&response),
        },
        LogInOutcome::NeedsMfa { response } => LogInResult::NeedsMfa {
            response: read(&response),
        },
        LogInOutcome::NeedsNewPassword => LogInResult::NeedsNewPassword,
        LogInOutcome::NeedsClick => LogInResult::NeedsClick,
        LogInOutcome::Refused { reason, details } => LogInResult::Refused { reason, details },
        LogInOutcome::Unavailable {
            reason,
            retry_after,
            details,
        } => LogInResult::Unavailable {
            reason,
            retry_after_seconds: retry_after,
            details,
        },
    };
    LogInVerdict {
        result,
        token_type: log_in.token_type,
        return_to: log_in.return_to.into(),
        http_status: log_in.http_status,
        location: log_in.location,
        set_cookies: log_in.set_cookies,
    }
}

/// Shows the status and the reason. Does not show tokens.
impl<Session> fmt::Debug for LogInVerdict<Session> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match &self.result {
            LogInResult::LoggedIn { .. } => "logged_in",
            LogInResult::NeedsOrganization { .. } => "needs_organization",
            LogInResult::NeedsMfa { .. } => "needs_mfa",
            LogInResult::NeedsNewPassword => "needs_new_password",
            LogInResult::NeedsClick => "needs_click",
            LogInResult::Refused { reason, .. } => reason.word(),
            LogInResult::Unavailable { reason, .. } => reason.word(),
        };
        write!(formatter, "LogInVerdict({word})")
    }
}

/// Shows that there are options, because custom claims may be personal data.
impl fmt::Debug for CallbackOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CallbackOptions(…)")
    }
}
