//! The users of a directory, who become members.
//!
//! Assumptions: an active user is an active member, whose email address is verified by the first log-in. A user who is
//! deactivated or deleted is a deleted member, whose sessions end.

use serde_json::{Value, json};

use super::connection::ScimConnection;
use super::registration;
use super::resource::{Kind, Resource};
use crate::b2b::B2b;
use crate::b2b::member::{Member, Status};
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::shapes;

/// Stores a new or changed user, and changes the member. For a new user, the id of the resource is empty.
pub(super) fn put(
    b2b: &mut B2b,
    ids: &mut Ids,
    connection: &ScimConnection,
    mut user: Resource,
    now: UnixSeconds,
) -> Result<Resource, Failure> {
    validate_name(b2b, &user)?;
    let address = email_address(&user)?;
    let mut member = member_of(b2b, ids, connection, &user, &address, now)?;
    let was_deleted = member.is_deleted();
    let is_unlinked = b2b
        .scim_resources
        .of(&connection.connection_id, Kind::User)
        .any(|known| known.id == member.member_id && known.id != user.id);
    if is_unlinked {
        return Err(errors::SCIM_UNIQUENESS.failure());
    }
    user.id.clone_from(&member.member_id);
    if member.email_address != address {
        let id = member.email_id_for(ids, &address);
        member.change_email((id, address), false);
    }
    member.name = display_name(&user);
    member.status = match (user.is_active(), was_deleted) {
        (false, _) => Status::Deleted,
        (true, true) => Status::Active,
        (true, false) => member.status,
    };
    if !member.is_deleted() {
        let is_taken = |_| errors::SCIM_UNIQUENESS.failure();
        b2b.validate_new_email(&member, &member.email_address, now)
            .map_err(is_taken)?;
        b2b.members.validate_unique(&member).map_err(is_taken)?;
    }
    let known = member.scim_registration.as_ref();
    let known = known.and_then(|known| known.get("registration_id")?.as_str());
    let registration_id = known.map_or_else(|| ids.id("scim-registration"), str::to_owned);
    let groups = b2b.scim_groups_of(connection, &user.id);
    member.scim_registration = Some(registration::of(&user, &registration_id, &groups));
    member.updated_at = now;
    if member.is_deleted() {
        b2b.forget(&member.member_id);
    }
    b2b.scim_resources.put(user.clone());
    b2b.members.put(member);
    b2b.assign_group_roles(connection, now);
    Ok(user)
}

/// Removes a user. The member is deleted.
pub(super) fn remove(b2b: &mut B2b, user: &Resource, now: UnixSeconds) {
    b2b.scim_resources.remove(&user.id);
    b2b.forget(&user.id);
    if let Ok(member) = b2b.members.in_any_status(&user.id) {
        let mut member = member.clone();
        member.unlink_connection(&user.connection_id);
        member.scim_registration = None;
        member.status = Status::Deleted;
        member.updated_at = now;
        b2b.members.put(member);
    }
}

/// Returns the member of the user: the known member, the member with the same address, or a new member.
fn member_of(
    b2b: &B2b,
    ids: &mut Ids,
    connection: &ScimConnection,
    user: &Resource,
    address: &str,
    now: UnixSeconds,
) -> Result<Member, Failure> {
    if !user.id.is_empty() {
        return b2b.members.in_any_status(&user.id).cloned();
    }
    let id = &connection.organization_id;
    if let Some(member) = b2b.members.with_email(id, address) {
        return Ok(member.clone());
    }
    let organization = b2b.organizations.find(id)?;
    let address = address.to_owned();
    Ok(Member::new(ids, organization, address, Status::Active, now))
}

/// Returns an error if another user has the `userName`, which is not case-sensitive.
fn validate_name(b2b: &B2b, user: &Resource) -> Result<(), Failure> {
    let mut users = b2b.scim_resources.of(&user.connection_id, Kind::User);
    let name = user.name().to_lowercase();
    if users.any(|known| known.id != user.id && known.name().to_lowercase() == name) {
        return Err(errors::SCIM_UNIQUENESS.failure());
    }
    Ok(())
}

/// Returns the primary address, the first address, or the `userName`, in lower case.
fn email_address(user: &Resource) -> Result<String, Failure> {
    let emails = user.attributes.get("emails").and_then(Value::as_array);
    let emails = || emails.into_iter().flatten();
    let is_primary = |email: &&Value| email.get("primary") == Some(&json!(true));
    let chosen = emails().find(is_primary).or_else(|| emails().next());
    let address = chosen.and_then(|email| email.get("value")?.as_str());
    let address = address.unwrap_or_else(|| user.name());
    match shapes::is_email(address) {
        true => Ok(address.to_lowercase()),
        false => {
            Err(errors::SCIM_INVALID_VALUE.with_message("The user does not have an email address."))
        }
    }
}

fn display_name(user: &Resource) -> String {
    let part = |name: &str| {
        let part = user
            .attributes
            .get("name")
            .and_then(|names| names.get(name));
        part.and_then(Value::as_str).unwrap_or_default()
    };
    let joined = format!("{} {}", part("givenName"), part("familyName"));
    let names = [user.text("displayName"), part("formatted"), joined.trim()];
    let mut names = names.into_iter();
    names
        .find(|name| !name.is_empty())
        .unwrap_or_default()
        .to_owned()
}
