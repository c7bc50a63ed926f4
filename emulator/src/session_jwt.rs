//! Session JWTs (RFC 7519): their claims, and the session id in a presented JWT.
//!
//! Does not check times: the session id of an expired JWT can be read too. The caller checks that the session is
//! active.

use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::errors::Failure;
use crate::jws;
use crate::keys::SigningKeys;
use crate::merge::{Object, object};
use crate::sessions::Session;

/// The lifetime of a session JWT. It does not depend on the session's own lifetime.
pub(crate) const LIFETIME_SECONDS: i64 = 300;
pub(crate) const SESSION_CLAIM: &str = "https://stytch.com/session";
pub(crate) const ORGANIZATION_CLAIM: &str = "https://stytch.com/organization";

/// The organization in a member's session JWT.
pub(crate) struct OrganizationClaim<'a> {
    pub(crate) id: &'a str,
    pub(crate) slug: &'a str,
}

/// Issues a JWT for a session, signed with the project's current key.
pub(crate) fn mint(
    (keys, project_id): (&SigningKeys, &str),
    session: &Session,
    organization: Option<OrganizationClaim>,
    now: UnixSeconds,
) -> Result<String, Failure> {
    let mut claims = session.custom_claims.clone();
    claims.extend(session_claims(project_id, session, organization, now));
    jws::issue(keys, &claims)
}

/// Returns the claims of a session JWT without the custom claims.
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

/// Returns the session id in a session JWT of this project, or `None` for any other text.
pub(crate) fn session_id(keys: &SigningKeys, project_id: &str, token: &str) -> Option<String> {
    let claims = jws::verified(keys, project_id, token)?;
    let id = claims.get(SESSION_CLAIM)?.get("id")?.as_str()?;
    Some(id.to_owned())
}
