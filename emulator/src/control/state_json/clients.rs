//! M2M clients, and Connected Apps with the users or members who have granted access.

use serde_json::{Value, json};

use super::{MAX_LISTED, PRODUCTS, newest, pick};
use crate::clock::UnixSeconds;
use crate::merge::Object;
use crate::product::Product;
use crate::project::Project;
use crate::state::State;

pub(super) fn machines(state: &State) -> (Vec<Object>, usize) {
    of_both(state, |project| {
        newest(project.m2m_clients.iter(), |client| pick(client, &MACHINE))
    })
}

pub(super) fn apps(state: &State, now: UnixSeconds) -> (Vec<Object>, usize) {
    of_both(state, |project| {
        newest(project.connected_apps.iter(), |app| {
            let mut view = pick(app, &APP);
            let id = &app.client_id;
            let consents = project.grants.consents_for(id).take(MAX_LISTED);
            let consents: Vec<Value> = consents
                .map(|consent| json!({ "subject": consent.subject, "scopes": consent.scopes }))
                .collect();
            let minutes = app.access_token_lifetime_seconds() / 60;
            view.insert("lifetime_minutes".into(), json!(minutes));
            view.insert("audience".into(), json!(app.access_token_custom_audience));
            view.insert("consents".into(), json!(consents));
            view.insert(
                "refreshable".into(),
                json!(project.grants.refreshable(id, now)),
            );
            view
        })
    })
}

/// Returns the views of both projects, each with its `product`.
fn of_both(
    state: &State,
    views_of: impl Fn(&Project) -> (Vec<Object>, usize),
) -> (Vec<Object>, usize) {
    let mut views = Vec::new();
    let mut count = 0_usize;
    for product in PRODUCTS {
        let (listed, of_product) = views_of(state.projects.of(product));
        views.extend(listed.into_iter().map(|view| with_product(view, product)));
        count = count.saturating_add(of_product);
    }
    (views, count)
}

fn with_product(mut view: Object, product: Product) -> Object {
    view.insert("product".into(), json!(product.name()));
    view
}

const MACHINE: [&str; 6] = [
    "client_id",
    "client_name",
    "client_description",
    "status",
    "scopes",
    "trusted_metadata",
];
const APP: [&str; 9] = [
    "client_id",
    "client_name",
    "client_description",
    "client_type",
    "status",
    "full_access_allowed",
    "redirect_urls",
    "post_logout_redirect_urls",
    "logo_url",
];
