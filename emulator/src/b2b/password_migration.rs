//! Sets the password of a member from a hash that another system stored.

use serde_json::json;

use super::B2b;
use super::authorization::roles_in;
use super::member::{Member, Status};
use super::members::revoke_sessions_of_removed_roles;
use super::passwords::{Named, PREFIX};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::passwords::{self, Password};
use crate::rbac::policy;

/// `POST /v1/b2b/passwords/migrate`. Creates the member if the email address is new, and verifies the address. The policy for
/// new passwords does not apply. If the members with this address share a password already, the member receives that one.
pub(crate) fn migrate(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let named = Named::read(fields)?;
    let hash = passwords::read_migrated(fields)?;
    let verifies_phone = fields
        .flag("set_phone_number_verified")?
        .unwrap_or_default();
    let keeps_sessions = fields
        .flag("preserve_existing_sessions")?
        .unwrap_or_default();

    let organization = b2b.organizations.find(named.organization_id)?.clone();
    let id = &organization.organization_id;
    let known = b2b.members.with_email(id, &named.email_address).cloned();
    let member_created = known.is_none();
    let mut member = known.unwrap_or_else(|| {
        let address = named.email_address.clone();
        Member::new(ids, &organization, address, Status::Active, call.now)
    });
    if !member.member_password_id.is_empty() {
        return Err(errors::PASSWORD_ALREADY_EXISTS.failure());
    }
    b2b.validate_new_email(&member, &named.email_address, call.now)?;
    let earlier_roles = member.role_ids();
    let mut names = vec!["name", "trusted_metadata", "untrusted_metadata", "roles"];
    if member_created {
        names.push("external_id");
    }
    if fields.text("mfa_phone_number")? != Some(member.mfa_phone_number.as_str()) {
        names.push("mfa_phone_number");
    }
    member.update(&fields.only(&names))?;
    // An existing member keeps the external id, but the type of the field is validated in any case.
    fields.ignored_texts(&["external_id"])?;
    let roles = fields.texts("roles")?.unwrap_or_default();
    let assigned = roles.iter().map(String::as_str);
    policy::validate_assigned(assigned, &roles_in(b2b, &organization))?;
    b2b.members.validate_unique(&member)?;
    member.mfa_phone_number_verified |= verifies_phone && !member.mfa_phone_number.is_empty();
    member.verify_email(&organization, call.now);

    b2b.adopt_password(
        &mut member,
        Password {
            password_id: ids.id(PREFIX),
            subject: String::new(),
            hash,
            requires_reset: false,
        },
    );
    b2b.members.put(member.clone());
    if fields.has("roles") && !keeps_sessions {
        revoke_sessions_of_removed_roles(b2b, &member, &earlier_roles, &roles, call);
    }
    Ok(Reply::ok(json!({
        "member_id": member.member_id,
        "member_created": member_created,
        "member": member,
        "organization": organization,
    })))
}

impl B2b {
    /// Gives a member without a password this one. The password's `subject` is replaced. If the members with this address share
    /// a password already, the member receives that one. Does not store the member.
    pub(super) fn adopt_password(&mut self, member: &mut Member, password: Password) {
        let subject = match self.project.password_config.cross_org_passwords {
            true => member.email_address.clone(),
            false => member.member_id.clone(),
        };
        let passwords = &mut self.project.passwords;
        if let Some(known) = passwords.of(&subject) {
            member.member_password_id.clone_from(&known.password_id);
            return;
        }
        member.member_password_id.clone_from(&password.password_id);
        passwords.put(Password {
            subject,
            ..password
        });
    }
}
