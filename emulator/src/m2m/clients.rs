//! Machine-to-machine clients: create, read, update and delete. The search is in `search.rs`, and the rotation of
//! secrets in `secrets.rs`.

use serde_json::json;

use super::client::{Client, Clients, Status, chosen_secret};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::merge::object;
use crate::shapes;

/// `POST /v1/m2m/clients`. Only this response contains the secret.
pub(crate) fn create(clients: &mut Clients, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let id = fields.text("client_id")?.map(str::to_owned);
    if id.as_deref().is_some_and(|id| !shapes::is_external_id(id)) {
        return Err(errors::M2M_CLIENT_INVALID_CLIENT_ID.failure());
    }
    let secret = chosen_secret(fields)?;
    let id = id.unwrap_or_else(|| ids.id("m2m-client"));
    let secret = secret.unwrap_or_else(|| ids.opaque_token());
    let mut client = Client::new(id, secret.clone());
    client.describe(fields)?;

    if clients.find(&client.client_id).is_ok() {
        return Err(errors::DUPLICATE_M2M_CLIENT_ID.failure());
    }
    clients.put(client.clone());
    let mut shown = object(json!(client));
    shown.insert("client_secret".into(), json!(secret));
    Ok(Reply::ok(json!({ "m2m_client": shown })))
}

/// `GET /v1/m2m/clients/{client_id}`.
pub(crate) fn read(clients: &Clients, call: &Call) -> Result<Reply, Failure> {
    let client = named(clients, call)?;
    Ok(Reply::ok(json!({ "m2m_client": client })))
}

/// `PUT /v1/m2m/clients/{client_id}`.
pub(crate) fn update(clients: &mut Clients, call: &Call) -> Result<Reply, Failure> {
    let status = match call.fields.text("status")? {
        None => None,
        Some("active") => Some(Status::Active),
        Some("inactive") => Some(Status::Inactive),
        Some(_) => return Err(errors::M2M_CLIENT_INVALID_STATUS.failure()),
    };
    let mut client = named(clients, call)?.clone();
    client.describe(&call.fields)?;
    client.status = status.unwrap_or(client.status);
    clients.put(client.clone());
    Ok(Reply::ok(json!({ "m2m_client": client })))
}

/// `DELETE /v1/m2m/clients/{client_id}`. Issued tokens of the client remain valid.
pub(crate) fn delete(clients: &mut Clients, call: &Call) -> Result<Reply, Failure> {
    let client_id = named(clients, call)?.client_id.clone();
    clients.remove(&client_id);
    Ok(Reply::ok(json!({ "client_id": client_id })))
}

/// Returns the client in the path.
pub(super) fn named<'a>(clients: &'a Clients, call: &Call) -> Result<&'a Client, Failure> {
    clients.find(call.path_param("client_id"))
}
