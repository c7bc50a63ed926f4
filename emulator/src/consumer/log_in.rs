//! The end of every log-in of a user, and the count of failed log-ins.

use serde_json::{Value, json};

use super::Consumer;
use super::sessions;
use super::user::{Status, User};
use crate::clock::UnixSeconds;
use crate::errors::Failure;
use crate::factors::Factor;
use crate::ids::Ids;
use crate::project::Project;
use crate::session_asked::SessionAsked;
use crate::sessions::{Attributes, Proof, Session};

/// A user who has logged in.
pub(crate) struct LoggedIn {
    pub(crate) user: User,
    /// `None` if the call did not ask for a session.
    pub(crate) session: Option<Session>,
    /// Whether the log-in has ended the other sessions of the user.
    pub(crate) reset_sessions: bool,
}

/// Logs a user in with a factor. Stores the user, who is active from now on.
///
/// `user` can have changes, for example a verified email address. The caller marks the link or code as used afterwards:
/// if the call is refused here, the link or code must remain valid.
pub(crate) fn complete(
    consumer: &mut Consumer,
    ids: &mut Ids,
    (mut user, factor): (User, Factor),
    attributes: Attributes,
    asked: &SessionAsked,
    now: UnixSeconds,
) -> Result<LoggedIn, Failure> {
    consumer.project.locks.admit(&user.user_id, now)?;
    let reset_sessions = factor.r#type() != "password" && verifies_past_password(consumer, &user);
    let proof = Proof {
        subject: user.user_id.clone(),
        roles: user.roles.clone(),
        factor,
        attributes,
    };
    let session = consumer.project.log_in(ids, proof, asked, None, now)?;
    consumer.project.locks.forget_failures(&user.user_id);
    user.status = Status::Active;
    if reset_sessions {
        if let Some(password) = &mut user.password {
            password.requires_reset = true;
        }
        let kept = session.as_ref().map(|session| session.id.as_str());
        let sessions = &mut consumer.project.sessions;
        sessions.revoke_others_of(&user.user_id, kept);
    }
    consumer.users.put(user.clone());
    Ok(LoggedIn {
        user,
        session,
        reset_sessions,
    })
}

/// Returns the error of a failed authentication, and counts it. After too many failures, the user is locked.
///
/// `failure` is the error if the user is not locked.
pub(crate) fn refuse(
    consumer: &mut Consumer,
    user_id: &str,
    failure: Failure,
    now: UnixSeconds,
) -> Failure {
    if let Err(locked) = consumer.project.locks.admit(user_id, now) {
        return locked;
    }
    let Ok(user) = consumer.users.find(user_id) else {
        return failure;
    };
    let mut user = user.clone();
    if let Some(lock) = consumer.project.locks.count_failure(&user.user_id, now) {
        user.set_lock(Some(lock));
        consumer.users.put(user);
    }
    failure
}

impl LoggedIn {
    /// Returns the members that the reply to every log-in has: `user_id`, `user`, `session`, `session_token` and
    /// `session_jwt`.
    pub(crate) fn view(&self, project: &Project, now: UnixSeconds) -> Result<Value, Failure> {
        let mut view = sessions::tokens(project, self.session.as_ref(), now)?;
        if let Value::Object(members) = &mut view {
            members.insert("user_id".into(), json!(self.user.user_id));
            members.insert("user".into(), json!(self.user));
        }
        Ok(view)
    }
}

/// Whether the user has a password from before the verification of an email address. Another person may have set it.
fn verifies_past_password(consumer: &Consumer, changed: &User) -> bool {
    let Ok(stored) = consumer.users.find(&changed.user_id) else {
        return false;
    };
    let was_verified = |id: &str| {
        let mut emails = stored.emails.iter();
        emails.any(|email| email.email_id == id && email.verified)
    };
    let mut emails = changed.emails.iter();
    let verifies = emails.any(|email| email.verified && !was_verified(&email.email_id));
    let password = stored.password.as_ref();
    verifies && password.is_some_and(|password| !password.requires_reset)
}
