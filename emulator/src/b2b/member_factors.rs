//! Deletes the factors of a member: phone number, authenticator app and password. Sessions stay active.

use serde_json::json;

use super::B2b;
use super::member::Member;
use super::organization::Organization;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};

/// `DELETE /v1/b2b/organizations/{organization_id}/members/mfa_phone_numbers/{member_id}`.
pub(crate) fn delete_phone_number(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let (organization, mut member) = b2b.member_of_path(call)?;
    if member.mfa_phone_number.is_empty() {
        return Err(errors::MEMBER_PHONE_NUMBER_NOT_FOUND.failure());
    }
    member.mfa_phone_number.clear();
    member.mfa_phone_number_verified = false;
    b2b.project.codes.forget_method(&member.member_id);
    member.forget_default_mfa_method("sms_otp");
    Ok(reply(b2b, call, organization, member))
}

/// `DELETE /v1/b2b/organizations/{organization_id}/members/{member_id}/totp`.
pub(crate) fn delete_totp(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let (organization, mut member) = b2b.member_of_path(call)?;
    if member.totp_registration_id.is_empty() {
        return Err(errors::MEMBER_TOTP_NOT_FOUND.failure());
    }
    member.totp_registration_id.clear();
    b2b.project.authenticators.forget(&member.member_id);
    member.forget_default_mfa_method("totp");
    Ok(reply(b2b, call, organization, member))
}

/// `DELETE /v1/b2b/organizations/{organization_id}/members/passwords/{member_password_id}`.
pub(crate) fn delete_password(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let organization = organization.clone();
    let id = &organization.organization_id;
    let member = b2b
        .members
        .with_password(id, call.path_param("member_password_id"));
    let mut member = member.ok_or(&errors::MEMBER_PASSWORD_NOT_FOUND)?.clone();
    if b2b.project.password_config.cross_org_passwords {
        return Err(errors::CROSS_ORG_PASSWORDS_ENABLED.failure());
    }
    b2b.project.passwords.remove(&member.member_password_id);
    member.member_password_id.clear();
    Ok(reply(b2b, call, organization, member))
}

fn reply(b2b: &mut B2b, call: &Call, organization: Organization, mut member: Member) -> Reply {
    member.updated_at = call.now;
    b2b.members.put(member.clone());
    Reply::ok(
        json!({ "member_id": member.member_id, "member": member, "organization": organization }),
    )
}

impl Member {
    /// If the deleted method is the default MFA method, the member's other method becomes the default. If the member has no
    /// other method, `default_mfa_method` becomes empty.
    fn forget_default_mfa_method(&mut self, method: &str) {
        if self.default_mfa_method != method {
            return;
        }
        self.default_mfa_method = match method {
            "sms_otp" if !self.totp_registration_id.is_empty() => "totp".to_owned(),
            "totp" if self.mfa_phone_number_verified => "sms_otp".to_owned(),
            _ => String::new(),
        };
    }
}
