//! Connected Apps: the OAuth 2.0 clients of a project that act for its users or members.
//!
//! The emulator has no routes for them yet. Apps come from the seed.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::given::{Given, SeedError};
use crate::ids::Ids;

/// An app as a snapshot contains it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectedApp {
    pub(crate) client_id: String,
    pub(crate) client_name: String,
    pub(crate) client_type: String,
    /// `None` for a public client.
    pub(crate) secret: Option<String>,
}

/// All apps of a project, in the order of creation.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct ConnectedApps(Vec<ConnectedApp>);

impl ConnectedApps {
    pub(crate) fn find(&self, client_id: &str) -> Option<&ConnectedApp> {
        self.0.iter().find(|app| app.client_id == client_id)
    }
}

/// Adds an app of a seed: `client_id`, `client_name`, `client_type`, `client_secret`. The types that end in `_public`
/// have no secret.
pub(crate) fn add(
    apps: &mut ConnectedApps,
    ids: &mut Ids,
    mut given: Given,
) -> Result<(), SeedError> {
    let (drawn_id, drawn_secret) = (ids.id("connected-app"), ids.opaque_token());
    let client_id = given.id("client_id", "connected-app", ids)?;
    let client_id = client_id.unwrap_or(drawn_id);
    if apps.find(&client_id).is_some() {
        return Err(given.refused("client_id", "is the id of another app"));
    }
    let client_type = given.text("client_type")?;
    let client_type = client_type.unwrap_or_else(|| "first_party".into());
    if !TYPES.contains(&client_type.as_str()) {
        let accepted = TYPES.join(", ");
        return Err(given.refused("client_type", format!("must be one of {accepted}")));
    }
    let secret = given.text("client_secret")?;
    let is_public = client_type.ends_with("_public");
    if is_public && secret.is_some() {
        return Err(given.refused("client_secret", "is not allowed for a public client"));
    }
    let app = ConnectedApp {
        client_id,
        client_name: given.text("client_name")?.unwrap_or_default(),
        client_type,
        secret: (!is_public).then(|| secret.unwrap_or(drawn_secret)),
    };
    given.finish(&json!({}))?;
    apps.0.push(app);
    Ok(())
}

const TYPES: [&str; 4] = [
    "first_party",
    "first_party_public",
    "third_party",
    "third_party_public",
];
