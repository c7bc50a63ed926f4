//! The two claims that Stytch adds, and the session object made from them.
//!
//! The object is written as JSON text for the runtime's own parser. Values that
//! this crate does not judge (attributes, factors, custom claims) are copied in as
//! they stand in the verified payload, so nothing is lost or reshaped on the way.

use alloc::{borrow::Cow, string::String, vec::Vec};

use super::{
    Grants, Product, Refusal, Subject,
    object_writer::{ObjectWriter, REGISTERED},
    timestamp,
};
use crate::jwt::{JsonObject, JsonText, Refusal as JwtRefusal, RegisteredClaims};

/// The session that a token carries, its claims checked for shape.
pub(super) struct SessionClaims<'a> {
    session: JsonObject<'a>,
    session_id: String,
    roles: Vec<String>,
    /// The claim is there for B2B and only there.
    organization: Option<Organization>,
}

/// The organization that a token was issued for.
pub(super) struct Organization {
    pub(super) organization_id: String,
    pub(super) slug: Option<String>,
}

impl<'a> SessionClaims<'a> {
    /// Reads the session and organization claims of a payload for `product`.
    ///
    /// # Errors
    /// [`Refusal::WrongTokenKind`] if the payload is no session of that product,
    /// [`Refusal::InvalidSession`] or [`JwtRefusal::InvalidClaim`] if the session or the
    /// organization has not its shape.
    pub(super) fn read(claims: &JsonObject<'a>, product: Product) -> Result<Self, Refusal> {
        let session = claims.raw(SESSION_CLAIM)?.ok_or(Refusal::WrongTokenKind)?;
        let organization = Organization::read(claims, product)?;
        Self::of(session, organization).map_err(of_session)
    }

    fn of(session: JsonText<'a>, organization: Option<Organization>) -> Result<Self, JwtRefusal> {
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
            session,
            session_id,
            roles: roles.unwrap_or_default(),
            organization,
        })
    }

    /// Who the token is about.
    pub(super) fn into_subject(self) -> Subject {
        Subject {
            grants: Grants::Roles(self.roles),
            organization_id: self.organization.map(|claim| claim.organization_id),
            audience: Vec::new(),
        }
    }

    /// The session object as JSON text, with the members and in the order in which
    /// npm `stytch` gives them.
    pub(super) fn to_json(
        &self,
        registered: &RegisteredClaims,
        claims: &JsonObject<'a>,
    ) -> Result<String, Refusal> {
        let mut json = ObjectWriter::new();
        match &self.organization {
            None => {
                json.string("session_id", &self.session_id);
                json.copied("attributes", self.session.raw("attributes")?);
                self.write_factors(&mut json)?;
                json.string("user_id", &registered.subject);
            }
            Some(organization) => {
                json.string("member_session_id", &self.session_id);
                json.string("member_id", &registered.subject);
                json.string("organization_id", &organization.organization_id);
                self.write_factors(&mut json)?;
            }
        }
        json.copied("started_at", self.session.raw("started_at")?);
        json.copied("last_accessed_at", self.session.raw("last_accessed_at")?);
        json.string("expires_at", &self.expires_at(registered)?);
        json.rest("custom_claims", claims, &NOT_CUSTOM);
        json.raw("roles", self.list("roles")?);
        let organization = self.organization.as_ref();
        if let Some(slug) = organization.and_then(|claim| claim.slug.as_ref()) {
            json.string("organization_slug", slug);
        }
        Ok(json.finish())
    }

    fn write_factors(&self, json: &mut ObjectWriter) -> Result<(), Refusal> {
        json.raw(
            "authentication_factors",
            self.list("authentication_factors")?,
        );
        Ok(())
    }

    /// A list as it stands in the claim; callers are promised one, so one that is
    /// absent or null is empty.
    fn list(&self, name: &str) -> Result<&str, Refusal> {
        let list = self.session.raw(name)?.map(JsonText::get);
        Ok(list.filter(|json| *json != "null").unwrap_or("[]"))
    }

    /// The end of the session, or of the token where the session does not say.
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
    /// Reads the organization claim, which B2B tokens have and others have not.
    ///
    /// # Errors
    /// [`Refusal::WrongTokenKind`] if the token is one of the other product,
    /// [`JwtRefusal::InvalidClaim`] if the claim has not its shape.
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

/// What the session claim itself is refused for.
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

/// Whether there is such a member; the API may write null for what a session does
/// not have.
fn has(object: &JsonObject<'_>, name: &str) -> Result<bool, JwtRefusal> {
    Ok(object.raw(name)?.is_some_and(|value| value.get() != "null"))
}

pub(super) const SESSION_CLAIM: &str = "https://stytch.com/session";
pub(super) const ORGANIZATION_CLAIM: &str = "https://stytch.com/organization";
const NOT_CUSTOM: [&[&str]; 2] = [&REGISTERED, &[SESSION_CLAIM, ORGANIZATION_CLAIM]];
