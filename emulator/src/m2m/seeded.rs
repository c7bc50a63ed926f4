//! The M2M clients of a seed.

use serde_json::json;

use super::client::{Client, Clients, Status, chosen_secret};
use crate::given::{Given, SeedError};
use crate::ids::Ids;
use crate::shapes;

/// Adds a client in the form that the API returns, with its `client_secret`.
pub(crate) fn add_client(
    clients: &mut Clients,
    ids: &mut Ids,
    mut given: Given,
) -> Result<(), SeedError> {
    let (drawn_id, drawn_secret) = (ids.id("m2m-client"), ids.opaque_token());
    let id = given.text("client_id")?.unwrap_or(drawn_id);
    if !shapes::is_external_id(&id) {
        return Err(given.refused(
            "client_id",
            "must be 1 to 128 characters of A-Z, a-z, 0-9, ., _, | and -",
        ));
    }
    if clients.find(&id).is_ok() {
        return Err(given.refused("client_id", "is the id of another client"));
    }
    let fields = given.fields(&[
        "client_secret",
        "client_name",
        "client_description",
        "scopes",
        "trusted_metadata",
    ]);
    let secret = chosen_secret(&fields).map_err(|failure| given.failed(&failure))?;
    let mut client = Client::new(id, secret.unwrap_or(drawn_secret));
    client
        .describe(&fields)
        .map_err(|failure| given.failed(&failure))?;
    match given.text("status")?.as_deref() {
        None | Some("active") => {}
        Some("inactive") => client.status = Status::Inactive,
        Some(_) => return Err(given.refused("status", "must be active or inactive")),
    }
    given.finish(&json!(client))?;
    clients.put(client);
    Ok(())
}
