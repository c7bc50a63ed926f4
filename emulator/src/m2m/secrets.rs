//! The rotation of a client's secret: two secrets are valid until one of them is removed.

use serde_json::json;

use super::client::Clients;
use super::clients::named;
use crate::call::{Call, Reply};
use crate::client_secrets::Rotation;
use crate::errors::Failure;
use crate::ids::Ids;
use crate::merge::object;

/// `POST /v1/m2m/clients/{client_id}/secrets/rotate/start`. Only this response contains the next
/// secret.
pub(crate) fn start(clients: &mut Clients, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let secret = ids.opaque_token();
    let mut client = named(clients, call)?.clone();
    client.rotate(Rotation::Start(secret.clone()))?;
    clients.put(client.clone());
    let mut shown = object(json!(client));
    shown.insert("next_client_secret".into(), json!(secret));
    Ok(Reply::ok(json!({ "m2m_client": shown })))
}

/// `POST /v1/m2m/clients/{client_id}/secrets/rotate`. Removes the old secret.
pub(crate) fn finish(clients: &mut Clients, call: &Call) -> Result<Reply, Failure> {
    let mut client = named(clients, call)?.clone();
    client.rotate(Rotation::Finish)?;
    clients.put(client.clone());
    Ok(Reply::ok(json!({ "m2m_client": client })))
}

/// `POST /v1/m2m/clients/{client_id}/secrets/rotate/cancel`. Removes the next secret.
pub(crate) fn cancel(clients: &mut Clients, call: &Call) -> Result<Reply, Failure> {
    let mut client = named(clients, call)?.clone();
    client.rotate(Rotation::Cancel)?;
    clients.put(client.clone());
    Ok(Reply::ok(json!({ "m2m_client": client })))
}
