//! The tokens that OAuth providers and OpenID Connect connections issued at the log-ins of members.
//!
//! The tokens are secrets, so they are not a part of the member. They are stored as the API returns them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::UnixSeconds;
use crate::merge::Object;
use crate::store::{Record, Store};

/// The tokens of one account of a member.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderTokens {
    /// The id of the OAuth or SSO registration of the member.
    pub(crate) registration_id: String,
    pub(crate) member_id: String,
    /// `google`, `microsoft`, `slack`, `hubspot`, `github` or `oidc`.
    pub(crate) provider: String,
    /// The time when the access token expires. `None` if it does not expire.
    pub(crate) access_token_expires_at: Option<UnixSeconds>,
    /// The members in the API's form, `refresh_token` included, without the lifetime of the access token.
    pub(crate) tokens: Object,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct AllProviderTokens(Store<ProviderTokens>);

/// The index of the tokens.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Member,
}

impl Record for ProviderTokens {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[];

    fn id(&self) -> &str {
        &self.registration_id
    }

    fn keys(&self) -> Vec<(By, String)> {
        vec![(By::Member, self.member_id.clone())]
    }
}

impl AllProviderTokens {
    /// Returns the tokens of a member at a provider, oldest first.
    pub(crate) fn of<'a>(
        &'a self,
        member_id: &str,
        provider: &'a str,
    ) -> impl Iterator<Item = &'a ProviderTokens> {
        let tokens = self.0.all(By::Member, member_id);
        tokens.filter(move |tokens| tokens.provider == provider)
    }

    /// Stores the tokens of an account, instead of those of an earlier log-in.
    pub(crate) fn put(&mut self, tokens: ProviderTokens) {
        self.0.put(tokens);
    }

    /// Removes the tokens of a deleted member.
    pub(crate) fn forget(&mut self, member_id: &str) {
        self.0.remove_all(By::Member, member_id, |_| true);
    }
}

impl ProviderTokens {
    /// Returns the tokens in the API's form.
    pub(crate) fn view(&self, has_refresh_token: bool, now: UnixSeconds) -> Object {
        let mut view = self.tokens.clone();
        if let Some(end) = self.access_token_expires_at {
            let left = end.0.saturating_sub(now.0).max(0);
            view.insert("access_token_expires_in".into(), Value::from(left));
        }
        if !has_refresh_token {
            view.shift_remove("refresh_token");
        }
        view
    }
}
