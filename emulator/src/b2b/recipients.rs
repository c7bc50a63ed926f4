//! The member who receives a link or a code for a log-in. If the organization allows it, a new member joins.

use super::B2b;
use super::member::{Member, Status};
use super::organization::Organization;
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::ids::Ids;

/// The member of an address. A new member is not stored yet.
pub(super) struct Recipient {
    pub(super) member: Member,
    pub(super) organization: Organization,
    pub(super) member_created: bool,
}

/// Returns the member with this address, or a new pending member. `method` is the name of the log-in's method in
/// `allowed_auth_methods`.
pub(super) fn existing_or_new(
    b2b: &B2b,
    ids: &mut Ids,
    (organization_id, address): (&str, String),
    method: &str,
    now: UnixSeconds,
) -> Result<Recipient, Failure> {
    let organization = b2b.organizations.find(organization_id)?;
    let known = b2b
        .members
        .with_email(&organization.organization_id, &address)
        .cloned();
    let member_created = known.is_none();
    let member = match known {
        Some(member) => member,
        None => {
            organization.settings.admit(&address)?;
            let member = Member::new(ids, organization, address, Status::Pending, now);
            b2b.validate_new_email(&member, &member.email_address, now)?;
            member
        }
    };
    admit_method(&member, organization, method)?;
    Ok(Recipient {
        member,
        organization: organization.clone(),
        member_created,
    })
}

/// Returns an error if the organization does not allow the method for this member.
pub(super) fn admit_method(
    member: &Member,
    organization: &Organization,
    method: &str,
) -> Result<(), Failure> {
    if member.is_breakglass || organization.settings.allows_method(method) {
        Ok(())
    } else {
        Err(errors::AUTH_METHOD_RESTRICTED.failure())
    }
}
