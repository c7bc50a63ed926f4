//! Impersonation of users.

use serde_json::json;

use super::Consumer;
use super::sessions;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::impersonation::SESSION_MINUTES;
use crate::sessions::{Attributes, Proof};

/// `POST /v1/impersonation/authenticate`. The user stays unchanged.
pub(crate) fn authenticate(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let token = call.fields.text("impersonation_token")?;
    let token = token.ok_or(&errors::INVALID_TOKEN)?;
    let project = &mut consumer.project;
    let token = project.impersonation_tokens.usable(token, call.now)?;
    let token = token.clone();
    let user = consumer.users.find(&token.subject)?;
    let proof = Proof {
        subject: user.user_id.clone(),
        roles: user.roles.clone(),
        factor: token.factor(call.now),
        attributes: Attributes::default(),
    };
    let session = project
        .sessions
        .begin(ids, proof, SESSION_MINUTES, call.now);
    project.impersonation_tokens.use_up(token);
    let tokens = sessions::tokens(project, Some(&session), call.now)?;
    Ok(Reply::ok(tokens).and(json!({ "user_id": user.user_id, "user": user })))
}
