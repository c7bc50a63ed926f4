//! `POST /_emulator/policies`: sets what is set up in the dashboard elsewhere, the policy of a project.
//!
//! The built-in roles and resources stay, unless one given has their id. What the policy says is not judged, so that a
//! client can be tested with a strange one.

use serde_json::{Value, json};

use super::lever::{Refusal, read_product};
use crate::fields::Fields;
use crate::rbac::policy::Policy;
use crate::state::Projects;

pub(super) fn set(projects: &mut Projects, fields: &Fields) -> Result<Value, Refusal> {
    let product = read_product(fields)?;
    let list = |name| fields.value(name).cloned().unwrap_or_else(|| json!([]));
    let given = json!({
        "roles": list("roles"),
        "resources": list("resources"),
        "scopes": list("scopes"),
    });
    let policy: Policy = serde_json::from_value(given).map_err(|error| error.to_string())?;
    let policy = policy.over_built_in(product);
    let answer = json!({ "policy": policy });
    projects.of_mut(product).policy = policy;
    Ok(answer)
}
