//! Passwords of members: logging in, the strength check, and where a member's password is kept. Resets are in
//! `password_resets.rs`, passwords of other systems in `password_migration.rs`.
//!
//! A project has one of two modes. By default, each member has a password. With cross-organization passwords, all members
//! with one email address share one, which `passwords_discovery.rs` knows too.

use serde_json::{Value, json};

use super::B2b;
use super::log_in::{self, Presence};
use super::member::Member;
use super::organization::Organization;
use super::recipients;
use super::second_factor_sms;
use crate::addresses::email_address;
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::codes;
use crate::errors::{self, ErrorRow, Failure};
use crate::factors::Factor;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::outbox::Outbox;
use crate::passwords::Password;

/// `POST /v1/b2b/passwords/authenticate`. Wrong passwords count towards a lock of the member.
pub(crate) fn authenticate(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let named = Named::read(fields)?;
    let password = fields.text("password")?.ok_or(&errors::MISSING_PASSWORD)?;
    let presence = Presence::read(b2b, call)?;
    codes::validate_sms_locale(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let (member, organization) = named.find(b2b)?;
    admit_method(&member, &organization)?;
    let reset = &errors::MEMBER_RESET_PASSWORD;
    verify(b2b, &member, password, reset, call.now)?;
    let config = &b2b.project.password_config;
    if config.requires_reset(password, &member.email_address) {
        return Err(reset.failure());
    }
    let of_member = (&member, &organization);
    let outcome = log_in(b2b, ids, outbox, of_member, &presence, call)?;
    Ok(Reply::ok(outcome).and(json!({
        "member_id": member.member_id,
        "organization_id": organization.organization_id,
        "member": member,
        "organization": organization,
    })))
}

/// `POST /v1/b2b/passwords/strength_check`.
pub(crate) fn strength_check(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let password = fields.text("password")?.ok_or(&errors::MISSING_PASSWORD)?;
    let address = email_address(fields, "email_address")?;
    let config = &b2b.project.password_config;
    let strength = config.strength(password, address.as_deref());
    Ok(Reply::ok(strength.view()).and(json!({
        "luds_feedback": strength.luds_feedback(),
        "zxcvbn_feedback": strength.zxcvbn_feedback(),
    })))
}

/// The member that a call names by `organization_id` and `email_address`.
pub(super) struct Named<'a> {
    pub(super) organization_id: &'a str,
    pub(super) email_address: String,
}

impl<'a> Named<'a> {
    pub(super) fn read(fields: &'a Fields) -> Result<Self, Failure> {
        let organization_id = fields.text("organization_id")?;
        let address = email_address(fields, "email_address")?;
        Ok(Self {
            organization_id: organization_id.ok_or(&errors::INVALID_ORGANIZATION_ID)?,
            email_address: address.ok_or(&errors::INVALID_EMAIL)?,
        })
    }

    pub(super) fn find(&self, b2b: &B2b) -> Result<(Member, Organization), Failure> {
        let organization = b2b.organizations.find(self.organization_id)?;
        let id = &organization.organization_id;
        let member = b2b.members.with_email(id, &self.email_address);
        let member = member.ok_or(&errors::MEMBER_NOT_FOUND)?;
        Ok((member.clone(), organization.clone()))
    }
}

/// Returns an error if the organization does not allow passwords for this member.
pub(super) fn admit_method(member: &Member, organization: &Organization) -> Result<(), Failure> {
    recipients::admit_method(member, organization, "password")
}

/// Returns an error unless this is the password of the member. A wrong password is counted. `reset` is the error if the
/// password must be reset.
pub(super) fn verify(
    b2b: &mut B2b,
    member: &Member,
    password: &str,
    reset: &'static ErrorRow,
    now: UnixSeconds,
) -> Result<(), Failure> {
    b2b.project.locks.admit(&member.member_id, now)?;
    let known = b2b
        .password_of(member)
        .ok_or(&errors::MEMBER_HAS_NO_PASSWORD)?;
    if known.requires_reset {
        return Err(reset.failure());
    }
    if known.hash.verify(password) {
        return Ok(());
    }
    let failure = errors::WRONG_PASSWORD.failure();
    Err(log_in::refuse(b2b, &member.member_id, failure, now))
}

/// Logs a member in with a password. If a second factor is required and the member can receive SMS, sends a code.
pub(super) fn log_in(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    of_member: (&Member, &Organization),
    presence: &Presence,
    call: &Call,
) -> Result<Value, Failure> {
    let factor = Factor::password(call.now);
    let outcome = log_in::complete(b2b, ids, of_member, factor, presence, call)?;
    Ok(second_factor_sms::initiate(
        b2b, ids, outbox, of_member, outcome, call,
    ))
}

impl B2b {
    /// Returns the password of a member: the member's own, or the shared one of the email address.
    pub(super) fn password_of(&self, member: &Member) -> Option<&Password> {
        let passwords = &self.project.passwords;
        match self.project.password_config.cross_org_passwords {
            true => passwords.of(&member.email_address),
            false => passwords.get(&member.member_password_id),
        }
    }

    /// Sets a new password of a member, and stores the member.
    pub(super) fn set_password(&mut self, ids: &mut Ids, member: &mut Member, password: &str) {
        if self.project.password_config.cross_org_passwords {
            let address = member.email_address.clone();
            self.members.put(member.clone());
            let id = self.set_shared_password(ids, &address, password);
            member.member_password_id = id;
        } else {
            let drawn = ids.id(PREFIX);
            let known = self.project.passwords.of(&member.member_id);
            member.member_password_id = known.map_or(drawn, |known| known.password_id.clone());
            let (id, subject) = (&member.member_password_id, &member.member_id);
            self.project.passwords.set(ids, id, subject, password);
        }
        self.members.put(member.clone());
    }

    /// Sets the shared password of an email address, and returns its id. All members with this address have it.
    pub(super) fn set_shared_password(
        &mut self,
        ids: &mut Ids,
        address: &str,
        password: &str,
    ) -> String {
        let drawn = ids.id(PREFIX);
        let known = self.project.passwords.of(address);
        let id = known.map_or(drawn, |known| known.password_id.clone());
        self.project.passwords.set(ids, &id, address, password);
        for mut member in self.with_address(address) {
            member.member_password_id.clone_from(&id);
            self.members.put(member);
        }
        id
    }

    /// Returns the members of all organizations with this email address.
    pub(super) fn with_address(&self, address: &str) -> Vec<Member> {
        let found = self.organizations.iter().filter_map(|organization| {
            let id = &organization.organization_id;
            self.members.with_email(id, address).cloned()
        });
        found.collect()
    }

    /// Returns an error unless members share their passwords between organizations.
    pub(super) fn admit_cross_org(&self) -> Result<(), Failure> {
        match self.project.password_config.cross_org_passwords {
            true => Ok(()),
            false => Err(errors::CROSS_ORG_PASSWORDS_NOT_ENABLED.failure()),
        }
    }
}

/// The prefix of the ids of passwords.
pub(super) const PREFIX: &str = "member-password";
