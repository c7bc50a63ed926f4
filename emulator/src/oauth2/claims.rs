//! What access tokens claim: those of machines, and those by which a Connected App acts for somebody.
//!
//! Their `aud` is the project alone, as the SDKs' checks want it. The documentation of Connected Apps names the app there.

use serde_json::json;

use crate::clock::UnixSeconds;
use crate::merge::{Object, object};

/// What an access token lives.
pub(crate) const LIFETIME_SECONDS: i64 = 3600;

/// What is a machine's own in its token.
pub(crate) fn of_machine(client_id: &str, scope: &str) -> Object {
    object(json!({ "sub": client_id, "scope": scope }))
}

/// What is a Connected App's own in a token by which it acts for somebody.
pub(crate) fn of_connected_app(client_id: &str, subject: &str, scope: &str, jti: &str) -> Object {
    object(json!({ "sub": subject, "jti": jti, "scope": scope, "client_id": client_id }))
}

/// These claims with those that every access token has.
pub(crate) fn of_access_token(project_id: &str, own: Object, now: UnixSeconds) -> Object {
    let mut claims = object(json!({
        "aud": [project_id],
        "exp": now.plus_seconds(LIFETIME_SECONDS).0,
        "iat": now.0,
        "iss": format!("stytch.com/{project_id}"),
        "nbf": now.0,
    }));
    claims.extend(own);
    claims
}
