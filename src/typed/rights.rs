//! Methods that load keys and policies, reset isolate state, and explain the permissions of a session or of a Connected App.

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

/// The reason why the roles of a session, or the scopes of a Connected App, allow an action or do not allow it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Explanation {
    /// A role of the session allows the action.
    GrantedByRole {
        /// The role. If several roles allow the action, the first of them in the order of the policies.
        role_id: String,
        /// The policy that grants the permission. The project's policy is searched first.
        granted_by: GrantedBy,
        /// All actions that the role allows on the resource. `*` stands for all actions.
        actions: Vec<String>,
    },
    /// A scope of the Connected App allows the action.
    GrantedByScope {
        /// The scope.
        scope: String,
        /// The policy that grants the permission: always the project's, which defines the scopes.
        granted_by: GrantedBy,
        /// All actions that the scope allows on the resource. `*` stands for all actions.
        actions: Vec<String>,
    },
    /// The roles of the session, or the scopes of the Connected App, do not allow the action.
    NotPermitted {
        /// The roles of the session, or the scopes of the Connected App.
        held: Vec<String>,
        /// The entries of `held` that are not defined by a policy: misspelt or removed.
        not_in_policy: Vec<String>,
        /// The roles or scopes that allow the action. Empty if the policies do not contain any.
        would_allow: Vec<String>,
    },
    /// The permission check is for another organization. The policies are not evaluated.
    OtherOrganization {
        /// The organization of the session or of the Connected App.
        organization_id: String,
        /// The organization of the permission check.
        asked_organization_id: String,
    },
}

/// The policy that grants a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GrantedBy {
    /// The project's policy.
    Project,
    /// The organization's policy.
    Organization,
}

/// A type with roles or scopes: a session, or the claims of a Connected App's access token. `Check` is the permission
/// check of the product. The trait is sealed.
pub trait HoldsRights<Check>: private::Sealed {
    /// The roles or scopes, and the organization, as JSON.
    #[doc(hidden)]
    fn held(&self) -> Value;
}

impl Explanation {
    /// Returns whether the action is allowed.
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
            /// Fetches the project's key set. Sends no request if a fresh key set is loaded or the configuration provides
            /// keys.
            ///
            /// # Errors
            /// [`Error::Client`](crate::Error::Client) with `jwks_unavailable` if the key set cannot be fetched, or with
            /// `invalid_argument` if the option `jwks` is not a JWK set.
            pub async fn load_keys(&self) -> Result<()> {
                Ok(self.core.flow.load_keys().await?)
            }

            /// Returns the project's key set as JSON text, for the option `jwks` of another client. Fetches the key set if
            /// it is not loaded.
            ///
            /// # Errors
            /// The errors of `load_keys`.
            pub async fn export_keys(&self) -> Result<String> {
                Ok(self.core.flow.export_keys().await?)
            }

            /// Deletes the keys, policies, verified tokens and M2M access tokens that this client uses from isolate
            /// state. Meant for tests.
            pub fn reset(&self) {
                self.core.flow.reset();
            }
        }
    };
}

state_methods!(Client);
state_methods!(B2bClient);

impl Client {
    /// Fetches the project's policy. Sends no request if a fresh policy is loaded. Permissions are then decided without a
    /// request.
    ///
    /// # Errors
    /// [`Error::Api`](crate::Error::Api) if the API refuses the request, [`Error::Request`](crate::Error::Request) if
    /// the response is missing or unusable.
    pub async fn load_policies(&self) -> Result<()> {
        Ok(self.core.flow.load_policies(None).await?)
    }
}

impl B2bClient {
    /// Fetches the project's policy, and the policy of the organization `organization_id`. Sends no request for a policy
    /// that is loaded and fresh. Permissions are then decided without a request.
    ///
    /// # Errors
    /// [`Error::Api`](crate::Error::Api) if the API refuses a request, [`Error::Request`](crate::Error::Request) if
    /// the response is missing or unusable.
    pub async fn load_policies(&self, organization_id: Option<&str>) -> Result<()> {
        Ok(self.core.flow.load_policies(organization_id).await?)
    }
}

impl consumer::Rbac<'_> {
    /// Returns whether a user's session or a Connected App's claims allow an action, by the policy that is loaded.
    ///
    /// # Errors
    /// The errors of [`explain`](Self::explain).
    pub fn can(
        &self,
        session: &impl HoldsRights<consumer::SessionsAuthorizationCheck>,
        check: &consumer::SessionsAuthorizationCheck,
    ) -> Result<bool> {
        Ok(self.explain(session, check)?.allowed())
    }

    /// Explains which role or scope allows an action, or which roles or scopes would allow it.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `jwks_unavailable` if a policy is not loaded. Call `load_policies`
    /// first.
    pub fn explain(
        &self,
        session: &impl HoldsRights<consumer::SessionsAuthorizationCheck>,
        check: &consumer::SessionsAuthorizationCheck,
    ) -> Result<Explanation> {
        explain(self.core, &session.held(), &Consumer::permission(check))
    }
}

impl b2b::Rbac<'_> {
    /// Returns whether a member's session or a Connected App's claims allow an action, by the policies that are loaded.
    ///
    /// # Errors
    /// The errors of [`explain`](Self::explain).
    pub fn can(
        &self,
        session: &impl HoldsRights<b2b::AuthorizationCheck>,
        check: &b2b::AuthorizationCheck,
    ) -> Result<bool> {
        Ok(self.explain(session, check)?.allowed())
    }

    /// Explains which role or scope allows an action, or which roles or scopes would allow it.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) with `jwks_unavailable` if a policy is not loaded. Call `load_policies`
    /// first.
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
    // Cannot fail: `Explanation` has a variant for each explanation that flows return.
    Ok(serde_json::from_str(&explanation).map_err(|_| {
        ClientError::new(
            ClientErrorCode::Internal,
            None,
            "the explanation is malformed; this is a bug of stytch-edge",
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
