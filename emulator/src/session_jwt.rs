//! Session JWTs (RFC 7519): what a session's token claims, how it is signed, and what one that comes back says.
//!
//! It verifies with the crate it signs with. How long a session lives, and whether it lives at all, is not its concern:
//! a token past its `exp` reads as well as a fresh one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::errors::Failure;
use crate::keys::{SigningKey, SigningKeys};
use crate::merge::Object;
use crate::project::Project;
use crate::sessions::Session;

/// What a session JWT lives, however long its session does.
pub(crate) const LIFETIME_SECONDS: i64 = 300;
pub(crate) const SESSION_CLAIM: &str = "https://stytch.com/session";
pub(crate) const ORGANIZATION_CLAIM: &str = "https://stytch.com/organization";

/// The organization that a member's token names.
pub(crate) struct OrganizationClaim<'a> {
    pub(crate) id: &'a str,
    pub(crate) slug: &'a str,
}

/// A fresh token for a session, signed with the project's current key.
pub(crate) fn mint(
    project: &Project,
    session: &Session,
    organization: Option<OrganizationClaim>,
    now: UnixSeconds,
) -> Result<String, Failure> {
    let mut claims = session.custom_claims.clone();
    claims.extend(session_claims(&project.id, session, organization, now));
    let key = project.keys.current();
    sign(key, &header(&key.kid), &claims)
}

/// The header of every session JWT.
pub(crate) fn header(kid: &str) -> Object {
    object(json!({ "alg": "RS256", "kid": kid, "typ": "JWT" }))
}

/// The claims of a session JWT without the custom ones.
pub(crate) fn session_claims(
    project_id: &str,
    session: &Session,
    organization: Option<OrganizationClaim>,
    now: UnixSeconds,
) -> Object {
    let factors: Vec<Value> = session
        .factors
        .iter()
        .map(|factor| factor.as_claim())
        .collect();
    let mut claims = object(json!({
        "aud": [project_id],
        "exp": now.plus_seconds(LIFETIME_SECONDS).0,
        SESSION_CLAIM: {
            "id": session.id,
            "started_at": session.started_at,
            "last_accessed_at": session.last_accessed_at,
            "expires_at": session.expires_at,
            "attributes": session.attributes,
            "authentication_factors": factors,
            "roles": session.roles,
        },
        "iat": now.0,
        "iss": format!("stytch.com/{project_id}"),
        "nbf": now.0,
        "sub": session.subject,
    }));
    if let Some(OrganizationClaim { id, slug }) = organization {
        claims.insert(
            ORGANIZATION_CLAIM.into(),
            json!({ "organization_id": id, "slug": slug }),
        );
    }
    claims
}

/// A JWT in compact serialization (RFC 7515, section 3.1).
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

/// The id of the session that a token of this project names. `None` if the token is anything else.
pub(crate) fn session_id(keys: &SigningKeys, project_id: &str, token: &str) -> Option<String> {
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
    let ours = *claims.get("aud")? == json!([project_id]);
    let id = claims.get(SESSION_CLAIM)?.get("id")?.as_str()?;
    ours.then(|| id.to_owned())
}

fn decode(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn object(value: Value) -> Object {
    if let Value::Object(object) = value {
        object
    } else {
        Object::new()
    }
}
