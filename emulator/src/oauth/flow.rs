//! Log-ins with a provider that have started: the parameters of the start URL, kept until the user is back from the
//! provider.

use serde::{Deserialize, Serialize};

use super::providers::Provider;
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::links;
use crate::redirects;
use crate::shapes;
use crate::store::Record;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Flow {
    /// The value that the provider returns unchanged (RFC 6749, section 4.1.1). It can be used once.
    pub(crate) state: String,
    /// The name of the provider.
    pub(crate) provider: String,
    pub(crate) purpose: Purpose,
    /// The redirect URL for known users, and the one for new users.
    pub(crate) redirect_urls: (String, String),
    pub(crate) code_challenge: Option<String>,
    /// The scopes of the access token.
    pub(crate) scopes: Vec<String>,
    /// The email address that the page of the provider suggests.
    pub(crate) login_hint: String,
    pub(crate) expires_at: UnixSeconds,
}

/// What the log-in is for.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Purpose {
    /// A log-in of a user.
    User,
    /// The account is added to this user.
    Attach {
        user_id: String,
    },
    /// A log-in of a member of this organization.
    Organization {
        organization_id: String,
    },
    Discovery,
}

impl Record for Flow {
    type Index = ();
    type Stored = Self;
    const UNIQUE: &'static [()] = &[];

    fn id(&self) -> &str {
        &self.state
    }

    fn keys(&self) -> Vec<((), String)> {
        Vec::new()
    }
}

/// The names of the parameters of a start URL that differ between the products.
pub(crate) struct Names {
    pub(crate) code_challenge: &'static str,
    /// The parameters of the redirect URLs for known users and for new users, each with the error for a malformed URL.
    pub(crate) redirect_urls: [(&'static str, &'static errors::ErrorRow); 2],
}

impl Flow {
    /// Reads the parameters of a start URL.
    pub(crate) fn read(
        ids: &mut Ids,
        params: &Fields,
        (provider, purpose): (&'static Provider, Purpose),
        names: &Names,
        now: UnixSeconds,
    ) -> Result<Self, Failure> {
        let url = |(name, malformed)| {
            redirects::read_for(params, name, malformed, &errors::NO_MATCH_FOR_OAUTH_URL)
        };
        let [known, new] = names.redirect_urls;
        let redirect_urls = (url(known)?, url(new)?);
        let code_challenge = links::code_challenge(params, names.code_challenge)?;
        let custom = params.text("custom_scopes")?.unwrap_or_default();
        let mut scopes: Vec<String> = provider
            .scopes
            .iter()
            .map(|scope| (*scope).to_owned())
            .collect();
        for scope in custom.split(' ').filter(|scope| !scope.is_empty()) {
            if !shapes::is_scope(scope) {
                return Err(errors::OAUTH_INVALID_SCOPE_REQUESTED.failure());
            }
            if !scopes.iter().any(|known| known == scope) {
                scopes.push(scope.to_owned());
            }
        }
        let login_hint = params.text("provider_login_hint")?.unwrap_or_default();
        Ok(Self {
            state: ids.opaque_token(),
            provider: provider.name.to_owned(),
            purpose,
            redirect_urls,
            code_challenge,
            scopes,
            login_hint: login_hint.to_owned(),
            expires_at: now.plus_minutes(FLOW_MINUTES),
        })
    }

    /// Returns the path of the page that stands for the provider.
    pub(crate) fn page(&self) -> String {
        redirects::link(PAGE, &[("state", &self.state)])
    }
}

/// The path of the page that stands for all providers.
pub(crate) const PAGE: &str = "/_emulator/oauth";
/// Assumption: the time in which the user must finish the log-in at the provider.
const FLOW_MINUTES: i64 = 60;
