//! The data of a member, the lookup of members, and the roles of a member.

use serde::Serialize;
use serde_json::{Value, json};

use super::organization::Organization;
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::merge::{self, Object};
use crate::shapes;

/// A member in the JSON form of the API. Unset strings are empty. The empty lists are for features that the emulator
/// does not have.
#[derive(Clone, Serialize)]
pub(crate) struct Member {
    pub(crate) organization_id: String,
    pub(crate) member_id: String,
    pub(crate) email_address: String,
    pub(crate) status: Status,
    name: String,
    sso_registrations: [Value; 0],
    pub(crate) is_breakglass: bool,
    member_password_id: &'static str,
    oauth_registrations: [Value; 0],
    pub(crate) email_address_verified: bool,
    mfa_phone_number_verified: bool,
    is_admin: bool,
    totp_registration_id: &'static str,
    retired_email_addresses: [Value; 0],
    is_locked: bool,
    pub(crate) mfa_enrolled: bool,
    pub(crate) mfa_phone_number: String,
    default_mfa_method: &'static str,
    pub(crate) roles: Vec<Role>,
    trusted_metadata: Object,
    untrusted_metadata: Object,
    created_at: UnixSeconds,
    updated_at: UnixSeconds,
    scim_registration: (),
    pub(crate) external_id: Option<String>,
    lock_created_at: (),
    lock_expires_at: (),
    #[serde(skip)]
    pub(crate) email_id: String,
}

#[derive(Clone, Copy, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Pending,
    Active,
}

/// A role and its sources.
#[derive(Clone, Serialize)]
pub(crate) struct Role {
    pub(crate) role_id: String,
    sources: Vec<Value>,
}

#[derive(Clone, Default)]
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
            sso_registrations: [],
            is_breakglass: false,
            member_password_id: "",
            oauth_registrations: [],
            email_address_verified: false,
            mfa_phone_number_verified: false,
            is_admin: false,
            totp_registration_id: "",
            retired_email_addresses: [],
            is_locked: false,
            mfa_enrolled: false,
            mfa_phone_number: String::new(),
            default_mfa_method: "",
            roles: vec![Role::assigned("stytch_member")],
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

const ADMIN_ROLE: &str = "stytch_admin";
