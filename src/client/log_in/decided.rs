//! The result of a step of a log-in, and the response to the browser.

use std::fmt;

use super::{
    super::{ApiRefusalDetails, Cookie, Reason},
    LogInRefusal, ReturnTo,
};
use crate::jwt::UnixSeconds;

/// The result of a step of a log-in.
#[derive(Clone, PartialEq)]
pub struct LogIn {
    /// The result.
    pub outcome: LogInOutcome,
    /// The value of `stytch_token_type`, if it is known.
    pub token_type: Option<&'static str>,
    /// The page to which the user returns at the end.
    pub return_to: ReturnTo,
    /// The HTTP status of the response.
    pub http_status: u16,
    /// The header `Location` of the response.
    pub location: Option<String>,
    /// The values of `Set-Cookie` headers.
    pub set_cookies: Vec<String>,
    /// A session cookie that is cleared instead of set, because browsers may drop a cookie of that length.
    pub unset: Option<Cookie>,
}

/// The result of a step of a log-in.
#[derive(Clone, PartialEq)]
pub enum LogInOutcome {
    /// The user has a session.
    LoggedIn {
        /// The API's response, as JSON text.
        response: String,
    },
    /// The user selects an organization.
    NeedsOrganization {
        /// The API's response with the organizations, as JSON text.
        response: String,
    },
    /// The organization requires another factor.
    NeedsMfa {
        /// The API's response, as JSON text.
        response: String,
    },
    /// The user sends a new password.
    NeedsNewPassword,
    /// The user clicks a button, so that a program that opens links does not use the token up.
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
        retry_after: Option<UnixSeconds>,
        /// The response of the API, if there was one.
        details: Option<ApiRefusalDetails>,
    },
}

/// The pages to which a response redirects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogInPages {
    /// The page after the log-in. Default: the page with which the log-in was started, else `/`.
    pub logged_in: Option<ReturnTo>,
    /// The page on which the user selects an organization. Default: `/`.
    pub needs_organization: Option<ReturnTo>,
    /// The page for another factor. Default: `/`.
    pub needs_mfa: Option<ReturnTo>,
    /// The page for the new password. Default: `/`.
    pub needs_new_password: Option<ReturnTo>,
    /// The page after a refusal. The parameter `reason` is added. Default: `/`.
    pub refused: Option<ReturnTo>,
    /// The page during an outage. Default: the response has status 503, so that the user can load the link again.
    pub unavailable: Option<ReturnTo>,
}

impl LogInOutcome {
    /// Returns a refusal by this client.
    #[must_use]
    pub fn refused(reason: LogInRefusal) -> Self {
        Self::Refused {
            reason,
            details: None,
        }
    }

    /// Returns the word for the outcome: its `status`.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match self {
            Self::LoggedIn { .. } => "logged_in",
            Self::NeedsOrganization { .. } => "needs_organization",
            Self::NeedsMfa { .. } => "needs_mfa",
            Self::NeedsNewPassword => "needs_new_password",
            Self::NeedsClick => "needs_click",
            Self::Refused { .. } => "refused",
            Self::Unavailable { .. } => "unavailable",
        }
    }
}

impl LogIn {
    /// Returns the result with the response for its outcome. A redirect is a 303, so that the browser requests the page
    /// with GET, and without the token in its URL.
    #[must_use]
    pub fn new(
        outcome: LogInOutcome,
        token_type: Option<&'static str>,
        return_to: ReturnTo,
        pages: &LogInPages,
    ) -> Self {
        let page = |page: &Option<ReturnTo>| page.clone().unwrap_or_else(ReturnTo::home).into();
        let (http_status, location) = match &outcome {
            LogInOutcome::LoggedIn { .. } => {
                let page = pages.logged_in.as_ref().unwrap_or(&return_to);
                (303, Some(page.clone().into()))
            }
            LogInOutcome::NeedsOrganization { .. } => (303, Some(page(&pages.needs_organization))),
            LogInOutcome::NeedsMfa { .. } => (303, Some(page(&pages.needs_mfa))),
            LogInOutcome::NeedsNewPassword => (303, Some(page(&pages.needs_new_password))),
            LogInOutcome::NeedsClick => (200, None),
            LogInOutcome::Refused { reason, .. } => match reason {
                LogInRefusal::MethodNotAllowed => (405, None),
                LogInRefusal::SpeculativeRequest | LogInRefusal::CrossOrigin => (403, None),
                _ => {
                    let page = pages.refused.clone().unwrap_or_else(ReturnTo::home);
                    (303, Some(page.with("reason", reason.word())))
                }
            },
            LogInOutcome::Unavailable { reason, .. } => match &pages.unavailable {
                Some(page) => (303, Some(page.with("reason", reason.word()))),
                None => (503, None),
            },
        };
        Self {
            outcome,
            token_type,
            return_to,
            http_status,
            location,
            set_cookies: Vec::new(),
            unset: None,
        }
    }
}

impl From<ReturnTo> for String {
    fn from(page: ReturnTo) -> Self {
        page.as_str().to_owned()
    }
}

/// Omits the response of the API, because it contains tokens.
impl fmt::Debug for LogInOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self {
            Self::Refused { reason, .. } => reason.word(),
            Self::Unavailable { reason, .. } => reason.word(),
            _ => return formatter.write_str(self.status()),
        };
        write!(formatter, "{} ({reason})", self.status())
    }
}

/// Writes the outcome, and omits the cookies.
impl fmt::Debug for LogIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "LogIn({:?})", self.outcome)
    }
}
