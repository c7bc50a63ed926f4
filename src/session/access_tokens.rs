//! OAuth 2.0 access tokens: M2M tokens, tokens of Connected Apps, which act for users, and the
//! API's response to the introspection of a Connected App's token (RFC 7662).
//!
//! The claims of a token determine its kind, never its `sub`, because the identifier of an M2M
//! client can be chosen freely. A token of one kind is never accepted as another kind.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    Grants, Product, Refusal, Subject, TokenKind,
    claims::{ORGANIZATION_CLAIM, Organization, SESSION_CLAIM},
    results::{CustomClaims, REGISTERED, to_json},
};
use crate::jwt::{JsonObject, Refusal as JwtRefusal, RegisteredClaims, audiences};

/// The result for an M2M token, with the members of npm `stytch`'s result.
#[derive(Serialize)]
struct Machine<'a> {
    client_id: &'a str,
    scopes: Vec<&'a str>,
    custom_claims: CustomClaims<'a>,
}

/// The result for a Connected App's token, with the members of npm `stytch`'s result.
#[derive(Serialize)]
struct ConnectedApp<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<TokenType<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a RawValue>,
    scope: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_at: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_before: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<&'a Organization>,
    custom_claims: CustomClaims<'a>,
}

/// The type of a token: fixed for a verified token, or copied from the API's response.
#[derive(Serialize)]
#[serde(untagged)]
enum TokenType<'a> {
    Fixed(&'static str),
    Stated(&'a RawValue),
}

/// Returns the kind of a token: the only kind whose reader here or in `claims` may accept the token.
///
/// # Errors
/// [`Refusal::WrongTokenKind`] if the token has none of the claims that distinguish the kinds.
pub(super) fn kind_of(claims: &JsonObject<'_>) -> Result<TokenKind, Refusal> {
    for (claim, kind) in [
        (SESSION_CLAIM, TokenKind::Session),
        ("client_id", TokenKind::ConnectedApp),
        ("scope", TokenKind::Machine),
    ] {
        if claims.raw(claim)?.is_some() {
            return Ok(kind);
        }
    }
    Err(Refusal::WrongTokenKind)
}

/// Returns the result for an M2M token, as JSON text, and the subject of authorization checks.
///
/// # Errors
/// [`Refusal::WrongTokenKind`] if the payload is not the payload of an M2M token,
/// [`JwtRefusal::InvalidClaim`] if a claim is malformed.
pub(super) fn machine(
    claims: &JsonObject<'_>,
    registered: &RegisteredClaims,
) -> Result<(String, Subject), Refusal> {
    let scope = scope_of(claims)?;
    if claims.raw("client_id")?.is_some() {
        return Err(Refusal::WrongTokenKind);
    }
    let json = to_json(&Machine {
        client_id: &registered.subject,
        scopes: scope.split(' ').collect(),
        custom_claims: CustomClaims {
            claims,
            excluded: &[&REGISTERED, &["scope"]],
        },
    })?;
    Ok((json, subject(&scope, None, claims)?))
}

/// Returns the result for a Connected App's token, as JSON text, and the subject of authorization
/// checks.
///
/// # Errors
/// [`Refusal::WrongTokenKind`] if the payload is not the payload of a Connected App's token for
/// `product`, [`JwtRefusal::InvalidClaim`] if a claim is malformed.
pub(super) fn connected_app(
    claims: &JsonObject<'_>,
    product: Product,
) -> Result<(String, Subject), Refusal> {
    let excluded: [&[&str]; 2] = [&REGISTERED, &["scope", ORGANIZATION_CLAIM]];
    let token_type = Some(TokenType::Fixed("access_token"));
    read_connected_app(claims, product, token_type, &excluded)
}

/// Returns the result for an introspected token, as JSON text, and the subject of authorization
/// checks. The API's response is trusted because of the connection, not because of a signature.
///
/// # Errors
/// [`Refusal::NotActive`] if the API reports that the token is not active; otherwise the errors of
/// [`connected_app`].
pub(super) fn introspected(
    answer: &JsonObject<'_>,
    product: Product,
) -> Result<(String, Subject), Refusal> {
    if answer.raw("active")?.map(RawValue::get) != Some("true") {
        return Err(Refusal::NotActive);
    }
    let token_type = answer.raw("token_type")?.map(TokenType::Stated);
    read_connected_app(answer, product, token_type, &[&NOT_CUSTOM_IN_ANSWERS])
}

fn read_connected_app(
    claims: &JsonObject<'_>,
    product: Product,
    token_type: Option<TokenType<'_>>,
    excluded: &[&[&str]],
) -> Result<(String, Subject), Refusal> {
    let scope = scope_of(claims)?;
    let client_id = claims.string("client_id", JwtRefusal::InvalidClaim)?;
    client_id.ok_or(Refusal::WrongTokenKind)?;
    let organization = Organization::read(claims, product)?;
    let json = to_json(&ConnectedApp {
        token_type,
        subject: claims.raw("sub")?,
        scope: claims.raw("scope")?.ok_or(Refusal::WrongTokenKind)?,
        audience: claims.raw("aud")?,
        expires_at: claims.raw("exp")?,
        issued_at: claims.raw("iat")?,
        issuer: claims.raw("iss")?,
        not_before: claims.raw("nbf")?,
        organization: organization.as_ref(),
        custom_claims: CustomClaims { claims, excluded },
    })?;
    let organization_id = organization.map(|claim| claim.organization_id);
    Ok((json, subject(&scope, organization_id, claims)?))
}

/// Returns the `scope` of an access token; both kinds have one. Refuses sessions.
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
    Ok(Subject {
        grants: Grants::scopes(scope),
        organization_id,
        audience: audiences(claims)?,
    })
}

/// The members of an introspection response that are not custom claims. As in npm `stytch`, `jti`
/// is a custom claim here, but not in the result for a verified token.
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
