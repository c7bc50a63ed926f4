//! The user and the email address or phone number to which a link or code is sent.

use super::Consumer;
use super::selected::Selector;
use super::user::{Status, User};
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::ids::Ids;

#[derive(Clone)]
pub(super) enum Address {
    Email(String),
    PhoneNumber(String),
}

pub(super) struct Recipient {
    pub(super) user: User,
    /// The id of the email address or phone number.
    pub(super) method_id: String,
    pub(super) user_created: bool,
}

/// Returns the user with this address. If the call selects a user without it, the address is added to that user.
pub(super) fn existing(
    consumer: &mut Consumer,
    ids: &mut Ids,
    address: &Address,
    selector: Option<&Selector>,
    now: UnixSeconds,
) -> Result<Recipient, Failure> {
    let Some(selector) = selector else {
        let user = address.owner(consumer).ok_or_else(|| address.not_found())?;
        return Ok(recipient(user.clone(), address));
    };
    let mut user = selector.user(consumer, now)?.clone();
    match address.owner(consumer) {
        Some(owner) if owner.user_id != user.user_id => Err(address.duplicate()),
        Some(_) => Ok(recipient(user, address)),
        None => {
            let method_id = address.add_to(&mut user, ids);
            consumer.provisional.add(&method_id, now);
            consumer.users.put(user.clone());
            Ok(Recipient {
                user,
                method_id,
                user_created: false,
            })
        }
    }
}

/// Returns the user with this address, or creates the user.
pub(super) fn existing_or_new(
    consumer: &mut Consumer,
    ids: &mut Ids,
    address: &Address,
    status: Status,
    now: UnixSeconds,
) -> Recipient {
    if let Some(user) = address.owner(consumer) {
        return recipient(user.clone(), address);
    }
    let mut user = User::new(ids, status, now);
    let method_id = address.add_to(&mut user, ids);
    consumer.users.put(user.clone());
    Recipient {
        user,
        method_id,
        user_created: true,
    }
}

impl Address {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Email(text) | Self::PhoneNumber(text) => text,
        }
    }

    pub(super) fn owner<'a>(&self, consumer: &'a Consumer) -> Option<&'a User> {
        match self {
            Self::Email(address) => consumer.users.with_email(address),
            Self::PhoneNumber(number) => consumer.users.with_phone_number(number),
        }
    }

    /// Adds the unverified address, and returns its id.
    pub(super) fn add_to(&self, user: &mut User, ids: &mut Ids) -> String {
        match self {
            Self::Email(address) => user.add_email(ids, address.clone()),
            Self::PhoneNumber(number) => user.add_phone_number(ids, number.clone()),
        }
    }

    /// Returns the id of the address, or an empty string if the user does not have it.
    pub(super) fn id_in(&self, user: &User) -> String {
        let id = match self {
            Self::Email(address) => {
                let mut emails = user.emails.iter();
                let found = emails.find(|email| email.email == *address);
                found.map(|email| email.email_id.clone())
            }
            Self::PhoneNumber(number) => {
                let mut phones = user.phone_numbers.iter();
                let found = phones.find(|phone| phone.phone_number == *number);
                found.map(|phone| phone.phone_id.clone())
            }
        };
        id.unwrap_or_default()
    }

    fn not_found(&self) -> Failure {
        match self {
            Self::Email(_) => errors::EMAIL_NOT_FOUND.failure(),
            Self::PhoneNumber(_) => errors::PHONE_NUMBER_NOT_FOUND.failure(),
        }
    }

    pub(super) fn duplicate_for_user(&self) -> Failure {
        match self {
            Self::Email(_) => errors::DUPLICATE_EMAIL_FOR_USER.failure(),
            Self::PhoneNumber(_) => errors::DUPLICATE_PHONE_NUMBER_FOR_USER.failure(),
        }
    }

    pub(super) fn duplicate(&self) -> Failure {
        match self {
            Self::Email(_) => errors::DUPLICATE_EMAIL.failure(),
            Self::PhoneNumber(_) => errors::DUPLICATE_PHONE_NUMBER.failure(),
        }
    }
}

fn recipient(user: User, address: &Address) -> Recipient {
    Recipient {
        method_id: address.id_in(&user),
        user,
        user_created: false,
    }
}
