//! Authenticator apps of members, as a second factor.

use serde_json::json;

use super::B2b;
use super::log_in;
use super::second_factors::{self, Confirmation, Named};
use crate::authenticators::{self, Authenticator};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::ids::Ids;

/// `POST /v1/b2b/totp`. The app is pending until its first code. A pending app is replaced.
pub(crate) fn create(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let named = Named::read(fields)?;
    let minutes = authenticators::read_minutes(fields, 60)?;
    let (member, organization) = named.find(b2b)?;
    if !member.totp_registration_id.is_empty() {
        return Err(errors::ACTIVE_TOTP_EXISTS.failure());
    }
    second_factors::admit_new(b2b, (&member, &organization), METHOD, call)?;
    let expires_at = call.now.plus_minutes(minutes);
    let app = Authenticator::new(ids, &member.member_id, expires_at);
    b2b.project.authenticators.put(app.clone());
    let about = json!({ "totp_registration_id": app.totp_id });
    Ok(Reply::ok(app.enrolment(&member.email_address))
        .and(about)
        .and(second_factors::view(&member, &organization)))
}

/// `POST /v1/b2b/totp/authenticate`. The first code makes the app active.
///
/// A wrong code counts as a failed authentication of the member.
pub(crate) fn authenticate(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let code = authenticators::read_code(&call.fields, "code")?;
    let mut confirmation = Confirmation::read(b2b, call)?;
    second_factors::admit_method(&confirmation.organization, METHOD)?;
    let member = &mut confirmation.member;
    let known = b2b.project.authenticators.of(&member.member_id);
    let known = known.ok_or(&errors::MEMBER_TOTP_NOT_FOUND)?;
    let used = match known.after_code(code, call.now) {
        Ok(used) => used,
        Err(failure) => return Err(log_in::refuse(b2b, &member.member_id, failure, call.now)),
    };
    member.totp_registration_id.clone_from(&used.totp_id);
    let factor = Factor::totp(&used.totp_id, call.now);
    let reply = confirmation.complete(b2b, ids, (factor, Some(METHOD)), call)?;
    b2b.project.authenticators.put(used);
    Ok(reply)
}

/// `POST /v1/b2b/totp/migrate`. The app is active at once.
pub(crate) fn migrate(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let named = Named::read(fields)?;
    let secret = fields.text("secret")?.ok_or(&errors::INVALID_TOTP_SECRET)?;
    let codes = fields.texts("recovery_codes")?;
    let codes = codes.ok_or(&errors::INVALID_RECOVERY_CODE)?;
    if codes.iter().any(String::is_empty) {
        return Err(errors::INVALID_RECOVERY_CODE.failure());
    }
    let (mut member, organization) = named.find(b2b)?;
    if !member.totp_registration_id.is_empty() {
        return Err(errors::ACTIVE_TOTP_EXISTS.failure());
    }
    second_factors::admit_new(b2b, (&member, &organization), METHOD, call)?;
    let app = Authenticator::imported(ids, &member.member_id, (secret, codes), call.now);
    let app = app.ok_or(&errors::INVALID_TOTP_SECRET)?;
    member.totp_registration_id.clone_from(&app.totp_id);
    if member.default_mfa_method.is_empty() {
        METHOD.clone_into(&mut member.default_mfa_method);
    }
    member.updated_at = call.now;
    b2b.members.put(member.clone());
    let about =
        json!({ "totp_registration_id": app.totp_id, "recovery_codes": app.recovery_codes });
    b2b.project.authenticators.put(app);
    Ok(Reply::ok(about).and(second_factors::view(&member, &organization)))
}

/// The name of the method in `allowed_mfa_methods`.
const METHOD: &str = "totp";
