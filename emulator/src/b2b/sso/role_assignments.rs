//! Roles that an SSO connection assigns to members: to all who log in with it, or to those of a group.

use serde_json::{Value, json};

use crate::b2b::B2b;
use crate::b2b::authorization::roles_in;
use crate::b2b::organization::Organization;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::rbac::policy;

/// Reads a list of `{ "role_id" }`. Returns `None` if the call does not have the field.
pub(super) fn of_connection(
    b2b: &B2b,
    organization: &Organization,
    fields: &Fields,
    name: &str,
) -> Result<Option<Vec<Value>>, Failure> {
    let read = |row: &Fields| Ok(json!({ "role_id": role_id(row)? }));
    rows(b2b, organization, fields.rows(name)?, read)
}

/// Reads a list of `{ "role_id", "group" }`. Returns `None` if the call does not have the field.
pub(super) fn of_groups(
    b2b: &B2b,
    organization: &Organization,
    fields: &Fields,
    name: &str,
) -> Result<Option<Vec<Value>>, Failure> {
    let read = |row: &Fields| {
        let group = row.text("group")?;
        let group = group.ok_or(&errors::SAML_GROUP_ROLE_ASSIGNMENT_WITHOUT_GROUP)?;
        Ok(json!({ "role_id": role_id(row)?, "group": group }))
    };
    rows(b2b, organization, fields.rows(name)?, read)
}

fn rows(
    b2b: &B2b,
    organization: &Organization,
    rows: Option<Vec<Fields>>,
    read: impl Fn(&Fields) -> Result<Value, Failure>,
) -> Result<Option<Vec<Value>>, Failure> {
    let Some(rows) = rows else {
        return Ok(None);
    };
    let rows: Vec<Value> = rows.iter().map(read).collect::<Result<_, _>>()?;
    validate(b2b, organization, &rows)?;
    Ok(Some(rows))
}

/// Returns an error unless each row assigns a role of the organization that members do not have anyway.
pub(crate) fn validate(
    b2b: &B2b,
    organization: &Organization,
    rows: &[Value],
) -> Result<(), Failure> {
    let ids = || rows.iter().filter_map(|row| row.get("role_id")?.as_str());
    if ids().any(|id| id == "stytch_member") {
        return Err(errors::CANNOT_ASSIGN_DEFAULT_ROLE.failure());
    }
    policy::validate_assigned(ids(), &roles_in(b2b, organization))
}

/// Reads the role of a row.
pub(crate) fn role_id(row: &Fields) -> Result<&str, Failure> {
    let role_id = row.text("role_id")?;
    role_id.ok_or_else(|| errors::EMPTY_RBAC_ROLE_ID.failure())
}
