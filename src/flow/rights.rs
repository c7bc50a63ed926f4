//! Loads keys and policies before the first check, and explains the permissions of a session or of a Connected App.

use super::{Core, Error, state::with_state};
use crate::{
    client::{Accepted, Checked, ClientError, Need, PolicyLookup, explain},
    session::{AuthorizationCheck, Product},
};

impl Core {
    /// Fetches the key set. Sends no request if a fresh key set is loaded or the configuration provides keys.
    ///
    /// # Errors
    /// [`Error::Caused`] with `jwks_unavailable` if the key set cannot be fetched, [`Error::Client`] with
    /// `invalid_argument` if the option `jwks` is not a JWK set.
    pub async fn load_keys(&self) -> Result<(), Error> {
        let now = self.platform.now();
        if self.config.provided_keys.is_some() && !self.with_keys(|keys| keys.has_provided()) {
            self.load_provided_keys()?;
        }
        if self.with_keys(|keys| keys.is_loaded(now)) {
            return Ok(());
        }
        Ok(self.load(self.keys()).await?)
    }

    /// Returns the text of the key set as the API sent it. Fetches the key set if it is not loaded.
    ///
    /// # Errors
    /// The errors of [`load_keys`](Self::load_keys).
    pub async fn export_keys(&self) -> Result<String, Error> {
        self.load_keys().await?;
        let text = self.with_keys(|keys| keys.text().map(str::to_owned));
        text.ok_or_else(|| {
            ClientError::keys_unavailable(crate::client::Reason::KeysUnavailable).into()
        })
    }

    fn with_keys<R>(&self, read: impl FnOnce(&crate::client::KeyCache) -> R) -> R {
        let issuer = &self.config.issuer;
        with_state(|state| read(state.keys_from(issuer, self.config.source)))
    }

    /// Fetches the project's policy, and the policy of the organization `organization_id`. Sends no request for a policy
    /// that is loaded and fresh.
    ///
    /// # Errors
    /// The error of a request; [`ClientError`] with `invalid_argument` if the client has no secret.
    pub async fn load_policies(&self, organization_id: Option<&str>) -> Result<(), Error> {
        let issuer = &self.config.issuer;
        let organization_id =
            organization_id.filter(|_| self.config.issuer.product == Product::B2b);
        let owners = [Some(None), organization_id.map(|id| Some(id.to_owned()))];
        self.settle(self.platform.now(), &|state, lookup| {
            let mut needs = Vec::new();
            for owner in owners.iter().flatten() {
                match state.policies().find(issuer, owner.as_deref(), lookup) {
                    PolicyLookup::Found(_) => {}
                    PolicyLookup::Fetch => needs.push(Need::Policy(owner.clone())),
                    PolicyLookup::Unavailable => return Err(ClientError::policy_unavailable()),
                }
            }
            Ok(match needs.is_empty() {
                true => Checked::Done(Accepted::remote(String::new())),
                false => Checked::Needed(needs),
            })
        })
        .await?;
        Ok(())
    }

    /// Explains whether the roles of a session, or the scopes of a Connected App, allow an action, by the policies that
    /// are loaded. `held` is the session or the claims of the access token, as JSON text. Returns JSON text.
    ///
    /// # Errors
    /// The errors of [`explain`], and `jwks_unavailable` if a policy is not loaded.
    pub fn explain(&self, held: &str, check: &AuthorizationCheck) -> Result<String, ClientError> {
        let issuer = &self.config.issuer;
        let explained = self.settle_now(&|state, lookup| {
            Ok(
                match explain(state.policies(), issuer, held, check, lookup)? {
                    Checked::Done(json) => Checked::Done(Accepted::remote(json)),
                    Checked::Needed(needs) => Checked::Needed(needs),
                },
            )
        })?;
        Ok(explained.json().to_owned())
    }
}
