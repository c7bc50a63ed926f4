//! Keys and policies ahead of the first check, and the rights of a session that the caller holds.

use super::{Core, Error, state::with_state};
use crate::{
    client::{Accepted, Checked, ClientError, Need, PolicyLookup, explain},
    session::{AuthorizationCheck, Product},
};

impl Core {
    /// Fetches the key set, unless there is a fresh one or the client provides keys.
    ///
    /// # Errors
    /// [`Error::Caused`] `jwks_unavailable` if the keys cannot be fetched.
    pub async fn load_keys(&self) -> Result<(), Error> {
        let now = self.platform.now();
        if self.config.provided_keys.is_some() && !self.with_keys(|keys| keys.is_seeded()) {
            self.take_provided_keys()?;
        }
        if self.with_keys(|keys| keys.is_loaded(now)) {
            return Ok(());
        }
        Ok(self.load(self.keys()).await?)
    }

    /// The key set as it was served, fetched if need be.
    ///
    /// # Errors
    /// As [`load_keys`](Self::load_keys)'.
    pub async fn export_keys(&self) -> Result<String, Error> {
        self.load_keys().await?;
        let text = self.with_keys(|keys| keys.text().map(str::to_owned));
        text.ok_or_else(|| {
            ClientError::keys_unavailable(crate::client::Reason::KeysUnavailable).into()
        })
    }

    fn with_keys<R>(&self, read: impl FnOnce(&crate::client::KeyCache) -> R) -> R {
        let issuer = &self.config.issuer;
        with_state(|scopes| read(scopes.keys_from(issuer, self.config.source)))
    }

    /// Fetches the project's policy, and that of an organization if one is named, unless there are fresh ones.
    ///
    /// # Errors
    /// The failure of a request; [`ClientError`] with `invalid_argument` for a client without a secret.
    pub async fn load_policies(&self, organization_id: Option<&str>) -> Result<(), Error> {
        let issuer = &self.config.issuer;
        let organization_id =
            organization_id.filter(|_| self.config.issuer.product == Product::B2b);
        let owners = [Some(None), organization_id.map(|id| Some(id.to_owned()))];
        self.settle(self.platform.now(), &|scopes, asking| {
            let mut needs = Vec::new();
            for owner in owners.iter().flatten() {
                match scopes.policies().find(issuer, owner.as_deref(), asking) {
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

    /// Why a session's roles, or the scopes of an app's claims, allow something or do not, as JSON text, by the policies
    /// that are available. `held` is the session or the claims as JSON text.
    ///
    /// # Errors
    /// As [`explain`]'s; `jwks_unavailable` if a policy has to be fetched first.
    pub fn explain(&self, held: &str, check: &AuthorizationCheck) -> Result<String, ClientError> {
        let issuer = &self.config.issuer;
        let explained = self.settle_now(&|scopes, asking| {
            Ok(
                match explain(scopes.policies(), issuer, held, check, asking)? {
                    Checked::Done(json) => Checked::Done(Accepted::remote(json)),
                    Checked::Needed(needs) => Checked::Needed(needs),
                },
            )
        })?;
        Ok(explained.json().to_owned())
    }
}
