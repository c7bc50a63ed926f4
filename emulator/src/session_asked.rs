//! What a call says about sessions: the one it presents, and what it asks of the one it makes or touches.

use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::merge::{self, Object};

/// What a call asks of the session it makes or touches.
pub(crate) struct Terms {
    pub(crate) duration_minutes: Option<i64>,
    pub(crate) custom_claims: Object,
}

/// The session a caller presents, by the token or by a JWT of it.
pub(crate) enum Presented {
    Token(String),
    Jwt(String),
}

/// What a log-in says about the session it leads to.
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
        // Judged before anything is looked up or used up: a link must survive a call that was refused for its claims.
        merge::custom_claims(&mut Object::new(), &custom_claims)?;
        Ok(Self {
            duration_minutes,
            custom_claims,
        })
    }
}

impl SessionAsked {
    pub(crate) fn read(fields: &Fields) -> Result<Self, Failure> {
        Ok(Self {
            presented: Presented::read(fields)?,
            terms: Terms::read(fields)?,
        })
    }
}

impl Presented {
    /// Reads `session_token` and `session_jwt`, of which there can be one.
    pub(crate) fn read(fields: &Fields) -> Result<Option<Self>, Failure> {
        match (fields.text("session_token")?, fields.text("session_jwt")?) {
            (Some(_), Some(_)) => Err(errors::TOO_MANY_SESSION_ARGUMENTS.failure()),
            (Some(token), None) => Ok(Some(Self::Token(token.to_owned()))),
            (None, Some(jwt)) => Ok(Some(Self::Jwt(jwt.to_owned()))),
            (None, None) => Ok(None),
        }
    }
}

/// Exactly one of these fields must say what to revoke.
pub(crate) fn judge_selectors(fields: &Fields, names: &[&str]) -> Result<(), Failure> {
    let mut given = 0;
    for name in names {
        given += usize::from(fields.text(name)?.is_some());
    }
    match given {
        0 => Err(errors::NO_SESSION_REVOKE_ARGUMENTS.failure()),
        1 => Ok(()),
        _ => Err(errors::TOO_MANY_SESSION_REVOKE_ARGUMENTS.failure()),
    }
}

/// 366 days.
const MAX_MINUTES: i64 = 527_040;
