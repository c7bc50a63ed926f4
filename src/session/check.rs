//! Validates a verified payload: turns it into a session or the claims of an access token, or into
//! the reason why it is refused.

use std::{fmt, sync::Arc};

use super::{Product, Refusal, Subject, access_tokens, claims::SessionClaims};
use crate::jwt::{
    ClaimRules, ClockTolerance, JsonObject, Refusal as JwtRefusal, RegisteredClaims, UnixSeconds,
    VerifiedPayload, payload_of_known,
};

/// The project whose tokens are accepted, at one base URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Issuer {
    /// Consumer or B2B.
    pub product: Product,
    /// The project's identifier, the audience of its tokens.
    pub project_id: String,
    /// The base URL of the project's API. On a custom domain it is also the issuer of the tokens,
    /// without the trailing slash. Requests do not use it.
    pub base_url: String,
}

impl Issuer {
    fn names(&self) -> [String; 2] {
        let mut own = self.base_url.as_str();
        while let Some(shorter) = own.strip_suffix('/') {
            own = shorter;
        }
        [["stytch.com/", &self.project_id].concat(), own.to_owned()]
    }
}

/// The options of one check.
#[derive(Debug, Clone, Copy)]
pub struct CheckOptions {
    /// The time to validate the token for.
    pub now: UnixSeconds,
    /// The accepted differences between the clocks of issuer and verifier.
    pub tolerance: ClockTolerance,
    /// The age in seconds from which on a token is too old. The tolerance is not added: 0 refuses
    /// every token. A token whose `iat` is in the future has no age and is refused. If absent, the
    /// age is not limited.
    pub max_token_age: Option<f64>,
}

/// The kind of a token. A token of one kind is never accepted as another kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A session of a user or member.
    Session,
    /// The access token of a Connected App, which acts for a user or member.
    ConnectedApp,
    /// The access token of an M2M client.
    Machine,
}

/// The content of a valid token.
#[derive(Clone, PartialEq)]
pub struct ValidToken {
    /// The result for callers, as JSON text.
    pub json: Arc<str>,
    /// The verified payload, as JSON text.
    pub payload: Arc<str>,
    /// The subject of authorization checks.
    pub subject: Subject,
    registered: RegisteredClaims,
}

impl ValidToken {
    /// Returns the size of the texts in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.json.len() + self.payload.len()
    }

    /// Validates the times of the token again, with other options than at the first check. All
    /// other rules have the same outcome as before.
    ///
    /// # Errors
    /// The [`Refusal`] for the first broken rule.
    pub fn validate_times(&self, options: &CheckOptions) -> Result<(), Refusal> {
        let registered = &self.registered;
        registered.validate_times(options.now, options.tolerance)?;
        if let Some(max_age) = options.max_token_age {
            let issued_at = registered.issued_at.ok_or(JwtRefusal::MissingClaim)?;
            if issued_at > options.now + options.tolerance.before {
                return Err(JwtRefusal::NotYetValid.into());
            }
            if options.now - issued_at >= max_age {
                return Err(Refusal::TooOld);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
impl ValidToken {
    /// Creates a value for tests of the cache of verified tokens.
    pub(crate) fn with_json(json: &str) -> Self {
        let claims = br#"{"iss":"i","aud":"a","exp":1}"#;
        let rules = ClaimRules {
            issuers: &["i".to_owned()],
            audience: "a",
            now: 0.0,
            tolerance: ClockTolerance::default(),
        };
        let claims = JsonObject::parse(claims).unwrap();
        Self {
            json: json.into(),
            payload: "{}".into(),
            subject: Subject {
                grants: super::Grants::Roles(Vec::new()),
                organization_id: None,
                audience: Vec::new(),
            },
            registered: RegisteredClaims::validate(&claims, &rules).unwrap(),
        }
    }
}

/// Returns the kind of a verified token, by its claims. Validates no claim.
///
/// # Errors
/// [`Refusal::WrongTokenKind`] if the token does not have a kind, and the [`Refusal`] for a malformed payload.
pub fn kind_of(payload: &VerifiedPayload) -> Result<TokenKind, Refusal> {
    let claims = JsonObject::parse_text(payload.text()?)?;
    access_tokens::kind_of(&claims)
}

/// Validates the claims of a verified token of one kind.
///
/// # Errors
/// The [`Refusal`] for the first broken rule.
pub fn validate(
    payload: &VerifiedPayload,
    issuer: &Issuer,
    kind: TokenKind,
    options: &CheckOptions,
) -> Result<ValidToken, Refusal> {
    let text = payload.text()?;
    let claims = JsonObject::parse_text(text)?;
    let rules = ClaimRules {
        issuers: &issuer.names(),
        audience: &issuer.project_id,
        now: options.now,
        tolerance: options.tolerance,
    };
    let registered = RegisteredClaims::validate(&claims, &rules)?;
    let (json, subject) = match kind {
        TokenKind::Session => SessionClaims::read(&claims, issuer.product).and_then(|session| {
            Ok((
                session.to_json(&registered, &claims)?,
                session.into_subject(),
            ))
        }),
        TokenKind::ConnectedApp => access_tokens::connected_app(&claims, issuer.product),
        TokenKind::Machine => access_tokens::machine(&claims, &registered),
    }?;
    let valid = ValidToken {
        json: json.into(),
        payload: text.into(),
        subject,
        registered,
    };
    // This adds the rule about the token's age. `exp` and `nbf` were validated above, before the
    // kind of the token.
    valid.validate_times(options)?;
    Ok(valid)
}

/// Returns the payload, as JSON text, of a session JWT from a response of the API.
///
/// The signature is not verified, because the connection to the API is trusted.
///
/// # Errors
/// A [`Refusal`] if the token is not a session of `product`.
pub fn payload_from_api(token: &str, product: Product) -> Result<String, Refusal> {
    let payload = payload_of_known(token).ok_or(JwtRefusal::Malformed)?;
    let claims = JsonObject::parse_text(&payload)?;
    SessionClaims::read(&claims, product)?;
    Ok(payload)
}

/// Reads the API's response to the introspection of a Connected App's token (RFC 7662). Returns the
/// result for callers, as JSON text, and the subject of authorization checks.
///
/// # Errors
/// [`Refusal::NotActive`] if the API reports that the token is not active, another [`Refusal`] if
/// the response does not describe such a token.
pub fn introspected(answer: &str, product: Product) -> Result<(String, Subject), Refusal> {
    let answer = JsonObject::parse_text(answer)?;
    access_tokens::introspected(&answer, product)
}

/// Omits the content of the token.
impl fmt::Debug for ValidToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ValidToken(…)")
    }
}
