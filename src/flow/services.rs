//! The verdict of a service on the access token in a request, and its `WWW-Authenticate` header (RFC 6750).
//!
//! Response headers never contain text of the request.

use super::{Core, Error, LoadFailure, Times, TokenCheck};
use crate::{
    client::{
        Accepted, ApiBody, ClientError, Denial, Reason, Requirement, ServiceRequirement, Via,
    },
    session::TokenKind,
};

/// The access token in a request, and the requirements that it must meet.
#[derive(Clone)]
pub struct ServiceCheck<'a> {
    /// The Bearer credential of the request. `None` if the request does not have one.
    pub credential: Option<&'a str>,
    /// The kind that the token must be of.
    pub kind: TokenKind,
    /// The audience, the scopes and the permission that the service requires.
    pub requirement: ServiceRequirement,
    /// The time of the check and its tolerances.
    pub times: Times,
    /// Whether the API introspects valid tokens in addition.
    pub introspection: Introspection,
    /// The parameters of the `WWW-Authenticate` header that describe the service.
    pub challenge: Challenge,
}

/// Whether the API introspects the token of a Connected App, which reports a revocation immediately.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Introspection {
    /// Tokens are checked locally only. A revoked token is accepted until it expires.
    #[default]
    Never,
    /// The API introspects every token that passes the local check: one request per check.
    Always,
}

/// The parameters of the `WWW-Authenticate` header that describe the service (RFC 6750, section 3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Challenge {
    /// The name of the service: printable ASCII characters. Default: the parameter is omitted.
    pub realm: Option<String>,
    /// The URL of the service's protected resource metadata (RFC 9728, section 5.1). Default: the parameter is omitted.
    pub resource_metadata_url: Option<String>,
}

/// The verdict on a request to a service.
#[derive(PartialEq)]
pub enum ServiceVerdict {
    /// The token is valid and meets the requirements.
    Granted {
        /// How the token was verified.
        via: Via,
        /// The result for the caller with the claims of the token, as JSON text.
        token: String,
        /// The access token.
        access_token: String,
    },
    /// The token is refused, or cannot be checked at the moment.
    Refused {
        /// The status and the reason.
        denial: Denial,
        /// The value of the `WWW-Authenticate` header. `None` if a request with another token would fail as well.
        challenge: Option<String>,
    },
}

impl Core {
    /// Returns the verdict on the access token in a request.
    ///
    /// # Errors
    /// [`Error::Client`] with `invalid_argument` if an option of the service is invalid. Input of a request never causes
    /// an error.
    pub async fn authenticate_service_request(
        &self,
        question: &ServiceCheck<'_>,
    ) -> Result<ServiceVerdict, Error> {
        question.check()?;
        let requirement = question.requirement();
        let outcome = self.check(&question.local(&requirement)).await;
        self.service_verdict(question, &requirement, outcome).await
    }

    /// Returns the verdict on an access token. `checked` is the outcome of its local check.
    pub(super) async fn service_verdict(
        &self,
        question: &ServiceCheck<'_>,
        requirement: &Requirement,
        checked: Result<Accepted, LoadFailure>,
    ) -> Result<ServiceVerdict, Error> {
        let token = question.credential.unwrap_or_default();
        let accepted = match checked {
            // Only a token that passes the local check triggers a request.
            Ok(accepted) if question.introspection == Introspection::Always => {
                self.introspect(introspected_fields(token, &accepted), requirement)
                    .await
            }
            outcome => outcome,
        };
        match accepted {
            Ok(accepted) => Ok(ServiceVerdict::Granted {
                via: accepted.via,
                token: accepted.json().to_owned(),
                access_token: token.to_owned(),
            }),
            Err(LoadFailure { error, .. }) if error.is_invalid_argument() => Err(error),
            Err(failure) => {
                let denial = failure.denial();
                Ok(ServiceVerdict::Refused {
                    denial,
                    challenge: question.challenge_for(denial),
                })
            }
        }
    }
}

impl<'a> ServiceCheck<'a> {
    /// Checks the options of the service.
    pub(super) fn check(&self) -> Result<(), ClientError> {
        self.challenge.check()?;
        self.requirement.check()
    }

    pub(super) fn requirement(&self) -> Requirement {
        Requirement::Resource(self.requirement.clone())
    }

    /// The local check of the access token.
    pub(super) fn local(&self, requirement: &'a Requirement) -> TokenCheck<'a> {
        TokenCheck {
            token: self.credential.unwrap_or_default(),
            kind: self.kind,
            requirement,
            times: self.times,
        }
    }

    /// The value of `WWW-Authenticate`. `None` if a request with another token would fail as well.
    pub(super) fn challenge_for(&self, denial: Denial) -> Option<String> {
        let scopes = self.requirement.scopes.join(" ");
        self.challenge.value(denial, &scopes)
    }
}

/// The form is sent with the `client_id` of the token and without a `client_secret`: the service does not know the secret
/// of a confidential app.
fn introspected_fields(token: &str, accepted: &Accepted) -> Vec<(String, String)> {
    let claims = ApiBody::read(accepted.json()).and_then(|token| token.object("custom_claims"));
    let client_id = claims.and_then(|claims| claims.text("client_id"));
    vec![
        ("token".to_owned(), token.to_owned()),
        ("client_id".to_owned(), client_id.unwrap_or_default()),
        ("token_type_hint".to_owned(), "access_token".to_owned()),
    ]
}

impl Challenge {
    fn check(&self) -> Result<(), ClientError> {
        let is_text = |text: &String| {
            !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        };
        if self.realm.as_ref().is_some_and(|realm| !is_text(realm)) {
            return Err(ClientError::invalid_argument(
                "realm must be a non-empty string of printable ASCII characters",
            ));
        }
        let url = self.resource_metadata_url.as_ref();
        if url.is_some_and(|url| !is_text(url)) {
            return Err(ClientError::invalid_argument(
                "resource_metadata_url must be a non-empty URL of printable ASCII characters",
            ));
        }
        Ok(())
    }

    /// The value of `WWW-Authenticate`, with at least one parameter (RFC 6750, section 3). `None` if a request with
    /// another token would fail as well.
    fn value(&self, denial: Denial, scopes: &str) -> Option<String> {
        let error = match denial {
            // During an outage another token does not help.
            Denial::Unavailable(_) => return None,
            // A token with more scopes does not make the user a member of another organization.
            Denial::Forbidden(Reason::TenancyMismatch) => return None,
            Denial::Forbidden(_) => "insufficient_scope",
            Denial::Unauthenticated(Reason::NoCredentials) => "",
            Denial::Unauthenticated(_) => "invalid_token",
        };
        let realm = self.realm.as_deref().unwrap_or_default();
        let metadata = self.resource_metadata_url.as_deref().unwrap_or_default();
        let mut parameters = Vec::new();
        for (name, value) in [
            ("realm", realm),
            ("resource_metadata", metadata),
            ("error", error),
            ("scope", scopes),
        ] {
            if !value.is_empty() {
                let value = value.replace('\\', "\\\\").replace('"', "\\\"");
                parameters.push(format!("{name}=\"{value}\""));
            }
        }
        if parameters.is_empty() {
            parameters.push("realm=\"api\"".to_owned());
        }
        Some(format!("Bearer {}", parameters.join(", ")))
    }
}

/// Does not show the token.
impl std::fmt::Debug for ServiceVerdict {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Granted { via, .. } => write!(formatter, "Granted via {}", via.word()),
            Self::Refused { denial, .. } => write!(formatter, "Refused({denial:?})"),
        }
    }
}

impl std::fmt::Debug for ServiceCheck<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ServiceCheck for {:?}", self.kind)
    }
}
