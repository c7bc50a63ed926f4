//! The routes of Connected Apps: create, read, update, delete, search, and the rotation of secrets.

use serde_json::json;

use super::app::{ClientType, ConnectedApp, ConnectedApps};
use super::grants::Grants;
use crate::call::{Call, Reply};
use crate::client_secrets::Rotation;
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::merge::{Object, object};
use crate::search::{Family, Search};

/// `POST /v1/connected_apps/clients`. Only this response contains the secret. A public app does not have one.
pub(crate) fn create(
    apps: &mut ConnectedApps,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let client_type = call.fields.text("client_type")?;
    let client_type = client_type
        .and_then(ClientType::parse)
        .ok_or(&errors::INVALID_CONNECTED_APP_TYPE)?;
    let secret = ids.opaque_token();
    let mut app = ConnectedApp::new(ids.id("connected-app"), client_type, secret.clone());
    app.describe(&call.fields)?;
    apps.put(app.clone());
    let secret = (!client_type.is_public()).then_some(("client_secret", secret));
    Ok(with_secret(&app, secret))
}

/// `GET /v1/connected_apps/clients/{client_id}`.
pub(crate) fn read(apps: &ConnectedApps, call: &Call) -> Result<Reply, Failure> {
    let app = named(apps, call)?;
    Ok(Reply::ok(json!({ "connected_app": app })))
}

/// `PUT /v1/connected_apps/clients/{client_id}`. The type and the secret cannot be set.
pub(crate) fn update(apps: &mut ConnectedApps, call: &Call) -> Result<Reply, Failure> {
    let mut app = named(apps, call)?.clone();
    app.describe(&call.fields)?;
    apps.put(app.clone());
    Ok(Reply::ok(json!({ "connected_app": app })))
}

/// `DELETE /v1/connected_apps/clients/{client_id}`. The access that users have granted ends.
pub(crate) fn delete(
    (apps, grants): (&mut ConnectedApps, &mut Grants),
    call: &Call,
) -> Result<Reply, Failure> {
    let client_id = named(apps, call)?.client_id.clone();
    apps.remove(&client_id);
    grants.forget_app(&client_id);
    Ok(Reply::ok(json!({ "client_id": client_id })))
}

/// `POST /v1/connected_apps/clients/search`. Lists all apps in the order of creation. The search does not have filters.
pub(crate) fn search(apps: &ConnectedApps, call: &Call) -> Result<Reply, Failure> {
    let asked = call.fields.only(&["cursor", "limit"]);
    let (page, results_metadata) = Search::read(&asked, &APPS)?.page(apps.iter());
    Ok(Reply::ok(
        json!({ "connected_apps": page, "results_metadata": results_metadata }),
    ))
}

/// `POST /v1/connected_apps/clients/{client_id}/secrets/rotate/start`. Only this response contains the next secret.
pub(crate) fn start_rotation(
    apps: &mut ConnectedApps,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let secret = ids.opaque_token();
    let app = rotate(apps, Rotation::Start(secret.clone()), call)?;
    Ok(with_secret(&app, Some(("next_client_secret", secret))))
}

/// `POST /v1/connected_apps/clients/{client_id}/secrets/rotate`. Removes the old secret.
pub(crate) fn finish_rotation(apps: &mut ConnectedApps, call: &Call) -> Result<Reply, Failure> {
    let app = rotate(apps, Rotation::Finish, call)?;
    Ok(Reply::ok(json!({ "connected_app": app })))
}

/// `POST /v1/connected_apps/clients/{client_id}/secrets/rotate/cancel`. Removes the next secret.
pub(crate) fn cancel_rotation(apps: &mut ConnectedApps, call: &Call) -> Result<Reply, Failure> {
    let app = rotate(apps, Rotation::Cancel, call)?;
    Ok(Reply::ok(json!({ "connected_app": app })))
}

fn rotate(apps: &mut ConnectedApps, step: Rotation, call: &Call) -> Result<ConnectedApp, Failure> {
    let mut app = named(apps, call)?.clone();
    app.rotate(step)?;
    apps.put(app.clone());
    Ok(app)
}

/// Returns the app in the path.
fn named<'a>(apps: &'a ConnectedApps, call: &Call) -> Result<&'a ConnectedApp, Failure> {
    apps.find(call.path_param("client_id"))
}

/// Returns the response with an app and its new secret. The API's type for it does not have `creation_method`.
fn with_secret(app: &ConnectedApp, secret: Option<(&str, String)>) -> Reply {
    let mut shown: Object = object(json!(app));
    shown.shift_remove("creation_method");
    if let Some((name, secret)) = secret {
        shown.insert(name.to_owned(), json!(secret));
    }
    Reply::ok(json!({ "connected_app": shown }))
}

static APPS: Family<ConnectedApp> = Family {
    name: "connected_apps",
    filters: &[],
    missing_name: &errors::SEARCH_MISSING_FILTER_NAME,
    missing_value: &errors::SEARCH_MISSING_FILTER_VALUE,
    name_must_be_string: &errors::SEARCH_FILTER_NAME_MUST_BE_STRING,
    name_not_recognized: &errors::SEARCH_FILTER_NAME_NOT_RECOGNIZED,
};
