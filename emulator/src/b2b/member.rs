//! The data of a member, and the lookup of members. Changes of a member are in `member/update.rs`.

mod update;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::organization::Organization;
use crate::addresses::phone_number_in;
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::locks::Lock;
use crate::merge::{self, Object};
use crate::shapes;
use crate::store::{Change, Record, Store};

/// A member in the JSON form of the API. Unset strings are empty.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Member {
    pub(crate) organization_id: String,
    pub(crate) member_id: String,
    pub(crate) email_address: String,
    #[serde(default)]
    pub(crate) status: Status,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) sso_registrations: Vec<Value>,
    #[serde(default)]
    pub(crate) is_breakglass: bool,
    #[serde(default)]
    pub(crate) member_password_id: String,
    #[serde(default)]
    pub(crate) oauth_registrations: Vec<Value>,
    #[serde(default)]
    pub(crate) email_address_verified: bool,
    #[serde(default)]
    pub(crate) mfa_phone_number_verified: bool,
    #[serde(default)]
    pub(super) is_admin: bool,
    #[serde(default)]
    pub(crate) totp_registration_id: String,
    #[serde(default)]
    pub(crate) retired_email_addresses: Vec<Value>,
    #[serde(default)]
    pub(crate) is_locked: bool,
    #[serde(default)]
    pub(crate) mfa_enrolled: bool,
    #[serde(default)]
    pub(crate) mfa_phone_number: String,
    #[serde(default)]
    pub(crate) default_mfa_method: String,
    #[serde(default = "default_roles")]
    pub(crate) roles: Vec<Role>,
    #[serde(default)]
    pub(super) trusted_metadata: Object,
    #[serde(default)]
    pub(super) untrusted_metadata: Object,
    pub(super) created_at: UnixSeconds,
    pub(super) updated_at: UnixSeconds,
    #[serde(default)]
    pub(crate) scim_registration: Option<Value>,
    #[serde(default)]
    pub(crate) external_id: Option<String>,
    #[serde(default)]
    pub(crate) lock_created_at: Option<UnixSeconds>,
    #[serde(default)]
    pub(crate) lock_expires_at: Option<UnixSeconds>,
    /// Not part of the API's form.
    #[serde(skip)]
    pub(crate) email_id: String,
}

/// A member as a snapshot contains it: the API's form, and the id of the email address, which that form does not have.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stored {
    member: Member,
    email_id: String,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Pending,
    Invited,
    #[default]
    Active,
    Deleted,
}

/// A role and its sources.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub(crate) role_id: String,
    #[serde(default)]
    sources: Vec<Value>,
}

/// All members of all organizations, in the order of creation.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Members(Store<Member>);

/// The indexes of the members. The keys start with the id of the organization: see [`within`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Email,
    RetiredEmail,
    ExternalId,
    PhoneNumber,
    /// The id or the external id.
    AnyId,
    /// The organization alone. Has deleted members, too.
    Organization,
}

impl Record for Member {
    type Index = By;
    type Stored = Stored;
    const UNIQUE: &'static [By] = &[By::Email, By::ExternalId, By::PhoneNumber];
    const OBJECT_TYPE: Option<&'static str> = Some("member");

    fn id(&self) -> &str {
        &self.member_id
    }

    fn keys(&self) -> Vec<(By, String)> {
        let phone = Some(&self.mfa_phone_number).filter(|number| !number.is_empty());
        let external_id = self.external_id.as_ref();
        let keys = [
            (By::Email, Some(&self.email_address)),
            (By::ExternalId, external_id),
            (By::PhoneNumber, phone),
            (By::AnyId, Some(&self.member_id)),
            (By::AnyId, external_id),
        ];
        let keys = keys
            .into_iter()
            .filter_map(|(index, key)| Some((index, within(&self.organization_id, key?))));
        let retired = self.retired_email_addresses.iter().filter_map(|retired| {
            let address = retired.get("email_address")?.as_str()?;
            Some((By::RetiredEmail, within(&self.organization_id, address)))
        });
        let keys = keys.chain(retired);
        // A deleted member is not found by these keys, and other members can have them.
        let mut keys: Vec<_> = keys.filter(|_| !self.is_deleted()).collect();
        keys.push((By::Organization, self.organization_id.clone()));
        keys
    }

    fn is_deleted(&self) -> bool {
        self.is_deleted()
    }

    fn differs(&self, other: &Self) -> bool {
        let updated_at = self.updated_at;
        let other = Self {
            updated_at,
            ..other.clone()
        };
        *self != other
    }
}

/// Returns the key of a value that belongs to one organization. Ids do not contain line breaks.
pub(super) fn within(organization_id: &str, value: &str) -> String {
    format!("{organization_id}\n{value}")
}

impl Members {
    /// Stores a new member, or replaces the member with the same id.
    pub(crate) fn put(&mut self, member: Member) {
        self.0.put(member);
    }

    /// Finds a member of any organization by id. A deleted member is unknown.
    pub(crate) fn by_id(&self, member_id: &str) -> Result<&Member, Failure> {
        let found = self.0.get(member_id).filter(|member| !member.is_deleted());
        found.ok_or_else(|| errors::MEMBER_NOT_FOUND.failure())
    }

    /// Finds a member of one organization by id or by external id.
    pub(crate) fn find(&self, organization_id: &str, id: &str) -> Result<&Member, Failure> {
        if !shapes::is_external_id(id) {
            return Err(errors::INVALID_MEMBER_ID.failure());
        }
        let found = self.0.first(By::AnyId, within(organization_id, id));
        found.ok_or_else(|| errors::MEMBER_NOT_FOUND.failure())
    }

    pub(crate) fn with_email(&self, organization_id: &str, address: &str) -> Option<&Member> {
        self.0.first(By::Email, within(organization_id, address))
    }

    /// Returns the member who had this address earlier.
    pub(crate) fn with_retired_email(
        &self,
        organization_id: &str,
        address: &str,
    ) -> Option<&Member> {
        self.0
            .first(By::RetiredEmail, within(organization_id, address))
    }

    pub(crate) fn with_password(
        &self,
        organization_id: &str,
        password_id: &str,
    ) -> Option<&Member> {
        let mut members = self.of(organization_id);
        members.find(|member| member.member_password_id == password_id)
    }

    /// Finds a member by id, also if the member is deleted.
    pub(crate) fn in_any_status(&self, member_id: &str) -> Result<&Member, Failure> {
        let found = self.0.get(member_id);
        found.ok_or_else(|| errors::MEMBER_NOT_FOUND.failure())
    }

    /// Removes the members of a deleted organization, and returns their ids.
    pub(crate) fn remove_all_of(&mut self, organization_id: &str) -> Vec<String> {
        let members = self.every_of(organization_id);
        let ids: Vec<String> = members.map(|member| member.member_id.clone()).collect();
        for id in &ids {
            self.0.remove(id);
        }
        ids
    }

    /// Returns the members of an organization, also the deleted ones, in the order of creation.
    pub(crate) fn every_of(&self, organization_id: &str) -> impl Iterator<Item = &Member> {
        self.0.all(By::Organization, organization_id)
    }

    /// Returns the members of an organization that are not deleted, in the order of creation.
    pub(crate) fn of(&self, organization_id: &str) -> impl Iterator<Item = &Member> {
        let members = self.every_of(organization_id);
        members.filter(|member| !member.is_deleted())
    }

    /// Returns an error if another member of the organization has the email address, the external id or the phone
    /// number of this member.
    pub(crate) fn validate_unique(&self, member: &Member) -> Result<(), Failure> {
        match self.0.collision(member) {
            None | Some(By::AnyId | By::Organization | By::RetiredEmail) => Ok(()),
            Some(By::Email) => Err(errors::DUPLICATE_MEMBER_EMAIL.failure()),
            Some(By::ExternalId) => Err(errors::DUPLICATE_MEMBER_EXTERNAL_ID.failure()),
            Some(By::PhoneNumber) => Err(errors::DUPLICATE_MEMBER_PHONE_NUMBER.failure()),
        }
    }

    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        self.0.take_changes()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Member> {
        self.0.iter()
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
            sso_registrations: Vec::new(),
            is_breakglass: false,
            member_password_id: String::new(),
            oauth_registrations: Vec::new(),
            email_address_verified: false,
            mfa_phone_number_verified: false,
            is_admin: false,
            totp_registration_id: String::new(),
            retired_email_addresses: Vec::new(),
            is_locked: false,
            mfa_enrolled: false,
            mfa_phone_number: String::new(),
            default_mfa_method: String::new(),
            roles: default_roles(),
            trusted_metadata: Object::new(),
            untrusted_metadata: Object::new(),
            created_at: now,
            updated_at: now,
            scim_registration: None,
            external_id: None,
            lock_created_at: None,
            lock_expires_at: None,
            email_id: ids.id("email"),
        }
    }

    pub(crate) fn is_deleted(&self) -> bool {
        self.status == Status::Deleted
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

    /// Sets or removes the lock.
    pub(crate) fn set_lock(&mut self, lock: Option<Lock>) {
        self.is_locked = lock.is_some();
        self.lock_created_at = lock.map(|lock| lock.created_at);
        self.lock_expires_at = lock.map(|lock| lock.expires_at);
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
        let has_factor = !self.mfa_phone_number.is_empty() || !self.totp_registration_id.is_empty();
        json!({ "member_options": has_factor.then_some(options), "secondary_auth_initiated": null })
    }

    pub(crate) fn describe(&mut self, fields: &Fields) -> Result<(), Failure> {
        fields
            .text("name")?
            .unwrap_or_default()
            .clone_into(&mut self.name);
        self.is_breakglass = fields.flag("is_breakglass")?.unwrap_or_default();
        self.mfa_enrolled = fields.flag("mfa_enrolled")?.unwrap_or_default();
        if let Some(number) = phone_number(fields)? {
            self.mfa_phone_number = number;
        }
        if let Some(id) = external_id(fields)? {
            self.external_id = Some(id);
        }
        // The caller checks that the policy has these roles. The policy is not known here.
        let roles = fields.texts("roles")?.unwrap_or_default();
        self.roles.extend(
            roles
                .iter()
                .filter(|role| *role != MEMBER_ROLE)
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

fn phone_number(fields: &Fields) -> Result<Option<String>, Failure> {
    phone_number_in(fields, "mfa_phone_number")
}

fn external_id(fields: &Fields) -> Result<Option<String>, Failure> {
    match fields.text("external_id")? {
        None => Ok(None),
        Some(id) if shapes::is_external_id(id) => Ok(Some(id.to_owned())),
        Some(_) => Err(errors::INVALID_EXTERNAL_ID.failure()),
    }
}

fn default_roles() -> Vec<Role> {
    vec![Role::assigned(MEMBER_ROLE)]
}

const MEMBER_ROLE: &str = "stytch_member";
const ADMIN_ROLE: &str = "stytch_admin";
