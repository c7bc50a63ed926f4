//! The OAuth accounts of members: which account belongs to a member, and the accounts of users who have not chosen an
//! organization.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::B2b;
use super::member::Member;
use super::provider_tokens::ProviderTokens;
use crate::clock::UnixSeconds;
use crate::factors::Factor;
use crate::ids::Ids;
use crate::merge::{self, Object};
use crate::oauth::account::{Grant, Identity};
use crate::oauth::providers::Provider;
use crate::product::Product;
use crate::store::{Record, Store};

/// An account with which a user has proved an email address in discovery. It becomes an account of the member that the
/// user turns out to be.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    /// The id in the factor of the intermediate session.
    pub(super) registration_id: String,
    pub(super) identity: Identity,
    pub(super) grant: Grant,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Accounts(Store<Account>);

impl Record for Account {
    type Index = ();
    type Stored = Self;
    const UNIQUE: &'static [()] = &[];

    fn id(&self) -> &str {
        &self.registration_id
    }

    fn keys(&self) -> Vec<((), String)> {
        Vec::new()
    }
}

impl Accounts {
    pub(super) fn put(&mut self, account: Account) {
        self.0.put(account);
    }
}

/// Gives the accounts of an intermediate session to the member who has logged in with it.
pub(super) fn adopt(b2b: &mut B2b, member: &mut Member, factors: &[Factor], now: UnixSeconds) {
    for id in factors.iter().filter_map(Factor::registration_id) {
        let Some(account) = b2b.oauth_accounts.0.get(id).cloned() else {
            continue;
        };
        b2b.oauth_accounts.0.remove(id);
        let Ok(provider) = Provider::find(&account.identity.provider, Product::B2b) else {
            continue;
        };
        let identity = &account.identity;
        let known = registration_of(member, provider, &identity.subject);
        let id = known.unwrap_or(account.registration_id);
        register(b2b, member, (provider, identity, &account.grant), id, now);
    }
}

/// Returns the id of the member's registration of an account. A new id if the member does not have the account.
pub(super) fn registration_id(
    ids: &mut Ids,
    member: &Member,
    provider: &Provider,
    identity: &Identity,
) -> String {
    let known = registration_of(member, provider, &identity.subject);
    known.unwrap_or_else(|| ids.id("oauth-user"))
}

/// Returns the id of the member's registration of an account.
pub(super) fn registration_of(
    member: &Member,
    provider: &Provider,
    subject: &str,
) -> Option<String> {
    let mut known = member.oauth_registrations.iter();
    let text = |known: &Value, name: &str| known.get(name)?.as_str().map(str::to_owned);
    let found = known.find(|known| {
        text(known, "provider_type").as_deref() == Some(provider.r#type)
            && text(known, "provider_subject").as_deref() == Some(subject)
    });
    text(found?, "member_oauth_registration_id")
}

/// Returns the subject of the first account that the member has at a provider.
pub(super) fn subject_at<'a>(member: &'a Member, provider: &Provider) -> Option<&'a str> {
    let text = |known: &'a Value, name: &str| known.get(name).and_then(Value::as_str);
    let mut known = member.oauth_registrations.iter();
    let found = known.find(|known| text(known, "provider_type") == Some(provider.r#type));
    text(found?, "provider_subject")
}

/// Adds an account to a member, and stores its tokens. The tokens of an earlier log-in are replaced.
pub(super) fn register(
    b2b: &mut B2b,
    member: &mut Member,
    (provider, identity, grant): (&Provider, &Identity, &Grant),
    registration_id: String,
    now: UnixSeconds,
) {
    if registration_of(member, provider, &identity.subject).is_none() {
        member.oauth_registrations.push(json!({
            "provider_type": provider.r#type,
            "provider_subject": identity.subject,
            "member_oauth_registration_id": registration_id,
            "profile_picture_url": "",
            "locale": "",
        }));
        member.updated_at = now;
    }
    b2b.provider_tokens.put(ProviderTokens {
        registration_id,
        member_id: member.member_id.clone(),
        provider: provider.name.to_owned(),
        access_token_expires_at: grant.expires_at,
        tokens: tokens(provider, identity, grant),
    });
}

/// Returns the members of the responses with stored tokens, which differ between the providers.
fn tokens(provider: &Provider, identity: &Identity, grant: &Grant) -> Object {
    let mut tokens = merge::object(json!({
        "provider_subject": identity.subject,
        "access_token": grant.access_token,
        "scopes": grant.scopes,
    }));
    let tenant = identity.tenants.first().map_or("", String::as_str);
    let more = match provider.name {
        "slack" => {
            json!({ "provider_tenant_id": tenant, "bot_access_token": "", "bot_scopes": [] })
        }
        "github" => json!({ "provider_tenant_ids": identity.tenants }),
        "hubspot" => {
            json!({ "provider_tenant_id": tenant, "refresh_token": grant.refresh_token })
        }
        _ => json!({ "id_token": grant.id_token, "refresh_token": grant.refresh_token }),
    };
    tokens.extend(merge::object(more));
    tokens
}
