//! The organizations of a user in discovery: list and create.

use serde_json::{Value, json};

use super::B2b;
use super::discovery::{discovered_organizations, memberships};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::session_asked::Presented;

/// `POST /v1/b2b/discovery/organizations`. Consumes nothing.
pub(crate) fn list(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let token = call.fields.text("intermediate_session_token")?;
    let presented = Presented::read(&call.fields)?;
    let (email_address, found, hint) = match (token, presented) {
        (Some(_), Some(_)) => return Err(errors::TOO_MANY_SESSION_ARGUMENTS.failure()),
        (None, None) => return Err(errors::NO_SESSION_ARGUMENTS.failure()),
        (Some(token), None) => {
            let session = b2b.intermediate_sessions.find(token, call.now)?;
            let (email_address, factors) = (&session.email_address, &session.factors);
            let found = discovered_organizations(b2b, email_address, factors, &session.tenants);
            let member = session.member_id.as_deref();
            let member = member.map(|id| b2b.members.by_id(id)).transpose()?;
            (
                email_address,
                found,
                member.map(|member| &member.organization_id),
            )
        }
        (None, Some(presented)) => {
            let session = b2b.project.session(&presented, call.now)?;
            let member = b2b.members.by_id(&session.subject)?;
            let found = memberships(b2b, &member.email_address, &session.factors);
            (&member.email_address, found, None)
        }
    };
    let hint = hint.map_or(Value::Null, |id| json!(id));
    Ok(Reply::ok(json!({
        "email_address": email_address,
        "discovered_organizations": found,
        "organization_id_hint": hint,
    })))
}
