//! The session fields of a call: the session that it presents, and the requested duration and custom claims.

use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::merge::{self, Object};

/// The duration and custom claims that a call requests for the session that it starts or updates.
pub(crate) struct Terms {
    pub(crate) duration_minutes: Option<i64>,
    pub(crate) custom_claims: Object,
}

/// The session that a caller presents, by its token or by one of its JWTs.
pub(crate) enum Presented {
    Token(String),
    Jwt(String),
}

/// The session fields of a log-in: the session to update, if any, and the requested terms.
pub(crate) struct SessionAsked {
    pub(crate) presented: Option<Presented>,
    pub(crate) terms: Terms,
}

impl Terms {
    /// Reads `session_duration_minutes` and `session_custom_claims`.
    pub(crate) fn read(fields: &Fields) -> Result<Self, Failure> {
        let duration_minutes = fields.whole_number("session_duration_minutes")?;
        if duration_minutes.is_some_and(|minutes| !(5..=MAX_MINUTES).contains(&minutes)) {
            return Err(errors::INVALID_SESSION_DURATION.failure());
        }
        let custom_claims = fields
            .object("session_custom_claims")?
            .cloned()
            .unwrap_or_default();
        // Validated before a link is looked up and used: if the call is refused for its claims, the link must remain
        // valid.
        merge::custom_claims(&mut Object::new(), &custom_claims)?;
        Ok(Self {
            duration_minutes,
            custom_claims,
        })
    }
}

impl SessionAsked {
    /// Reads the terms of a session that is always new.
    pub(crate) fn of_new(fields: &Fields) -> Result<Self, Failure> {
        Ok(Self {
            presented: None,
            terms: Terms::read(fields)?,
        })
    }

    pub(crate) fn read(fields: &Fields) -> Result<Self, Failure> {
        Ok(Self {
            presented: Presented::read(fields)?,
            terms: Terms::read(fields)?,
        })
    }
}

impl Presented {
    /// Reads `session_token` and `session_jwt`. At most one of them may be given.
    pub(crate) fn read(fields: &Fields) -> Result<Option<Self>, Failure> {
        match (fields.text("session_token")?, fields.text("session_jwt")?) {
            (Some(_), Some(_)) => Err(errors::TOO_MANY_SESSION_ARGUMENTS.failure()),
            (Some(token), None) => Ok(Some(Self::Token(token.to_owned()))),
            (None, Some(jwt)) => Ok(Some(Self::Jwt(jwt.to_owned()))),
            (None, None) => Ok(None),
        }
    }
}

/// Whether one of these fields presents a session. Returns an error if several do.
pub(crate) fn presents_one(fields: &Fields, names: &[&str]) -> Result<bool, Failure> {
    match count_given(fields, names)? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(errors::TOO_MANY_SESSION_ARGUMENTS
            .with_message(format!("Only one of {} may be given.", names.join(", ")))),
    }
}

/// Returns an error unless exactly one of these fields selects the sessions to revoke.
pub(crate) fn validate_selectors(fields: &Fields, names: &[&str]) -> Result<(), Failure> {
    match count_given(fields, names)? {
        0 => Err(errors::NO_SESSION_REVOKE_ARGUMENTS.failure()),
        1 => Ok(()),
        _ => Err(errors::TOO_MANY_SESSION_REVOKE_ARGUMENTS.failure()),
    }
}

fn count_given(fields: &Fields, names: &[&str]) -> Result<usize, Failure> {
    let mut given = 0_usize;
    for name in names {
        given = given.saturating_add(usize::from(fields.text(name)?.is_some()));
    }
    Ok(given)
}

/// 366 days.
const MAX_MINUTES: i64 = 527_040;
