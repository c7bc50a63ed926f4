//! The Connected Apps of a seed.

use serde_json::json;

use super::app::{ClientType, ConnectedApp, ConnectedApps, TYPES};
use crate::given::{Given, SeedError};
use crate::ids::Ids;

/// Adds an app in the form that the API returns, with its `client_secret`. A public app does not have a secret. The
/// default type is `first_party`.
pub(crate) fn add_app(
    apps: &mut ConnectedApps,
    ids: &mut Ids,
    mut given: Given,
) -> Result<(), SeedError> {
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
    let mut app = ConnectedApp::new(client_id, client_type, secret.unwrap_or(drawn_secret));
    app.describe(&fields)
        .map_err(|failure| given.failed(&failure))?;
    given.finish(&json!(app))?;
    apps.put(app);
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
