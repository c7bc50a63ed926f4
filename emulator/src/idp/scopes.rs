//! The scopes that an app can request: those of OpenID Connect, `full_access`, and the scopes of the project's policy.
//!
//! Assumption: a scope that does not exist cannot be granted, and its description is empty.

use serde::Serialize;

use super::request::Subject;
use crate::connected_apps::app::ConnectedApp;
use crate::rbac::check::granting_roles;
use crate::rbac::policy::{Policy, Scope};

/// A requested scope.
#[derive(Serialize)]
pub(super) struct ScopeResult {
    pub(super) scope: String,
    description: String,
    pub(super) is_grantable: bool,
}

/// Returns the result of each requested scope, in the order of the request and without duplicates.
pub(super) fn scope_results(
    policy: &Policy,
    app: &ConnectedApp,
    subject: &Subject,
    requested: &[String],
) -> Vec<ScopeResult> {
    let mut results: Vec<ScopeResult> = Vec::new();
    for scope in requested {
        if scope.is_empty() || results.iter().any(|known| known.scope == *scope) {
            continue;
        }
        let (description, is_grantable) = look_up(policy, app, subject, scope);
        results.push(ScopeResult {
            scope: scope.clone(),
            description,
            is_grantable,
        });
    }
    results
}

fn look_up(policy: &Policy, app: &ConnectedApp, subject: &Subject, scope: &str) -> (String, bool) {
    if let Some((_, description)) = BUILT_IN.iter().find(|(name, _)| *name == scope) {
        let is_grantable = scope != "full_access" || app.full_access_allowed;
        return ((*description).to_owned(), is_grantable);
    }
    let own = policy.scopes.iter().find(|own| own.scope == scope);
    match own {
        Some(own) => (own.description.clone(), has_permissions(subject, own)),
        None => (String::new(), false),
    }
}

/// Whether the user or member has all permissions of the scope.
fn has_permissions(subject: &Subject, scope: &Scope) -> bool {
    scope.permissions.iter().all(|permission| {
        let has = |action: &String| {
            let resource_id = &permission.resource_id;
            !granting_roles(subject.held_roles, subject.roles, resource_id, action).is_empty()
        };
        permission.actions.iter().all(has)
    })
}

/// The scopes that every project has, with the emulator's own descriptions.
const BUILT_IN: [(&str, &str); 6] = [
    ("openid", "Know who you are"),
    ("profile", "Read your name and your picture"),
    ("email", "Read your email address"),
    ("phone", "Read your phone number"),
    ("offline_access", "Keep access while you are away"),
    ("full_access", "Act with all of your permissions"),
];
