//! Users: create, read, update and delete. The search is in `search.rs`.

use serde_json::json;

use super::Consumer;
use super::user::{self, Status, User};
use crate::addresses::{email_address, phone_number};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::rbac::policy::{self, Policy, Role};
use crate::sessions::Attributes;

/// `POST /v1/users`.
pub(crate) fn create(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let email = email_address(&call.fields, "email")?;
    let phone_number = phone_number(&call.fields)?;
    if email.is_none() && phone_number.is_none() {
        return Err(errors::INVALID_CREATE_USER_REQUEST.failure());
    }
    Attributes::read(&call.fields)?;
    let status = Status::of_new_user(&call.fields)?;
    let mut user = User::new(ids, status, call.now);
    user.describe(&call.fields)?;
    validate_roles(&consumer.project.policy, &call.fields)?;

    let email_id = email
        .map(|address| user.add_email(ids, address))
        .unwrap_or_default();
    let phone_id = phone_number
        .map(|number| user.add_phone_number(ids, number))
        .unwrap_or_default();
    consumer.users.validate_unique(&user)?;
    consumer.users.put(user.clone());
    Ok(Reply::created(json!({
        "user_id": user.user_id,
        "email_id": email_id,
        "phone_id": phone_id,
        "status": user.status,
        "user": user,
    })))
}

/// `GET /v1/users/{user_id}`. The fields of the user are at the top level of the body.
pub(crate) fn read(consumer: &Consumer, call: &Call) -> Result<Reply, Failure> {
    let user = consumer.users.find(call.path_param("user_id"))?;
    Ok(Reply::ok(json!(user)))
}

/// `PUT /v1/users/{user_id}`. Does not change email addresses and phone numbers, because a change requires
/// verification.
pub(crate) fn update(consumer: &mut Consumer, call: &Call) -> Result<Reply, Failure> {
    Attributes::read(&call.fields)?;
    let users = &mut consumer.users;
    let user_id = users.find(call.path_param("user_id"))?.user_id.clone();
    let wanted = user::external_id(&call.fields)?;
    let holder = wanted.and_then(|id| users.with_external_id(&id));
    if holder.is_some_and(|holder| holder.user_id != user_id) {
        return Err(errors::DUPLICATE_USER_EXTERNAL_ID.failure());
    }
    validate_roles(&consumer.project.policy, &call.fields)?;
    let mut user = users.find(&user_id)?.clone();
    user.describe(&call.fields)?;
    users.put(user.clone());
    Ok(Reply::ok(json!({
        "user_id": user.user_id,
        "emails": user.emails,
        "phone_numbers": user.phone_numbers,
        "crypto_wallets": user.crypto_wallets,
        "user": user,
    })))
}

/// `DELETE /v1/users/{user_id}/external_id`. Succeeds if the user does not have an external id, too.
pub(crate) fn delete_external_id(consumer: &mut Consumer, call: &Call) -> Result<Reply, Failure> {
    let mut user = consumer.users.find(call.path_param("user_id"))?.clone();
    user.external_id = None;
    consumer.users.put(user.clone());
    Ok(Reply::ok(json!({ "user_id": user.user_id, "user": user })))
}

/// `DELETE /v1/users/{user_id}`. Everything that belongs to the user is removed, too.
pub(crate) fn delete(consumer: &mut Consumer, call: &Call) -> Result<Reply, Failure> {
    let user_id = consumer
        .users
        .find(call.path_param("user_id"))?
        .user_id
        .clone();
    consumer.delete(&user_id);
    Ok(Reply::ok(json!({ "user_id": user_id })))
}

pub(super) fn validate_roles(policy: &Policy, fields: &Fields) -> Result<(), Failure> {
    let wanted = fields.texts("roles")?.unwrap_or_default();
    let roles: Vec<&Role> = policy.roles.iter().collect();
    policy::validate_assigned(wanted.iter().map(String::as_str), &roles)
}
