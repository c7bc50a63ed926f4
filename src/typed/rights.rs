//! Keys and policies ahead of the first check, the state of the isolate, and the rights of a session that the caller holds.

use serde_json::{Map, Value, json};

use super::{
    Result,
    checks::parsed,
    client::{B2bClient, Client},
    core::Core,
    product::{B2b, Consumer, Product},
};
use crate::{b2b, consumer, session::AuthorizationCheck};

/// Why a session's roles, or a Connected App's scopes, allow something or do not. The fields are those of the API
/// reference's `Explanation`.
pub type Explanation = Map<String, Value>;

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
    /// Whether a session's roles allow something, by the policies that are loaded.
    ///
    /// # Errors
    /// As [`explain`](Self::explain)'s.
    pub fn can(
        &self,
        session: &consumer::Session,
        check: &consumer::SessionsAuthorizationCheck,
    ) -> Result<bool> {
        Ok(is_allowed(&self.explain(session, check)?))
    }

    /// Which role allows it, or what is missing.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) `jwks_unavailable` if a policy has to be loaded first.
    pub fn explain(
        &self,
        session: &consumer::Session,
        check: &consumer::SessionsAuthorizationCheck,
    ) -> Result<Explanation> {
        let held = json!({"roles": session.roles});
        explain(self.core, &held, &Consumer::permission(check))
    }
}

impl b2b::Rbac<'_> {
    /// Whether a member's roles allow something, by the policies that are loaded.
    ///
    /// # Errors
    /// As [`explain`](Self::explain)'s.
    pub fn can(
        &self,
        session: &b2b::MemberSession,
        check: &b2b::AuthorizationCheck,
    ) -> Result<bool> {
        Ok(is_allowed(&self.explain(session, check)?))
    }

    /// Which role allows it, or what is missing.
    ///
    /// # Errors
    /// [`Error::Client`](crate::Error::Client) `jwks_unavailable` if a policy has to be loaded first.
    pub fn explain(
        &self,
        session: &b2b::MemberSession,
        check: &b2b::AuthorizationCheck,
    ) -> Result<Explanation> {
        let held = json!({"roles": session.roles, "organization_id": session.organization_id});
        explain(self.core, &held, &B2b::permission(check))
    }
}

fn explain(core: &Core, held: &Value, check: &AuthorizationCheck) -> Result<Explanation> {
    parsed(&core.flow.explain(&held.to_string(), check)?)
}

fn is_allowed(explanation: &Explanation) -> bool {
    explanation.get("allowed") == Some(&Value::Bool(true))
}
