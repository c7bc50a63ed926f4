//! Calls that act by the session of a member, and may then do what that member may.

use super::B2b;
use super::organization::Organization;
use crate::call::Call;
use crate::errors::{self, Failure};
use crate::rbac::check::granting_roles;
use crate::rbac::policy::Role;
use crate::session_asked::Presented;

/// What a call does to members.
pub(crate) struct Deed<'a> {
    pub(crate) organization_id: &'a str,
    pub(crate) action: &'static str,
    /// The member it is done to, if there is one yet.
    pub(crate) member_id: Option<&'a str>,
}

/// Judges the headers by which a call acts as a member, and says whether there were any. The session must be alive and
/// of the organization acted upon, and its roles must allow the deed: on members at large, or on oneself where that is
/// whom it is done to.
pub(crate) fn authorize(b2b: &mut B2b, call: &Call, deed: &Deed) -> Result<bool, Failure> {
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
    if acting.organization_id != deed.organization_id {
        return Err(errors::SESSION_TENANCY_ERROR.failure());
    }
    let held = acting.role_ids();
    let is_oneself = deed.member_id == Some(acting.member_id.as_str());
    let organization = b2b.organizations.find(deed.organization_id)?;
    let roles = roles_in(b2b, organization);
    let allowed_on = |resource_id: &str| {
        let granting = granting_roles(&held, &roles, resource_id, deed.action);
        !granting.is_empty()
    };
    if allowed_on("stytch.member") || (is_oneself && allowed_on("stytch.self")) {
        Ok(true)
    } else {
        Err(errors::SESSION_AUTHORIZATION_ERROR.failure())
    }
}

/// The roles that members of an organization can have: the project's and its own.
pub(crate) fn roles_in<'a>(b2b: &'a B2b, organization: &'a Organization) -> Vec<&'a Role> {
    let of_project = b2b.project.policy.roles.iter();
    of_project.chain(&organization.custom_roles).collect()
}
