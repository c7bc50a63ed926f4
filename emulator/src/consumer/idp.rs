//! The authorization of Connected Apps by users, and the apps that a user has authorized.

use serde_json::{Value, json};

use super::Consumer;
use super::selected::Selector;
use super::user::User;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::idp::decision::Decision;
use crate::idp::granted_view;
use crate::idp::request::{AuthorizationRequest, Examined, Subject};
use crate::ids::Ids;
use crate::merge::Object;
use crate::rbac::policy::Role;

/// `POST /v1/idp/oauth/authorize/start`.
pub(crate) fn authorize_start(consumer: &Consumer, call: &Call) -> Result<Reply, Failure> {
    let request = AuthorizationRequest::read(&call.fields)?;
    let selector = selector(call)?;
    let app = request.app(&consumer.project)?;
    let user = selector.user(consumer, call.now)?;
    let roles = roles(consumer);
    let subject = subject(user, &roles, &selector);
    let examined = request.examine(&consumer.project, app, &subject);
    Ok(Reply::ok(json!({ "user_id": user.user_id, "user": user })).and(examined.view()))
}

/// `POST /v1/idp/oauth/authorize`.
pub(crate) fn authorize(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let request = AuthorizationRequest::read(&call.fields)?;
    let decision = Decision::read(&call.fields)?;
    let selector = selector(call)?;
    let app = request.app(&consumer.project)?;
    decision.validate_for(app)?;
    let user = selector.user(consumer, call.now)?.clone();
    let policy = consumer.project.policy.clone();
    let roles: Vec<&Role> = policy.roles.iter().collect();
    let subject = subject(&user, &roles, &selector);
    let examined: Examined = request.examine(&consumer.project, app, &subject);
    let asked = (&request, &examined);
    Ok(decision.answer(&mut consumer.project, ids, asked, &subject, call))
}

/// `GET /v1/users/{user_id}/connected_apps`.
pub(crate) fn list(consumer: &Consumer, call: &Call) -> Result<Reply, Failure> {
    let user = consumer.users.find(call.path_param("user_id"))?;
    let project = &consumer.project;
    let consents = project.grants.consents_of(&user.user_id);
    let apps: Vec<Value> = consents
        .filter_map(|consent| {
            let app = project.connected_apps.find(&consent.client_id).ok()?;
            Some(granted_view(app, consent))
        })
        .collect();
    Ok(Reply::ok(json!({ "connected_apps": apps })))
}

/// `POST /v1/users/{user_id}/connected_apps/{connected_app_id}/revoke`. Succeeds if the user has not authorized the app,
/// too.
pub(crate) fn revoke(consumer: &mut Consumer, call: &Call) -> Result<Reply, Failure> {
    let user = consumer.users.find(call.path_param("user_id"))?;
    let project = &mut consumer.project;
    let app = project
        .connected_apps
        .find(call.path_param("connected_app_id"))?;
    project.grants.revoke(&app.client_id, &user.user_id);
    Ok(Reply::ok(json!({})))
}

fn selector(call: &Call) -> Result<Selector, Failure> {
    let selector = Selector::read(&call.fields)?;
    selector.ok_or_else(|| errors::NO_OAUTH_AUTHORIZE_USER_SELECTOR.failure())
}

fn roles(consumer: &Consumer) -> Vec<&Role> {
    consumer.project.policy.roles.iter().collect()
}

fn subject<'a>(user: &'a User, roles: &'a [&'a Role], selector: &Selector) -> Subject<'a> {
    Subject {
        id: &user.user_id,
        held_roles: &user.roles,
        roles,
        has_session: matches!(selector, Selector::Session(_)),
    }
}

/// Returns the claims about a user that each of the scopes `profile`, `email` and `phone` grants. A claim that does not
/// exist is left out. The email address and the phone number are the first verified ones, or else the first ones.
pub(crate) fn claims_by_scope(user: &User) -> Value {
    let mut profile = Object::new();
    if let Some(name) = &user.name {
        let parts = [&name.first_name, &name.middle_name, &name.last_name].map(String::as_str);
        let [first, middle, last] = parts;
        let given = parts.into_iter().filter(|part| !part.is_empty());
        let complete = given.collect::<Vec<_>>().join(" ");
        for (claim, part) in [
            ("name", complete.as_str()),
            ("given_name", first),
            ("middle_name", middle),
            ("family_name", last),
        ] {
            if !part.is_empty() {
                profile.insert(claim.to_owned(), json!(part));
            }
        }
    }
    let provider = json!(user.providers.first());
    for (claim, member) in [
        ("profile_picture", "profile_picture_url"),
        ("locale", "locale"),
    ] {
        let value = provider.get(member).filter(|value| *value != "");
        if let Some(value) = value {
            profile.insert(claim.to_owned(), value.clone());
        }
    }
    let emails = &user.emails;
    let email = emails.iter().find(|email| email.verified);
    let phones = &user.phone_numbers;
    let phone = phones.iter().find(|phone| phone.verified);
    json!({
        "profile": profile,
        "email": email.or(emails.first()).map(|email| {
            json!({ "email": email.email, "email_verified": email.verified })
        }),
        "phone": phone.or(phones.first()).map(|phone| {
            json!({ "phone_number": phone.phone_number, "phone_number_verified": phone.verified })
        }),
    })
}
