//! A log-out: clears all cookies of the user, and revokes the session at the API.

use super::{
    super::{CallLimits, Core},
    callback::JsonBody,
};
use crate::client::{
    CookieRules, Credentials, Denial, IncomingRequest, LogInCookies, LogInRefusal, Purpose,
    RequestHeaders, is_plausible_session_token, log_out_cookies, outcome_of, revoke_request,
};

/// A request to log out.
#[derive(Clone, Copy)]
pub struct LogOutCheck<'a> {
    /// The request.
    pub request: IncomingRequest<'a>,
    /// The names and attributes of the cookies. Default: the configuration's `cookies`.
    pub cookies: Option<&'a CookieRules>,
}

/// The result of a log-out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoggedOut {
    /// The cookies are cleared.
    Done {
        /// The values of `Set-Cookie` headers.
        set_cookies: Vec<String>,
        /// Whether the API has no session of the cookies any more. `false` if it could not be reached: the tokens remain
        /// valid until the session ends.
        is_revoked: bool,
    },
    /// The request is not a POST of a page of the same origin. Nothing is cleared.
    Refused(LogInRefusal),
}

impl Core {
    /// Logs a user out. The request must be a POST of a page of the same origin: otherwise another site could log users
    /// out. At most two requests are sent, one for each of the session cookies.
    pub async fn log_out(&self, question: &LogOutCheck<'_>) -> LoggedOut {
        let request = &question.request;
        if request.method != "POST" {
            return LoggedOut::Refused(LogInRefusal::MethodNotAllowed);
        }
        if !request.is_same_origin() {
            return LoggedOut::Refused(LogInRefusal::CrossOrigin);
        }
        let rules = question.cookies.unwrap_or(&self.config.cookies);
        let headers = RequestHeaders {
            authorization: None,
            cookie: request.cookie,
        };
        let found = Credentials::find(headers, &rules.session_jwt, &rules.session_token);
        let mut is_revoked = true;
        if let Credentials::Cookies {
            session_jwts: [session_jwt, ..],
            session_tokens: [session_token, ..],
        } = found
        {
            let is_jwt = |text: &&str| text.bytes().filter(|byte| *byte == b'.').count() == 2;
            let is_token = |text: &&str| is_plausible_session_token(text);
            // The JWT may be of another session than the token. The second request is refused if it is not.
            for (name, value) in [
                ("session_token", session_token.filter(is_token)),
                ("session_jwt", session_jwt.filter(is_jwt)),
            ] {
                if let Some(value) = value {
                    is_revoked &= self.revoke(name, value).await;
                }
            }
        }
        let mut set_cookies = log_out_cookies(rules);
        set_cookies.extend(LogInCookies { rules }.clear_present(request));
        LoggedOut::Done {
            set_cookies,
            is_revoked,
        }
    }

    /// Revokes a session. Returns whether the API has no such session any more.
    async fn revoke(&self, name: &str, value: &str) -> bool {
        let mut body = JsonBody::default();
        body.text(name, value);
        let Ok(request) = revoke_request(&self.config, body.end()) else {
            return false;
        };
        let limits = CallLimits::of_method(self.config.time_limit_ms());
        match self.exchange(request, &limits).await {
            Ok(_) => true,
            Err(error) => {
                let outcome = outcome_of(Purpose::Session, error.request_failure());
                matches!(outcome.denial, Denial::Unauthenticated(_))
            }
        }
    }
}
