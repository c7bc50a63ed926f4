//! The local session check, from a caller's arguments to a session: parse, find
//! the key, let it judge, then read the claims. No step looks ahead.

use std::fmt;

use super::{ClientError, Lookup, Reason, Scopes};
use crate::{
    jwt::{UnixSeconds, UntrustedToken},
    session::{self, CheckOptions, Issuer, Refusal},
};

/// One check, as a caller asks for it.
#[derive(Clone, Copy)]
pub struct CheckRequest<'a> {
    /// Whose tokens are accepted.
    pub issuer: &'a Issuer,
    /// The session JWT.
    pub token: &'a str,
    /// For which moment, and how strictly.
    pub options: CheckOptions,
    /// The clock that key sets age by; not the moment the check is for, which a
    /// caller may choose.
    pub clock: UnixSeconds,
}

/// What came of a check that found nothing wrong.
#[derive(PartialEq, Eq)]
pub enum Checked {
    /// The session, as JSON text.
    Session(String),
    /// The key set has to be fetched first.
    KeysNeeded,
}

/// Shows no token and no session.
impl fmt::Debug for CheckRequest<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CheckRequest for {:?}", self.issuer)
    }
}

impl fmt::Debug for Checked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Session(_) => "Session(…)",
            Self::KeysNeeded => "KeysNeeded",
        })
    }
}

/// Checks a session JWT.
///
/// # Errors
/// [`ClientError`]: `jwt_invalid` or `jwt_too_old` with the rule that was broken as
/// its reason, `jwks_unavailable` if the key could not be had, or
/// `invalid_argument` for options that are no numbers.
pub fn check(scopes: &mut Scopes, request: &CheckRequest<'_>) -> Result<Checked, ClientError> {
    let options = &request.options;
    if !options.now.is_finite() {
        return Err(ClientError::invalid_argument(
            "current_date must be a valid Date",
        ));
    }
    if !(0.0..f64::INFINITY).contains(&options.clock_tolerance) {
        return Err(ClientError::invalid_argument(
            "clock_tolerance_seconds must be a number of at least 0",
        ));
    }
    if options
        .max_token_age
        .is_some_and(|age| age.is_nan() || age < 0.0)
    {
        return Err(ClientError::invalid_argument(
            "max_token_age_seconds must be a number of at least 0",
        ));
    }
    if request.token.is_empty() {
        return Err(ClientError::refused(Reason::NoCredentials));
    }
    let refused = |refusal: Refusal| ClientError::refused(Reason::Token(refusal));
    let token = UntrustedToken::parse(request.token).map_err(|refusal| refused(refusal.into()))?;
    let keys = scopes.keys_of(request.issuer);
    let key = match keys.find(token.kid(), request.clock) {
        Lookup::Found(key) => key,
        Lookup::Fetch => return Ok(Checked::KeysNeeded),
        Lookup::Unknown => return Err(ClientError::refused(Reason::UnknownKey)),
        Lookup::Unavailable => return Err(ClientError::keys_unavailable(Reason::KeysUnavailable)),
    };
    let payload = token
        .verify(key)
        .map_err(|refusal| refused(refusal.into()))?;
    session::judge(&payload, request.issuer, options)
        .map(Checked::Session)
        .map_err(refused)
}
