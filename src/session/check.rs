//! The check of a token: from a verified payload to a session, or whatever else it
//! stands for, or the reason why not.

use std::fmt;

use super::{Product, Refusal, Subject, access_tokens, claims::SessionClaims};
use crate::jwt::{
    ClaimRules, JsonObject, Refusal as JwtRefusal, RegisteredClaims, UnixSeconds, VerifiedPayload,
    payload_of_known,
};

/// Whose tokens are accepted: one project, as one base URL serves it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Issuer {
    /// Consumer or B2B.
    pub product: Product,
    /// The audience of the project's tokens.
    pub project_id: String,
    /// Where the project's API is; on a custom domain its tokens name this as
    /// their issuer, without the trailing slash. No request goes by it.
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

/// What a caller may say about one check.
#[derive(Debug, Clone, Copy)]
pub struct CheckOptions {
    /// The moment to judge for.
    pub now: UnixSeconds,
    /// How far clocks may differ, in seconds.
    pub clock_tolerance: f64,
    /// A token issued this many seconds ago, or more, is too old. No tolerance is
    /// added: 0 makes every token too old.
    pub max_token_age: Option<f64>,
}

/// What a token is for. A token of one kind never stands in for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A session of a user or member.
    Session,
    /// The access token of a Connected App, which acts for a user or member.
    ConnectedApp,
    /// The access token of a program (M2M).
    Machine,
}

/// What a good token says.
#[derive(Clone, PartialEq)]
pub struct Judged {
    /// The result for callers, as JSON text.
    pub json: String,
    /// The payload that was verified, as JSON text.
    pub payload: String,
    /// Whom an authorization check is about.
    pub subject: Subject,
    registered: RegisteredClaims,
}

impl Judged {
    /// How many bytes its texts have.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.json.len() + self.payload.len()
    }

    /// Judges the token for another moment, or by another age, than it was read for.
    /// Everything else that it says stays as it is.
    ///
    /// # Errors
    /// The [`Refusal`] for the first rule that is broken.
    pub fn judge_time(&self, options: &CheckOptions) -> Result<(), Refusal> {
        let registered = &self.registered;
        registered.judge_time(options.now, options.clock_tolerance)?;
        if let Some(max_age) = options.max_token_age {
            let issued_at = registered.issued_at.ok_or(JwtRefusal::MissingClaim)?;
            if options.now - issued_at >= max_age {
                return Err(Refusal::TooOld);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
impl Judged {
    /// One for tests of what keeps them.
    pub(crate) fn with_json(json: &str) -> Self {
        let claims = br#"{"iss":"i","aud":"a","exp":1}"#;
        let rules = ClaimRules {
            issuers: &["i".to_owned()],
            audience: "a",
            now: 0.0,
            clock_tolerance: 0.0,
        };
        let claims = JsonObject::parse(claims).unwrap();
        Self {
            json: json.to_owned(),
            payload: "{}".to_owned(),
            subject: Subject {
                grants: super::Grants::Roles(Vec::new()),
                organization_id: None,
                audience: Vec::new(),
            },
            registered: RegisteredClaims::judge(&claims, &rules).unwrap(),
        }
    }
}

/// Judges what a verified token claims.
///
/// # Errors
/// The [`Refusal`] for the first rule that is broken.
pub fn judge(
    payload: &VerifiedPayload,
    issuer: &Issuer,
    kind: TokenKind,
    options: &CheckOptions,
) -> Result<Judged, Refusal> {
    let text = payload.text()?;
    let claims = JsonObject::parse_text(text)?;
    let rules = ClaimRules {
        issuers: &issuer.names(),
        audience: &issuer.project_id,
        now: options.now,
        clock_tolerance: options.clock_tolerance,
    };
    let registered = RegisteredClaims::judge(&claims, &rules)?;
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
    let judged = Judged {
        json,
        payload: text.to_owned(),
        subject,
        registered,
    };
    // By the token's age; by the clock it was judged above, before its kind.
    judged.judge_time(options)?;
    Ok(judged)
}

/// The payload, as JSON text, of a session token that the API itself has just handed
/// over, which the connection vouches for in place of a signature.
///
/// # Errors
/// A [`Refusal`] if it is no session of `product`.
pub fn handed_over(token: &str, product: Product) -> Result<String, Refusal> {
    let payload = payload_of_known(token).ok_or(JwtRefusal::Malformed)?;
    let claims = JsonObject::parse_text(&payload)?;
    SessionClaims::read(&claims, product)?;
    Ok(payload)
}

/// Reads what the API says of a Connected App's token (RFC 7662): the result for
/// callers, as JSON text, and whom an authorization check is about.
///
/// # Errors
/// [`Refusal::NotActive`] if it does not call the token active, another [`Refusal`]
/// if what it says is not about such a token.
pub fn introspected(answer: &str, product: Product) -> Result<(String, Subject), Refusal> {
    let answer = JsonObject::parse_text(answer)?;
    access_tokens::introspected(&answer, product)
}

/// Shows nothing of what the token says.
impl fmt::Debug for Judged {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Judged(…)")
    }
}
