//! Keys and policies ahead of the first check, the state of the isolate, and the rights of a session that the caller holds.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Result,
    client::{B2bClient, Client},
    core::Core,
    product::{B2b, Consumer, Product},
};
use crate::{
    b2b,
    client::{ClientError, ClientErrorCode},
    consumer,
    session::AuthorizationCheck,
};

/// Why a session's roles, or a Connected App's scopes, allow something or do not.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Explanation {
    /// A role of the session allows it.
    GrantedByRole {
        /// The role; of several the first one, in the order of the policies.
        role_id: String,
        /// Whose policy grants it. The project's is searched first.
        granted_by: GrantedBy,
        /// All actions that the role allows on the resource; `*` is every action.
        actions: Vec<String>,
    },
    /// A scope of the app allows it.
    GrantedByScope {
        /// The scope.
        scope: String,
        /// Whose policy grants it: scopes are the project's.
        granted_by: GrantedBy,
        /// All actions that the scope allows on the resource; `*` is every action.
        actions: Vec<String>,
    },
    /// No role or scope that is held allows it.
    NotPermitted {
        /// The roles or scopes that are held.
        held: Vec<String>,
        /// Those of them that no policy defines: misspelt, or removed.
        not_in_policy: Vec<String>,
        /// The roles or scopes that would allow it. Empty if none does.
        would_allow: Vec<String>,
    },
    /// The resource belongs to another organization; no policy was asked.
    OtherOrganization {
        /// The session's own organization.
        organization_id: String,
        /// The organization that was asked about.
        asked_organization_id: String,
    },
}

/// Whose policy grants a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GrantedBy {
    /// The project's.
    Project,
    /// The organization's.
    Organization,
}

/// A session, or the claims of a Connected App's token: its roles or scopes decide. `Check` is the product's permission
/// check. It cannot be implemented for other types.
pub trait HoldsRights<Check>: private::Sealed {
    /// What decides, as JSON.
    #[doc(hidden)]
    fn held(&self) -> Value;
}

impl Explanation {
    /// Whether it is allowed.
    #[must_use]
    pub fn allowed(&self) -> bool {
        matches!(
            self,
            Self::GrantedByRole { .. } | Self::GrantedByScope { .. }
        )
    }
}

macro_rules! state_methods {
    ($client:ty) => {
        impl $client {
            /// Fetches the project's key set, unless there is a fresh one or the configuration provides keys.
            ///
            /// # Errors
            /// [`Error::Client`](crate::Error::Client) `jwks_unavailable` if the keys cannot be fetched.
            pub async fn load_keys(&self) -> Result<()> {
                Ok(self.core.flow.load_keys().await?)
            }

            /// The project's key set as it was served, fetched if need be: another client accepts it as `jwks`.
            ///
            /// # Errors
            /// As `load_keys`.
            pub async fn export_keys(&self) -> Result<String> {
                Ok(self.core.flow.export_keys().await?)
            }

            /// Forgets the keys, policies, remembered tokens and M2M access tokens that this client uses. Meant for
            /// tests.
            pub fn reset(&self) {
                self.core.flow.reset();
            }
        }
    };
}

state_methods!(Client);
state_methods!(B2bClient);

impl Client {
    /// Fetches the project's policy, unless there is a fresh one, so that permissions are decided without network.
    ///
    /// # Errors
    /// [`Error::Api`](crate::Error::Api) if the API refuses this client, [`Error::Request`](crate::Error::Request) if
    /// no usable policy arrives in time.
    pub async fn load_policies(&self) -> Result<()> {
        Ok(self.core.flow.load_policies(None).await?)
    }
}

impl B2bClient {
    /// Fetches the project's policy, and that of an organization if one is named, unless there are fresh ones.
    ///
    /// # Errors
    /// [`Error::Api`](crate::Error::Api) if the API refuses this client, [`Error::Request`](crate::Error::Request) if
    /// no usable policy arrives in time.
    pub async fn load_policies(&self, organization_id: Option<&str>) -> Result<()> {
        Ok(self.core.flow.load_policies(organization_id).await?)
    }
}

impl consumer::Rbac<'_> {
    /// Whether a user's session or a Connected App's claims allow something, by the policies that are loaded.
    ///
    /// # Errors
    /// As [`explain`](Self::explain)'s.
    pub fn can(
        &self,
        session: &impl HoldsRights<consumer::SessionsAuthorizationCheck>,
        check: &consumer::SessionsAuthorizationCheck,
    ) -> Result<bool> {
        Ok(self.explain(session, check)?.allowed())
    }

    /// Which role or scope allows it, or what is missing.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) `jwks_unavailable` if a policy has to be loaded first.
    pub fn explain(
        &self,
        session: &impl HoldsRights<consumer::SessionsAuthorizationCheck>,
        check: &consumer::SessionsAuthorizationCheck,
    ) -> Result<Explanation> {
        explain(self.core, &session.held(), &Consumer::permission(check))
    }
}

impl b2b::Rbac<'_> {
    /// Whether a member's session or a Connected App's claims allow something, by the policies that are loaded.
    ///
    /// # Errors
    /// As [`explain`](Self::explain)'s.
    pub fn can(
        &self,
        session: &impl HoldsRights<b2b::AuthorizationCheck>,
        check: &b2b::AuthorizationCheck,
    ) -> Result<bool> {
        Ok(self.explain(session, check)?.allowed())
    }

    /// Which role or scope allows it, or what is missing.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) `jwks_unavailable` if a policy has to be loaded first.
    pub fn explain(
        &self,
        session: &impl HoldsRights<b2b::AuthorizationCheck>,
        check: &b2b::AuthorizationCheck,
    ) -> Result<Explanation> {
        explain(self.core, &session.held(), &B2b::permission(check))
    }
}

impl HoldsRights<consumer::SessionsAuthorizationCheck> for consumer::Session {
    fn held(&self) -> Value {
        json!({"roles": self.roles})
    }
}

impl HoldsRights<consumer::SessionsAuthorizationCheck> for consumer::IntrospectTokenClaims {
    fn held(&self) -> Value {
        json!({"scope": self.scope})
    }
}

impl HoldsRights<b2b::AuthorizationCheck> for b2b::MemberSession {
    fn held(&self) -> Value {
        json!({"roles": self.roles, "organization_id": self.organization_id})
    }
}

impl HoldsRights<b2b::AuthorizationCheck> for b2b::IntrospectTokenClaims {
    fn held(&self) -> Value {
        json!({"scope": self.scope, "organization_id": self.organization.organization_id})
    }
}

fn explain(core: &Core, held: &Value, check: &AuthorizationCheck) -> Result<Explanation> {
    let explanation = core.flow.explain(&held.to_string(), check)?;
    // Every explanation that is written has one of these shapes.
    Ok(serde_json::from_str(&explanation).map_err(|_| {
        ClientError::new(
            ClientErrorCode::Internal,
            None,
            "the explanation cannot be read",
        )
    })?)
}

mod private {
    use crate::{b2b, consumer};

    pub trait Sealed {}

    impl Sealed for consumer::Session {}
    impl Sealed for consumer::IntrospectTokenClaims {}
    impl Sealed for b2b::MemberSession {}
    impl Sealed for b2b::IntrospectTokenClaims {}
}
