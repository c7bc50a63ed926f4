//! `POST /_emulator/password_config`: changes the password policy of a project. A real project is configured in the Stytch
//! dashboard instead. The fields that are not given keep their values.

use serde_json::{Value, json};

use super::arguments::{Refusal, read_product};
use crate::fields::Fields;
use crate::state::Projects;

pub(super) fn set(projects: &mut Projects, fields: &Fields) -> Result<Value, Refusal> {
    let project = projects.of_mut(read_product(fields)?);
    let mut given = fields.all().clone();
    given.shift_remove("product");
    project.password_config = project.password_config.with(given)?;
    Ok(json!({ "password_config": project.password_config }))
}
