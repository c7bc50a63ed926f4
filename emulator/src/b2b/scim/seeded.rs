//! The SCIM connection of an organization of a seed.

use serde_json::json;

use super::connection::ScimConnection;
use super::connections::identity_provider;
use crate::b2b::B2b;
use crate::b2b::organization::Organization;
use crate::given::{Given, SeedError};
use crate::ids::Ids;

/// Adds a connection in the form that the API returns, with its `bearer_token`. The organization is stored.
pub(crate) fn add_connection(
    b2b: &mut B2b,
    ids: &mut Ids,
    organization: &Organization,
    mut given: Given,
) -> Result<(), SeedError> {
    let (drawn_id, drawn_token) = (ids.id("scim-connection"), ids.bearer_token());
    let id = given.id("connection_id", "scim-connection", ids)?;
    let connection_id = id.unwrap_or(drawn_id);
    if b2b.scim_connections.by_id(&connection_id).is_some() {
        return Err(given.refused("connection_id", "is the id of another connection"));
    }
    let token = given.text("bearer_token")?;
    let message = "must be at least 16 printable ASCII characters without a space";
    let is_valid =
        |token: &String| token.len() >= 16 && token.bytes().all(|b| b.is_ascii_graphic());
    if token.as_ref().is_some_and(|token| !is_valid(token)) {
        return Err(given.refused("bearer_token", message));
    }
    let fields = given.fields(&["identity_provider"]);
    let name = identity_provider(&fields).map_err(|failure| given.failed(&failure))?;
    let connection = ScimConnection {
        organization_id: organization.organization_id.clone(),
        connection_id,
        display_name: given.text("display_name")?.unwrap_or_default(),
        identity_provider: name.unwrap_or_else(|| "generic".to_owned()),
        bearer_token: token.unwrap_or(drawn_token),
        next_bearer_token: None,
        group_roles: Vec::new(),
    };
    given.ignore(&["organization_id", "status", "base_url"]);
    given.finish(&json!({}))?;
    b2b.put_scim_connection(connection, organization.updated_at);
    Ok(())
}
