//! The session and organization claims of Stytch, and the session object built from them.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    Grants, Product, Refusal, Subject,
    results::{CustomClaims, List, REGISTERED, to_json},
    timestamp,
};
use crate::jwt::{JsonObject, Refusal as JwtRefusal, RegisteredClaims};

/// The session of a token; the types of its claims are checked.
pub(super) struct SessionClaims<'a> {
    session: JsonObject<'a>,
    session_id: String,
    roles: Vec<String>,
    authentication_factors: List<'a>,
    /// The organization claim, which B2B tokens have and consumer tokens do not.
    organization: Option<Organization>,
}

/// A user's session, with the members of npm `stytch`'s result in the same order.
#[derive(Serialize)]
struct UserSession<'a> {
    session_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<&'a RawValue>,
    authentication_factors: &'a List<'a>,
    user_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_accessed_at: Option<&'a RawValue>,
    expires_at: String,
    custom_claims: CustomClaims<'a>,
    roles: &'a [String],
}

/// A member's session, with the members of npm `stytch`'s result in the same order.
#[derive(Serialize)]
struct MemberSession<'a> {
    member_session_id: &'a str,
    member_id: &'a str,
    organization_id: &'a str,
    authentication_factors: &'a List<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_accessed_at: Option<&'a RawValue>,
    expires_at: String,
    custom_claims: CustomClaims<'a>,
    roles: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_slug: Option<&'a str>,
}

/// The organization that a token was issued for.
#[derive(Serialize)]
pub(super) struct Organization {
    pub(super) organization_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) slug: Option<String>,
}

impl<'a> SessionClaims<'a> {
    /// Reads the session and organization claims of a payload for `product`.
    ///
    /// # Errors
    /// [`Refusal::WrongTokenKind`] if the payload is not a session of that product,
    /// [`Refusal::InvalidSession`] or [`JwtRefusal::InvalidClaim`] if the session or the
    /// organization is malformed.
    pub(super) fn read(claims: &JsonObject<'a>, product: Product) -> Result<Self, Refusal> {
        let session = claims.raw(SESSION_CLAIM)?.ok_or(Refusal::WrongTokenKind)?;
        let organization = Organization::read(claims, product)?;
        Self::of(session, organization).map_err(of_session)
    }

    fn of(session: &'a RawValue, organization: Option<Organization>) -> Result<Self, JwtRefusal> {
        let session = JsonObject::nested(session)?;
        let session_id = required(&session, "id")?;
        let roles = if has(&session, "roles")? {
            session.strings("roles", JwtRefusal::InvalidClaim)?
        } else {
            None
        };
        if has(&session, "authentication_factors")? {
            session.list("authentication_factors", JwtRefusal::InvalidClaim)?;
        }
        Ok(Self {
            authentication_factors: List(session.raw("authentication_factors")?),
            session,
            session_id,
            roles: roles.unwrap_or_default(),
            organization,
        })
    }

    /// Returns the subject of authorization checks.
    pub(super) fn into_subject(self) -> Subject {
        Subject {
            grants: Grants::Roles(self.roles),
            organization_id: self.organization.map(|claim| claim.organization_id),
            audience: Vec::new(),
        }
    }

    /// Writes the session object as JSON text.
    pub(super) fn to_json(
        &self,
        registered: &RegisteredClaims,
        claims: &JsonObject<'a>,
    ) -> Result<String, Refusal> {
        let attributes = match &self.organization {
            None => self.session.raw("attributes")?,
            // The result for a member has no attributes, so no rule reads them.
            Some(_) => None,
        };
        let started_at = self.session.raw("started_at")?;
        let last_accessed_at = self.session.raw("last_accessed_at")?;
        let expires_at = self.expires_at(registered)?;
        let custom_claims = CustomClaims {
            claims,
            excluded: &NOT_CUSTOM,
        };
        let json = match &self.organization {
            None => to_json(&UserSession {
                session_id: &self.session_id,
                attributes,
                authentication_factors: &self.authentication_factors,
                user_id: &registered.subject,
                started_at,
                last_accessed_at,
                expires_at,
                custom_claims,
                roles: &self.roles,
            }),
            Some(organization) => to_json(&MemberSession {
                member_session_id: &self.session_id,
                member_id: &registered.subject,
                organization_id: &organization.organization_id,
                authentication_factors: &self.authentication_factors,
                started_at,
                last_accessed_at,
                expires_at,
                custom_claims,
                roles: &self.roles,
                organization_slug: organization.slug.as_deref(),
            }),
        };
        Ok(json?)
    }

    /// Returns the end of the session, or `exp` if the session claim has no `expires_at`.
    fn expires_at(&self, registered: &RegisteredClaims) -> Result<String, Refusal> {
        let stated = optional(&self.session, "expires_at").map_err(of_session)?;
        match stated.as_deref() {
            Some(text) if !text.is_empty() => {
                timestamp::from_rfc3339(text).ok_or(Refusal::InvalidSession)
            }
            _ => timestamp::from_unix_seconds(registered.expires_at)
                .ok_or(JwtRefusal::InvalidExp.into()),
        }
    }
}

impl Organization {
    /// Reads the organization claim, which only B2B tokens have.
    ///
    /// # Errors
    /// [`Refusal::WrongTokenKind`] if the token is of the other product,
    /// [`JwtRefusal::InvalidClaim`] if the claim is malformed.
    pub(super) fn read(claims: &JsonObject<'_>, product: Product) -> Result<Option<Self>, Refusal> {
        let claim = claims.raw(ORGANIZATION_CLAIM)?;
        if claim.is_some() != (product == Product::B2b) {
            return Err(Refusal::WrongTokenKind);
        }
        let read = |claim| {
            let claim = JsonObject::nested(claim)?;
            Ok(Self {
                organization_id: required(&claim, "organization_id")?,
                slug: optional(&claim, "slug")?,
            })
        };
        claim.map(read).transpose()
    }
}

/// Converts the refusal of a malformed claim to that of a malformed session claim.
fn of_session(refusal: JwtRefusal) -> Refusal {
    match refusal {
        JwtRefusal::InvalidClaim => Refusal::InvalidSession,
        other => other.into(),
    }
}

fn required(object: &JsonObject<'_>, name: &str) -> Result<String, JwtRefusal> {
    let text = object.string(name, JwtRefusal::InvalidClaim)?;
    let text = text.filter(|text| !text.is_empty());
    Ok(text.ok_or(JwtRefusal::InvalidClaim)?.into_owned())
}

fn optional(object: &JsonObject<'_>, name: &str) -> Result<Option<String>, JwtRefusal> {
    if !has(object, name)? {
        return Ok(None);
    }
    let text = object.string(name, JwtRefusal::InvalidClaim)?;
    Ok(text.map(Cow::into_owned))
}

/// Returns whether the object has the member. `null` counts as absent, because the API may write
/// `null` for a missing value of a session.
fn has(object: &JsonObject<'_>, name: &str) -> Result<bool, JwtRefusal> {
    Ok(object.raw(name)?.is_some_and(|value| value.get() != "null"))
}

pub(super) const SESSION_CLAIM: &str = "https://stytch.com/session";
pub(super) const ORGANIZATION_CLAIM: &str = "https://stytch.com/organization";
const NOT_CUSTOM: [&[&str]; 2] = [&REGISTERED, &[SESSION_CLAIM, ORGANIZATION_CLAIM]];
