//! What a project is configured with: its id and key, fraud prevention, trusted token profiles, and the identity providers of
//! the emulator.

use serde_json::{Value, json};

use super::PRODUCTS;
use crate::clock::UnixSeconds;
use crate::identity_provider::IdentityProvider;
use crate::merge::Object;
use crate::state::State;

pub(super) fn projects(state: &State) -> Value {
    let projects = PRODUCTS.map(|product| {
        let project = state.projects.of(product);
        let view = json!({ "project_id": project.id, "kid": project.keys.current().kid });
        (product.name().to_owned(), view)
    });
    Value::Object(projects.into_iter().collect())
}

/// Returns the fraud prevention of each project, and the number of devices, rules and overrides.
pub(super) fn fraud(state: &State, now: UnixSeconds) -> (Object, usize) {
    let mut count = 0_usize;
    let views = PRODUCTS.map(|product| {
        let (view, of_product) = state.projects.of(product).fraud.overview(now);
        count = count.saturating_add(of_product);
        (product.name().to_owned(), view)
    });
    (views.into_iter().collect(), count)
}

/// The name does not contain the word "token", because the values of such a name are masked.
pub(super) fn trusted_profiles(state: &State) -> Vec<Value> {
    let profiles = PRODUCTS.into_iter().flat_map(|product| {
        let profiles = state.projects.of(product).trusted_token_profiles.iter();
        profiles.map(move |profile| {
            json!({
                "product": product.name(),
                "profile_id": profile.profile_id,
                "issuer": profile.issuer,
                "audience": profile.audience,
                "can_jit_provision": profile.can_jit_provision,
                "key_count": profile.keys.len(),
                "trusts_the_emulator": profile.trusts_the_emulator(),
            })
        })
    });
    profiles.collect()
}

pub(super) fn identity_providers(origin: &str) -> Vec<Value> {
    let all = IdentityProvider::all(origin);
    all.map(|provider| json!({ "url": provider.url() }))
        .collect()
}
