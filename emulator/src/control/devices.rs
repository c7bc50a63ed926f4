//! `POST /_emulator/fingerprints`: registers the fingerprint of a device. For the API, a script in the browser measures it.

use serde_json::{Value, json};

use super::arguments::{Refusal, read_product, refuse_unknown};
use crate::clock::UnixSeconds;
use crate::fields::Fields;
use crate::fraud::device;
use crate::state::State;

pub(super) fn create(
    state: &mut State,
    fields: &Fields,
    now: UnixSeconds,
) -> Result<Value, Refusal> {
    let known: Vec<&str> = ["product"].into_iter().chain(device::FIELDS).collect();
    refuse_unknown(fields, &known)?;
    let product = read_product(fields)?;
    let fingerprint = device::read(fields, &mut state.ids, now)?;
    let answer = json!({
        "telemetry_id": fingerprint.telemetry_id,
        "fingerprints": fingerprint.fingerprints,
        "expires_at": fingerprint.expires_at,
    });
    let project = state.projects.of_mut(product);
    project.fraud.put_fingerprint(fingerprint);
    Ok(answer)
}
