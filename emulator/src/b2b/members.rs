//! Members: create, read, update, delete and reactivate. Members who join by a magic link are created in
//! `magic_links.rs`.

use serde_json::json;

use super::B2b;
use super::authorization::{acting_member, roles_in};
use super::member::{Member, Status};
use super::organization::Organization;
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
    let role_ids = member.role_ids();
    let role_ids = role_ids.iter().map(String::as_str);
    policy::validate_assigned(role_ids, &roles_in(b2b, &organization))?;
    b2b.validate_new_email(&member, &member.email_address, call.now)?;
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

/// `GET /v1/b2b/organizations/members/dangerously_get/{member_id}`. Finds a member of any organization, by its own id
/// only.
pub(crate) fn dangerously_read(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let finds_deleted = call.query_flag("include_deleted")?;
    let id = call.path_param("member_id");
    let member = match finds_deleted {
        true => b2b.members.in_any_status(id)?,
        false => b2b.members.by_id(id)?,
    };
    let organization = b2b.organizations.find(&member.organization_id)?;
    Ok(Reply::ok(
        json!({ "member_id": member.member_id, "member": member, "organization": organization }),
    ))
}

/// `PUT /v1/b2b/organizations/{organization_id}/members/{member_id}`. A new email address is not verified, and the
/// password does not belong to it.
pub(crate) fn update(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = email_address(fields, "email_address")?;
    let is_unlinked = fields.flag("unlink_email")?.unwrap_or_default();
    let keeps_sessions = fields
        .flag("preserve_existing_sessions")?
        .unwrap_or_default();
    let (organization, mut member) = b2b.member_of_path(call)?;
    let earlier_roles = member.role_ids();
    member.update(fields)?;
    let roles = fields.texts("roles")?.unwrap_or_default();
    let assigned = roles.iter().map(String::as_str);
    policy::validate_assigned(assigned, &roles_in(b2b, &organization))?;
    let new_address = address.filter(|address| *address != member.email_address);
    let has_new_address = new_address.is_some();
    if let Some(address) = new_address {
        let acting = acting_member(b2b, call)?;
        if acting.is_some_and(|acting| acting.member_id == member.member_id) {
            return Err(errors::MEMBER_CANNOT_UPDATE_EMAIL.failure());
        }
        b2b.validate_new_email(&member, &address, call.now)?;
        let id = member.email_id_for(ids, &address);
        member.change_email((id, address), is_unlinked);
        member.member_password_id.clear();
    }
    b2b.members.validate_unique(&member)?;
    if has_new_address {
        // Links and codes went to the earlier address.
        b2b.project.links.forget(&member.member_id);
        b2b.project.reset_links.forget(&member.member_id);
        b2b.project.passwords.forget(&member.member_id);
        b2b.project.codes.forget(&member.member_id);
        b2b.email_updates.remove(&member.member_id);
    }
    if fields.has("roles") && !keeps_sessions {
        revoke_sessions_of_removed_roles(b2b, &member, &earlier_roles, &roles, call);
    }
    Ok(reply(b2b, call, organization, member))
}

/// If a role is not assigned any more, but SSO still assigns it, ends the sessions that have a factor of this SSO
/// connection.
pub(super) fn revoke_sessions_of_removed_roles(
    b2b: &mut B2b,
    member: &Member,
    earlier: &[String],
    assigned: &[String],
    call: &Call,
) {
    let mut kept = assigned.to_vec();
    kept.extend(
        member
            .role_ids()
            .into_iter()
            .filter(|id| !earlier.contains(id)),
    );
    let connections = member.connections_of_other_roles(&kept);
    let sessions = b2b.project.sessions.of(&member.member_id, call.now);
    let ended = sessions.into_iter().filter(|session| {
        let mut factors = session.factors.iter();
        factors.any(|factor| connections.iter().any(|id| factor.is_of_connection(id)))
    });
    let ended: Vec<String> = ended.map(|session| session.id.clone()).collect();
    for id in ended {
        b2b.project.sessions.revoke(&id);
    }
}

/// `DELETE /v1/b2b/organizations/{organization_id}/members/{member_id}`. The member keeps its data for a reactivation.
pub(crate) fn delete(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let (_, mut member) = b2b.member_of_path(call)?;
    b2b.forget(&member.member_id);
    member.status = Status::Deleted;
    member.updated_at = call.now;
    let reply = json!({ "member_id": member.member_id });
    b2b.members.put(member);
    Ok(Reply::ok(reply))
}

/// `PUT /v1/b2b/organizations/{organization_id}/members/{member_id}/reactivate`. Does not accept an external id.
pub(crate) fn reactivate(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let organization = organization.clone();
    let member = b2b.members.in_any_status(call.path_param("member_id"))?;
    let mut member = member.clone();
    if member.organization_id != organization.organization_id {
        return Err(errors::MEMBER_NOT_FOUND.failure());
    }
    if !member.is_deleted() {
        return Err(errors::NO_DELETED_MEMBER_FOR_REACTIVATION.failure());
    }
    if !member.email_address_verified {
        return Err(errors::EMAIL_UNVERIFIED_FOR_REACTIVATION.failure());
    }
    member.status = Status::Active;
    b2b.validate_new_email(&member, &member.email_address, call.now)
        .map_err(|_| &errors::REACTIVATION_EMAIL_BELONGS_TO_ANOTHER)?;
    b2b.members.validate_unique(&member)?;
    Ok(reply(b2b, call, organization, member))
}

/// `DELETE /v1/b2b/organizations/{organization_id}/members/{member_id}/external_id`.
pub(crate) fn delete_external_id(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let (organization, mut member) = b2b.member_of_path(call)?;
    member.external_id = None;
    Ok(reply(b2b, call, organization, member))
}

/// Stores the changed member, and returns the response.
fn reply(b2b: &mut B2b, call: &Call, organization: Organization, mut member: Member) -> Reply {
    member.updated_at = call.now;
    b2b.members.put(member.clone());
    Reply::ok(
        json!({ "member_id": member.member_id, "member": member, "organization": organization }),
    )
}
