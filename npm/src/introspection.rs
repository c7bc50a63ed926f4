//! Asks the API about the token of a Connected App.

use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    checks::limit_of,
    failure::Failure,
    options::Asked,
    platform::{Host, core},
    registry::with_config,
    tasks::{self, Done, Returned},
};

/// Asks about a token. `options` is JSON text of [`Asked`], among it the fields of the form. Returns the claims.
#[wasm_bindgen]
pub fn introspect_token(client: usize, host: Host, options: Option<Vec<u8>>) -> Returned {
    with_config(client, |config| {
        let options = Asked::read(options.as_deref())?;
        let (requirement, fields) = (options.requirement(config.issuer.product)?, options.form()?);
        Ok(tasks::begin(limit_of(&config), async move {
            let core = core(config, host);
            let accepted = core.introspect_token(fields, &requirement).await;
            let accepted = accepted.map_err(Failure::from)?;
            Ok(Done::Accepted(accepted))
        }))
    })
}
