//! The user that a call selects by `user_id`, `session_token` or `session_jwt`.

use super::Consumer;
use super::user::User;
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::session_asked::Presented;

/// A selected user.
pub(crate) enum Selector {
    Id(String),
    Session(Presented),
}

impl Selector {
    /// Reads the fields. At most one of them may be given.
    pub(crate) fn read(fields: &Fields) -> Result<Option<Self>, Failure> {
        let mut given = 0;
        for name in ["user_id", "session_token", "session_jwt"] {
            given += usize::from(fields.text(name)?.is_some());
        }
        if given > 1 {
            return Err(errors::TOO_MANY_USER_SELECTION_ARGUMENTS.failure());
        }
        if let Some(id) = fields.text("user_id")? {
            return Ok(Some(Self::Id(id.to_owned())));
        }
        Ok(Presented::read(fields)?.map(Self::Session))
    }

    pub(crate) fn user<'a>(
        &self,
        consumer: &'a Consumer,
        now: UnixSeconds,
    ) -> Result<&'a User, Failure> {
        match self {
            Self::Id(id) => consumer.users.find(id),
            Self::Session(presented) => {
                let session = consumer.project.session(presented, now)?;
                consumer.users.find(&session.subject)
            }
        }
    }
}
