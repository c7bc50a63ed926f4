//! What a service decides about the access token in a request (RFC 6750), and what it says about that in a header.
//!
//! Nothing that the caller of the service sent goes into a response header.

use super::{Core, Error, LoadFailure, Times, TokenQuestion};
use crate::{
    client::{Accepted, ApiBody, ClientError, Demand, Denial, Reason, ResourceDemand, Via},
    session::TokenKind,
};

/// The token in a request, and what it must be.
#[derive(Clone)]
pub struct ServiceQuestion<'a> {
    /// The Bearer credential of the request, if it has one.
    pub credential: Option<&'a str>,
    /// What the token is for.
    pub kind: TokenKind,
    /// What the service requires.
    pub demand: ResourceDemand,
    /// For which moment the token is checked, and how strictly.
    pub times: Times,
    /// Whether the API is asked, too.
    pub introspection: Introspection,
    /// What the service says of itself in a challenge.
    pub challenge: Challenge,
}

/// Whether the API is asked if the token of a Connected App was revoked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Introspection {
    /// It is not asked.
    #[default]
    Never,
    /// About every token that is valid here.
    Always,
}

/// What a challenge says (RFC 6750, section 3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Challenge {
    /// The name of the service.
    pub realm: Option<String>,
    /// Where the service publishes its metadata (RFC 9728, section 5.1).
    pub resource_metadata_url: Option<String>,
}

/// The decision about a request.
#[derive(PartialEq)]
pub enum ServiceVerdict {
    /// The token is accepted.
    Granted {
        /// Who says so.
        via: Via,
        /// What the token says, as JSON text.
        token: String,
        /// The token itself.
        access_token: String,
    },
    /// It is not, or that cannot be decided now.
    Refused {
        /// What that says about the token.
        denial: Denial,
        /// The value of `WWW-Authenticate`, if another token could help.
        challenge: Option<String>,
    },
}

impl Core {
    /// Decides about the access token in a request.
    ///
    /// # Errors
    /// [`Error::Client`] with `invalid_argument` for what the service asks. Nothing that a caller of the service sends
    /// is an error.
    pub async fn authenticate_service_request(
        &self,
        question: &ServiceQuestion<'_>,
    ) -> Result<ServiceVerdict, Error> {
        question.challenge.check()?;
        question.demand.check()?;
        let token = question.credential.unwrap_or_default();
        let scopes = question.demand.scopes.join(" ");
        let demand = Demand::Resource(question.demand.clone());
        let local = TokenQuestion {
            token,
            kind: question.kind,
            demand: &demand,
            times: question.times,
        };
        let accepted = match self.check(&local).await {
            // The API is not asked about a token that is refused here.
            Ok(accepted) if question.introspection == Introspection::Always => {
                self.introspect(introspected_fields(token, &accepted), &demand)
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
                    challenge: question.challenge.value(denial, &scopes),
                })
            }
        }
    }
}

/// A public app is introspected by its own id: the secret of a confidential one is not known here.
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
                "realm must be a text of ASCII characters",
            ));
        }
        let url = self.resource_metadata_url.as_ref();
        if url.is_some_and(|url| !is_text(url)) {
            return Err(ClientError::invalid_argument(
                "resource_metadata_url must be a URL of ASCII characters",
            ));
        }
        Ok(())
    }

    /// The value of `WWW-Authenticate`, which has at least one parameter; nothing if no other token would help.
    fn value(&self, denial: Denial, scopes: &str) -> Option<String> {
        let error = match denial {
            // An outage asks for nothing.
            Denial::Unavailable(_) => return None,
            // No scope makes a member of another organization.
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

/// Shows no token.
impl std::fmt::Debug for ServiceVerdict {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Granted { via, .. } => write!(formatter, "Granted via {}", via.word()),
            Self::Refused { denial, .. } => write!(formatter, "Refused({denial:?})"),
        }
    }
}

impl std::fmt::Debug for ServiceQuestion<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ServiceQuestion for {:?}", self.kind)
    }
}
