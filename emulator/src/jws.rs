//! Signed tokens in compact serialization (RFC 7515, section 3.1), with any claims.
//!
//! The same crate, `rsa`, signs and verifies. The verification does not check times: an expired token verifies too, and
//! [`is_live`] checks the times.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::errors::Failure;
use crate::keys::{SigningKey, SigningKeys};
use crate::merge::{Object, object};

/// Returns the header of a token that a project issues.
pub(crate) fn header(kid: &str) -> Object {
    object(json!({ "alg": "RS256", "kid": kid, "typ": "JWT" }))
}

/// Issues a token, signed with the project's current key.
pub(crate) fn issue(keys: &SigningKeys, claims: &Object) -> Result<String, Failure> {
    let key = keys.current();
    sign(key, &header(&key.kid), claims)
}

pub(crate) fn sign(key: &SigningKey, header: &Object, claims: &Object) -> Result<String, Failure> {
    let signed = unsigned(header, claims);
    let signature = key.sign(signed.as_bytes())?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// Returns the two parts that the signature covers, joined by a dot.
pub(crate) fn unsigned(header: &Object, claims: &Object) -> String {
    let encode = |part: &Object| URL_SAFE_NO_PAD.encode(Value::Object(part.clone()).to_string());
    format!("{}.{}", encode(header), encode(claims))
}

/// Returns the claims of a token that one of these keys signed for this project, or `None` for any other text.
///
/// The header must be of the type JWT without critical extensions, and `exp` must be a number.
pub(crate) fn verified(keys: &SigningKeys, project_id: &str, token: &str) -> Option<Object> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header = decode(header)?;
    if header.get("alg")? != "RS256" || header.get("typ")? != "JWT" || header.get("crit").is_some()
    {
        return None;
    }
    let key = keys.by_kid(header.get("kid")?.as_str()?)?;
    if !key.verifies(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?) {
        return None;
    }
    let claims = decode(claims)?;
    let ours = claims.get("aud")?.as_array()?.contains(&json!(project_id))
        && *claims.get("iss")? == format!("stytch.com/{project_id}");
    (ours && claims.get("exp")?.is_number()).then(|| object(claims))
}

/// Whether the claims are valid at this time (RFC 7519, sections 4.1.4 and 4.1.5). `exp` is required. A time that is not a
/// whole number is malformed, so that the claims are not valid.
pub(crate) fn is_live(claims: &Object, now: UnixSeconds) -> bool {
    let has_ended = claims
        .get("exp")
        .and_then(Value::as_i64)
        .is_none_or(|end| end <= now.0);
    let start = claims.get("nbf");
    let has_started = start.is_none_or(|start| start.as_i64().is_some_and(|start| start <= now.0));
    has_started && !has_ended
}

fn decode(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
