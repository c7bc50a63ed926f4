//! Reads the API's response to a token: a session, an intermediate session, or neither.

use std::fmt;

use super::{super::ApiBody, Credential};
use crate::session::{Product, payload_from_api};

/// What a response to a token begins.
#[derive(Clone, PartialEq, Eq)]
pub enum Answered {
    /// A session.
    Session {
        /// The session JWT.
        session_jwt: String,
        /// The session token.
        session_token: String,
        /// The end of the session as an RFC 3339 timestamp; empty if it is not known.
        expires_at: String,
    },
    /// An intermediate session, for which the user selects an organization.
    Organization {
        /// The intermediate session token.
        intermediate_session_token: String,
    },
    /// An intermediate session that needs another factor.
    Factor {
        /// The intermediate session token.
        intermediate_session_token: String,
        /// The organization that requires the factor; empty if it is not known.
        organization_id: String,
        /// The member; empty if it is not known.
        member_id: String,
    },
}

/// Reads the body of a successful response. Returns `None` if it is unusable: a log-in never succeeds without a token.
#[must_use]
pub fn read_answer(product: Product, credential: Credential, body: &str) -> Option<Answered> {
    let answer = ApiBody::read(body)?;
    let token = |name: &str| answer.text(name).filter(|token| !token.is_empty());
    if credential == Credential::Discovery {
        let intermediate_session_token = token("intermediate_session_token")?;
        return Some(Answered::Organization {
            intermediate_session_token,
        });
    }
    // The methods of second factors have no such field: their responses have a session.
    let needs_factor = answer
        .member("member_authenticated")
        .is_some_and(|is_authenticated| is_authenticated.get() != "true");
    if product == Product::B2b && needs_factor {
        let intermediate_session_token = token("intermediate_session_token")?;
        let organization = answer.object("organization");
        let of_organization = || organization?.text("organization_id");
        let organization_id = answer.text("organization_id").or_else(of_organization);
        return Some(Answered::Factor {
            intermediate_session_token,
            organization_id: organization_id.unwrap_or_default(),
            member_id: answer.text("member_id").unwrap_or_default(),
        });
    }
    let session_jwt = token("session_jwt")?;
    // The connection to the API is trusted. A token of another kind or product would be a defect.
    payload_from_api(&session_jwt, product).ok()?;
    // `oauth.authenticate` of the consumer product has another name for the session.
    let names = ["session", "member_session", "user_session"];
    let session = names.into_iter().find_map(|name| answer.object(name));
    Some(Answered::Session {
        session_jwt,
        session_token: token("session_token")?,
        expires_at: session
            .and_then(|session| session.text("expires_at"))
            .unwrap_or_default(),
    })
}

/// Omits the tokens.
impl fmt::Debug for Answered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Session { .. } => "Session(…)",
            Self::Organization { .. } => "Organization(…)",
            Self::Factor { .. } => "Factor(…)",
        })
    }
}
