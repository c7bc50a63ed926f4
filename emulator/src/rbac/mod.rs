//! Who may do what (role-based access control): a project's policy, and whether a session's roles allow something.
//!
//! Knows roles by their ids only. Who holds one is said where users and members are; the roles that an organization
//! has beside the project's are kept with the organization.

mod built_in;
pub(crate) mod check;
pub(crate) mod policy;

use serde_json::json;

use crate::Emulator;
use crate::call::{Call, Reply};
use crate::errors::Failure;

/// `GET /v1/rbac/policy` and its B2B twin.
pub(crate) fn read(emulator: &mut Emulator, call: &Call) -> Result<Reply, Failure> {
    let policy = &emulator.project(call.product).policy;
    Ok(Reply::ok(json!({ "policy": policy })))
}
