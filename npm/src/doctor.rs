//! The findings about a client's configuration.

use stytch_edge::client::Finding;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    checks::{limit_of, quoted},
    platform::{Host, core},
    registry::with_config,
    tasks::{self, Done, Returned},
};

/// Checks a client. Returns the findings as a JSON array.
#[wasm_bindgen]
pub fn doctor(client: usize, host: Host) -> Returned {
    with_config(client, |config| {
        Ok(tasks::begin(limit_of(&config), async move {
            let findings = core(config, host).doctor().await;
            let findings: Vec<String> = findings.iter().map(written).collect();
            Ok(Done::Json(["[", &findings.join(","), "]"].concat()))
        }))
    })
}

fn written(finding: &Finding) -> String {
    format!(
        "{{\"code\":\"{}\",\"severity\":\"{}\",\"message\":{},\"advice\":{}}}",
        finding.code.word(),
        finding.severity.word(),
        quoted(&finding.message),
        quoted(&finding.advice)
    )
}
