//! The recovery codes of members, which replace a lost authenticator app. Each works once.

use serde_json::json;

use super::B2b;
use super::log_in;
use super::second_factors::{self, Confirmation, Named};
use crate::authenticators::{self, Authenticator};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::ids::Ids;

/// `GET /v1/b2b/recovery_codes/{organization_id}/{member_id}`.
pub(crate) fn read(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let (organization, member) = b2b.member_of_path(call)?;
    let app = active(b2b, &member.member_id).ok_or(&errors::RECOVERY_CODES_NOT_FOUND)?;
    let codes = json!({ "recovery_codes": app.recovery_codes });
    Ok(Reply::ok(second_factors::view(&member, &organization)).and(codes))
}

/// `POST /v1/b2b/recovery_codes/rotate`. The earlier codes become invalid.
pub(crate) fn rotate(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let (member, organization) = Named::read(&call.fields)?.find(b2b)?;
    let app = active(b2b, &member.member_id);
    let mut app = app
        .ok_or(&errors::NO_ACTIVE_RECOVERY_CODE_BACKED_FACTOR)?
        .clone();
    app.rotate(ids);
    let codes = json!({ "recovery_codes": app.recovery_codes });
    b2b.project.authenticators.put(app);
    Ok(Reply::ok(second_factors::view(&member, &organization)).and(codes))
}

/// `POST /v1/b2b/recovery_codes/recover`. The code is consumed.
///
/// A wrong code counts as a failed authentication of the member.
pub(crate) fn recover(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let code = authenticators::read_recovery_code(&call.fields)?;
    let confirmation = Confirmation::read(b2b, call)?;
    let id = &confirmation.member.member_id;
    let app = active(b2b, id).ok_or(&errors::NO_ACTIVE_RECOVERY_CODE_BACKED_FACTOR)?;
    let used = match app.after_recovery(code) {
        Ok(used) => used,
        Err(failure) => return Err(log_in::refuse(b2b, id, failure, call.now)),
    };
    let factor = Factor::recovery_code(&ids.id("totp-recovery-code"), call.now);
    let reply = confirmation.complete(b2b, ids, (factor, None), call)?;
    let remaining = json!({ "recovery_codes_remaining": used.recovery_codes.len() });
    b2b.project.authenticators.put(used);
    Ok(reply.and(remaining))
}

fn active<'a>(b2b: &'a B2b, member_id: &str) -> Option<&'a Authenticator> {
    let app = b2b.project.authenticators.of(member_id);
    app.filter(|app| app.verified)
}
