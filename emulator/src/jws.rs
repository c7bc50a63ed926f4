//! Signed tokens in compact serialization (RFC 7515, section 3.1), whatever they claim.
//!
//! It verifies with the crate it signs with. Times are not its concern: a token past its `exp` reads as well as a fresh
//! one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::errors::Failure;
use crate::keys::{SigningKey, SigningKeys};
use crate::merge::{Object, object};

/// The header of every token that a project issues.
pub(crate) fn header(kid: &str) -> Object {
    object(json!({ "alg": "RS256", "kid": kid, "typ": "JWT" }))
}

/// A token of a project, signed with its current key.
pub(crate) fn issue(keys: &SigningKeys, claims: &Object) -> Result<String, Failure> {
    let key = keys.current();
    sign(key, &header(&key.kid), claims)
}

pub(crate) fn sign(key: &SigningKey, header: &Object, claims: &Object) -> Result<String, Failure> {
    let signed = unsigned(header, claims);
    let signature = key.sign(signed.as_bytes())?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// The two parts that a signature covers, joined by their dot.
pub(crate) fn unsigned(header: &Object, claims: &Object) -> String {
    let encode = |part: &Object| URL_SAFE_NO_PAD.encode(Value::Object(part.clone()).to_string());
    format!("{}.{}", encode(header), encode(claims))
}

/// The claims of a token that one of these keys signed, for this project. `None` if it is anything else.
pub(crate) fn verified(keys: &SigningKeys, project_id: &str, token: &str) -> Option<Object> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header = decode(header)?;
    if header.get("alg")? != "RS256" {
        return None;
    }
    let key = keys.by_kid(header.get("kid")?.as_str()?)?;
    if !key.verifies(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?) {
        return None;
    }
    let claims = decode(claims)?;
    let ours = claims.get("aud")?.as_array()?.contains(&json!(project_id));
    ours.then(|| object(claims))
}

fn decode(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
