//! The data of a Connected App, and the validation of its fields.
//!
//! Assumptions: access tokens live 5 to 1,440 minutes, a custom audience does not have whitespace, and the status of every
//! app is `active`.

use serde::{Deserialize, Serialize};

use super::redirect_urls;
use crate::claim_templates;
use crate::client_secrets::{ClientSecrets, Rotation, RotationErrors};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::store::{NoIndex, Record, Store};

/// An app in the JSON form of the API, without its secrets.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectedApp {
    pub(crate) client_id: String,
    pub(crate) client_name: String,
    pub(crate) client_description: String,
    status: String,
    pub(crate) full_access_allowed: bool,
    pub(crate) client_type: ClientType,
    redirect_urls: Vec<String>,
    access_token_expiry_minutes: i64,
    pub(crate) access_token_template_content: String,
    post_logout_redirect_urls: Vec<String>,
    pub(crate) bypass_consent_for_offline_access: bool,
    creation_method: String,
    pub(crate) id_token_template_content: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) access_token_custom_audience: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) logo_url: Option<String>,
    /// Absent for a public app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_secret_last_four: Option<String>,
    #[serde(default)]
    next_client_secret_last_four: Option<String>,
    /// `None` for a public app.
    #[serde(skip)]
    secrets: Option<ClientSecrets>,
}

/// An app as a snapshot contains it: the API's form, and the secrets, which that form does not have.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stored {
    connected_app: ConnectedApp,
    #[serde(default)]
    secrets: Option<ClientSecrets>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClientType {
    FirstParty,
    FirstPartyPublic,
    ThirdParty,
    ThirdPartyPublic,
}

/// All apps of a project, in the order of creation.
pub(crate) type ConnectedApps = Store<ConnectedApp>;

impl Record for ConnectedApp {
    type Index = NoIndex;
    type Stored = Stored;
    const UNIQUE: &'static [NoIndex] = &[];

    fn id(&self) -> &str {
        &self.client_id
    }

    fn keys(&self) -> Vec<(NoIndex, String)> {
        Vec::new()
    }
}

impl Store<ConnectedApp> {
    pub(crate) fn find(&self, client_id: &str) -> Result<&ConnectedApp, Failure> {
        let found = self.get(client_id);
        found.ok_or_else(|| errors::CONNECTED_APP_NOT_FOUND.failure())
    }
}

impl ClientType {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        TYPES
            .into_iter()
            .find(|(name, _)| *name == text)
            .map(|(_, client_type)| client_type)
    }

    /// Whether the app cannot keep a secret.
    pub(crate) fn is_public(self) -> bool {
        matches!(self, Self::FirstPartyPublic | Self::ThirdPartyPublic)
    }

    pub(crate) fn is_first_party(self) -> bool {
        matches!(self, Self::FirstParty | Self::FirstPartyPublic)
    }
}

impl ConnectedApp {
    /// Creates an app. The secret is ignored for a public app.
    pub(crate) fn new(client_id: String, client_type: ClientType, secret: String) -> Self {
        let mut app = Self {
            client_id,
            client_name: String::new(),
            client_description: String::new(),
            status: "active".to_owned(),
            full_access_allowed: false,
            client_type,
            redirect_urls: Vec::new(),
            access_token_expiry_minutes: 60,
            access_token_template_content: String::new(),
            post_logout_redirect_urls: Vec::new(),
            bypass_consent_for_offline_access: false,
            creation_method: "api".to_owned(),
            id_token_template_content: String::new(),
            access_token_custom_audience: None,
            logo_url: None,
            client_secret_last_four: None,
            next_client_secret_last_four: None,
            secrets: (!client_type.is_public()).then(|| ClientSecrets::new(secret)),
        };
        app.show_last_four();
        app
    }

    /// Applies the fields that create and update have in common. If a field is invalid, the app stays unchanged.
    pub(crate) fn describe(&mut self, fields: &Fields) -> Result<(), Failure> {
        let mut changed = self.clone();
        for (name, text) in [
            ("client_name", &mut changed.client_name),
            ("client_description", &mut changed.client_description),
            (
                "access_token_template_content",
                &mut changed.access_token_template_content,
            ),
            (
                "id_token_template_content",
                &mut changed.id_token_template_content,
            ),
        ] {
            if let Some(given) = fields.text(name)? {
                given.clone_into(text);
            }
        }
        for (name, flag) in [
            ("full_access_allowed", &mut changed.full_access_allowed),
            (
                "bypass_consent_for_offline_access",
                &mut changed.bypass_consent_for_offline_access,
            ),
        ] {
            *flag = fields.flag(name)?.unwrap_or(*flag);
        }
        if let Some(urls) = fields.texts("redirect_urls")? {
            changed.redirect_urls = urls;
        }
        if let Some(urls) = fields.texts("post_logout_redirect_urls")? {
            changed.post_logout_redirect_urls = urls;
        }
        if let Some(minutes) = fields.whole_number("access_token_expiry_minutes")? {
            changed.access_token_expiry_minutes = minutes;
        }
        if let Some(audience) = fields.text("access_token_custom_audience")? {
            changed.access_token_custom_audience = Some(audience.to_owned());
        }
        if let Some(url) = fields.text("logo_url")? {
            changed.logo_url = Some(url.to_owned());
        }
        changed.validate()?;
        *self = changed;
        Ok(())
    }

    fn validate(&self) -> Result<(), Failure> {
        let urls = self.redirect_urls.iter();
        for url in urls.chain(&self.post_logout_redirect_urls) {
            redirect_urls::validate(url, self.client_type.is_public())?;
        }
        if !(5..=1440).contains(&self.access_token_expiry_minutes) {
            return Err(errors::IDP_INVALID_ACCESS_TOKEN_EXPIRY_MINUTES.failure());
        }
        let audience = self.access_token_custom_audience.as_deref();
        if audience.is_some_and(|audience| audience.contains(char::is_whitespace)) {
            return Err(errors::IDP_INVALID_ACCESS_TOKEN_CUSTOM_AUDIENCE.failure());
        }
        for template in [
            &self.access_token_template_content,
            &self.id_token_template_content,
        ] {
            claim_templates::validate(template).map_err(|reason| {
                errors::IDP_INVALID_ACCESS_TOKEN_JWT_TEMPLATE.with_message(reason)
            })?;
        }
        if self.client_type.is_first_party() {
            return Ok(());
        }
        if self.full_access_allowed {
            return Err(errors::THIRD_PARTY_CANNOT_USE_FULL_ACCESS.failure());
        }
        if self.bypass_consent_for_offline_access {
            return Err(errors::THIRD_PARTY_OFFLINE_ACCESS_REQUIRES_CONSENT.failure());
        }
        Ok(())
    }

    /// Whether the secret is valid. A public app does not have a secret, so that every value is valid.
    pub(crate) fn accepts_secret(&self, secret: &str) -> bool {
        let secrets = self.secrets.as_ref();
        secrets.is_none_or(|secrets| secrets.has(secret))
    }

    /// Does a step of the rotation of the secret.
    pub(crate) fn rotate(&mut self, step: Rotation) -> Result<(), Failure> {
        let secrets = self.secrets.as_mut();
        let secrets = secrets.ok_or(&errors::PUBLIC_CONNECTED_APPS_DO_NOT_HAVE_SECRETS)?;
        secrets.rotate(step, &ROTATION_ERRORS)?;
        self.show_last_four();
        Ok(())
    }

    /// Whether the URL is registered. The complete URLs must be equal (RFC 9700, section 2.1).
    pub(crate) fn has_redirect_url(&self, url: &str) -> bool {
        self.redirect_urls.iter().any(|known| known == url)
    }

    /// The lifetime of the app's access tokens.
    pub(crate) fn access_token_lifetime_seconds(&self) -> i64 {
        self.access_token_expiry_minutes.saturating_mul(60)
    }

    fn show_last_four(&mut self) {
        let secrets = self.secrets.as_ref();
        self.client_secret_last_four = secrets.map(ClientSecrets::last_four);
        self.next_client_secret_last_four = secrets.and_then(ClientSecrets::next_last_four);
    }
}

impl From<Stored> for ConnectedApp {
    /// The last four characters are those of the secrets. The type decides whether the app has secrets.
    fn from(stored: Stored) -> Self {
        let is_public = stored.connected_app.client_type.is_public();
        let mut app = Self {
            secrets: stored.secrets.filter(|_| !is_public),
            ..stored.connected_app
        };
        app.show_last_four();
        app
    }
}

impl From<ConnectedApp> for Stored {
    fn from(app: ConnectedApp) -> Self {
        Self {
            secrets: app.secrets.clone(),
            connected_app: app,
        }
    }
}

pub(crate) const TYPES: [(&str, ClientType); 4] = [
    ("first_party", ClientType::FirstParty),
    ("first_party_public", ClientType::FirstPartyPublic),
    ("third_party", ClientType::ThirdParty),
    ("third_party_public", ClientType::ThirdPartyPublic),
];

static ROTATION_ERRORS: RotationErrors = RotationErrors {
    already_rotating: &errors::CONNECTED_APP_ALREADY_ROTATING_SECRET,
    not_rotating: &errors::CONNECTED_APP_NOT_ROTATING_SECRET,
};
