//! Users and members, with their factors, their locks and the apps to which they have granted access.

use serde_json::{Value, json};

use super::{newest, pick};
use crate::merge::Object;
use crate::project::Project;
use crate::state::State;

pub(super) fn users(state: &State) -> (Vec<Object>, usize) {
    let consumer = &state.projects.consumer;
    newest(consumer.users.iter(), |user| {
        let mut view = pick(user, &USER);
        let password_id = user.password.as_ref().map(|password| &password.password_id);
        view.insert("password_id".into(), json!(password_id));
        add_shared(&mut view, &consumer.project, &user.user_id);
        view
    })
}

pub(super) fn members(state: &State) -> (Vec<Object>, usize) {
    let b2b = &state.projects.b2b;
    newest(b2b.members.iter(), |member| {
        let mut view = pick(member, &MEMBER);
        view.insert("roles".into(), json!(member.role_ids()));
        view.insert("password_id".into(), json!(member.member_password_id));
        add_shared(&mut view, &b2b.project, &member.member_id);
        view
    })
}

/// Returns the number of locked users and members.
pub(super) fn locked(state: &State) -> usize {
    let users = state.projects.consumer.users.iter();
    let members = state.projects.b2b.members.iter();
    let users = users.filter(|user| user.is_locked).count();
    users.saturating_add(members.filter(|member| member.is_locked).count())
}

/// Adds `recoveries_left`, the number of unused recovery codes, and `granted_apps`.
fn add_shared(view: &mut Object, project: &Project, subject: &str) {
    let app = project.authenticators.of(subject);
    let left = app.map(|app| app.recovery_codes.len());
    view.insert("recoveries_left".into(), json!(left));
    let consents = project.grants.consents_of(subject);
    let apps: Vec<Value> = consents
        .map(|consent| {
            let app = project.connected_apps.find(&consent.client_id);
            json!({
                "client_id": consent.client_id,
                "client_name": app.map(|app| app.client_name.as_str()).unwrap_or_default(),
                "scopes": consent.scopes,
            })
        })
        .collect();
    view.insert("granted_apps".into(), json!(apps));
}

const USER: [&str; 17] = [
    "user_id",
    "name",
    "emails",
    "phone_numbers",
    "status",
    "roles",
    "created_at",
    "external_id",
    "is_locked",
    "lock_expires_at",
    "webauthn_registrations",
    "biometric_registrations",
    "providers",
    "totps",
    "crypto_wallets",
    "trusted_metadata",
    "untrusted_metadata",
];
const MEMBER: [&str; 20] = [
    "member_id",
    "organization_id",
    "email_address",
    "email_address_verified",
    "name",
    "status",
    "mfa_phone_number",
    "mfa_phone_number_verified",
    "mfa_enrolled",
    "default_mfa_method",
    "totp_registration_id",
    "oauth_registrations",
    "sso_registrations",
    "scim_registration",
    "is_locked",
    "lock_expires_at",
    "external_id",
    "trusted_metadata",
    "untrusted_metadata",
    "created_at",
];
