//! What differs between the two products: their sessions and their permission checks.

use super::json::FromJson;
use crate::{b2b, consumer, session::AuthorizationCheck};

/// One of the two products, as the typed clients know it.
pub(crate) trait Product {
    /// A session, as a token or the API describes it.
    type Session: FromJson;

    /// A permission to require.
    type Check;

    /// The claims of a Connected App's token.
    type AppClaims: FromJson;

    /// The permission, as checks know it.
    fn permission(check: &Self::Check) -> AuthorizationCheck;

    /// The field of the API's answers that holds the session.
    const SESSION: &'static str;
}

/// Users, each by themselves.
pub(crate) enum Consumer {}

/// Members of organizations.
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
