//! The sessions of a user: list, authenticate and revoke.

use serde_json::{Value, json};

use super::Consumer;
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::project::Project;
use crate::rbac::check::AuthorizationCheck;
use crate::rbac::policy::Role;
use crate::session_asked::{Presented, Terms, validate_selectors};
use crate::sessions::Session;

/// `GET /v1/sessions`.
pub(crate) fn list(consumer: &Consumer, call: &Call) -> Result<Reply, Failure> {
    let user_id = call
        .query_param("user_id")
        .ok_or(&errors::INVALID_USER_ID)?;
    let user_id = &consumer.users.find(&user_id)?.user_id;
    let sessions: Vec<Value> = consumer
        .project
        .sessions
        .of(user_id, call.now)
        .into_iter()
        .map(view)
        .collect();
    Ok(Reply::ok(json!({ "sessions": sessions })))
}

/// `POST /v1/sessions/authenticate`. If the `authorization_check` is refused, the session stays unchanged.
pub(crate) fn authenticate(consumer: &mut Consumer, call: &Call) -> Result<Reply, Failure> {
    let presented = Presented::read(&call.fields)?.ok_or(&errors::NO_SESSION_ARGUMENTS)?;
    let terms = Terms::read(&call.fields)?;
    let check = AuthorizationCheck::read(&call.fields)?;
    let Consumer { project, users, .. } = consumer;
    let mut session = project.session(&presented, call.now)?.clone();
    let user = users.find(&session.subject)?;
    let roles: Vec<&Role> = project.policy.roles.iter().collect();
    let verdict = check
        .map(|check| check.decide(&user.roles, &roles, &errors::CONSUMER_AUTHORIZATION_ERROR))
        .transpose()?;
    // Assumption: a session has the current roles of its user, not the roles at log-in.
    session.roles.clone_from(&user.roles);
    session.touch(&terms, call.now)?;
    project.sessions.put(session.clone());
    let reply = Reply::ok(tokens(project, Some(&session), call.now)?).and(json!({ "user": user }));
    Ok(match verdict {
        Some(verdict) => reply.and(json!({ "verdict": verdict })),
        None => reply,
    })
}

/// `POST /v1/sessions/revoke`.
pub(crate) fn revoke(consumer: &mut Consumer, call: &Call) -> Result<Reply, Failure> {
    let project = &mut consumer.project;
    let selectors = ["session_id", "session_token", "session_jwt"];
    validate_selectors(&call.fields, &selectors)?;
    let session = match call.fields.text("session_id")? {
        Some(id) => project.sessions.by_id(id, call.now)?,
        None => {
            let presented =
                Presented::read(&call.fields)?.ok_or(&errors::NO_SESSION_REVOKE_ARGUMENTS)?;
            project.session(&presented, call.now)?
        }
    };
    let id = session.id.clone();
    project.sessions.revoke(&id);
    Ok(Reply::ok(json!({})))
}

/// Returns the session, its token and a new JWT. Without a session, returns empty values.
pub(crate) fn tokens(
    project: &Project,
    session: Option<&Session>,
    now: UnixSeconds,
) -> Result<Value, Failure> {
    Ok(match session {
        None => json!({ "session_token": "", "session_jwt": "", "session": null }),
        Some(session) => json!({
            "session_token": session.token,
            "session_jwt": project.session_jwt(session, None, now)?,
            "session": view(session),
        }),
    })
}

fn view(session: &Session) -> Value {
    json!({
        "session_id": session.id,
        "user_id": session.subject,
        "started_at": session.started_at,
        "last_accessed_at": session.last_accessed_at,
        "expires_at": session.expires_at,
        "attributes": session.attributes,
        "authentication_factors": session.factors,
        "roles": session.roles,
        "custom_claims": session.custom_claims,
    })
}
