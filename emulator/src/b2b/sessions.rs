//! The sessions of a member: list, authenticate and revoke.

use serde_json::{Value, json};

use super::B2b;
use super::authorization::{MemberAction, authorize, roles_in};
use super::organization::Organization;
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::project::Project;
use crate::rbac::check::AuthorizationCheck;
use crate::session_asked::{Presented, Terms, validate_selectors};
use crate::session_jwt::OrganizationClaim;
use crate::sessions::Session;

/// `GET /v1/b2b/sessions`.
pub(crate) fn list(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let organization_id = call
        .query_param("organization_id")
        .ok_or(&errors::INVALID_ORGANIZATION_ID)?;
    let member_id = call
        .query_param("member_id")
        .ok_or(&errors::INVALID_MEMBER_ID)?;
    let organization = b2b.organizations.find(&organization_id)?;
    let member = b2b
        .members
        .find(&organization.organization_id, &member_id)?;
    let sessions = b2b.project.sessions.of(&member.member_id, call.now);
    let sessions: Vec<Value> = sessions
        .into_iter()
        .map(|session| view(session, organization))
        .collect();
    Ok(Reply::ok(json!({ "member_sessions": sessions })))
}

/// `POST /v1/b2b/sessions/authenticate`. If the `authorization_check` is refused, the session stays unchanged.
pub(crate) fn authenticate(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let presented = Presented::read(&call.fields)?.ok_or(&errors::NO_SESSION_ARGUMENTS)?;
    let terms = Terms::read(&call.fields)?;
    let check = AuthorizationCheck::read(&call.fields)?;
    let mut session = b2b.project.session(&presented, call.now)?.clone();
    let member = b2b.members.by_id(&session.subject)?.clone();
    let organization = b2b.organizations.find(&member.organization_id)?;
    let verdict = check
        .map(|check| decide(&check, b2b, organization, &session.roles))
        .transpose()?;
    session.touch(&terms, call.now)?;
    b2b.project.sessions.put(session.clone());
    let body = tokens(&b2b.project, &session, organization, call.now)?;
    let reply = Reply::ok(body).and(json!({ "member": member, "organization": organization }));
    Ok(match verdict {
        Some(verdict) => reply.and(json!({ "verdict": verdict })),
        None => reply,
    })
}

/// Decides a check of a member of this organization. A check that names another organization is always refused.
fn decide(
    check: &AuthorizationCheck,
    b2b: &B2b,
    organization: &Organization,
    held: &[String],
) -> Result<Value, Failure> {
    let asked = check.organization_id.as_deref();
    let asked = b2b
        .organizations
        .find(asked.ok_or(&errors::INVALID_ORGANIZATION_ID)?);
    if !asked.is_ok_and(|asked| asked.organization_id == organization.organization_id) {
        return Err(errors::SESSION_TENANCY_ERROR.failure());
    }
    let roles = roles_in(b2b, organization);
    check.decide(held, &roles, &errors::SESSION_AUTHORIZATION_ERROR)
}

/// `POST /v1/b2b/sessions/revoke`. With `member_id`, revokes all sessions of that member.
pub(crate) fn revoke(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    validate_selectors(
        fields,
        &[
            "member_session_id",
            "session_token",
            "session_jwt",
            "member_id",
        ],
    )?;
    let session = match (fields.text("member_session_id")?, Presented::read(fields)?) {
        (Some(id), _) => Some(b2b.project.sessions.by_id(id, call.now)?),
        (None, Some(presented)) => Some(b2b.project.session(&presented, call.now)?),
        (None, None) => None,
    };
    let session = session.map(|session| (session.id.clone(), session.subject.clone()));
    let named = fields.text("member_id")?.unwrap_or_default();
    let member_id = session.as_ref().map_or(named, |(_, subject)| subject);
    let member = b2b.members.by_id(member_id)?.clone();
    let requested = MemberAction {
        organization_id: &member.organization_id,
        action: "revoke-sessions",
        member_id: Some(&member.member_id),
    };
    authorize(b2b, call, &requested)?;
    match session {
        Some((id, _)) => b2b.project.sessions.revoke(&id),
        None => b2b.project.sessions.revoke_all_of(&member.member_id),
    }
    Ok(Reply::ok(json!({})))
}

/// Returns the session of a member, its token and a new JWT.
pub(crate) fn tokens(
    project: &Project,
    session: &Session,
    organization: &Organization,
    now: UnixSeconds,
) -> Result<Value, Failure> {
    let claim = OrganizationClaim {
        id: &organization.organization_id,
        slug: &organization.organization_slug,
    };
    Ok(json!({
        "session_token": session.token,
        "session_jwt": project.session_jwt(session, Some(claim), now)?,
        "member_session": view(session, organization),
    }))
}

fn view(session: &Session, organization: &Organization) -> Value {
    json!({
        "member_session_id": session.id,
        "member_id": session.subject,
        "started_at": session.started_at,
        "last_accessed_at": session.last_accessed_at,
        "expires_at": session.expires_at,
        "authentication_factors": session.factors,
        "organization_id": organization.organization_id,
        "organization_slug": organization.organization_slug,
        "roles": session.roles,
        "custom_claims": session.custom_claims,
    })
}
