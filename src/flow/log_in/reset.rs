//! The end of a password reset: the user sends a new password, and the token of the emailed link is used up.

use std::fmt;

use super::{
    super::{CallLimits, Core, Error},
    SessionStart,
    callback::{JsonBody, log_in_failure},
};
use crate::client::{
    Credential, FlowKind, IncomingRequest, LogIn, LogInCookies, LogInOutcome, LogInRefusal,
    ReturnTo, TokenType, Verifier, log_in_request,
};

/// A new password, with the request that has the token of the reset in its cookies.
#[derive(Clone, Copy)]
pub struct PasswordReset<'a> {
    /// The request.
    pub request: IncomingRequest<'a>,
    /// The new password.
    pub password: &'a str,
    /// The session that begins, and the response to the browser.
    pub session: SessionStart<'a>,
}

impl Core {
    /// Sets a new password with the token that [`handle_callback`](Self::handle_callback) has kept. The request must be a
    /// POST of a page of the same origin. If the password is not accepted, the user can send another one.
    ///
    /// # Errors
    /// [`Error::Client`] with `invalid_argument` if an option is invalid. Input of a user never causes an error.
    pub async fn reset_password(&self, question: &PasswordReset<'_>) -> Result<LogIn, Error> {
        let rules = question.session.cookies.unwrap_or(&self.config.cookies);
        let cookies = LogInCookies { rules };
        let product = self.config.issuer.product;
        let mut rows = TokenType::all().iter();
        let row =
            rows.find(|row| row.credential == Credential::PasswordReset && row.product == product);
        let refused = |reason| {
            let outcome = LogInOutcome::refused(reason);
            LogIn::new(outcome, None, ReturnTo::home(), question.session.pages)
        };
        if question.request.method != "POST" {
            return Ok(refused(LogInRefusal::MethodNotAllowed));
        }
        if !question.request.is_same_origin() {
            return Ok(refused(LogInRefusal::CrossOrigin));
        }
        let Some((row, kept)) = row.zip(cookies.reset(&question.request)) else {
            return Ok(refused(LogInRefusal::NoToken));
        };
        let mut body = JsonBody::default();
        body.text(row.token_field, &kept.token);
        body.text("password", question.password);
        let verifier = kept.verifier.as_ref().map(Verifier::reveal);
        if let Some((name, verifier)) = row.verifier_field.zip(verifier) {
            body.text(name, verifier);
        }
        body.session(&question.session);
        let request = log_in_request(&self.config, row, body.end())?;
        let limits = CallLimits::of_method(self.config.time_limit_ms());
        let (outcome, mut lines, unset) = match self.exchange(request, &limits).await {
            Ok(body) => self.answered(rules, Credential::Session, body.text, &kept.return_to),
            Err(error) if error.is_invalid_argument() => return Err(error),
            Err(error) => (log_in_failure(&error), Vec::new(), None),
        };
        let may_try_again = match &outcome {
            LogInOutcome::Unavailable { .. } => true,
            LogInOutcome::Refused { reason, .. } => *reason == LogInRefusal::PasswordNotAccepted,
            _ => false,
        };
        let is_refused = matches!(outcome, LogInOutcome::Refused { .. });
        if !may_try_again {
            lines.push(cookies.clear_reset());
            let now = self.platform.now();
            let flow = cookies.flow(&question.request, FlowKind::PasswordReset, now);
            if let Some(flow) = flow.filter(|_| !is_refused) {
                lines.push(cookies.end_flow(FlowKind::PasswordReset, &flow, now));
            }
        }
        let mut result = LogIn::new(
            outcome,
            Some(row.word),
            kept.return_to,
            question.session.pages,
        );
        result.set_cookies = lines;
        result.unset = unset;
        self.report_unset(rules, unset);
        Ok(result)
    }
}

/// Omits all values: they are secrets.
impl fmt::Debug for PasswordReset<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordReset(…)")
    }
}
