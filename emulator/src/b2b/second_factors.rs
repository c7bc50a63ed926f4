//! The second factor of a log-in: what the operations of SMS codes, authenticator apps and recovery codes have in common.
//!
//! A second factor completes an intermediate session, or is added to a session.

use serde_json::json;

use super::B2b;
use super::log_in::{self, Presence};
use super::member::{Member, Status};
use super::organization::Organization;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::merge;
use crate::session_asked::presents_one;

/// A call with a second factor: the member who logs in, and what the call presents in addition.
pub(super) struct Confirmation {
    pub(super) member: Member,
    pub(super) organization: Organization,
    presence: Presence,
    /// Whether the member enrolls in MFA. `None`: unchanged.
    enrolls: Option<bool>,
    becomes_default: bool,
}

impl Confirmation {
    /// Reads the fields of a call except for the code. Exactly one of `intermediate_session_token`, `session_token` and
    /// `session_jwt` is required, and it must belong to the member.
    pub(super) fn read(b2b: &B2b, call: &Call) -> Result<Self, Failure> {
        let fields = &call.fields;
        let named = Named::read(fields)?;
        let enrolls = match fields.text("set_mfa_enrollment")? {
            None => None,
            Some("enroll") => Some(true),
            Some("unenroll") => Some(false),
            Some(_) => {
                let message = "The field set_mfa_enrollment must be enroll or unenroll.";
                return Err(errors::INVALID_ARGUMENT.with_message(message));
            }
        };
        let becomes_default = fields.flag("set_default_mfa")?.unwrap_or_default();
        if !presents_one(fields, &TOKENS)? {
            return Err(errors::NO_SESSION_ARGUMENTS.with_message(
                "An intermediate_session_token, a session_token or a session_jwt is required.",
            ));
        }
        let presence = Presence::read(b2b, call)?;
        fields.ignored_texts(&["telemetry_id"])?;

        let (member, organization) = named.find(b2b)?;
        presence.validate_owner(b2b, (&member, &organization), call)?;
        Ok(Self {
            member,
            organization,
            presence,
            enrolls,
            becomes_default,
        })
    }

    /// Completes the log-in with a factor. `method` is the MFA method of the factor, or `None` for a recovery code.
    pub(super) fn complete(
        self,
        b2b: &mut B2b,
        ids: &mut Ids,
        (factor, method): (Factor, Option<&str>),
        call: &Call,
    ) -> Result<Reply, Failure> {
        let Self {
            mut member,
            organization,
            presence,
            ..
        } = self;
        let of_member = (&member, &organization);
        let outcome = log_in::complete(b2b, ids, of_member, factor, &presence, call)?;
        let mut session = merge::object(outcome);
        session.retain(|name, _| SESSION.contains(&name.as_str()));
        if let Some(method) = method {
            if organization.settings.requires_mfa() {
                member.mfa_enrolled = true;
            } else {
                member.mfa_enrolled = self.enrolls.unwrap_or(member.mfa_enrolled);
            }
            if self.becomes_default || member.default_mfa_method.is_empty() {
                method.clone_into(&mut member.default_mfa_method);
            }
            member.updated_at = call.now;
            b2b.members.put(member.clone());
        }
        Ok(Reply::ok(session.into()).and(view(&member, &organization)))
    }
}

/// The member that a body names.
pub(super) struct Named<'a> {
    organization_id: &'a str,
    member_id: &'a str,
}

impl<'a> Named<'a> {
    pub(super) fn read(fields: &'a Fields) -> Result<Self, Failure> {
        let organization_id = fields.text("organization_id")?;
        let member_id = fields.text("member_id")?;
        Ok(Self {
            organization_id: organization_id.ok_or(&errors::INVALID_ORGANIZATION_ID)?,
            member_id: member_id.ok_or(&errors::INVALID_MEMBER_ID)?,
        })
    }

    pub(super) fn find(&self, b2b: &B2b) -> Result<(Member, Organization), Failure> {
        let organization = b2b.organizations.find(self.organization_id)?;
        let id = &organization.organization_id;
        let member = b2b.members.find(id, self.member_id)?;
        Ok((member.clone(), organization.clone()))
    }
}

/// Returns an error unless the member may register another second factor. `method` is its name in `allowed_mfa_methods`.
///
/// If the member has a second factor already, a presented session must have one: a log-in that is not complete must not
/// replace the missing factor. A phone number needs such a session in any case.
pub(super) fn admit_new(
    b2b: &B2b,
    (member, organization): (&Member, &Organization),
    method: &str,
    call: &Call,
) -> Result<(), Failure> {
    let presence = admit_known(b2b, (member, organization), method, call)?;
    let has_factor = member.mfa_phone_number_verified || !member.totp_registration_id.is_empty();
    let is_needed = !presence.is_empty() || method == "sms_otp";
    if has_factor && is_needed && !presence.has_second_factor(b2b, call)? {
        return Err(errors::INSUFFICIENT_FACTORS.failure());
    }
    Ok(())
}

/// Returns an error unless the member may use the MFA method. A presented session must belong to the member.
pub(super) fn admit_known(
    b2b: &B2b,
    (member, organization): (&Member, &Organization),
    method: &str,
    call: &Call,
) -> Result<Presence, Failure> {
    presents_one(&call.fields, &TOKENS)?;
    let presence = Presence::read(b2b, call)?;
    if member.status != Status::Active {
        return Err(errors::AVAILABLE_FOR_ACTIVE_MEMBERS.failure());
    }
    admit_method(organization, method)?;
    presence.validate_owner(b2b, (member, organization), call)?;
    Ok(presence)
}

/// Returns an error if the organization does not allow the MFA method.
pub(super) fn admit_method(organization: &Organization, method: &str) -> Result<(), Failure> {
    if organization.settings.allows_mfa_method(method) {
        Ok(())
    } else {
        Err(errors::MFA_METHOD_RESTRICTED.failure())
    }
}

/// Returns the members of a reply that name the member and the organization.
pub(super) fn view(member: &Member, organization: &Organization) -> serde_json::Value {
    json!({ "member_id": member.member_id, "member": member, "organization": organization })
}

const TOKENS: [&str; 3] = ["intermediate_session_token", "session_token", "session_jwt"];
/// The members of a log-in's reply that the reply to a second factor has.
const SESSION: [&str; 3] = ["session_token", "session_jwt", "member_session"];
