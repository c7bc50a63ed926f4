//! Introspection of a Connected App's token by the API.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    arguments::JsArguments,
    checks::limit_of,
    failure::Failure,
    options::Asked,
    platform::{Host, core},
    registry::with_config,
    tasks::{self, Done, Returned},
};

/// Has the API introspect a token. `data` is the caller's object with the fields of the form, `options` is JSON text of
/// [`Asked`]. Returns the claims.
#[wasm_bindgen]
pub fn introspect_token(
    client: usize,
    host: Host,
    data: JsValue,
    options: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let options = Asked::read(options.as_deref())?;
        let requirement = options.requirement(config.issuer.product)?;
        let data = JsArguments::new(data, || "idp.introspectTokenNetwork".to_owned())?;
        let fields = data.form(&OPTIONAL)?;
        Ok(tasks::begin(limit_of(&config), async move {
            let core = core(config, host);
            let accepted = core.introspect_token(fields, &requirement).await;
            let accepted = accepted.map_err(Failure::from)?;
            Ok(Done::Accepted(accepted))
        }))
    })
}

/// The fields of the form that npm `stytch` omits if they do not have a length.
const OPTIONAL: [&str; 2] = ["client_secret", "token_type_hint"];
