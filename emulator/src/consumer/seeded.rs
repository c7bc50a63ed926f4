//! The users of a seed.

use serde_json::json;

use super::Consumer;
use super::passwords;
use super::user::{Email, PhoneNumber, Status, User};
use super::users::validate_roles;
use crate::clock::UnixSeconds;
use crate::given::{Given, SeedError};
use crate::ids::Ids;
use crate::shapes;

/// Adds a user in the form that the API returns. `email` and `phone_number` are short forms of `emails` and
/// `phone_numbers` with one unverified entry. `password` is the password itself; the policy does not apply to it.
pub(crate) fn add_user(
    consumer: &mut Consumer,
    ids: &mut Ids,
    mut given: Given,
    now: UnixSeconds,
) -> Result<(), SeedError> {
    let mut user = User::new(ids, Status::Active, now);
    let default = json!(user);
    let described = given.fields(&[
        "name",
        "trusted_metadata",
        "untrusted_metadata",
        "roles",
        "external_id",
    ]);
    let describe = user.describe(&described);
    describe
        .and_then(|()| validate_roles(&consumer.project.policy, &described))
        .map_err(|failure| given.failed(&failure))?;
    if let Some(id) = given.id("user_id", "user", ids)? {
        user.user_id = id;
    }
    if let Some(time) = given.time("created_at")? {
        user.created_at = time;
    }
    match given.text("status")?.as_deref() {
        None | Some("active") => {}
        Some("pending") => user.status = Status::Pending,
        Some(_) => return Err(given.refused("status", "must be active or pending")),
    }
    take_emails(&mut user, ids, &mut given)?;
    take_phone_numbers(&mut user, ids, &mut given)?;
    let password = given.text("password")?;
    if password.is_some() {
        user.set_password(ids);
    }
    if consumer.users.find(&user.user_id).is_ok() {
        return Err(given.refused("user_id", "is the id of another user"));
    }
    let unique = consumer.users.validate_unique(&user);
    unique.map_err(|failure| given.failed(&failure))?;
    given.finish(&default)?;
    if let Some(password) = password {
        passwords::store(consumer, ids, &user, &password);
    }
    consumer.users.put(user);
    Ok(())
}

fn take_emails(user: &mut User, ids: &mut Ids, given: &mut Given) -> Result<(), SeedError> {
    let read = |given: &Given, name, address: Option<String>| {
        let address = address.map(|address| address.to_lowercase());
        let address = address.filter(|address| shapes::is_email(address));
        address.ok_or_else(|| given.refused(name, "must be an email address"))
    };
    if let Some(address) = given.text("email")? {
        let address = read(given, "email", Some(address))?;
        user.add_email(ids, address);
    }
    for mut email in given.objects("emails")? {
        let address = email.text("email")?;
        let address = read(&email, "email", address)?;
        let drawn = ids.id("email");
        user.emails.push(Email {
            email_id: email.id("email_id", "email", ids)?.unwrap_or(drawn),
            email: address,
            verified: email.flag("verified")?.unwrap_or_default(),
        });
        email.finish(&json!({}))?;
    }
    Ok(())
}

fn take_phone_numbers(user: &mut User, ids: &mut Ids, given: &mut Given) -> Result<(), SeedError> {
    let read = |given: &Given, name, number: Option<String>| {
        let number = number.filter(|number| shapes::is_phone_number(number));
        let message = "must be a phone number in E.164 form, in quotes";
        number.ok_or_else(|| given.refused(name, message))
    };
    if let Some(number) = given.text("phone_number")? {
        let number = read(given, "phone_number", Some(number))?;
        user.add_phone_number(ids, number);
    }
    for mut phone in given.objects("phone_numbers")? {
        let number = phone.text("phone_number")?;
        let number = read(&phone, "phone_number", number)?;
        let drawn = ids.id("phone-number");
        let phone_id = phone.id("phone_id", "phone-number", ids)?;
        user.phone_numbers.push(PhoneNumber {
            phone_id: phone_id.unwrap_or(drawn),
            phone_number: number,
            verified: phone.flag("verified")?.unwrap_or_default(),
        });
        phone.finish(&json!({}))?;
    }
    Ok(())
}
