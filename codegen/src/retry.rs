//! Reads `x-stytch-retry`: whether the client may repeat a request without knowing whether the API handled it.
//!
//! Knows which operations must have a reason. Does not know when a client repeats a request.

use anyhow::{Result, bail, ensure};
use serde_json::Value;

use super::model::{Retry, Verb};
use super::source::At;

/// Reads the key of the operation at `at`. An operation without a class is an error, so that each class is a decision.
pub fn read(note: Option<&Value>, verb: Verb, at: &At) -> Result<Retry> {
    let Some(note) = note else {
        bail!("{at}: `x-stytch-retry` is required; use `{{safe: true}}` or `{{safe: false}}`");
    };
    let at = at.down("x-stytch-retry");
    let Value::Object(keys) = note else {
        bail!("{at}: must be an object with `safe` and, if needed, `reason`");
    };
    if let Some(key) = keys
        .keys()
        .find(|key| !["safe", "reason"].contains(&key.as_str()))
    {
        bail!("{at}: unknown key `{key}`; accepted are `safe` and `reason`");
    }
    let Some(Value::Bool(is_safe)) = keys.get("safe") else {
        bail!("{at}: `safe` must be true or false");
    };
    let reason = match keys.get("reason") {
        None => None,
        Some(Value::String(reason)) if !reason.trim().is_empty() => Some(reason.trim().to_owned()),
        Some(_) => bail!("{at}: `reason` must be a sentence"),
    };
    let is_usual = *is_safe == (verb == Verb::Get);
    ensure!(
        is_usual || reason.is_some(),
        "{at}: `reason` is required, because {} request is usually {}",
        match verb {
            Verb::Get => "a GET",
            Verb::Delete => "a DELETE",
            Verb::Post => "a POST",
            Verb::Put => "a PUT",
        },
        if *is_safe { "not safe" } else { "safe" }
    );
    Ok(Retry {
        is_safe: *is_safe,
        reason,
    })
}
