//! Signed tokens in compact serialization (RFC 7515, section 3.1), with any claims.
//!
//! The same crate, `rsa`, signs and verifies. Does not check times: an expired token verifies too.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

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

fn decode(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
