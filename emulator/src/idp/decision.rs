//! The decision about an authorization request: a code for the app, or an error in the redirect URL (RFC 6749, section
//! 4.1.2).
//!
//! Assumptions: a code is valid for 10 minutes, which RFC 6749 recommends as the maximum; a request with a scope that
//! cannot be granted is refused with `invalid_scope` in the redirect URL.

use serde_json::json;

use super::request::{AuthorizationRequest, Examined, Subject};
use crate::call::{Call, Reply};
use crate::connected_apps::app::ConnectedApp;
use crate::connected_apps::grants::{AuthorizationCode, Consent, Grant};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::links;
use crate::project::Project;
use crate::redirects;

/// A decision, and the values that the app has sent with its request.
pub(crate) struct Decision {
    consent_granted: bool,
    state: Option<String>,
    nonce: Option<String>,
    code_challenge: Option<String>,
    resources: Vec<String>,
}

impl Decision {
    /// Reads `consent_granted`, `state`, `nonce`, `code_challenge` and `resources`.
    pub(crate) fn read(fields: &Fields) -> Result<Self, Failure> {
        let text = |name| Ok::<_, Failure>(fields.text(name)?.map(str::to_owned));
        let missing =
            || errors::INVALID_ARGUMENT.with_message("The field consent_granted is required.");
        Ok(Self {
            consent_granted: fields.flag("consent_granted")?.ok_or_else(missing)?,
            state: text("state")?,
            nonce: text("nonce")?,
            code_challenge: links::code_challenge(fields, "code_challenge")?,
            resources: fields.texts("resources")?.unwrap_or_default(),
        })
    }

    /// Returns an error if the app must send a code challenge (RFC 9700, section 2.1.1).
    pub(crate) fn validate_for(&self, app: &ConnectedApp) -> Result<(), Failure> {
        if app.client_type.is_public() && self.code_challenge.is_none() {
            return Err(errors::PKCE_REQUIRED_FOR_IDP.failure());
        }
        Ok(())
    }

    /// Answers the request. If the user or member has consented, the consent and a code are stored.
    pub(crate) fn answer(
        self,
        project: &mut Project,
        ids: &mut Ids,
        (request, examined): (&AuthorizationRequest, &Examined),
        subject: &Subject,
        call: &Call,
    ) -> Reply {
        if !self.consent_granted {
            return self.refuse(request, "access_denied", "The user has not consented.");
        }
        let Some(scopes) = examined.grantable_scopes() else {
            let reason = "A requested scope cannot be granted.";
            return self.refuse(request, "invalid_scope", reason);
        };
        let client_id = &request.client_id;
        let consent = Consent::new(client_id, subject.id, scopes.clone());
        project.grants.put_consent(consent);
        let code = ids.opaque_token();
        project.grants.put_code(AuthorizationCode {
            grant: Grant {
                code: code.clone(),
                client_id: client_id.clone(),
                subject: subject.id.to_owned(),
                scopes,
                resources: self.resources.clone(),
                has_session: subject.has_session,
            },
            redirect_uri: request.redirect_uri.clone(),
            nonce: self.nonce.clone(),
            code_challenge: self.code_challenge.clone(),
            expires_at: call.now.plus_minutes(CODE_LIFETIME_MINUTES),
            used: false,
        });
        let redirect_uri = self.redirect(request, &[("code", &code)]);
        Reply::ok(json!({ "redirect_uri": redirect_uri, "authorization_code": code }))
    }

    fn refuse(&self, request: &AuthorizationRequest, error: &str, reason: &str) -> Reply {
        let params = [("error", error), ("error_description", reason)];
        Reply::ok(json!({ "redirect_uri": self.redirect(request, &params) }))
    }

    /// Returns the redirect URL with these parameters and the state.
    fn redirect(&self, request: &AuthorizationRequest, params: &[(&str, &str)]) -> String {
        let mut params = params.to_vec();
        if let Some(state) = &self.state {
            params.push(("state", state));
        }
        redirects::link(&request.redirect_uri, &params)
    }
}

const CODE_LIFETIME_MINUTES: i64 = 10;
