//! The verdict on a request: finds the session in its headers, checks the JWT, has the API authenticate the session if
//! necessary, and decides which cookies to set.

use serde_json::value::RawValue;

use super::{
    Core, Error, Event, LoadFailure, Times, TokenCheck,
    refreshes::{Refreshed, Refreshing},
    sessions::permission,
    state::with_isolate,
};
use crate::{
    client::{
        Accepted, ApiBody, AuthenticateSession, Cleared, Cookie, CookieRules, Credentials, Denial,
        FallbackDecision, NewSession, Purpose, Reason, Refresh, RefreshClass, RemoteFallback,
        ReportKind, RequiredClaim, Requirement, SessionCredentials, SessionToken, Verdict,
        VerdictWithCookies, holds_claims, is_permanent, log_in_cookies,
    },
    jwt::{Refusal as JwtRefusal, UnixSeconds},
    session::{Product, Refusal, TokenKind, payload_from_api},
};

/// A request, and the requirements that its user must meet.
#[derive(Clone, Copy)]
pub struct RequestCheck<'a> {
    /// The credentials in the headers of the request.
    pub credentials: Credentials<&'a str>,
    /// The permission or the scopes that the user must have.
    pub requirement: &'a Requirement,
    /// The time of the check of the JWT and its tolerances.
    pub times: Times,
    /// Claims that the JWT must contain.
    pub required_claims: &'a [RequiredClaim],
    /// When the API authenticates the session. Default: the configuration's `remote_fallback`, else
    /// [`RemoteFallback::Stale`].
    pub remote_fallback: Option<RemoteFallback>,
    /// The names and attributes of the cookies. Default: the configuration's `cookies`.
    pub cookies: Option<&'a CookieRules>,
    /// The new lifetime of the session in minutes, as JSON text, if the API authenticates the session. Default: the
    /// lifetime is not changed.
    pub session_duration_minutes: Option<&'a RawValue>,
    /// The time limit in milliseconds for the request by which the API authenticates the session. Default: the
    /// configuration's, 5,000.
    pub refresh_timeout_ms: Option<u32>,
}

impl Core {
    /// Returns the verdict on a request.
    ///
    /// # Errors
    /// [`Error::Client`] with `invalid_argument` if an option of the caller is invalid. Input of a user never causes an
    /// error.
    pub async fn authenticate_request(
        &self,
        question: &RequestCheck<'_>,
    ) -> Result<VerdictWithCookies, Error> {
        let rules = question.cookies.unwrap_or(&self.config.cookies);
        let decided = self.decide(question, rules).await?;
        self.report_unset(rules, decided.unset);
        Ok(decided)
    }

    /// Returns the `Set-Cookie` lines of a new session. Default of `rules`: the configuration's `cookies`.
    #[must_use]
    pub fn session_cookies(
        &self,
        session: &NewSession<'_>,
        rules: Option<&CookieRules>,
    ) -> Vec<String> {
        let rules = rules.unwrap_or(&self.config.cookies);
        let (lines, unset) = log_in_cookies(rules, session, self.platform.now());
        self.report_unset(rules, unset);
        lines
    }

    fn report_unset(&self, rules: &CookieRules, unset: Option<Cookie>) {
        if let Some(cookie) = unset {
            let cookie = rules.name_of(cookie);
            self.platform.report(&Event::CookieTooLarge { cookie });
        }
    }

    async fn decide(
        &self,
        question: &RequestCheck<'_>,
        rules: &CookieRules,
    ) -> Result<VerdictWithCookies, Error> {
        let fallback = question.remote_fallback;
        let fallback = self.config.fallback(fallback, RemoteFallback::Stale);
        let found = SessionCredentials::find(question.credentials, fallback);
        let (step, is_cookie) = match &found {
            SessionCredentials::Nothing(reason) => {
                return Ok(VerdictWithCookies::bare(Verdict::Unauthenticated(*reason)));
            }
            SessionCredentials::SessionToken {
                session_token,
                has_other,
            } => {
                let cleared = if *has_other {
                    Cleared::OfHost
                } else {
                    Cleared::Both
                };
                let credential = Credential::SessionToken(session_token.reveal());
                (Step::Refresh(credential, cleared), true)
            }
            SessionCredentials::SessionJwts {
                session_jwts,
                session_token,
                is_cookie,
            } => {
                let check = JwtsCheck {
                    question,
                    rules,
                    fallback,
                    session_token: session_token.as_ref(),
                };
                (self.check_jwts(&check, session_jwts).await?, *is_cookie)
            }
        };
        match step {
            Step::Decided(decided) => Ok(decided),
            Step::Refresh(credential, cleared) => {
                let refresh = Refresh {
                    product: self.config.issuer.product,
                    required_claims: question.required_claims,
                    cookies: Some(rules).filter(|_| is_cookie),
                    cleared,
                };
                self.refresh(question, credential, refresh).await
            }
        }
    }

    /// Checks the JWTs of the request until one is valid.
    async fn check_jwts<'a>(
        &self,
        check: &JwtsCheck<'a>,
        session_jwts: &[Option<&'a str>],
    ) -> Result<Step<'a>, Error> {
        let mut failed: Option<FailedJwt<'a>> = None;
        for session_jwt in session_jwts.iter().flatten().copied() {
            let failure = match self.check(&check.question.local(session_jwt)).await {
                Ok(accepted) => {
                    let decided = accepted_here(session_jwt, &accepted, check.question);
                    return Ok(Step::Decided(decided));
                }
                Err(failure) if failure.error.is_invalid_argument() => return Err(failure.error),
                Err(failure) => failure,
            };
            let next = FailedJwt::new(session_jwt, failure, self.config.issuer.product);
            if failed.as_ref().is_none_or(|first| next.precedes(first)) {
                failed = Some(next);
            }
        }
        Ok(match failed {
            Some(failed) => self.after_failure(check, &failed),
            None => Step::of(Verdict::Unauthenticated(Reason::NoCredentials)),
        })
    }

    /// Decides what to do about a request without a valid JWT.
    fn after_failure<'a>(&self, check: &JwtsCheck<'a>, failed: &FailedJwt<'a>) -> Step<'a> {
        let failure = &failed.failure;
        let undecided = || Step::of(failure.denial().into());
        // If the policy is unavailable, a request to the API would not help: the API needs the same policy.
        let error = match (failure.purpose, failure.error.client()) {
            (Some(Purpose::Policy), _) | (_, None) => return undecided(),
            (_, Some(error)) => error,
        };
        let fallback = check.fallback;
        let decision = if self.may_refresh_skewed(failed, check.question, fallback) {
            FallbackDecision::CallApi
        } else {
            self.decide_fallback(fallback, failure, failed.session_jwt)
        };
        let token = check.session_token;
        match (decision, failure.purpose) {
            (FallbackDecision::LimitReached, _) | (FallbackDecision::Refuse, Some(_)) => {
                undecided()
            }
            (FallbackDecision::Refuse, None) => Step::Decided(VerdictWithCookies::refused(
                error,
                check.rules,
                fallback,
                token.is_some(),
            )),
            // The JWT names the session: the session token may be of another user. If the JWT can never become valid, it
            // does not name a session.
            (FallbackDecision::CallApi, _) => match token {
                Some(token) if is_permanent(Denial::of(error)) => {
                    Step::Refresh(Credential::SessionToken(token.reveal()), Cleared::Both)
                }
                Some(_) => Step::Refresh(Credential::of_jwt(failed), Cleared::SessionJwt),
                None => Step::Refresh(Credential::of_jwt(failed), Cleared::Both),
            },
        }
    }

    /// Returns whether the session of a JWT that is not valid yet is refreshed: the clock of this host may be slow. At
    /// most once per minute and session, and not for a time that the caller sets.
    fn may_refresh_skewed(
        &self,
        failed: &FailedJwt<'_>,
        question: &RequestCheck<'_>,
        fallback: RemoteFallback,
    ) -> bool {
        if !failed.is_not_yet_valid() || question.times.now.is_some() {
            return false;
        }
        let now = self.platform.now();
        if self.may_report(ReportKind::ClockSkew, now) {
            self.platform.report(&Event::ClockSkew);
        }
        let session = session_id_of(failed.session_jwt, self.config.issuer.product);
        fallback != RemoteFallback::Never
            && session.is_some_and(|session| {
                with_isolate(|isolate| isolate.refreshes.may_refresh_skewed(&session, now))
            })
    }

    /// Has the API authenticate the session.
    async fn refresh(
        &self,
        question: &RequestCheck<'_>,
        credential: Credential<'_>,
        refresh: Refresh<'_>,
    ) -> Result<VerdictWithCookies, Error> {
        let (asked, class) = credential.asked();
        let refreshing = Refreshing {
            asked: AuthenticateSession {
                session_duration_minutes: question.session_duration_minutes,
                authorization_check: permission(question.requirement),
                ..asked
            },
            class,
            timeout_ms: question
                .refresh_timeout_ms
                .unwrap_or(self.config.refreshes.timeout_ms),
        };
        match self.refresh_session(&refreshing).await {
            Refreshed::Body(body) => Ok(refresh.answered(&body, self.platform.now())),
            Refreshed::Failed(error) if error.is_invalid_argument() => Err(error),
            Refreshed::Failed(error) => {
                let mut decided = refresh.refused(error.request_failure());
                if let Verdict::Unavailable(_) = decided.verdict {
                    decided.retry_after = error.retry_after();
                    decided.refusal = error.refusal_details();
                }
                Ok(decided)
            }
            Refreshed::KnownRefusal => Ok(refresh.not_found()),
            Refreshed::Later {
                reason,
                retry_after,
            } => Ok(VerdictWithCookies {
                retry_after: Some(retry_after),
                ..VerdictWithCookies::bare(Verdict::Unavailable(reason))
            }),
        }
    }
}

impl<'a> RequestCheck<'a> {
    /// The local check of a JWT of the request. `nbf` has a tolerance of at least 5 seconds: a JWT that the API has just
    /// issued is valid, even if the clock of this host is a bit slow.
    fn local(&self, session_jwt: &'a str) -> TokenCheck<'a> {
        let mut times = self.times;
        let before = times.tolerance.before;
        if before < NOT_BEFORE_TOLERANCE {
            times.tolerance.before = NOT_BEFORE_TOLERANCE;
        }
        TokenCheck {
            token: session_jwt,
            kind: TokenKind::Session,
            requirement: self.requirement,
            times,
        }
    }
}

/// The check of the JWTs of a request.
struct JwtsCheck<'a> {
    question: &'a RequestCheck<'a>,
    rules: &'a CookieRules,
    fallback: RemoteFallback,
    /// The session token of the same request.
    session_token: Option<&'a SessionToken<'a>>,
}

/// The result of the local checks.
enum Step<'a> {
    /// The verdict is known.
    Decided(VerdictWithCookies),
    /// The API decides about this credential. If the session does not exist, these cookies are cleared.
    Refresh(Credential<'a>, Cleared),
}

impl Step<'_> {
    fn of(verdict: Verdict) -> Self {
        Self::Decided(VerdictWithCookies::bare(verdict))
    }
}

/// A JWT of the request that failed the local check.
struct FailedJwt<'a> {
    session_jwt: &'a str,
    failure: LoadFailure,
    /// Whether its signature is good, so that the project has issued it.
    is_verified: bool,
    /// When it was issued, if its signature is good. Else 0.
    issued_at: UnixSeconds,
}

impl<'a> FailedJwt<'a> {
    fn new(session_jwt: &'a str, failure: LoadFailure, product: Product) -> Self {
        let reason = failure.error.client().and_then(|error| error.reason);
        // The times are validated after the signature.
        let is_verified = matches!(
            reason,
            Some(Reason::Token(
                Refusal::TooOld | Refusal::Jwt(JwtRefusal::Expired | JwtRefusal::NotYetValid)
            ))
        );
        let claims = || payload_from_api(session_jwt, product).ok();
        let issued_at = || ApiBody::read(&claims()?)?.number("iat");
        Self {
            session_jwt,
            failure,
            is_verified,
            issued_at: is_verified.then(issued_at).flatten().unwrap_or_default(),
        }
    }

    /// Whether this JWT, which is further back in the request, represents it instead of `first`: it is of a later
    /// session. An older cookie of the same name, of another path or domain, may be of a session that has ended.
    fn precedes(&self, first: &Self) -> bool {
        self.is_verified && (!first.is_verified || self.issued_at > first.issued_at)
    }

    fn is_not_yet_valid(&self) -> bool {
        let reason = self.failure.error.client().and_then(|error| error.reason);
        reason == Some(Reason::Token(Refusal::Jwt(JwtRefusal::NotYetValid)))
    }
}

/// The credential by which the API authenticates a session.
#[derive(Clone, Copy)]
enum Credential<'a> {
    SessionToken(&'a str),
    VerifiedJwt(&'a str),
    /// A JWT whose key is not available.
    UnverifiedJwt(&'a str),
}

impl<'a> Credential<'a> {
    fn of_jwt(failed: &FailedJwt<'a>) -> Self {
        if failed.is_verified {
            Self::VerifiedJwt(failed.session_jwt)
        } else {
            Self::UnverifiedJwt(failed.session_jwt)
        }
    }

    fn asked(self) -> (AuthenticateSession<'a>, RefreshClass) {
        let (session_token, session_jwt, class) = match self {
            Self::SessionToken(token) => (Some(token), None, RefreshClass::Unverified),
            Self::VerifiedJwt(jwt) => (None, Some(jwt), RefreshClass::Verified),
            Self::UnverifiedJwt(jwt) => (None, Some(jwt), RefreshClass::Unverified),
        };
        let asked = AuthenticateSession {
            session_token,
            session_jwt,
            ..AuthenticateSession::default()
        };
        (asked, class)
    }
}

/// The id of the session of a JWT whose signature is good.
fn session_id_of(session_jwt: &str, product: Product) -> Option<String> {
    let claims = payload_from_api(session_jwt, product).ok()?;
    ApiBody::read(&claims)?.object(SESSION_CLAIM)?.text("id")
}

/// The verdict on a user whose JWT is valid.
fn accepted_here(
    session_jwt: &str,
    accepted: &Accepted,
    question: &RequestCheck<'_>,
) -> VerdictWithCookies {
    let claims = accepted.payload();
    VerdictWithCookies::bare(if holds_claims(claims, question.required_claims) {
        Verdict::Authenticated {
            via: accepted.via,
            session: accepted.json().to_owned(),
            session_jwt: session_jwt.to_owned(),
            claims: claims.to_owned(),
        }
    } else {
        Verdict::Forbidden(Reason::ClaimMismatch)
    })
}

/// The claim of a session, of both products.
const SESSION_CLAIM: &str = "https://stytch.com/session";

/// The tolerance for `nbf` in seconds.
const NOT_BEFORE_TOLERANCE: f64 = 5.0;
