//! `GET /_emulator/state.json`: the data that the page at `/` displays. It contains no secrets and no tokens.
//!
//! The newest 200 objects of each kind are listed, newest first; `counts` has the totals, and the number of locked users and
//! members. Each object is a selection of
//! the fields that the API returns, and values that look like secrets are masked, because callers choose the metadata.

mod clients;
mod organizations;
mod people;
mod settings;

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

/// `real` is the caller's time. `origin` is the URL of the API without a path.
pub(super) fn render(
    control: &Control,
    state: &State,
    real: UnixSeconds,
    origin: &str,
) -> Response {
    let now = control.clock.time(real);
    let (users, user_count) = people::users(state);
    let (members, member_count) = people::members(state);
    let (organizations, organization_count) = organizations::list(&state.projects.b2b, origin);
    let (sessions, session_count) = sessions(state, now);
    let (clients, client_count) = clients::machines(state);
    let (apps, app_count) = clients::apps(state, now);
    let (fraud, fraud_count) = settings::fraud(state, now);
    let view = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "clock": control.clock.as_json(real),
        "projects": settings::projects(state),
        "counts": {
            "messages": state.outbox.messages().count(),
            "users": user_count,
            "organizations": organization_count,
            "members": member_count,
            "locked": people::locked(state),
            "sessions": session_count,
            "m2m_clients": client_count,
            "connected_apps": app_count,
            "fraud": fraud_count,
            "requests": control.requests.counted(),
            "faults": control.faults.count(),
        },
        "users": users,
        "organizations": organizations,
        "members": members,
        "sessions": sessions,
        "m2m_clients": clients,
        "connected_apps": apps,
        "fraud": fraud,
        "trusted_profiles": settings::trusted_profiles(state),
        "identity_providers": settings::identity_providers(origin),
        "rate_limits": { "enabled": state.outbox.is_limited },
    });
    Response::json(200, &masked(view))
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
