//! The differences between the two products: the types of sessions, permission checks and claims.

use super::json::FromJson;
use crate::{b2b, consumer, session::AuthorizationCheck};

/// The types of one product in the typed clients.
pub(crate) trait Product {
    /// A session.
    type Session: FromJson;

    /// A permission check.
    type Check;

    /// The claims of a Connected App's access token.
    type AppClaims: FromJson;

    /// Converts a permission check to the type of both products.
    fn permission(check: &Self::Check) -> AuthorizationCheck;

    /// The field of the API's responses that contains the session.
    const SESSION: &'static str;
}

/// The consumer product: users.
pub(crate) enum Consumer {}

/// The B2B product: members of organizations.
pub(crate) enum B2b {}

impl Product for Consumer {
    type Session = consumer::Session;
    type Check = consumer::SessionsAuthorizationCheck;
    type AppClaims = consumer::IntrospectTokenClaims;

    fn permission(check: &Self::Check) -> AuthorizationCheck {
        AuthorizationCheck {
            resource_id: check.resource_id.clone(),
            action: check.action.clone(),
            organization_id: None,
        }
    }

    const SESSION: &'static str = "session";
}

impl Product for B2b {
    type Session = b2b::MemberSession;
    type Check = b2b::AuthorizationCheck;
    type AppClaims = b2b::IntrospectTokenClaims;

    fn permission(check: &Self::Check) -> AuthorizationCheck {
        AuthorizationCheck {
            resource_id: check.resource_id.clone(),
            action: check.action.clone(),
            organization_id: Some(check.organization_id.clone()),
        }
    }

    const SESSION: &'static str = "member_session";
}
