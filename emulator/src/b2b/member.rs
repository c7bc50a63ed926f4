//! The data of a member, the lookup of members, and the roles of a member.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::organization::Organization;
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::merge::{self, Object};
use crate::shapes;
use crate::unsupported::{Never, NoItems, NoText};

/// A member in the JSON form of the API. Unset strings are empty. The empty lists are for features that the emulator
/// does not have.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Member {
    pub(crate) organization_id: String,
    pub(crate) member_id: String,
    pub(crate) email_address: String,
    #[serde(default)]
    pub(crate) status: Status,
    #[serde(default)]
    name: String,
    #[serde(default)]
    sso_registrations: NoItems,
    #[serde(default)]
    pub(crate) is_breakglass: bool,
    #[serde(default)]
    member_password_id: NoText,
    #[serde(default)]
    oauth_registrations: NoItems,
    #[serde(default)]
    pub(crate) email_address_verified: bool,
    #[serde(default)]
    mfa_phone_number_verified: Never,
    #[serde(default)]
    is_admin: bool,
    #[serde(default)]
    totp_registration_id: NoText,
    #[serde(default)]
    retired_email_addresses: NoItems,
    #[serde(default)]
    is_locked: Never,
    #[serde(default)]
    pub(crate) mfa_enrolled: bool,
    #[serde(default)]
    pub(crate) mfa_phone_number: String,
    #[serde(default)]
    default_mfa_method: NoText,
    #[serde(default = "default_roles")]
    pub(crate) roles: Vec<Role>,
    #[serde(default)]
    trusted_metadata: Object,
    #[serde(default)]
    untrusted_metadata: Object,
    created_at: UnixSeconds,
    updated_at: UnixSeconds,
    #[serde(default)]
    scim_registration: (),
    #[serde(default)]
    pub(crate) external_id: Option<String>,
    #[serde(default)]
    lock_created_at: (),
    #[serde(default)]
    lock_expires_at: (),
    /// Not part of the API's form.
    #[serde(skip)]
    pub(crate) email_id: String,
}

/// A member as a snapshot contains it: the API's form, and the id of the email address, which that form does not have.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    member: Member,
    email_id: String,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Pending,
    #[default]
    Active,
}

/// A role and its sources.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub(crate) role_id: String,
    #[serde(default)]
    sources: Vec<Value>,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Stored>", into = "Vec<Stored>")]
pub(crate) struct Members(Vec<Member>);

impl Members {
    pub(crate) fn keep(&mut self, member: Member) {
        self.0.push(member);
    }

    /// Finds a member of any organization by id.
    pub(crate) fn by_id(&mut self, member_id: &str) -> Result<&mut Member, Failure> {
        let found = self
            .0
            .iter_mut()
            .find(|member| member.member_id == member_id);
        found.ok_or_else(|| errors::MEMBER_NOT_FOUND.failure())
    }

    /// Finds a member of one organization by id or by external id.
    pub(crate) fn find(&self, organization_id: &str, id: &str) -> Result<&Member, Failure> {
        if !shapes::is_external_id(id) {
            return Err(errors::INVALID_MEMBER_ID.failure());
        }
        let mut members = self.of(organization_id);
        let found = members
            .find(|member| member.member_id == id || member.external_id.as_deref() == Some(id));
        found.ok_or_else(|| errors::MEMBER_NOT_FOUND.failure())
    }

    pub(crate) fn with_email(&self, organization_id: &str, address: &str) -> Option<&Member> {
        self.of(organization_id)
            .find(|member| member.email_address == address)
    }

    pub(crate) fn of(&self, organization_id: &str) -> impl Iterator<Item = &Member> {
        self.0
            .iter()
            .filter(move |member| member.organization_id == organization_id)
    }
}

impl Member {
    pub(crate) fn new(
        ids: &mut Ids,
        organization: &Organization,
        email_address: String,
        status: Status,
        now: UnixSeconds,
    ) -> Self {
        Self {
            organization_id: organization.organization_id.clone(),
            member_id: ids.id("member"),
            email_address,
            status,
            name: String::new(),
            sso_registrations: NoItems::default(),
            is_breakglass: false,
            member_password_id: NoText,
            oauth_registrations: NoItems::default(),
            email_address_verified: false,
            mfa_phone_number_verified: Never,
            is_admin: false,
            totp_registration_id: NoText,
            retired_email_addresses: NoItems::default(),
            is_locked: Never,
            mfa_enrolled: false,
            mfa_phone_number: String::new(),
            default_mfa_method: NoText,
            roles: default_roles(),
            trusted_metadata: Object::new(),
            untrusted_metadata: Object::new(),
            created_at: now,
            updated_at: now,
            scim_registration: (),
            external_id: None,
            lock_created_at: (),
            lock_expires_at: (),
            email_id: ids.id("email"),
        }
    }

    /// Marks the email address as verified. The member becomes active and receives the implicit roles of the address's
    /// domain.
    pub(crate) fn verify_email(&mut self, organization: &Organization, now: UnixSeconds) {
        let domain = self.email_address.rsplit('@').next().unwrap_or_default();
        for role_id in organization.settings.implicit_roles(domain) {
            if !self.has_role(role_id) {
                self.roles.push(Role::by_domain(role_id, domain));
            }
        }
        self.is_admin = self.has_role(ADMIN_ROLE);
        self.status = Status::Active;
        self.email_address_verified = true;
        self.updated_at = now;
    }

    pub(crate) fn role_ids(&self) -> Vec<String> {
        self.roles.iter().map(|role| role.role_id.clone()).collect()
    }

    fn has_role(&self, role_id: &str) -> bool {
        self.roles.iter().any(|role| role.role_id == role_id)
    }

    /// Returns the `mfa_required` object of a log-in that still needs a second factor.
    pub(crate) fn mfa_required(&self) -> Value {
        let options = json!({ "mfa_phone_number": self.mfa_phone_number, "totp_registration_id": self.totp_registration_id });
        let has_factor = !self.mfa_phone_number.is_empty();
        json!({ "member_options": has_factor.then_some(options), "secondary_auth_initiated": null })
    }

    pub(crate) fn describe(&mut self, fields: &Fields) -> Result<(), Failure> {
        fields
            .text("name")?
            .unwrap_or_default()
            .clone_into(&mut self.name);
        self.is_breakglass = fields.flag("is_breakglass")?.unwrap_or_default();
        self.mfa_enrolled = fields.flag("mfa_enrolled")?.unwrap_or_default();
        if let Some(number) = fields.text("mfa_phone_number")? {
            if !shapes::is_phone_number(number) {
                return Err(errors::INVALID_PHONE_NUMBER.failure());
            }
            number.clone_into(&mut self.mfa_phone_number);
        }
        if let Some(id) = fields.text("external_id")? {
            if !shapes::is_external_id(id) {
                return Err(errors::INVALID_EXTERNAL_ID.failure());
            }
            self.external_id = Some(id.to_owned());
        }
        // The caller checks that the policy has these roles. The policy is not known here.
        let roles = fields.texts("roles")?.unwrap_or_default();
        self.roles.extend(
            roles
                .iter()
                .filter(|role| *role != "stytch_member")
                .map(|role| Role::assigned(role)),
        );
        self.is_admin = self.has_role(ADMIN_ROLE);
        merge::metadata(
            &mut self.trusted_metadata,
            fields.object("trusted_metadata")?.unwrap_or(&Object::new()),
        )?;
        merge::metadata(
            &mut self.untrusted_metadata,
            fields
                .object("untrusted_metadata")?
                .unwrap_or(&Object::new()),
        )
    }
}

impl Role {
    fn assigned(role_id: &str) -> Self {
        let source = json!({ "type": "direct_assignment", "details": {} });
        Self {
            role_id: role_id.to_owned(),
            sources: vec![source],
        }
    }

    fn by_domain(role_id: &str, domain: &str) -> Self {
        let source = json!({ "type": "email_assignment", "details": { "email_domain": domain } });
        Self {
            role_id: role_id.to_owned(),
            sources: vec![source],
        }
    }
}

impl From<Stored> for Member {
    fn from(stored: Stored) -> Self {
        Self {
            email_id: stored.email_id,
            ..stored.member
        }
    }
}

impl From<Member> for Stored {
    fn from(member: Member) -> Self {
        Self {
            email_id: member.email_id.clone(),
            member,
        }
    }
}

impl From<Vec<Stored>> for Members {
    fn from(stored: Vec<Stored>) -> Self {
        Self(stored.into_iter().map(Member::from).collect())
    }
}

impl From<Members> for Vec<Stored> {
    fn from(members: Members) -> Self {
        members.0.into_iter().map(Stored::from).collect()
    }
}

fn default_roles() -> Vec<Role> {
    vec![Role::assigned("stytch_member")]
}

const ADMIN_ROLE: &str = "stytch_admin";
