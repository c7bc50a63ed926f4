//! `POST /_emulator/policies`: sets the policy of a project. A real project is configured in the Stytch dashboard
//! instead.
//!
//! The built-in roles and resources remain, unless the given policy has one with the same id. The content of the policy
//! is not validated, so that a client can be tested with an unusual policy.

use serde_json::{Value, json};

use super::arguments::{Refusal, read_product};
use crate::fields::Fields;
use crate::rbac::policy::Policy;
use crate::state::Projects;

pub(super) fn set(projects: &mut Projects, fields: &Fields) -> Result<Value, Refusal> {
    let product = read_product(fields)?;
    let policy = Policy::from_lists(|name| fields.value(name).cloned())?;
    let policy = policy.over_built_in(product);
    let answer = json!({ "policy": policy });
    projects.of_mut(product).policy = policy;
    Ok(answer)
}
