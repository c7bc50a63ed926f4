//! The verdict on a request: find its credentials, judge them, and say what it takes to
//! know more, and what becomes of the visitor's cookies.
//!
//! Keeps nothing from one step to the next: what the last step asked for comes back as
//! an [`Outcome`], beside everything that the first step was told.

use alloc::{borrow::ToOwned, boxed::Box, string::String, vec::Vec};
use core::fmt;

use super::{
    CheckRequest, Checked, ClientError, ClientErrorCode, Cookie, CookieRules, Credentials, Denial,
    Need, Purpose, Reason, RemoteFallback, RequestHeaders, RequiredClaim, Scopes, Trouble, Worth,
    check, holds_claims, is_plausible_session_token, outcome_of, refreshed,
};
use crate::{
    jwt::{Refusal as JwtRefusal, payload_of_known},
    session::Refusal,
};

/// A request, and what is asked of whoever sent it.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// What it carries.
    pub headers: RequestHeaders<'a>,
    /// How its session JWT is checked; the token in it is the visitor's, whatever
    /// stands there.
    pub check: CheckRequest<'a>,
    /// What the JWT must say beyond what every one does.
    pub required_claims: &'a [RequiredClaim],
    /// When the API is asked.
    pub remote_fallback: RemoteFallback,
    /// How the cookies are called and set.
    pub cookies: &'a CookieRules,
}

/// What came of what the last step asked for.
#[derive(Clone, Copy)]
pub enum Outcome<'a> {
    /// There was no step yet.
    Begun,
    /// What was needed was fetched, or could not be; ask again.
    Loaded {
        /// Whether the keys could not be had.
        without_keys: bool,
        /// Why a policy could not be had.
        policy: Option<Trouble<'a>>,
    },
    /// The API authenticated the session.
    Answered(Authenticated<'a>),
    /// It did not.
    Refused(Trouble<'a>),
}

/// What the API said of a session that it authenticated.
#[derive(Clone, Copy)]
pub struct Authenticated<'a> {
    /// A new JWT.
    pub session_jwt: &'a str,
    /// The session's token, empty where it was not told.
    pub session_token: &'a str,
    /// The end of the session, in the API's form.
    pub expires_at: &'a str,
}

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Nothing more.
    Done(Box<Visited>),
    /// Fetch this, and come back with [`Outcome::Loaded`].
    Needed(Vec<Need>),
    /// Have the API authenticate the session, and come back with what it says.
    Ask(Question),
}

/// Which session the API is asked about.
#[derive(Clone, PartialEq, Eq)]
pub enum Question {
    /// The one of this token.
    SessionToken(String),
    /// The one of this JWT.
    SessionJwt(String),
}

/// A verdict, and what it means for the visitor's cookies.
#[derive(PartialEq, Eq)]
pub struct Visited {
    /// Whether the visitor is let in.
    pub verdict: Verdict,
    /// `Set-Cookie` lines.
    pub set_cookies: Vec<String>,
    /// A cookie that could not be set: browsers need not keep what is so long.
    pub unset: Option<Cookie>,
    /// Whether the key set is to be fetched again behind the scenes.
    pub is_ageing: bool,
}

/// Whether the visitor is let in.
#[derive(PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Authenticated {
        /// Who says so.
        via: Via,
        /// The session as JSON text, unless the API said so: then it is in its answer.
        session: Option<String>,
        /// The JWT, a new one where the API was asked.
        session_jwt: String,
        /// Its payload, as JSON text.
        claims: String,
    },
    /// No: nobody knows who it is.
    Unauthenticated(Reason),
    /// No: the visitor is known, and may not do this.
    Forbidden(Reason),
    /// Nobody can tell now.
    Unavailable(Reason),
}

/// Who vouches for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// The token was seen before; nothing had to be verified or fetched.
    Cache,
    /// The token was verified here.
    Local,
    /// The API.
    Remote,
}

/// Takes the next step towards a verdict.
///
/// # Errors
/// [`ClientError`] with `invalid_argument` for what the caller asks, or where a policy
/// cannot be had: come back with [`Outcome::Loaded`], which says why. Nothing that a
/// visitor sends is an error.
pub fn visit(
    scopes: &mut Scopes,
    visit: &Visit<'_>,
    outcome: &Outcome<'_>,
) -> Result<Step, ClientError> {
    let rules = visit.cookies;
    let found = Credentials::find(visit.headers, &rules.session_jwt, &rules.session_token);
    let (session_jwt, session_token) = match found {
        Credentials::Bearer(credential) => (Some(credential), None),
        Credentials::Cookies {
            session_jwt,
            session_token,
        } => (session_jwt, session_token),
        Credentials::TooLong => return Ok(refused(MALFORMED)),
    };
    let plausible = session_token.filter(|token| is_plausible_session_token(token));
    let has_cookies = !matches!(found, Credentials::Bearer(_));
    match outcome {
        Outcome::Answered(answer) => {
            return Ok(Step::Done(refreshed::answered(visit, has_cookies, answer)));
        }
        Outcome::Refused(trouble) => {
            return Ok(Step::Done(refreshed::refused(visit, has_cookies, *trouble)));
        }
        Outcome::Begun | Outcome::Loaded { .. } => {}
    }
    let Some(session_jwt) = session_jwt else {
        return Ok(match (session_token, plausible) {
            (Some(_), None) => refused(MALFORMED),
            (Some(_), Some(token)) if visit.remote_fallback != RemoteFallback::Never => {
                Step::Ask(Question::SessionToken(token.to_owned()))
            }
            // A session token says nothing to anybody but the API.
            _ => refused(Reason::NoCredentials),
        });
    };
    let error = match judge(scopes, visit, session_jwt, outcome)? {
        Ok(step) => return Ok(step),
        Err(error) => error,
    };
    let request = &visit.check;
    let keys = scopes.keys_from(request.issuer, request.asking.source);
    let calls = keys.remote_calls();
    let fallback = visit.remote_fallback;
    match fallback.judge(&error, session_jwt, calls, visit.check.asking.now) {
        Worth::Nothing => {}
        Worth::TooMany => return Ok(done(Verdict::Unavailable(Reason::KeysUnavailable))),
        Worth::Call => {
            let question = match plausible {
                Some(token) => Question::SessionToken(token.to_owned()),
                None => Question::SessionJwt(session_jwt.to_owned()),
            };
            return Ok(Step::Ask(question));
        }
    }
    let verdict = Verdict::of(&error);
    // The session token is as good as it was, and its turn comes when no JWT that is
    // wrong for good stands before it; but never where nobody may ask about it.
    let has_turn = plausible.is_some() && fallback != RemoteFallback::Never;
    let clears = has_turn && is_wrong_for_good(&verdict);
    let mut visited = Visited::bare(verdict);
    if clears {
        visited.set_cookies.push(rules.clear(Cookie::SessionJwt));
    }
    Ok(Step::Done(visited))
}

/// Judges the visitor's JWT: a step, or why it is refused.
fn judge(
    scopes: &mut Scopes,
    visit: &Visit<'_>,
    session_jwt: &str,
    outcome: &Outcome<'_>,
) -> Result<Result<Step, ClientError>, ClientError> {
    let request = CheckRequest {
        token: session_jwt,
        ..visit.check
    };
    let is_known = matches!(outcome, Outcome::Begun)
        && scopes
            .keys_from(request.issuer, request.asking.source)
            .verified()
            .find(session_jwt, request.kind, request.cache)
            .is_some();
    let mut is_ageing = false;
    let session = match check(scopes, &request) {
        Ok(Checked::Done(session)) => session,
        Ok(Checked::Ageing(session)) => {
            is_ageing = true;
            session
        }
        Ok(Checked::Needed(needs)) => return Ok(lacking(needs, outcome)),
        Err(error) if error.code == ClientErrorCode::InvalidArgument => return Err(error),
        Err(error) if error.reason == Some(Reason::PolicyUnavailable) => {
            return match outcome {
                Outcome::Loaded {
                    policy: Some(trouble),
                    ..
                } => Ok(Ok(done(without_policy(*trouble)))),
                _ => Err(error),
            };
        }
        Err(error) => return Ok(Err(error)),
    };
    let claims = payload_of_known(session_jwt).unwrap_or_default();
    let verdict = if holds_claims(&claims, visit.required_claims) {
        Verdict::Authenticated {
            via: if is_known { Via::Cache } else { Via::Local },
            session: Some(session),
            session_jwt: session_jwt.to_owned(),
            claims,
        }
    } else {
        Verdict::Forbidden(Reason::ClaimMismatch)
    };
    let mut visited = Visited::bare(verdict);
    visited.is_ageing = is_ageing;
    Ok(Ok(Step::Done(visited)))
}

/// What to do about something that a check lacks, unless it could not be had before.
fn lacking(needs: Vec<Need>, outcome: &Outcome<'_>) -> Result<Step, ClientError> {
    let Outcome::Loaded {
        without_keys,
        policy,
    } = outcome
    else {
        return Ok(Step::Needed(needs));
    };
    let needs_policy = needs.iter().any(|need| matches!(need, Need::Policy(_)));
    match policy {
        Some(trouble) if needs_policy => Ok(done(without_policy(*trouble))),
        _ if *without_keys && !needs_policy => {
            Err(ClientError::keys_unavailable(Reason::KeysUnavailable))
        }
        _ => Ok(Step::Needed(needs)),
    }
}

fn without_policy(trouble: Trouble<'_>) -> Verdict {
    outcome_of(Purpose::Policy, trouble).denial.into()
}

impl From<Denial> for Verdict {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::Unauthenticated(reason) => Self::Unauthenticated(reason),
            Denial::Forbidden(reason) => Self::Forbidden(reason),
            Denial::Unavailable(reason) => Self::Unavailable(reason),
        }
    }
}

impl Verdict {
    /// The verdict on a token that is refused, and not worth a call.
    fn of(error: &ClientError) -> Self {
        let reason = error.reason.unwrap_or(Reason::Internal);
        match error.code {
            ClientErrorCode::JwksUnavailable => Self::Unavailable(reason),
            // Newer keys may have it.
            _ if !error.is_final() => Self::Unavailable(Reason::KeysUnavailable),
            ClientErrorCode::InvalidPermissions
            | ClientErrorCode::TenancyMismatch
            | ClientErrorCode::MissingScopes => Self::Forbidden(reason),
            _ => Self::Unauthenticated(reason),
        }
    }

    /// The word that stands for it.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match self {
            Self::Authenticated { .. } => "authenticated",
            Self::Unauthenticated(_) => "unauthenticated",
            Self::Forbidden(_) => "forbidden",
            Self::Unavailable(_) => "unavailable",
        }
    }
}

impl Via {
    /// The word that stands for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Cache => "cache",
            Self::Local => "local",
            Self::Remote => "remote",
        }
    }
}

/// Whether neither time nor the API will make the JWT good.
fn is_wrong_for_good(verdict: &Verdict) -> bool {
    let Verdict::Unauthenticated(reason) = verdict else {
        return false;
    };
    use JwtRefusal::{Expired, NotYetValid};
    !matches!(
        reason,
        Reason::Token(Refusal::TooOld | Refusal::Jwt(Expired | NotYetValid))
    )
}

fn refused(reason: Reason) -> Step {
    done(Verdict::Unauthenticated(reason))
}

fn done(verdict: Verdict) -> Step {
    Step::Done(Visited::bare(verdict))
}

impl Visited {
    /// A verdict that changes no cookie.
    pub(super) fn bare(verdict: Verdict) -> Box<Self> {
        Box::new(Self {
            verdict,
            set_cookies: Vec::new(),
            unset: None,
            is_ageing: false,
        })
    }
}

const MALFORMED: Reason = Reason::Token(Refusal::Jwt(JwtRefusal::Malformed));

/// Shows no token and no session.
impl fmt::Debug for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.status())?;
        match self {
            Self::Authenticated { via, .. } => write!(formatter, " via {}", via.word()),
            Self::Unauthenticated(reason) | Self::Forbidden(reason) | Self::Unavailable(reason) => {
                write!(formatter, " {}", reason.word())
            }
        }
    }
}

/// Shows the verdict, and how many cookies are set: tokens stand in them.
impl fmt::Debug for Visited {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cookies = self.set_cookies.len();
        write!(formatter, "Visited({:?}, {cookies} cookies)", self.verdict)
    }
}

/// Shows which of the two it is.
impl fmt::Debug for Question {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::SessionToken(_) => "SessionToken(…)",
            Self::SessionJwt(_) => "SessionJwt(…)",
        })
    }
}

/// Shows no token.
impl fmt::Debug for Authenticated<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Authenticated(…)")
    }
}
