//! Discovery: a user proves an email address first, and then chooses an organization. Lists the organizations that the
//! user is a member of or can join.
//!
//! Does not know how the user proves the address, nor how the user logs in to the chosen organization (`exchange.rs`).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::B2b;
use super::intermediate::{IntermediateSession, LIFETIME_MINUTES};
use super::member::{Member, Status};
use super::organization::Organization;
use super::requirements::missing;
use crate::clock::UnixSeconds;
use crate::factors::Factor;
use crate::ids::Ids;
use crate::merge;

/// A workspace of the user at an OAuth provider, which can allow the user to join an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tenant {
    /// A key of `allowed_oauth_tenants`: `slack`, `hubspot` or `github`.
    pub(crate) provider: String,
    pub(crate) tenant_id: String,
}

/// A user who has proved an email address and has not chosen an organization.
pub(crate) struct Discoverer {
    pub(crate) email_address: String,
    pub(crate) factor: Factor,
    pub(crate) tenants: Vec<Tenant>,
}

/// Starts the intermediate session of a user. Returns the members of the response that every discovery log-in has:
/// `intermediate_session_token`, `intermediate_session_token_expires_at`, `email_address` and
/// `discovered_organizations`.
pub(crate) fn begin(b2b: &mut B2b, ids: &mut Ids, user: Discoverer, now: UnixSeconds) -> Value {
    begin_with(b2b, ids, user, Vec::new(), now)
}

/// The form of [`begin`] for a user who has proved more than one factor.
pub(super) fn begin_with(
    b2b: &mut B2b,
    ids: &mut Ids,
    user: Discoverer,
    more: Vec<Factor>,
    now: UnixSeconds,
) -> Value {
    let session = IntermediateSession {
        token: ids.opaque_token(),
        email_address: user.email_address,
        member_id: None,
        factors: std::iter::once(user.factor).chain(more).collect(),
        tenants: user.tenants,
        expires_at: now.plus_minutes(LIFETIME_MINUTES),
    };
    let reply = json!({
        "intermediate_session_token": session.token,
        "intermediate_session_token_expires_at": session.expires_at,
        "email_address": session.email_address,
        "discovered_organizations":
            discovered_organizations(b2b, &session.email_address, &session.factors, &session.tenants),
    });
    b2b.intermediate_sessions.put(session);
    reply
}

/// Returns the organizations that the user of an intermediate session is a member of, is invited to or can join, in the
/// order of creation.
pub(crate) fn discovered_organizations(
    b2b: &B2b,
    email_address: &str,
    factors: &[Factor],
    tenants: &[Tenant],
) -> Vec<Value> {
    let found = b2b.organizations.iter().filter_map(|organization| {
        let id = &organization.organization_id;
        match b2b.members.with_email(id, email_address) {
            Some(member) => Some(of_member(organization, member, factors)),
            None => {
                let (r#type, details) = eligibility(b2b, organization, email_address, tenants)?;
                let membership = json!({ "type": r#type, "details": details, "member": null });
                Some(view(organization, membership, None, factors))
            }
        }
    });
    found.collect()
}

/// Returns the organizations that the user of a session is a member of or is invited to. A session does not list
/// organizations that the user could join.
pub(crate) fn memberships(b2b: &B2b, email_address: &str, factors: &[Factor]) -> Vec<Value> {
    let found = b2b.organizations.iter().filter_map(|organization| {
        let id = &organization.organization_id;
        let member = b2b.members.with_email(id, email_address)?;
        Some(of_member(organization, member, factors))
    });
    found.collect()
}

/// Returns the reason why a user who is not a member can join: the type of the membership, and its details.
///
/// A domain counts if the organization has a member with a verified address at this domain, so that an unused domain in
/// the settings does not open the organization.
pub(crate) fn eligibility(
    b2b: &B2b,
    organization: &Organization,
    email_address: &str,
    tenants: &[Tenant],
) -> Option<(&'static str, Value)> {
    let settings = &organization.settings;
    let domain = domain(email_address);
    let is_verified = |member: &Member| {
        member.email_address_verified && self::domain(&member.email_address) == domain
    };
    let id = &organization.organization_id;
    if settings.admit(email_address).is_ok() && b2b.members.of(id).any(is_verified) {
        return Some((
            "eligible_to_join_by_email_domain",
            json!({ "domain": domain }),
        ));
    }
    let tenant = tenants
        .iter()
        .find(|tenant| settings.admits_tenant(tenant))?;
    let details = json!({ "provider": tenant.provider, "tenant": tenant.tenant_id });
    Some(("eligible_to_join_by_oauth_tenant", details))
}

fn of_member(organization: &Organization, member: &Member, factors: &[Factor]) -> Value {
    let r#type = match member.status {
        Status::Pending => "pending_member",
        Status::Invited => "invited_member",
        Status::Active | Status::Deleted => "active_member",
    };
    let membership = json!({ "type": r#type, "details": null, "member": member });
    view(organization, membership, Some(member), factors)
}

fn view(
    organization: &Organization,
    membership: Value,
    member: Option<&Member>,
    factors: &[Factor],
) -> Value {
    let mut view = merge::object(json!({ "organization": organization, "membership": membership }));
    view.extend(merge::object(
        missing(organization, member, factors).view(member),
    ));
    Value::Object(view)
}

fn domain(email_address: &str) -> &str {
    email_address.rsplit('@').next().unwrap_or_default()
}
