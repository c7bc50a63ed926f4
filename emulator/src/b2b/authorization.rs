//! Calls with the session of a member in a header. They may do only the actions that the member's roles allow.
//!
//! A table lists the actions that each route needs. `sessions.rs` has the only route whose organization is not in the
//! call.

use super::B2b;
use super::member::Member;
use super::organization::Organization;
use crate::call::Call;
use crate::errors::{self, Failure};
use crate::rbac::check::granting_roles;
use crate::rbac::policy::Role;
use crate::session_asked::Presented;

mod routes;

use routes::{Need, ROUTES};

/// The action of a call on the members of an organization.
pub(crate) struct MemberAction<'a> {
    pub(crate) organization_id: &'a str,
    pub(crate) action: &'static str,
    /// The affected member, or `None` if the call creates the member.
    pub(crate) member_id: Option<&'a str>,
}

/// Authorizes a call of a route (its method and path) by the member session in its headers. A call without a member session is authorized by
/// the project's credentials alone.
///
/// The session must be active and belong to the affected organization. The member's roles must allow each action that
/// the table lists for the route and for the fields of the call. If the affected member is the member of the session,
/// the action can be allowed on `stytch.self` instead of `stytch.member`.
pub(crate) fn check(b2b: &B2b, call: &Call, route: (&str, &str)) -> Result<(), Failure> {
    let mut rows = ROUTES.iter();
    let row = rows.find(|row| (row.method, row.path) == route);
    let Some(row) = row else { return Ok(()) };
    let Some(acting) = acting_member(b2b, call)? else {
        return Ok(());
    };
    for id in affected_organizations(call)? {
        // The operation reports an unknown organization.
        let is_other = |affected: &Organization| affected.organization_id != acting.organization_id;
        if b2b.organizations.find(&id).is_ok_and(is_other) {
            return Err(errors::SESSION_TENANCY_ERROR.failure());
        }
    }
    if call.fields.has("trusted_metadata") {
        return Err(errors::CANNOT_UPDATE_TRUSTED_METADATA.failure());
    }
    let is_self = affects(b2b, call, acting);
    let needed = |need: &&Need| need.field.is_none_or(|name| call.fields.has(name));
    for need in row.needs.iter().filter(needed) {
        allow(b2b, acting, (need.resource_id, need.action), is_self)?;
    }
    Ok(())
}

/// Authorizes an action on members, and returns whether the call has a member session.
pub(crate) fn authorize(b2b: &B2b, call: &Call, requested: &MemberAction) -> Result<bool, Failure> {
    let Some(acting) = acting_member(b2b, call)? else {
        return Ok(false);
    };
    if acting.organization_id != requested.organization_id {
        return Err(errors::SESSION_TENANCY_ERROR.failure());
    }
    let is_self = requested.member_id == Some(acting.member_id.as_str());
    allow(b2b, acting, ("stytch.member", requested.action), is_self)?;
    Ok(true)
}

/// Returns the member whose session is in the headers of the call.
pub(crate) fn acting_member<'a>(b2b: &'a B2b, call: &Call) -> Result<Option<&'a Member>, Failure> {
    let token = call.request.header("x-stytch-member-session");
    let jwt = call.request.header("x-stytch-member-sessionjwt");
    let presented = match (token, jwt) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => return Err(errors::TOO_MANY_SESSION_ARGUMENTS.failure()),
        (Some(token), None) => Presented::Token(token.to_owned()),
        (None, Some(jwt)) => Presented::Jwt(jwt.to_owned()),
    };
    let session = b2b
        .project
        .session(&presented, call.now)
        .map_err(|_| &errors::SESSION_AUTHORIZATION_ERROR)?;
    b2b.members.by_id(&session.subject).map(Some)
}

/// Returns the roles that members of an organization can have: the roles of the project and the organization's custom
/// roles.
pub(crate) fn roles_in<'a>(b2b: &'a B2b, organization: &'a Organization) -> Vec<&'a Role> {
    let of_project = b2b.project.policy.roles.iter();
    of_project.chain(&organization.custom_roles).collect()
}

fn allow(
    b2b: &B2b,
    acting: &Member,
    (resource_id, action): (&str, &str),
    is_self: bool,
) -> Result<(), Failure> {
    let held = acting.role_ids();
    let organization = b2b.organizations.find(&acting.organization_id)?;
    let roles = roles_in(b2b, organization);
    let allowed_on =
        |resource_id: &str| !granting_roles(&held, &roles, resource_id, action).is_empty();
    // Members have all permissions on themselves, but a permission covers only the actions of its resource. Otherwise,
    // members could assign roles to themselves.
    let mut resources = b2b.project.policy.resources.iter();
    let on_self = resources.find(|resource| resource.resource_id == "stytch.self");
    let is_known = on_self.is_some_and(|on_self| on_self.actions.iter().any(|own| own == action));
    let by_self =
        is_self && resource_id == "stytch.member" && is_known && allowed_on("stytch.self");
    if by_self || allowed_on(resource_id) {
        Ok(())
    } else {
        Err(errors::SESSION_AUTHORIZATION_ERROR.failure())
    }
}

/// Returns the ids of the organizations that the path or the body names.
fn affected_organizations(call: &Call) -> Result<Vec<String>, Failure> {
    let in_path = call.path_param("organization_id");
    let mut ids = call.fields.texts("organization_ids")?.unwrap_or_default();
    if in_path.is_empty() {
        ids.extend(call.fields.text("organization_id")?.map(str::to_owned));
    } else {
        ids.push(in_path.to_owned());
    }
    Ok(ids)
}

/// Whether the path or the body names this member.
fn affects(b2b: &B2b, call: &Call, acting: &Member) -> bool {
    let password_id = call.path_param("member_password_id");
    if !password_id.is_empty() {
        return acting.member_password_id == password_id;
    }
    let in_body = call.fields.text("member_id").ok().flatten();
    let id = match call.path_param("member_id") {
        "" => in_body.unwrap_or_default(),
        id => id,
    };
    let named = b2b.members.find(&acting.organization_id, id);
    named.is_ok_and(|named| named.member_id == acting.member_id)
}
