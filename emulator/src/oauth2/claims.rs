//! The claims of access tokens: those of M2M clients and those of Connected Apps.
//!
//! Their `aud` contains the project id, because the checks of Stytch's SDKs require it. In the documentation of Connected
//! Apps, `aud` also appears as the id of the app.

use serde_json::json;

use crate::clock::UnixSeconds;
use crate::merge::{Object, object};

/// The lifetime of an M2M token and an ID token, and by default of an access token of a Connected App.
pub(crate) const LIFETIME_SECONDS: i64 = 3600;

/// Returns the claims that only M2M tokens have.
pub(crate) fn of_machine(client_id: &str, scope: &str) -> Object {
    object(json!({ "sub": client_id, "scope": scope }))
}

/// Returns the claims that only tokens of Connected Apps have. `subject` is the id of the user or member.
pub(crate) fn of_connected_app(client_id: &str, subject: &str, scope: &str, jti: &str) -> Object {
    object(json!({ "sub": subject, "jti": jti, "scope": scope, "client_id": client_id }))
}

/// Adds the claims that every access token has. The own claims replace them.
pub(crate) fn of_access_token(
    project_id: &str,
    own: Object,
    (now, lifetime_seconds): (UnixSeconds, i64),
) -> Object {
    let mut claims = object(json!({
        "aud": [project_id],
        "exp": now.plus_seconds(lifetime_seconds).0,
        "iat": now.0,
        "iss": format!("stytch.com/{project_id}"),
        "nbf": now.0,
    }));
    claims.extend(own);
    claims
}
