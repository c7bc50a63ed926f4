//! Sets the password of a user from a hash that another system stored.

use serde_json::json;

use super::Consumer;
use super::recipients::Address;
use super::user::{Status, User};
use super::users::validate_roles;
use crate::addresses::{email_address, phone_number};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::passwords::{self, Password};

/// `POST /v1/passwords/migrate`. Creates the user if the email address is new. The policy for new passwords does not apply.
pub(crate) fn migrate(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let email = email_address(fields, "email")?.map(Address::Email);
    let email = email.ok_or(&errors::INVALID_EMAIL)?;
    let hash = passwords::read_migrated(fields)?;
    let phone = phone_number(fields)?.map(Address::PhoneNumber);
    let verifies_email = fields.flag("set_email_verified")?.unwrap_or_default();
    let verifies_phone = fields
        .flag("set_phone_number_verified")?
        .unwrap_or_default();

    let known = email.owner(consumer).cloned();
    let user_created = known.is_none();
    let mut user = known.unwrap_or_else(|| User::new(ids, Status::Active, call.now));
    if user.password.is_some() {
        return Err(errors::PASSWORD_ALREADY_EXISTS.failure());
    }
    let mut names = vec!["name", "trusted_metadata", "untrusted_metadata", "roles"];
    if user_created {
        names.push("external_id");
        email.add_to(&mut user, ids);
    }
    user.describe(&fields.only(&names))?;
    // An existing user keeps the external id, but the type of the field is validated in any case.
    fields.ignored_texts(&["external_id"])?;
    validate_roles(&consumer.project.policy, fields)?;
    if let Some(phone) = &phone
        && phone.id_in(&user).is_empty()
    {
        phone.add_to(&mut user, ids);
    }
    consumer.users.validate_unique(&user)?;
    let email_id = email.id_in(&user);
    if verifies_email {
        user.verify(&email_id);
    }
    if let Some(phone) = phone.filter(|_| verifies_phone) {
        let phone_id = phone.id_in(&user);
        user.verify(&phone_id);
    }
    user.set_password(ids);
    if let Some(password) = &user.password {
        consumer.project.passwords.put(Password {
            password_id: password.password_id.clone(),
            subject: user.user_id.clone(),
            hash,
            requires_reset: false,
        });
    }
    consumer.users.put(user.clone());
    Ok(Reply::ok(json!({
        "user_id": user.user_id,
        "email_id": email_id,
        "user_created": user_created,
        "user": user,
    })))
}
