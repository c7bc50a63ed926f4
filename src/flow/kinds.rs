//! The verdict on a request whose token may be of several kinds: a session, an M2M token, or the token of a Connected App.
//!
//! The claims decide the kind after the signature is verified. What follows is decided by the flow for that kind:
//! `requests` for sessions, `services` for access tokens. Cookies are sessions only.

use std::{cell::Cell, fmt};

use super::{Core, Error, LoadFailure, RequestCheck, ServiceCheck, ServiceVerdict};
use crate::{
    client::{ClientError, Credentials, Denial, Reason, Verdict, VerdictWithCookies, Via},
    session::TokenKind,
};

/// A request, and the requirements for each kind of token that is accepted. A kind without requirements is refused.
#[derive(Clone)]
pub struct KindsCheck<'a> {
    /// The credentials in the headers of the request. They replace those of the fields below.
    pub credentials: Credentials<&'a str>,
    /// Sessions, in the `Authorization` header or in cookies.
    pub session: Option<RequestCheck<'a>>,
    /// M2M tokens, in the `Authorization` header.
    pub machine: Option<ServiceCheck<'a>>,
    /// Tokens of Connected Apps, in the `Authorization` header.
    pub connected_app: Option<ServiceCheck<'a>>,
}

/// The verdict on a request whose token may be of several kinds.
#[derive(PartialEq)]
pub enum KindsVerdict {
    /// The verdict on a session, or the refusal of a token of any kind.
    Session {
        /// The verdict, and the cookies to set.
        decided: VerdictWithCookies,
        /// The value of the `WWW-Authenticate` header (RFC 6750, section 3). `None` if a request with an access token
        /// would fail as well, or if no kind of access token is accepted.
        challenge: Option<String>,
    },
    /// An access token is valid and meets the requirements of its kind.
    AccessToken {
        /// The kind of the token.
        kind: TokenKind,
        /// How the token was verified.
        via: Via,
        /// The result for the caller with the claims of the token, as JSON text.
        token: String,
        /// The access token.
        access_token: String,
    },
}

impl Core {
    /// Returns the verdict on a request whose token may be of several kinds.
    ///
    /// Only a session is refreshed. If access tokens are accepted, a Bearer credential whose signature cannot be verified
    /// is not sent to the API, because its kind is unknown.
    ///
    /// # Errors
    /// [`Error::Client`] with `invalid_argument` if an option of the caller is invalid. Input of a request never causes an
    /// error.
    pub async fn authenticate_kinds(
        &self,
        question: &KindsCheck<'_>,
    ) -> Result<KindsVerdict, Error> {
        let services = [&question.machine, &question.connected_app];
        if question.session.is_none() && services.iter().all(|service| service.is_none()) {
            return Err(ClientError::invalid_argument(NO_KIND).into());
        }
        for service in services.into_iter().flatten() {
            service.check()?;
        }
        let session = question.session.map(|session| RequestCheck {
            credentials: question.credentials,
            ..session
        });
        let services = services.map(|service| {
            let service = ServiceCheck {
                credential: question.bearer(),
                ..service.clone()?
            };
            let requirement = service.requirement();
            Some((service, requirement))
        });
        let (kind, checked) = match question.bearer() {
            Some(token) => {
                let services = services.iter().flatten();
                let session = session.as_ref().map(|session| session.local(token));
                let services = services.map(|(service, requirement)| service.local(requirement));
                let questions: Vec<_> = session.into_iter().chain(services).collect();
                let decided = Cell::new(None);
                let outcome = self.check_any_of(&questions, &decided).await;
                (decided.get(), Some(outcome))
            }
            None => (Some(TokenKind::Session), None),
        };
        let mut accepted = services.iter().flatten();
        let has_services = accepted.clone().next().is_some();
        // If only sessions are accepted, a token that cannot be verified may be one.
        let is_session = kind == Some(TokenKind::Session) || (kind.is_none() && !has_services);
        let service = accepted.find(|(service, _)| kind == Some(service.kind));
        match (service, session, checked) {
            (Some((service, requirement)), _, Some(outcome)) => {
                let verdict = self.service_verdict(service, requirement, outcome).await?;
                Ok(KindsVerdict::of_service(service.kind, verdict))
            }
            (_, Some(session), checked) if is_session => {
                let decided = self.session_verdict(&session, checked).await?;
                Ok(question.of_session(decided))
            }
            (_, _, Some(Err(LoadFailure { error, .. }))) if error.is_invalid_argument() => {
                Err(error)
            }
            (_, _, Some(Err(failure))) => Ok(question.refused(failure.denial())),
            (_, _, Some(Ok(_)) | None) => {
                Ok(question.refused(Denial::Unauthenticated(Reason::NoCredentials)))
            }
        }
    }
}

impl<'a> KindsCheck<'a> {
    fn bearer(&self) -> Option<&'a str> {
        match self.credentials {
            Credentials::Bearer(token) => Some(token),
            Credentials::Cookies { .. } | Credentials::TooLong => None,
        }
    }

    /// The verdict on a session. A session in cookies is not a Bearer credential, so the challenge does not report an
    /// error (RFC 6750, section 3.1). An access token does not replace the permission of a user.
    fn of_session(&self, decided: VerdictWithCookies) -> KindsVerdict {
        let is_bearer = self.bearer().is_some();
        let denial = match decided.verdict {
            Verdict::Unauthenticated(reason) if is_bearer => Some(Denial::Unauthenticated(reason)),
            Verdict::Unauthenticated(_) => Some(Denial::Unauthenticated(Reason::NoCredentials)),
            Verdict::Authenticated { .. } | Verdict::Forbidden(_) | Verdict::Unavailable(_) => None,
        };
        KindsVerdict::Session {
            challenge: denial.and_then(|denial| self.challenge_for(denial)),
            decided,
        }
    }

    fn refused(&self, denial: Denial) -> KindsVerdict {
        KindsVerdict::Session {
            decided: VerdictWithCookies::bare(denial.into()),
            challenge: self.challenge_for(denial),
        }
    }

    /// The challenge for a token of a kind that is unknown or not accepted. Connected Apps read the challenge to find
    /// their authorization server (RFC 9728, section 5), so theirs comes first.
    fn challenge_for(&self, denial: Denial) -> Option<String> {
        let service = self.connected_app.as_ref().or(self.machine.as_ref())?;
        service.challenge_for(denial)
    }
}

impl KindsVerdict {
    fn of_service(kind: TokenKind, verdict: ServiceVerdict) -> Self {
        match verdict {
            ServiceVerdict::Granted {
                via,
                token,
                access_token,
            } => Self::AccessToken {
                kind,
                via,
                token,
                access_token,
            },
            ServiceVerdict::Refused { denial, challenge } => Self::Session {
                decided: VerdictWithCookies::bare(denial.into()),
                challenge,
            },
        }
    }
}

/// Does not show the token.
impl fmt::Debug for KindsVerdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Session { decided, .. } => decided.fmt(formatter),
            Self::AccessToken { kind, via, .. } => {
                write!(formatter, "{kind:?} via {}", via.word())
            }
        }
    }
}

const NO_KIND: &str = "accepts must name at least one kind of token: session, m2m or connected_app";
