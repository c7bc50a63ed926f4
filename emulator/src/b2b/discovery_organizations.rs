//! The organizations of a user in discovery: list and create.

use serde_json::{Value, json};

use super::B2b;
use super::discovery::{discovered_organizations, memberships};
use super::exchange;
use super::log_in::Presence;
use super::member::{Member, Status};
use super::organizations::read_new;
use super::settings::is_common;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::outbox::Outbox;
use crate::session_asked::{Presented, Terms};

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

/// `POST /v1/b2b/discovery/organizations/create`. The user becomes the first member of the organization, and its
/// administrator.
pub(crate) fn create(
    b2b: &mut B2b,
    ids: &mut Ids,
    outbox: &mut Outbox,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = fields.text("intermediate_session_token")?;
    let token = token.ok_or(&errors::INVALID_SESSION_TOKEN)?;
    let terms = Terms::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let session = b2b.intermediate_sessions.find(token, call.now)?.clone();
    let (local, domain) = session.email_address.split_once('@').unwrap_or_default();
    if is_claimed(b2b, domain) {
        return Err(errors::EMAIL_DOMAIN_IS_CLAIMED.failure());
    }
    let default_name = match is_common(domain) || domain.ends_with(".edu") {
        true => local,
        false => domain.split('.').next().unwrap_or_default(),
    };
    let organization = read_new(b2b, ids, call, Some(default_name))?;
    let address = session.email_address.clone();
    let mut member = Member::new(ids, &organization, address, Status::Pending, call.now);
    member.make_admin();
    let factors = exchange::carried(b2b, &session, &member, call.now);
    if factors.is_empty() {
        return Err(errors::INVALID_INTERMEDIATE_SESSION_FOR_ORGANIZATION.failure());
    }
    b2b.organizations.put(organization.clone());
    let presence = Presence::of_exchange(terms, Some(session));
    exchange::log_in(
        b2b,
        ids,
        outbox,
        (member, organization),
        factors,
        &presence,
        call,
    )
}

fn is_claimed(b2b: &B2b, domain: &str) -> bool {
    let mut organizations = b2b.organizations.iter();
    organizations.any(|organization| {
        let mut domains = organization.settings.claimed_domains().iter();
        domains.any(|claimed| claimed == domain)
    })
}
