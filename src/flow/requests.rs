//! The verdict on a request: finds the session in its headers, checks the JWT, has the API authenticate the session if
//! necessary, and decides which cookies to set.

use std::sync::Arc;

use serde_json::value::RawValue;

#[cfg(feature = "api")]
use super::LoadFailure;
use super::{
    Core, Error, Event, Times, TokenCheck,
    candidates::{Candidates, Credential, FailedJwt},
    refreshes::{Refreshed, Refreshing, purpose_of},
    sessions::permission,
    state::with_isolate,
};
#[cfg(feature = "api")]
use crate::client::has_cookie;
use crate::{
    client::{
        Accepted, AuthenticateSession, Cleared, Cookie, CookieRules, Credentials, Denial,
        FallbackDecision, MAX_TOKENS, NewSession, Purpose, Reason, Refresh, RefreshOwner,
        RemoteFallback, ReportKind, RequiredClaim, Requirement, SessionCredentials, Verdict,
        VerdictWithCookies, holds_claims, is_permanent, log_in_cookies,
    },
    jwt::UnixSeconds,
    session::TokenKind,
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

/// The outcome of a local check. Without the feature, a value does not exist, so that the wasm of `stytch-edge/verify` does
/// not contain the code for it.
#[cfg(feature = "api")]
type Checked = Result<Accepted, LoadFailure>;
#[cfg(not(feature = "api"))]
type Checked = std::convert::Infallible;

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
        self.session_verdict(question, None).await
    }

    /// Returns the verdict on a request. `checked` is the outcome of the local check of its Bearer credential, if the
    /// credential is checked already.
    pub(super) async fn session_verdict(
        &self,
        question: &RequestCheck<'_>,
        checked: Option<Checked>,
    ) -> Result<VerdictWithCookies, Error> {
        let rules = question.cookies.unwrap_or(&self.config.cookies);
        let decided = self.decide(question, rules, checked).await?;
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

    /// Reports a session cookie of the other mode, which the check of the request ignores.
    #[cfg(feature = "api")]
    pub fn report_other_mode(&self, cookie: Option<&str>, rules: &CookieRules) {
        let Some((names, cookies)) = rules.names_of_other_mode().zip(cookie) else {
            return;
        };
        if let Some(name) = names.iter().find(|name| has_cookie(cookies, name))
            && self.may_report(ReportKind::OtherCookieMode, self.platform.now())
        {
            self.platform
                .report(&Event::OtherCookieMode { cookie: name });
        }
    }

    pub(super) fn report_unset(&self, rules: &CookieRules, unset: Option<Cookie>) {
        if let Some(cookie) = unset {
            let cookie = rules.name_of(cookie);
            self.platform.report(&Event::CookieTooLarge { cookie });
        }
    }

    async fn decide(
        &self,
        question: &RequestCheck<'_>,
        rules: &CookieRules,
        mut checked: Option<Checked>,
    ) -> Result<VerdictWithCookies, Error> {
        let fallback = question.remote_fallback;
        let fallback = self.config.fallback(fallback, RemoteFallback::Stale);
        let (session_jwts, session_tokens, is_cookie) =
            match SessionCredentials::find(question.credentials, fallback) {
                SessionCredentials::Nothing(reason) => {
                    return Ok(VerdictWithCookies::bare(Verdict::Unauthenticated(reason)));
                }
                SessionCredentials::Sessions {
                    session_jwts,
                    session_tokens,
                    is_cookie,
                } => (session_jwts, session_tokens, is_cookie),
            };
        let mut candidates = Candidates {
            question,
            fallback,
            jwts: Vec::new(),
            has_one_jwt: session_jwts.iter().flatten().count() == 1,
            tokens: session_tokens,
        };
        for session_jwt in session_jwts.into_iter().flatten() {
            let outcome = match checked.take() {
                #[cfg(feature = "api")]
                Some(outcome) => outcome,
                _ => self.check(&question.local(session_jwt)).await,
            };
            let failure = match outcome {
                Ok(accepted) => return Ok(accepted_here(session_jwt, accepted, question)),
                Err(failure) if failure.error.is_invalid_argument() => return Err(failure.error),
                Err(failure) => failure,
            };
            let failed = FailedJwt::new(session_jwt, failure, self.config.issuer.product);
            // The signature and the times of this JWT are valid, so it names the user. Another JWT may be of another user.
            if failed.is_forbidden() || failed.failure.purpose == Some(Purpose::Policy) {
                candidates.jwts = vec![failed];
                candidates.tokens = [None; MAX_TOKENS];
                break;
            }
            candidates.jwts.push(failed);
        }
        let owner = self.refresh_owner();
        let step = self.choose(&mut candidates, rules, &owner);
        let of_rules = |cleared, session_id| Refresh {
            product: self.config.issuer.product,
            purpose: purpose_of(permission(question.requirement)),
            required_claims: question.required_claims,
            cookies: Some(rules).filter(|_| is_cookie),
            cleared,
            session_id,
        };
        match &step {
            Step::Decided(denial) => Ok(VerdictWithCookies::bare((*denial).into())),
            Step::Gone => Ok(of_rules(Cleared::Both, None).not_found()),
            #[cfg(feature = "api")]
            Step::Refresh(credential, cleared) => {
                let refresh = of_rules(*cleared, credential.session_id());
                self.refresh(question, credential, refresh, owner).await
            }
            // Not reached: without the feature, no client has a secret. `cfg!` in place of these attributes would leave
            // the refresh in the wasm of `stytch-edge/verify`, 10 KB gzipped.
            #[cfg(not(feature = "api"))]
            Step::Refresh(..) => Ok(VerdictWithCookies::bare(Verdict::Unavailable(
                Reason::Internal,
            ))),
        }
    }

    /// Chooses the credential about which the API decides, if there is one. At most one request is sent for all.
    ///
    /// JWTs come before session tokens, because a session token may be of another user. A JWT that can never become valid
    /// does not name a session, and a session that the API has just refused does not exist: then the next credential
    /// decides.
    fn choose<'a>(
        &self,
        candidates: &mut Candidates<'a>,
        rules: &CookieRules,
        owner: &RefreshOwner,
    ) -> Step<'a> {
        let has_domain = !rules.domain.is_empty();
        let mut first = None;
        while let Some(failed) = candidates.next_jwt(has_domain) {
            let denial = failed.failure.denial();
            first.get_or_insert(denial);
            let has_more =
                !candidates.jwts.is_empty() || candidates.tokens.iter().any(Option::is_some);
            if is_permanent(denial) && has_more {
                continue;
            }
            let credential = Credential::of_jwt(&failed);
            if self.is_gone(owner, &credential) {
                continue;
            }
            if !self.may_call_for(&failed, candidates) {
                let first = first.filter(|_| is_permanent(denial));
                return Step::Decided(first.unwrap_or(denial));
            }
            let cleared = match self.is_last(candidates, owner) {
                true => Cleared::Both,
                false if candidates.has_one_jwt => Cleared::SessionJwt,
                false => Cleared::OfHost,
            };
            return Step::Refresh(credential, cleared);
        }
        while let Some(token) = candidates.next_token() {
            let credential = Credential::SessionToken(token.reveal());
            if self.is_gone(owner, &credential) {
                continue;
            }
            let cleared = match self.is_last(candidates, owner) {
                true => Cleared::Both,
                false => Cleared::OfHost,
            };
            return Step::Refresh(credential, cleared);
        }
        Step::Gone
    }

    fn is_gone(&self, owner: &RefreshOwner, credential: &Credential<'_>) -> bool {
        self.is_refused(owner, credential.class(), credential.subject())
    }

    /// Whether none of the remaining credentials could be of a session.
    fn is_last(&self, candidates: &Candidates<'_>, owner: &RefreshOwner) -> bool {
        let mut jwts = candidates.jwts.iter();
        let mut tokens = candidates.tokens.iter().flatten();
        let is_dead = |failed: &FailedJwt<'_>| {
            is_permanent(failed.failure.denial())
                || self.is_gone(owner, &Credential::of_jwt(failed))
        };
        jwts.all(is_dead)
            && tokens.all(|token| self.is_gone(owner, &Credential::SessionToken(token.reveal())))
    }

    /// Returns whether the API may be called about a JWT.
    fn may_call_for(&self, failed: &FailedJwt<'_>, candidates: &Candidates<'_>) -> bool {
        let Candidates {
            question, fallback, ..
        } = *candidates;
        let failure = &failed.failure;
        // If the policy is unavailable, a request to the API would not help: the API needs the same policy.
        if failure.purpose == Some(Purpose::Policy) {
            return false;
        }
        self.may_refresh_skewed(failed, question, fallback)
            || self.decide_fallback(fallback, failure, failed.session_jwt)
                == FallbackDecision::CallApi
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
        fallback != RemoteFallback::Never
            && failed.session_id.as_ref().is_some_and(|session| {
                let isolated = self.isolated_number();
                with_isolate(|isolate| isolate.refreshes.may_refresh_skewed(session, isolated, now))
            })
    }

    /// Has the API authenticate the session.
    #[cfg_attr(
        not(feature = "api"),
        expect(
            dead_code,
            reason = "refreshes need the API, and only this method begins them"
        )
    )]
    async fn refresh(
        &self,
        question: &RequestCheck<'_>,
        credential: &Credential<'_>,
        refresh: Refresh<'_>,
        owner: RefreshOwner,
    ) -> Result<VerdictWithCookies, Error> {
        let refreshing = Refreshing {
            asked: AuthenticateSession {
                session_duration_minutes: question.session_duration_minutes,
                authorization_check: permission(question.requirement),
                ..credential.asked()
            },
            class: credential.class(),
            subject: credential.subject(),
            timeout_ms: question
                .refresh_timeout_ms
                .unwrap_or(self.config.refreshes.timeout_ms),
        };
        match self.refresh_session(&refreshing, owner).await {
            Refreshed::Body(body) => Ok(refresh.answered(&body, self.platform.now())),
            Refreshed::Failed(error) if error.is_invalid_argument() => Err(error),
            Refreshed::Failed(error) => {
                let mut decided = refresh.refused(error.request_failure());
                if let Verdict::Unavailable(_) = decided.verdict {
                    decided.retry_after = error
                        .retry_after()
                        .map(|after| after.min(LONGEST_RETRY_AFTER));
                    decided.refusal = error.refusal_details();
                }
                Ok(decided)
            }
            Refreshed::KnownRefusal => Ok(refresh.not_found()),
            Refreshed::Later {
                reason,
                retry_after,
            } => Ok(VerdictWithCookies {
                retry_after: Some(retry_after.min(LONGEST_RETRY_AFTER)),
                ..VerdictWithCookies::bare(Verdict::Unavailable(reason))
            }),
        }
    }
}

impl<'a> RequestCheck<'a> {
    /// The local check of a JWT of the request. `nbf` has a tolerance of at least 5 seconds: a JWT that the API has just
    /// issued is valid, even if the clock of this host is a bit slow.
    pub(super) fn local(&self, session_jwt: &'a str) -> TokenCheck<'a> {
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

/// What happens to a request without a valid JWT.
enum Step<'a> {
    /// The verdict is known.
    Decided(Denial),
    /// The API has just refused each of the sessions.
    Gone,
    /// The API decides about this credential. If the session does not exist, these cookies are cleared.
    #[cfg_attr(
        not(feature = "api"),
        expect(dead_code, reason = "only a refresh reads the fields")
    )]
    Refresh(Credential<'a>, Cleared),
}

/// The verdict on a user whose JWT is valid.
fn accepted_here(
    session_jwt: &str,
    accepted: Accepted,
    question: &RequestCheck<'_>,
) -> VerdictWithCookies {
    let claims = accepted.payload();
    if !holds_claims(claims, question.required_claims) {
        return VerdictWithCookies::bare(Verdict::Forbidden(Reason::ClaimMismatch));
    }
    let [session, claims, session_jwt] = match accepted.texts() {
        Some(texts) => texts.map(Arc::clone),
        None => [accepted.json(), claims, session_jwt].map(Arc::from),
    };
    let verdict = Verdict::Authenticated {
        via: accepted.via,
        session,
        session_jwt,
        claims,
    };
    VerdictWithCookies {
        accepted: Some(accepted),
        ..VerdictWithCookies::bare(verdict)
    }
}

/// The longest `Retry-After` in seconds that a verdict repeats: pauses are not longer.
const LONGEST_RETRY_AFTER: UnixSeconds = 30.0;

/// The tolerance for `nbf` in seconds.
const NOT_BEFORE_TOLERANCE: f64 = 5.0;
