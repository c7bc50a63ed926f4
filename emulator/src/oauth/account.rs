//! An account at a provider, and the tokens that the provider issues for it.

use rsa::sha2::{Digest as _, Sha256};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::providers::Provider;
use crate::clock::UnixSeconds;
use crate::errors::Failure;
use crate::factors::Factor;
use crate::ids::Ids;
use crate::jws;
use crate::keys::SigningKeys;
use crate::merge;

/// What a provider reports about a user.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identity {
    /// The name of the provider.
    pub(crate) provider: String,
    pub(crate) subject: String,
    /// In lower case. Empty if the provider does not report an address.
    pub(crate) email_address: String,
    pub(crate) email_verified: bool,
    pub(crate) name: String,
    /// The ids of the user's workspaces.
    pub(crate) tenants: Vec<String>,
}

/// The tokens of one log-in at a provider. They are secrets.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grant {
    pub(crate) access_token: String,
    /// Empty if the access token does not expire.
    pub(crate) refresh_token: String,
    /// Empty if the provider does not issue ID tokens.
    pub(crate) id_token: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires_at: Option<UnixSeconds>,
}

impl Identity {
    /// Returns the email address if the provider has verified it.
    pub(crate) fn verified_email(&self) -> Option<&str> {
        let address = self.email_address.as_str();
        (self.email_verified && !address.is_empty()).then_some(address)
    }

    /// Returns the subject that an account has by default: 21 digits that follow from the email address, so that the
    /// same address is the same account.
    pub(crate) fn default_subject(provider: &str, email_address: &str) -> String {
        let digest = Sha256::digest(format!("{provider} {email_address}"));
        let digits = digest.iter().take(20);
        let digits: String = digits.map(|byte| char::from(b'0' + byte % 10)).collect();
        format!("1{digits}")
    }

    /// Returns an account that the page of the provider offers. `None` if neither a subject nor an address is known.
    pub(crate) fn suggested(
        provider: &Provider,
        subject: Option<&str>,
        email_address: String,
        name: &str,
    ) -> Option<Self> {
        let by_default = || {
            let has_address = !email_address.is_empty();
            has_address.then(|| Self::default_subject(provider.name, &email_address))
        };
        Some(Self {
            provider: provider.name.to_owned(),
            subject: subject.map(str::to_owned).or_else(by_default)?,
            email_verified: !email_address.is_empty(),
            email_address,
            name: name.to_owned(),
            tenants: Vec::new(),
        })
    }

    /// Returns the factor of a log-in. `registration_id` is the id of the account of the user or member.
    pub(crate) fn factor(
        &self,
        provider: &Provider,
        registration_id: &str,
        email_id: Option<&str>,
        now: UnixSeconds,
    ) -> Factor {
        let mut details = merge::object(json!({
            "id": registration_id,
            "provider_subject": self.subject,
        }));
        if let Some(id) = email_id {
            details.insert("email_id".into(), json!(id));
        }
        let details = json!({ provider.factor_name(): details });
        Factor::new("oauth", &provider.delivery_method(), details, now)
    }
}

impl Grant {
    /// Issues the tokens. The ID token is signed with the key of the project, because the real key of the provider is not
    /// known; its issuer and audience are not those of the project, so that it is not valid as another token.
    pub(crate) fn new(
        ids: &mut Ids,
        keys: &SigningKeys,
        (provider, identity): (&Provider, &Identity),
        scopes: Vec<String>,
        now: UnixSeconds,
    ) -> Result<Self, Failure> {
        let expires_at = provider.expires.then(|| now.plus_minutes(ACCESS_MINUTES));
        let id_token = match provider.has_id_token {
            false => String::new(),
            true => {
                let claims = merge::object(json!({
                    "iss": format!("https://{}.provider.invalid", provider.name),
                    "aud": "stytch-emulator",
                    "sub": identity.subject,
                    "email": identity.email_address,
                    "email_verified": identity.email_verified,
                    "name": identity.name,
                    "iat": now.0,
                    "exp": now.plus_minutes(ACCESS_MINUTES).0,
                }));
                jws::issue(keys, &claims)?
            }
        };
        Ok(Self {
            access_token: ids.opaque_token(),
            refresh_token: match provider.expires {
                true => ids.opaque_token(),
                false => String::new(),
            },
            id_token,
            scopes,
            expires_at,
        })
    }

    /// Returns the `provider_values` of a response. Tokens that do not exist are empty.
    pub(crate) fn values(&self) -> Value {
        let mut values = merge::object(json!({
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "id_token": self.id_token,
            "scopes": self.scopes,
        }));
        if let Some(end) = self.expires_at {
            values.insert("expires_at".into(), json!(end));
        }
        Value::Object(values)
    }
}

/// The lifetime of an access token.
const ACCESS_MINUTES: i64 = 60;
