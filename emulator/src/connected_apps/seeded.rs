//! The Connected Apps of a seed, and the access that users or members have granted to them.

use serde_json::{Value, json};

use super::app::{ClientType, ConnectedApp, ConnectedApps, TYPES};
use super::grants::{Consent, Grant, Grants, REFRESH_LIFETIME_SECONDS, RefreshToken};
use crate::clock::UnixSeconds;
use crate::given::{Given, SeedError};
use crate::ids::Ids;
use crate::shapes;

/// Adds an app in the form that the API returns, with its `client_secret`. A public app does not have a secret. The
/// default type is `first_party`. Returns the id.
pub(crate) fn add_app(
    apps: &mut ConnectedApps,
    ids: &mut Ids,
    mut given: Given,
) -> Result<String, SeedError> {
    let (drawn_id, drawn_secret) = (ids.id("connected-app"), ids.opaque_token());
    let client_id = given.id("client_id", "connected-app", ids)?;
    let client_id = client_id.unwrap_or(drawn_id);
    if apps.find(&client_id).is_ok() {
        return Err(given.refused("client_id", "is the id of another app"));
    }
    let client_type = given.text("client_type")?;
    let client_type = ClientType::parse(client_type.as_deref().unwrap_or("first_party"));
    let client_type = client_type.ok_or_else(|| {
        let accepted = TYPES.map(|(name, _)| name).join(", ");
        given.refused("client_type", format!("must be one of {accepted}"))
    })?;
    let secret = given.text("client_secret")?;
    if client_type.is_public() && secret.is_some() {
        return Err(given.refused("client_secret", "is not allowed for a public client"));
    }
    let fields = given.fields(&FIELDS);
    let mut app = ConnectedApp::new(
        client_id.clone(),
        client_type,
        secret.unwrap_or(drawn_secret),
    );
    app.describe(&fields)
        .map_err(|failure| given.failed(&failure))?;
    given.finish(&json!(app))?;
    apps.put(app);
    Ok(client_id)
}

/// Adds a consent of a user or member: `scopes`, and the id in the member `id_name`. With `refresh_token`, the app also has
/// this refresh token, which needs the scope `offline_access`.
pub(crate) fn add_grant(
    grants: &mut Grants,
    ids: &mut Ids,
    mut given: Given,
    (client_id, id_name): (&str, &str),
    is_subject: impl Fn(&str) -> bool,
    now: UnixSeconds,
) -> Result<(), SeedError> {
    let subject = given.text(id_name)?.filter(|id| is_subject(id));
    let subject = subject.ok_or_else(|| {
        let kind = id_name.trim_end_matches("_id");
        given.refused(id_name, format!("must be the id of a {kind} of the seed"))
    })?;
    if grants.consent(client_id, &subject).is_some() {
        return Err(given.refused(id_name, "has granted access to the app already"));
    }
    let scopes = given.take("scopes").unwrap_or_default();
    let read = |scope: &Value| {
        let scope = scope.as_str().filter(|scope| shapes::is_scope(scope));
        scope.map(str::to_owned)
    };
    let scopes = scopes.as_array().filter(|scopes| !scopes.is_empty());
    let scopes: Option<Vec<String>> = scopes.and_then(|scopes| scopes.iter().map(read).collect());
    let scopes = scopes.ok_or_else(|| {
        given.refused("scopes", "must be a list of scopes with at least one scope")
    })?;
    let token = given.text("refresh_token")?;
    if let Some(token) = &token {
        if !scopes.iter().any(|scope| scope == "offline_access") {
            return Err(given.refused("refresh_token", "needs the scope offline_access"));
        }
        if token.is_empty() || grants.refresh_token(token).is_some() {
            return Err(given.refused("refresh_token", "must be a text that no other grant has"));
        }
    }
    given.finish(&json!({}))?;
    grants.put_consent(Consent::new(client_id, &subject, scopes.clone()));
    let Some(token) = token else {
        return Ok(());
    };
    grants.put_refresh_token(RefreshToken {
        token,
        grant: Grant {
            code: ids.opaque_token(),
            client_id: client_id.to_owned(),
            subject,
            scopes,
            resources: Vec::new(),
            has_session: true,
        },
        jti: ids.opaque_token(),
        issued_at: now,
        expires_at: now.plus_seconds(REFRESH_LIFETIME_SECONDS),
        rotated: false,
    });
    Ok(())
}

const FIELDS: [&str; 11] = [
    "client_name",
    "client_description",
    "redirect_urls",
    "full_access_allowed",
    "access_token_expiry_minutes",
    "access_token_custom_audience",
    "access_token_template_content",
    "post_logout_redirect_urls",
    "logo_url",
    "bypass_consent_for_offline_access",
    "id_token_template_content",
];
