//! Log-ins with OAuth providers: the flows that have started, the tokens that the redirect URLs receive, and attach tokens.
//!
//! The emulator does not call providers. One page of its own stands for all of them: see `control/provider_page.rs`. The
//! module knows neither users nor members.

pub(crate) mod account;
pub(crate) mod flow;
pub(crate) mod providers;

use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::links;
use crate::shapes;
use crate::store::{Record, Store};
use account::{Grant, Identity};
use flow::{Flow, Purpose};
use providers::Provider;

/// The token that a redirect URL receives. It works once.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Token {
    token: String,
    pub(crate) purpose: Purpose,
    pub(crate) identity: Identity,
    pub(crate) grant: Grant,
    code_challenge: Option<String>,
    expires_at: UnixSeconds,
}

/// A token that adds an account to a user. It works once.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttachToken {
    token: String,
    provider: String,
    user_id: String,
    expires_at: UnixSeconds,
}

/// The state of the log-ins with providers.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Oauth {
    flows: Store<Flow>,
    tokens: Store<Token>,
    attach_tokens: Store<AttachToken>,
}

impl Record for Token {
    type Index = ();
    type Stored = Self;
    const UNIQUE: &'static [()] = &[];

    fn id(&self) -> &str {
        &self.token
    }

    fn keys(&self) -> Vec<((), String)> {
        Vec::new()
    }
}

/// The index of the attach tokens.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum By {
    User,
}

impl Record for AttachToken {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[];

    fn id(&self) -> &str {
        &self.token
    }

    fn keys(&self) -> Vec<(By, String)> {
        vec![(By::User, self.user_id.clone())]
    }
}

impl Oauth {
    pub(crate) fn begin(&mut self, flow: Flow) {
        self.flows.put(flow);
    }

    /// Finds a flow that has not ended.
    pub(crate) fn flow(&self, state: &str, now: UnixSeconds) -> Result<&Flow, Failure> {
        let found = self.flows.get(state);
        let found = found.filter(|flow| now < flow.expires_at);
        found.ok_or_else(|| errors::OAUTH_INVALID_STATE.failure())
    }

    pub(crate) fn end(&mut self, flow: &Flow) {
        self.flows.remove(&flow.state);
    }

    /// Ends a flow with a log-in at the provider, and returns the token for the redirect URL.
    pub(crate) fn finish(
        &mut self,
        ids: &mut Ids,
        flow: Flow,
        (identity, grant): (Identity, Grant),
        now: UnixSeconds,
    ) -> String {
        self.end(&flow);
        let token = Token {
            token: ids.opaque_token(),
            purpose: flow.purpose,
            identity,
            grant,
            code_challenge: flow.code_challenge,
            expires_at: now.plus_minutes(TOKEN_MINUTES),
        };
        let text = token.token.clone();
        self.tokens.put(token);
        text
    }

    /// Returns a token if it may be used now. Does not mark it as used. A token of discovery is unknown to other routes,
    /// and the other way round.
    pub(crate) fn usable(
        &self,
        (token, code_verifier): (&str, Option<&str>),
        is_of_discovery: bool,
        now: UnixSeconds,
    ) -> Result<&Token, Failure> {
        if !shapes::is_token(token) {
            return Err(errors::INVALID_TOKEN.failure());
        }
        let found = self.tokens.get(token).filter(|known| {
            now < known.expires_at && (known.purpose == Purpose::Discovery) == is_of_discovery
        });
        let found = found.ok_or(&errors::OAUTH_TOKEN_NOT_FOUND)?;
        links::verify_code_verifier(found.code_challenge.as_deref(), code_verifier)?;
        Ok(found)
    }

    pub(crate) fn use_up(&mut self, token: &Token) {
        self.tokens.remove(&token.token);
    }

    pub(crate) fn attach(
        &mut self,
        ids: &mut Ids,
        provider: &Provider,
        user_id: &str,
        now: UnixSeconds,
    ) -> String {
        let attach = AttachToken {
            token: ids.opaque_token(),
            provider: provider.name.to_owned(),
            user_id: user_id.to_owned(),
            expires_at: now.plus_minutes(ATTACH_MINUTES),
        };
        let text = attach.token.clone();
        self.attach_tokens.put(attach);
        text
    }

    /// Returns the id of the user of an attach token that may be used now, with this provider.
    pub(crate) fn attached_user(
        &self,
        token: &str,
        provider: &str,
        now: UnixSeconds,
    ) -> Result<String, Failure> {
        let found = self.attach_tokens.get(token);
        let found = found.filter(|known| now < known.expires_at && known.provider == provider);
        Ok(found
            .ok_or(&errors::INVALID_OAUTH_ATTACH_TOKEN)?
            .user_id
            .clone())
    }

    pub(crate) fn use_up_attach_token(&mut self, token: &str) {
        self.attach_tokens.remove(token);
    }

    /// Removes the attach tokens of a deleted user.
    pub(crate) fn forget(&mut self, user_id: &str) {
        self.attach_tokens.remove_all(By::User, user_id, |_| true);
    }
}

/// Assumption: the lifetime of the token that a redirect URL receives.
const TOKEN_MINUTES: i64 = 5;
/// Assumption: the lifetime of an attach token.
const ATTACH_MINUTES: i64 = 60;
