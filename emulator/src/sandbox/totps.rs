//! The responses for the authenticator app of the sandbox user. The ids, the secret and the QR code are the emulator's own.

use serde_json::{Value, json};

use super::sessions::STARTED_AT;
use super::users::{USER_ID, log_in_with, user};
use crate::call::{Call, Reply};
use crate::errors::Failure;
use crate::factors::Factor;
use crate::project::Project;
use crate::qr_code;

pub(super) const CODE: &str = "000000";
pub(super) const RECOVERY_CODE: &str = "a1b2-c3d4-e5f6";

/// `POST /v1/totps`.
pub(super) fn created() -> Reply {
    let url = format!("otpauth://totp/sandbox?secret={SECRET}");
    Reply::ok(json!({
        "user_id": USER_ID,
        "user": user(),
        "totp_id": TOTP_ID,
        "secret": SECRET,
        "qr_code": qr_code::data_uri(&url),
        "recovery_codes": [RECOVERY_CODE],
    }))
}

/// `POST /v1/totps/recovery_codes`.
pub(super) fn recovery_codes() -> Reply {
    let totp = json!({ "totp_id": TOTP_ID, "verified": true, "recovery_codes": [RECOVERY_CODE] });
    Reply::ok(json!({ "user_id": USER_ID, "totps": [totp] }))
}

/// `POST /v1/totps/authenticate`.
pub(super) fn log_in(project: &Project, call: &Call) -> Result<Reply, Failure> {
    let factor = Factor::totp(TOTP_ID, STARTED_AT);
    log_in_with(factor, about(), project, call)
}

/// `POST /v1/totps/recover`.
pub(super) fn recover(project: &Project, call: &Call) -> Result<Reply, Failure> {
    let factor = Factor::recovery_code(RECOVERY_CODE_ID, STARTED_AT);
    log_in_with(factor, about(), project, call)
}

fn about() -> Value {
    json!({ "totp_id": TOTP_ID })
}

const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const TOTP_ID: &str = "totp-test-3f2f1c5e-7a55-4c5e-9a5c-0d3b6a0b8f11";
const RECOVERY_CODE_ID: &str = "totp-recovery-code-test-8b9d6c0a-7f0e-4a36-8a1d-2f4f5a6b7c8d";
