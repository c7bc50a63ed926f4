//! `GET /_emulator/state.json`: the data that the page at `/` displays. It contains no secrets and no tokens.
//!
//! The newest 200 objects of each kind are listed, newest first; `counts` has the totals. Each object is a selection of
//! the fields that the API returns, and values that look like secrets are masked, because callers choose the metadata.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::Control;
use super::masked::masked;
use crate::clock::UnixSeconds;
use crate::merge::Object;
use crate::message::Response;
use crate::product::Product;
use crate::sessions::Session;
use crate::state::State;

/// `real` is the caller's time.
pub(super) fn render(control: &Control, state: &State, real: UnixSeconds) -> Response {
    let now = control.clock.time(real);
    let (consumer, b2b) = (&state.projects.consumer, &state.projects.b2b);
    let (users, user_count) = newest(consumer.users.iter(), |user| pick(user, &USER));
    let mut members_of: BTreeMap<&str, u64> = BTreeMap::new();
    for member in b2b.members.iter() {
        let count = members_of.entry(&member.organization_id).or_default();
        *count = count.saturating_add(1);
    }
    let (organizations, organization_count) = newest(b2b.organizations.iter(), |organization| {
        let mut view = pick(organization, &ORGANIZATION);
        let members = members_of.get(organization.organization_id.as_str());
        view.insert("member_count".into(), json!(members.unwrap_or(&0)));
        view
    });
    let (members, member_count) = newest(b2b.members.iter(), |member| {
        let mut view = pick(member, &MEMBER);
        view.insert("roles".into(), json!(member.role_ids()));
        view
    });
    let (sessions, session_count) = sessions(state, now);
    let (clients, client_count) = clients(state);
    let view = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "clock": control.clock.as_json(real),
        "projects": projects(state),
        "counts": {
            "messages": state.outbox.messages().count(),
            "users": user_count,
            "organizations": organization_count,
            "members": member_count,
            "sessions": session_count,
            "m2m_clients": client_count,
            "requests": control.requests.counted(),
            "faults": control.faults.count(),
        },
        "users": users,
        "organizations": organizations,
        "members": members,
        "sessions": sessions,
        "m2m_clients": clients,
    });
    Response::json(200, &masked(view))
}

fn projects(state: &State) -> Value {
    let projects = PRODUCTS.map(|product| {
        let project = state.projects.of(product);
        let view = json!({ "project_id": project.id, "kid": project.keys.current().kid });
        (product.name().to_owned(), view)
    });
    Value::Object(projects.into_iter().collect())
}

/// Returns the newest sessions of both projects, and the number of all sessions. Sessions that ended are listed, too.
fn sessions(state: &State, now: UnixSeconds) -> (Vec<Value>, usize) {
    let mut newest_of_both = Vec::new();
    let mut count = 0_usize;
    for product in PRODUCTS {
        let sessions = state.projects.of(product).sessions.iter();
        let (listed, of_product) = newest(sessions, |session| {
            (session.started_at, view_session(product, session, now))
        });
        newest_of_both.extend(listed);
        count = count.saturating_add(of_product);
    }
    newest_of_both.sort_by_key(|(started_at, _)| std::cmp::Reverse(*started_at));
    let views = newest_of_both.into_iter().map(|(_, view)| view);
    (views.take(MAX_LISTED).collect(), count)
}

fn view_session(product: Product, session: &Session, now: UnixSeconds) -> Value {
    json!({
        "product": product.name(),
        "session_id": session.id,
        "subject": session.subject,
        "status": session.status(now),
        "started_at": session.started_at,
        "last_accessed_at": session.last_accessed_at,
        "expires_at": session.expires_at,
        "roles": session.roles,
        "attributes": session.attributes,
        "custom_claims": session.custom_claims,
        "authentication_factors": session.factors,
    })
}

fn clients(state: &State) -> (Vec<Value>, usize) {
    let mut views = Vec::new();
    let mut count = 0_usize;
    for product in PRODUCTS {
        let clients = state.projects.of(product).m2m_clients.iter();
        let (listed, of_product) = newest(clients, |client| {
            let mut view = pick(client, &M2M_CLIENT);
            view.insert("product".into(), json!(product.name()));
            Value::Object(view)
        });
        views.extend(listed);
        count = count.saturating_add(of_product);
    }
    (views, count)
}

/// Returns views of the last items, the last one first, and the number of all items.
fn newest<'a, T: 'a, V>(
    items: impl Iterator<Item = &'a T>,
    view: impl Fn(&'a T) -> V,
) -> (Vec<V>, usize) {
    let items: Vec<&T> = items.collect();
    let count = items.len();
    (
        items.into_iter().rev().take(MAX_LISTED).map(view).collect(),
        count,
    )
}

/// Returns these fields of the JSON form of an object.
fn pick(item: &impl Serialize, names: &[&str]) -> Object {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(item) else {
        return Object::new();
    };
    fields.retain(|name, _| names.contains(&name.as_str()));
    fields
}

const PRODUCTS: [Product; 2] = [Product::Consumer, Product::B2b];
const MAX_LISTED: usize = 200;
const USER: [&str; 10] = [
    "user_id",
    "name",
    "emails",
    "phone_numbers",
    "status",
    "roles",
    "created_at",
    "external_id",
    "trusted_metadata",
    "untrusted_metadata",
];
const ORGANIZATION: [&str; 12] = [
    "organization_id",
    "organization_name",
    "organization_slug",
    "organization_external_id",
    "email_allowed_domains",
    "email_jit_provisioning",
    "email_invites",
    "auth_methods",
    "mfa_policy",
    "custom_roles",
    "trusted_metadata",
    "created_at",
];
const MEMBER: [&str; 11] = [
    "member_id",
    "organization_id",
    "email_address",
    "email_address_verified",
    "name",
    "status",
    "mfa_phone_number",
    "external_id",
    "trusted_metadata",
    "untrusted_metadata",
    "created_at",
];
const M2M_CLIENT: [&str; 6] = [
    "client_id",
    "client_name",
    "client_description",
    "status",
    "scopes",
    "trusted_metadata",
];
