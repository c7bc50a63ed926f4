//! What other systems know: `POST /_emulator/external_sessions` and `POST /_emulator/trusted_token_profiles`.

use serde_json::{Value, json};

use super::arguments::{Refusal, read_product};
use crate::fields::Fields;
use crate::state::State;
use crate::trusted_tokens::Profile;

/// Sets the userinfo of a foreign session token: an `email_address`, or none.
pub(super) fn add_session(state: &mut State, fields: &Fields) -> Result<Value, Refusal> {
    let project = state.projects.of_mut(read_product(fields)?);
    project.external_sessions.add(fields)?;
    Ok(json!({}))
}

/// Adds a profile, or replaces the profile with the same id. Without `keys`, it trusts the key of the emulator.
pub(super) fn put_profile(state: &mut State, fields: &Fields) -> Result<Value, Refusal> {
    let product = read_product(fields)?;
    let profile = Profile::read(fields, &mut state.ids)?;
    let answer = json!({ "profile_id": profile.profile_id });
    let project = state.projects.of_mut(product);
    project.trusted_token_profiles.put(profile);
    Ok(answer)
}
