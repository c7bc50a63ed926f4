//! The two claims that Stytch adds, and the session object made from them.
//!
//! The object is written as JSON text for the runtime's own parser. Values that
//! this crate does not judge (attributes, factors, custom claims) are copied in as
//! they stand in the verified payload, so nothing is lost or reshaped on the way.

use super::{Product, Refusal, timestamp};
use crate::jwt::{JsonObject, JsonText, Refusal as JwtRefusal, RegisteredClaims, quoted};

/// The session that a token carries, its claims checked for shape.
pub(super) struct SessionClaims<'a> {
    session: JsonObject<'a>,
    session_id: String,
    /// Identifier and slug; the claim is there for B2B and only there.
    organization: Option<(String, Option<String>)>,
}

impl<'a> SessionClaims<'a> {
    /// Reads the session and organization claims of a payload for `product`.
    ///
    /// # Errors
    /// [`Refusal::WrongTokenKind`] if the payload is no session of that product,
    /// [`JwtRefusal::MissingClaim`] if a claim has not its shape.
    pub(super) fn read(claims: &JsonObject<'a>, product: Product) -> Result<Self, Refusal> {
        let session = claims.raw(SESSION_CLAIM)?.ok_or(Refusal::WrongTokenKind)?;
        let organization = claims.raw(ORGANIZATION_CLAIM)?;
        if organization.is_some() != (product == Product::B2b) {
            return Err(Refusal::WrongTokenKind);
        }
        let session = JsonObject::nested(session)?;
        let session_id = required(&session, "id")?;
        if has(&session, "roles")? {
            session.strings("roles", JwtRefusal::MissingClaim)?;
        }
        if has(&session, "authentication_factors")? {
            session.list("authentication_factors", JwtRefusal::MissingClaim)?;
        }
        let organization = organization.map(organization_of).transpose()?;
        Ok(Self {
            session,
            session_id,
            organization,
        })
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
            Some((organization_id, _)) => {
                json.string("member_session_id", &self.session_id);
                json.string("member_id", &registered.subject);
                json.string("organization_id", organization_id);
                self.write_factors(&mut json)?;
            }
        }
        json.copied("started_at", self.session.raw("started_at")?);
        json.copied("last_accessed_at", self.session.raw("last_accessed_at")?);
        json.string("expires_at", &self.expires_at(registered)?);
        json.raw("custom_claims", &custom_claims(claims));
        json.raw("roles", self.list("roles")?);
        if let Some((_, Some(slug))) = &self.organization {
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
        let stated = optional(&self.session, "expires_at")?;
        let written = match stated.as_deref() {
            Some(text) if !text.is_empty() => timestamp::from_rfc3339(text),
            _ => timestamp::from_unix_seconds(registered.expires_at),
        };
        written.ok_or(JwtRefusal::MissingClaim.into())
    }
}

fn organization_of(claim: JsonText<'_>) -> Result<(String, Option<String>), Refusal> {
    let organization = JsonObject::nested(claim)?;
    Ok((
        required(&organization, "organization_id")?,
        optional(&organization, "slug")?,
    ))
}

fn required(object: &JsonObject<'_>, name: &str) -> Result<String, Refusal> {
    let text = object.string(name, JwtRefusal::MissingClaim)?;
    let text = text.filter(|text| !text.is_empty());
    Ok(text.ok_or(JwtRefusal::MissingClaim)?)
}

fn optional(object: &JsonObject<'_>, name: &str) -> Result<Option<String>, Refusal> {
    if !has(object, name)? {
        return Ok(None);
    }
    Ok(object.string(name, JwtRefusal::MissingClaim)?)
}

/// Whether there is such a member; the API may write null for what a session does
/// not have.
fn has(object: &JsonObject<'_>, name: &str) -> Result<bool, Refusal> {
    Ok(object.raw(name)?.is_some_and(|value| value.get() != "null"))
}

/// Every member that is neither registered nor Stytch's own.
fn custom_claims(claims: &JsonObject<'_>) -> String {
    let mut json = ObjectWriter::new();
    for (name, value) in claims.members() {
        if !NOT_CUSTOM.contains(&name) {
            json.raw(name, value.get());
        }
    }
    json.finish()
}

/// Writes one JSON object, member by member.
struct ObjectWriter(String);

impl ObjectWriter {
    fn new() -> Self {
        Self("{".to_owned())
    }

    fn raw(&mut self, name: &str, json: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(&quoted(name));
        self.0.push(':');
        self.0.push_str(json);
    }

    fn copied(&mut self, name: &str, value: Option<JsonText<'_>>) {
        if let Some(value) = value {
            self.raw(name, value.get());
        }
    }

    fn string(&mut self, name: &str, text: &str) {
        self.raw(name, &quoted(text));
    }

    fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

const SESSION_CLAIM: &str = "https://stytch.com/session";
const ORGANIZATION_CLAIM: &str = "https://stytch.com/organization";
const NOT_CUSTOM: [&str; 9] = [
    "aud",
    "exp",
    "iat",
    "iss",
    "jti",
    "nbf",
    "sub",
    SESSION_CLAIM,
    ORGANIZATION_CLAIM,
];
