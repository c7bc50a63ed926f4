//! The factors of users: deleting one, and exchanging the only one.
//!
//! Assumption: the last primary factor of a user cannot be deleted. Primary factors are email addresses, phone numbers,
//! OAuth registrations, WebAuthn registrations and crypto wallets. Sessions remain.

use serde_json::json;

use super::Consumer;
use super::recipients::Address;
use super::user::User;
use crate::addresses::{email_address, phone_number};
use crate::call::{Call, Reply};
use crate::errors::{self, ErrorRow, Failure};
use crate::ids::Ids;
use crate::shapes;

/// `DELETE /v1/users/emails/{email_id}`.
pub(crate) fn delete_email(consumer: &mut Consumer, call: &Call) -> Result<Reply, Failure> {
    let kind = Kind {
        param: "email_id",
        prefix: "email",
        malformed: &errors::INVALID_EMAIL_ID,
        not_found: &errors::EMAIL_NOT_FOUND,
        remove: |user, id| user.emails.retain(|email| email.email_id != id),
    };
    delete(consumer, &kind, call)
}

/// `DELETE /v1/users/phone_numbers/{phone_id}`.
pub(crate) fn delete_phone_number(consumer: &mut Consumer, call: &Call) -> Result<Reply, Failure> {
    let kind = Kind {
        param: "phone_id",
        prefix: "phone-number",
        malformed: &errors::INVALID_PHONE_ID,
        not_found: &errors::PHONE_NUMBER_NOT_FOUND,
        remove: |user, id| user.phone_numbers.retain(|phone| phone.phone_id != id),
    };
    delete(consumer, &kind, call)
}

/// `DELETE /v1/users/webauthn_registrations/{webauthn_registration_id}`.
pub(crate) fn delete_webauthn_registration(
    consumer: &mut Consumer,
    call: &Call,
) -> Result<Reply, Failure> {
    let kind = Kind {
        param: "webauthn_registration_id",
        prefix: "webauthn-registration",
        malformed: &errors::INVALID_WEBAUTHN_REGISTRATION_ID,
        not_found: &errors::WEBAUTHN_REGISTRATION_NOT_FOUND,
        remove: |user, id| {
            let registrations = &mut user.webauthn_registrations;
            registrations.retain(|known| known.webauthn_registration_id != id);
        },
    };
    delete(consumer, &kind, call)
}

/// `DELETE /v1/users/biometric_registrations/{biometric_registration_id}`.
pub(crate) fn delete_biometric_registration(
    consumer: &mut Consumer,
    call: &Call,
) -> Result<Reply, Failure> {
    let kind = Kind {
        param: "biometric_registration_id",
        prefix: "biometric-registration",
        malformed: &errors::INVALID_BIOMETRIC_REGISTRATION_ID,
        not_found: &errors::BIOMETRIC_REGISTRATION_NOT_FOUND,
        remove: |user, id| {
            let registrations = &mut user.biometric_registrations;
            registrations.retain(|known| known.biometric_registration_id != id);
        },
    };
    delete(consumer, &kind, call)
}

/// `DELETE /v1/users/totps/{totp_id}`.
pub(crate) fn delete_totp(consumer: &mut Consumer, call: &Call) -> Result<Reply, Failure> {
    let kind = Kind {
        param: "totp_id",
        prefix: "totp",
        malformed: &errors::INVALID_TOTP_ID,
        not_found: &errors::TOTP_NOT_FOUND,
        remove: |user, id| user.totps.retain(|totp| totp.totp_id != id),
    };
    delete(consumer, &kind, call)
}

/// `DELETE /v1/users/crypto_wallets/{crypto_wallet_id}`.
pub(crate) fn delete_crypto_wallet(consumer: &mut Consumer, call: &Call) -> Result<Reply, Failure> {
    let kind = Kind {
        param: "crypto_wallet_id",
        prefix: "crypto-wallet",
        malformed: &errors::INVALID_CRYPTO_WALLET_ID,
        not_found: &errors::CRYPTO_WALLET_NOT_FOUND,
        remove: |user, id| {
            let wallets = &mut user.crypto_wallets;
            wallets.retain(|wallet| wallet.crypto_wallet_id != id);
        },
    };
    delete(consumer, &kind, call)
}

/// `DELETE /v1/users/passwords/{password_id}`.
pub(crate) fn delete_password(consumer: &mut Consumer, call: &Call) -> Result<Reply, Failure> {
    let kind = Kind {
        param: "password_id",
        prefix: "password",
        malformed: &errors::INVALID_PASSWORD_ID,
        not_found: &errors::PASSWORD_NOT_FOUND,
        remove: |user, id| {
            let password = user.password.take();
            user.password = password.filter(|password| password.password_id != id);
        },
    };
    let reply = delete(consumer, &kind, call)?;
    consumer
        .project
        .passwords
        .remove(call.path_param("password_id"));
    Ok(reply)
}

/// `DELETE /v1/users/oauth/{oauth_user_registration_id}`.
pub(crate) fn delete_oauth_registration(
    consumer: &mut Consumer,
    call: &Call,
) -> Result<Reply, Failure> {
    let kind = Kind {
        param: "oauth_user_registration_id",
        prefix: "oauth-user",
        malformed: &errors::INVALID_OAUTH_USER_REGISTRATION_ID,
        not_found: &errors::OAUTH_USER_REGISTRATION_NOT_FOUND,
        remove: |user, id| {
            let providers = &mut user.providers;
            providers.retain(|provider| provider.oauth_user_registration_id != id);
        },
    };
    delete(consumer, &kind, call)
}

/// `PUT /v1/users/{user_id}/exchange_primary_factor`. The new address or number is not verified.
pub(crate) fn exchange_primary_factor(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let email = email_address(&call.fields, "email_address")?.map(Address::Email);
    let phone = phone_number(&call.fields)?.map(Address::PhoneNumber);
    let new = match (email, phone) {
        (Some(new), None) | (None, Some(new)) => new,
        _ => return Err(errors::INVALID_EXCHANGE_PRIMARY_FACTOR_FIELDS.failure()),
    };

    let mut user = consumer.users.find(call.path_param("user_id"))?.clone();
    match new.owner(consumer) {
        Some(owner) if owner.user_id == user.user_id => return Err(new.duplicate_for_user()),
        Some(_) => return Err(new.duplicate()),
        None => {}
    }
    let old = match (user.emails.as_slice(), user.phone_numbers.as_slice()) {
        ([email], []) => email.email_id.clone(),
        ([], [phone]) => phone.phone_id.clone(),
        _ => return Err(errors::INVALID_EXCHANGE_PRIMARY_FACTOR_USER.failure()),
    };
    if user.factor_ids().count() != 1 {
        return Err(errors::INVALID_EXCHANGE_PRIMARY_FACTOR_USER.failure());
    }
    user.emails.clear();
    user.phone_numbers.clear();
    new.add_to(&mut user, ids);
    consumer.forget_method(&user.user_id, &old);
    consumer.users.put(user.clone());
    Ok(reply(&user))
}

/// A kind of factor.
struct Kind {
    /// The path parameter with the id.
    param: &'static str,
    /// The prefix of the ids.
    prefix: &'static str,
    malformed: &'static ErrorRow,
    not_found: &'static ErrorRow,
    remove: fn(&mut User, &str),
}

fn delete(consumer: &mut Consumer, kind: &Kind, call: &Call) -> Result<Reply, Failure> {
    let id = call.path_param(kind.param);
    if !shapes::is_id(kind.prefix, id) {
        return Err(kind.malformed.failure());
    }
    let user = consumer.users.with_factor(id).ok_or(kind.not_found)?;
    let mut changed = user.clone();
    (kind.remove)(&mut changed, id);
    if has_primary_factor(user) && !has_primary_factor(&changed) {
        return Err(errors::CANNOT_DELETE_LAST_PRIMARY_FACTOR.failure());
    }
    consumer.forget_method(&changed.user_id, id);
    consumer.project.authenticators.remove(id);
    consumer.passkeys.remove(id);
    consumer.users.put(changed.clone());
    Ok(reply(&changed))
}

fn has_primary_factor(user: &User) -> bool {
    !user.emails.is_empty()
        || !user.phone_numbers.is_empty()
        || !user.providers.is_empty()
        || !user.webauthn_registrations.is_empty()
        || !user.crypto_wallets.is_empty()
}

fn reply(user: &User) -> Reply {
    Reply::ok(json!({ "user_id": user.user_id, "user": user }))
}
