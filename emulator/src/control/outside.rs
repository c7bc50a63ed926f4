//! What other systems know: `POST /_emulator/external_sessions` and `POST /_emulator/trusted_token_profiles`.

use serde_json::{Value, json};

use super::arguments::{Refusal, read_product};
use crate::fields::Fields;
use crate::shapes;
use crate::state::State;
use crate::trusted_tokens::{Profile, PublicJwk};

/// Sets the userinfo of a foreign session token: an `email_address`, or none.
pub(super) fn add_session(state: &mut State, fields: &Fields) -> Result<Value, Refusal> {
    let project = state.projects.of_mut(read_product(fields)?);
    let token = text(fields, "session_token")?;
    let token = token.ok_or("session_token is required")?;
    let address = text(fields, "email_address")?.map(str::to_lowercase);
    if address
        .as_deref()
        .is_some_and(|text| !shapes::is_email(text))
    {
        return Err("email_address must be an email address".into());
    }
    project.external_sessions.put(token, address);
    Ok(json!({}))
}

/// Adds a profile, or replaces the profile with the same id. Without `keys`, it trusts the key of the emulator.
pub(super) fn put_profile(state: &mut State, fields: &Fields) -> Result<Value, Refusal> {
    let product = read_product(fields)?;
    let required = |name: &str| {
        let given = text(fields, name)?.map(str::to_owned);
        given.ok_or_else(|| format!("{name} is required"))
    };
    let can_jit_provision = fields.flag("can_jit_provision");
    let can_jit_provision = can_jit_provision.map_err(|_| "can_jit_provision must be a boolean")?;
    let profile_id = text(fields, "profile_id")?.map(str::to_owned);
    let profile = Profile {
        issuer: required("issuer")?,
        audience: required("audience")?,
        keys: read_keys(fields)?,
        can_jit_provision: can_jit_provision.unwrap_or_default(),
        profile_id: profile_id.unwrap_or_else(|| state.ids.id("trusted-token-profile")),
    };
    let answer = json!({ "profile_id": profile.profile_id });
    let project = state.projects.of_mut(product);
    project.trusted_token_profiles.put(profile);
    Ok(answer)
}

fn read_keys(fields: &Fields) -> Result<Vec<PublicJwk>, Refusal> {
    let refusal = "keys must be a list of public RSA keys as JWKs";
    let Some(keys) = fields.value("keys") else {
        let own = PublicJwk::of_the_emulator();
        return Ok(vec![own.ok_or("cannot prepare the key")?]);
    };
    let keys: Vec<PublicJwk> = serde_json::from_value(keys.clone()).map_err(|_| refusal)?;
    match keys.iter().all(PublicJwk::is_valid) && !keys.is_empty() {
        true => Ok(keys),
        false => Err(refusal.into()),
    }
}

fn text<'a>(fields: &'a Fields, name: &str) -> Result<Option<&'a str>, Refusal> {
    let text = fields.text(name);
    text.map_err(|_| format!("{name} must be a string"))
}
