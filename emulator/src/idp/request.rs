//! The authorization request of an app: its fields, the app that sent it, and the answer that describes it.

use serde_json::{Value, json};

use super::public_view;
use super::scopes::{ScopeResult, scope_results};
use crate::connected_apps::app::ConnectedApp;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::project::Project;
use crate::rbac::policy::Role;

/// An authorization request.
pub(crate) struct AuthorizationRequest {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    scopes: Vec<String>,
    /// Whether the user must consent again.
    asks_consent: bool,
}

/// The user or member who decides about a request.
pub(crate) struct Subject<'a> {
    pub(crate) id: &'a str,
    /// The ids of the roles that the user or member has.
    pub(crate) held_roles: &'a [String],
    /// All roles that exist for the user or member.
    pub(crate) roles: &'a [&'a Role],
    /// Whether a session identified the user or member.
    pub(crate) has_session: bool,
}

/// A request of a known app that a certain user or member can answer.
pub(crate) struct Examined {
    pub(crate) app: ConnectedApp,
    scopes: Vec<ScopeResult>,
    pub(super) consent_required: bool,
}

impl AuthorizationRequest {
    /// Reads `client_id`, `redirect_uri`, `response_type`, `scopes` and `prompt`.
    pub(crate) fn read(fields: &Fields) -> Result<Self, Failure> {
        let required = |name| {
            let missing =
                || errors::INVALID_ARGUMENT.with_message(format!("The field {name} is required."));
            fields.text(name)?.ok_or_else(missing)
        };
        let client_id = fields
            .text("client_id")?
            .ok_or(&errors::INVALID_CLIENT_ID)?;
        let redirect_uri = required("redirect_uri")?;
        if required("response_type")? != "code" {
            return Err(
                errors::INVALID_ARGUMENT.with_message("The field response_type must be code.")
            );
        }
        let scopes = fields.texts("scopes")?.ok_or_else(|| {
            errors::INVALID_ARGUMENT.with_message("The field scopes is required.")
        })?;
        let prompt = fields.text("prompt")?.unwrap_or_default();
        Ok(Self {
            client_id: client_id.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            scopes,
            asks_consent: prompt.split(' ').any(|word| word == "consent"),
        })
    }

    /// Returns the app if it has registered the redirect URL. Before this check, an error must not be sent to the URL.
    pub(crate) fn app<'a>(&self, project: &'a Project) -> Result<&'a ConnectedApp, Failure> {
        let app = project.connected_apps.find(&self.client_id)?;
        if !app.has_redirect_url(&self.redirect_uri) {
            return Err(errors::SUPPLIED_REDIRECT_URL_NOT_FOUND.failure());
        }
        let asks_full_access = self.scopes.iter().any(|scope| scope == "full_access");
        if asks_full_access && !app.client_type.is_first_party() {
            return Err(errors::THIRD_PARTY_CANNOT_USE_FULL_ACCESS.failure());
        }
        Ok(app)
    }

    /// Finds out which scopes the user or member can grant to the app, and whether the consent is required.
    ///
    /// A third-party app needs the consent to each scope. A first-party app needs it only for `offline_access`, unless
    /// the app bypasses this. Assumption: an earlier consent to the same scopes counts, unless the app asks again.
    pub(crate) fn examine(
        &self,
        project: &Project,
        app: &ConnectedApp,
        subject: &Subject,
    ) -> Examined {
        let scopes = scope_results(&project.policy, app, subject, &self.scopes);
        let earlier = project.grants.consent(&app.client_id, subject.id);
        let has_consent = |scope: &str| {
            earlier.is_some_and(|consent| consent.scopes.iter().any(|known| known == scope))
        };
        let needs_consent = |scope: &str| match app.client_type.is_first_party() {
            true => scope == "offline_access" && !app.bypass_consent_for_offline_access,
            false => true,
        };
        let is_first_third_party = !app.client_type.is_first_party() && earlier.is_none();
        let mut names = scopes.iter().map(|result| result.scope.as_str());
        Examined {
            consent_required: self.asks_consent
                || is_first_third_party
                || names.any(|scope| needs_consent(scope) && !has_consent(scope)),
            app: app.clone(),
            scopes,
        }
    }
}

impl Examined {
    /// Returns the members of the answer that describe the request.
    pub(crate) fn view(&self) -> Value {
        json!({
            "client": public_view(&self.app),
            "consent_required": self.consent_required,
            "scope_results": self.scopes,
        })
    }

    /// Returns the requested scopes, or `None` if the user or member cannot grant one of them.
    pub(super) fn grantable_scopes(&self) -> Option<Vec<String>> {
        let grantable = |result: &ScopeResult| result.is_grantable.then(|| result.scope.clone());
        self.scopes.iter().map(grantable).collect()
    }
}
