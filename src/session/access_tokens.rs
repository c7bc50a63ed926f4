//! OAuth 2.0 access tokens: of programs (M2M) and of Connected Apps, which act for
//! users; and what the API says of the latter when it is asked (RFC 7662).
//!
//! A token's kind is told by its claims, never by how `sub` looks: a program's
//! identifier may be chosen freely. No kind stands in for another.

use alloc::{string::String, vec, vec::Vec};

use super::{
    Grants, Product, Refusal, Subject,
    claims::{ORGANIZATION_CLAIM, Organization, SESSION_CLAIM},
    object_writer::{ObjectWriter, REGISTERED},
};
use crate::jwt::{JsonObject, Refusal as JwtRefusal, RegisteredClaims, pieces};

/// What an M2M token says, as JSON text with the members of npm `stytch`'s result.
///
/// # Errors
/// [`Refusal::WrongTokenKind`] if the payload is not that of an M2M token.
pub(super) fn machine(
    claims: &JsonObject<'_>,
    registered: &RegisteredClaims,
) -> Result<(String, Subject), Refusal> {
    let scope = scope_of(claims)?;
    if claims.raw("client_id")?.is_some() {
        return Err(Refusal::WrongTokenKind);
    }
    let mut json = ObjectWriter::new();
    json.string("client_id", &registered.subject);
    json.strings("scopes", &mut pieces(&scope, ' '));
    json.rest("custom_claims", claims, &[&REGISTERED, &["scope"]]);
    Ok((json.finish(), subject(&scope, None, claims)?))
}

/// What a Connected App's token says, as JSON text with the members of npm
/// `stytch`'s result.
///
/// # Errors
/// [`Refusal::WrongTokenKind`] if the payload is not that of a Connected App's
/// token for `product`, [`JwtRefusal::InvalidClaim`] if a claim has not its shape.
pub(super) fn connected_app(
    claims: &JsonObject<'_>,
    product: Product,
) -> Result<(String, Subject), Refusal> {
    let taken: [&[&str]; 2] = [&REGISTERED, &["scope", ORGANIZATION_CLAIM]];
    let mut json = ObjectWriter::new();
    json.string("token_type", "access_token");
    finish_connected_app(claims, product, json, &taken)
}

/// The same for the API's answer to an introspection, which the connection vouches
/// for in place of a signature.
///
/// # Errors
/// [`Refusal::NotActive`] if the API does not call the token active; otherwise as
/// [`connected_app`].
pub(super) fn introspected(
    answer: &JsonObject<'_>,
    product: Product,
) -> Result<(String, Subject), Refusal> {
    if answer.raw("active")?.map(|value| value.get()) != Some("true") {
        return Err(Refusal::NotActive);
    }
    let mut json = ObjectWriter::new();
    json.copied("token_type", answer.raw("token_type")?);
    finish_connected_app(answer, product, json, &[&NOT_CUSTOM_IN_ANSWERS])
}

fn finish_connected_app(
    claims: &JsonObject<'_>,
    product: Product,
    mut json: ObjectWriter,
    taken: &[&[&str]],
) -> Result<(String, Subject), Refusal> {
    let scope = scope_of(claims)?;
    let client_id = claims.string("client_id", JwtRefusal::InvalidClaim)?;
    client_id.ok_or(Refusal::WrongTokenKind)?;
    let organization = Organization::read(claims, product)?;
    for (name, claim) in &[
        ("subject", "sub"),
        ("scope", "scope"),
        ("audience", "aud"),
        ("expires_at", "exp"),
        ("issued_at", "iat"),
        ("issuer", "iss"),
        ("not_before", "nbf"),
    ] {
        json.copied(name, claims.raw(claim)?);
    }
    if let Some(organization) = &organization {
        let mut claim = ObjectWriter::new();
        claim.string("organization_id", &organization.organization_id);
        if let Some(slug) = &organization.slug {
            claim.string("slug", slug);
        }
        json.raw("organization", &claim.finish());
    }
    json.rest("custom_claims", claims, taken);
    let organization_id = organization.map(|claim| claim.organization_id);
    let subject = subject(&scope, organization_id, claims)?;
    Ok((json.finish(), subject))
}

/// The `scope` that both kinds have, of a token that is no session.
fn scope_of(claims: &JsonObject<'_>) -> Result<String, Refusal> {
    if claims.raw(SESSION_CLAIM)?.is_some() {
        return Err(Refusal::WrongTokenKind);
    }
    let scope = claims.string("scope", JwtRefusal::InvalidClaim)?;
    Ok(scope.ok_or(Refusal::WrongTokenKind)?.into_owned())
}

fn subject(
    scope: &str,
    organization_id: Option<String>,
    claims: &JsonObject<'_>,
) -> Result<Subject, Refusal> {
    let audience = match claims.string("aud", JwtRefusal::WrongAudience) {
        Ok(Some(name)) => vec![name.into_owned()],
        Ok(None) => Vec::new(),
        Err(_) => {
            let names = claims.strings("aud", JwtRefusal::WrongAudience)?;
            names.unwrap_or_default()
        }
    };
    Ok(Subject {
        grants: Grants::scopes(scope),
        organization_id,
        audience,
    })
}

/// As npm `stytch` has it: `jti` stays, which a token of its own does not give.
const NOT_CUSTOM_IN_ANSWERS: [&str; 13] = [
    "aud",
    "exp",
    "iat",
    "iss",
    "nbf",
    "sub",
    "status_code",
    "scope",
    "active",
    "request_id",
    "token_type",
    "client_id",
    ORGANIZATION_CLAIM,
];
