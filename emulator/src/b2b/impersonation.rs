//! Impersonation of members. A second factor is not needed.

use serde_json::json;

use super::B2b;
use super::sessions;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::impersonation::SESSION_MINUTES;
use crate::sessions::{Attributes, Proof};

/// `POST /v1/b2b/impersonation/authenticate`. The member stays unchanged.
pub(crate) fn authenticate(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let token = call.fields.text("impersonation_token")?;
    let token = token.ok_or(&errors::INVALID_TOKEN)?;
    let project = &mut b2b.project;
    let token = project.impersonation_tokens.usable(token, call.now)?;
    let token = token.clone();
    let member = b2b.members.by_id(&token.subject)?;
    let organization = b2b.organizations.find(&member.organization_id)?;
    let proof = Proof {
        subject: member.member_id.clone(),
        roles: member.role_ids(),
        factor: token.factor(call.now),
        attributes: Attributes::default(),
    };
    let session = project
        .sessions
        .begin(ids, proof, SESSION_MINUTES, call.now);
    project.impersonation_tokens.use_up(token);
    let tokens = sessions::tokens(project, &session, organization, call.now)?;
    Ok(Reply::ok(tokens).and(json!({
        "member_id": member.member_id,
        "organization_id": organization.organization_id,
        "member": member,
        "organization": organization,
        "intermediate_session_token": "",
        "member_authenticated": true,
        "mfa_required": null,
    })))
}
