//! Members: create and read. Members who join by a magic link are created in `magic_links.rs`.

use serde_json::json;

use super::B2b;
use super::authorization::{MemberAction, authorize, roles_in};
use super::member::{Member, Status};
use crate::addresses::email_address;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::rbac::policy;

/// `POST /v1/b2b/organizations/{organization_id}/members`.
pub(crate) fn create(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email_address")?.ok_or(&errors::INVALID_EMAIL)?;
    let pending = fields.flag("create_member_as_pending")?.unwrap_or_default();
    let organization = b2b
        .organizations
        .find(call.path_param("organization_id"))?
        .clone();
    let status = if pending {
        Status::Pending
    } else {
        Status::Active
    };
    let mut member = Member::new(ids, &organization, address, status, call.now);
    member.describe(fields)?;
    let requested = MemberAction {
        organization_id: &organization.organization_id,
        action: "create",
        member_id: None,
    };
    let acting = authorize(b2b, call, &requested)?;
    if acting && fields.has("trusted_metadata") {
        return Err(errors::CANNOT_UPDATE_TRUSTED_METADATA.failure());
    }
    let role_ids = member.role_ids();
    let role_ids = role_ids.iter().map(String::as_str);
    policy::validate_assigned(role_ids, &roles_in(b2b, &organization))?;
    b2b.members.validate_unique(&member)?;
    let reply =
        json!({ "member_id": member.member_id, "member": member, "organization": organization });
    b2b.members.put(member);
    Ok(Reply::ok(reply))
}

/// `GET /v1/b2b/organizations/{organization_id}/member`.
pub(crate) fn read(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let by = (
        call.query_param("member_id"),
        call.query_param("email_address"),
    );
    if by.0.is_some() == by.1.is_some() {
        return Err(errors::INVALID_MEMBER_GET_FIELDS.failure());
    }
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let organization_id = &organization.organization_id;
    let member = match by {
        (Some(id), _) => b2b.members.find(organization_id, &id)?,
        (None, address) => {
            let address = address.unwrap_or_default().to_lowercase();
            b2b.members
                .with_email(organization_id, &address)
                .ok_or(&errors::MEMBER_NOT_FOUND)?
        }
    };
    Ok(Reply::ok(
        json!({ "member_id": member.member_id, "member": member, "organization": organization }),
    ))
}
