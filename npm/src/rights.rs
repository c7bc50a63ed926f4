//! The export of keys, the loading of policies, and the permissions of a session.

use stytch_edge::{client::ClientError, jwt::JsonObject};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    checks::limit_of,
    given,
    options::{Asked, no_permission},
    platform::{Host, core},
    registry::with_config,
    tasks::{self, Done, Returned},
};

/// The key set as the API returned it. Fetches it if it is not available.
#[wasm_bindgen]
pub fn export_keys(client: usize, host: Host) -> Returned {
    with_config(client, |config| {
        Ok(tasks::begin(limit_of(&config), async move {
            Ok(Done::Json(core(config, host).export_keys().await?))
        }))
    })
}

/// Fetches the project's policy, and that of an organization if one is named, unless there are fresh ones. `options` is
/// JSON text of [`Asked`].
#[wasm_bindgen]
pub fn load_policies(client: usize, host: Host, options: Option<Vec<u8>>) -> Returned {
    with_config(client, |config| {
        let organization_id = organization_in(&Asked::read(options.as_deref())?)?;
        Ok(tasks::begin(limit_of(&config), async move {
            let core = core(config, host);
            core.load_policies(organization_id.as_deref()).await?;
            Ok(Done::nothing())
        }))
    })
}

/// Why a session's roles, or the scopes of an app's claims, give a permission or not. `held` is JSON text of the used part
/// of the session or the claims, `check` that of [`Asked`].
#[wasm_bindgen]
pub fn explain(
    client: usize,
    host: Host,
    held: Option<Vec<u8>>,
    check: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let held = rights_in(&Asked::read(held.as_deref())?);
        let check = Asked::read(check.as_deref())?.permission(config.issuer.product)?;
        let check = check.ok_or_else(no_permission)?;
        let explanation = core(config, host).explain(&held, &check)?;
        Ok(tasks::finished(Ok(Done::Json(explanation))))
    })
}

/// Null is refused, because the caller meant an organization.
fn organization_in(options: &Asked<'_>) -> Result<Option<String>, ClientError> {
    let option = options.option("organization_id");
    let Some(text) = option.text() else {
        return Ok(None);
    };
    let id = given::read(text).filter(|id: &String| !id.is_empty());
    id.map(Some).ok_or_else(|| option.must_be("a string"))
}

/// The part of a session or an app's claims that decides. Claims contain the organization's id in an object.
fn rights_in(held: &Asked<'_>) -> String {
    let organization = held.option("organization").value();
    let organization = organization.and_then(|organization| JsonObject::nested(organization).ok());
    let of_claims = organization
        .and_then(|claims| given::field("organization.", &claims, "organization_id").value());
    let own = held.option("organization_id");
    let members = [
        ("roles", held.option("roles").text()),
        ("scope", held.option("scope").text()),
        ("organization_id", own.value().or(of_claims).or(own.text())),
    ];
    let mut json = "{".to_owned();
    for (name, text) in members {
        if let Some(text) = text {
            let comma = if json.len() > 1 { "," } else { "" };
            json = [&json, comma, "\"", name, "\":", text.get()].concat();
        }
    }
    json + "}"
}
