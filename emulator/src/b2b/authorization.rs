//! Calls with the session of a member in a header. They may do only the actions that the member's roles allow.

use super::B2b;
use super::organization::Organization;
use crate::call::Call;
use crate::errors::{self, Failure};
use crate::rbac::check::granting_roles;
use crate::rbac::policy::Role;
use crate::session_asked::Presented;

/// The action of a call on the members of an organization.
pub(crate) struct MemberAction<'a> {
    pub(crate) organization_id: &'a str,
    pub(crate) action: &'static str,
    /// The affected member, or `None` if the call creates the member.
    pub(crate) member_id: Option<&'a str>,
}

/// Authorizes a call by the member session in its headers, and returns whether it has one. A call without a member
/// session is authorized by the project's credentials alone.
///
/// The session must be active and belong to the affected organization. The member's roles must allow the action on
/// `stytch.member`, or on `stytch.self` if the affected member is the member of the session.
pub(crate) fn authorize(
    b2b: &mut B2b,
    call: &Call,
    requested: &MemberAction,
) -> Result<bool, Failure> {
    let token = call.request.header("x-stytch-member-session");
    let jwt = call.request.header("x-stytch-member-sessionjwt");
    let presented = match (token, jwt) {
        (None, None) => return Ok(false),
        (Some(_), Some(_)) => return Err(errors::TOO_MANY_SESSION_ARGUMENTS.failure()),
        (Some(token), None) => Presented::Token(token.to_owned()),
        (None, Some(jwt)) => Presented::Jwt(jwt.to_owned()),
    };
    let session = b2b
        .project
        .session(&presented, call.now)
        .map_err(|_| &errors::SESSION_AUTHORIZATION_ERROR)?;
    let acting = b2b.members.by_id(&session.subject)?;
    if acting.organization_id != requested.organization_id {
        return Err(errors::SESSION_TENANCY_ERROR.failure());
    }
    let held = acting.role_ids();
    let is_self = requested.member_id == Some(acting.member_id.as_str());
    let organization = b2b.organizations.find(requested.organization_id)?;
    let roles = roles_in(b2b, organization);
    let allowed_on = |resource_id: &str| {
        let granting = granting_roles(&held, &roles, resource_id, requested.action);
        !granting.is_empty()
    };
    if allowed_on("stytch.member") || (is_self && allowed_on("stytch.self")) {
        Ok(true)
    } else {
        Err(errors::SESSION_AUTHORIZATION_ERROR.failure())
    }
}

/// Returns the roles that members of an organization can have: the roles of the project and the organization's custom
/// roles.
pub(crate) fn roles_in<'a>(b2b: &'a B2b, organization: &'a Organization) -> Vec<&'a Role> {
    let of_project = b2b.project.policy.roles.iter();
    of_project.chain(&organization.custom_roles).collect()
}
