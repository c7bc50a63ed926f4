//! `POST /_emulator/rate_limits`: switches the limit of emails on or off. It is off at the start.

use serde_json::{Value, json};

use super::arguments::Refusal;
use crate::fields::Fields;
use crate::outbox::Outbox;

pub(super) fn set(outbox: &mut Outbox, fields: &Fields) -> Result<Value, Refusal> {
    let enabled = fields.value("enabled").and_then(Value::as_bool);
    outbox.is_limited = enabled.ok_or("enabled must be a boolean")?;
    Ok(json!({ "enabled": outbox.is_limited }))
}
