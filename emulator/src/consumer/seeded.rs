//! The users of a seed.

use serde_json::json;

use super::Consumer;
use super::seeded_passkeys;
use super::user::{CryptoWallet, Email, OauthProvider, Password, PhoneNumber, Status, Totp, User};
use super::users::validate_roles;
use crate::clock::UnixSeconds;
use crate::given::{Given, SeedError};
use crate::ids::Ids;
use crate::passwords;
use crate::product::Product;
use crate::seeded_factors::{self, SeededAccount, SeededPassword};
use crate::shapes;
use crate::wallets::{Address, Chain};

/// Adds a user in the form that the API returns. `email` and `phone_number` are short forms of `emails` and
/// `phone_numbers` with one unverified entry. `password` is the password itself or a hash, and an app of `totps` has its
/// secret.
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
    take_providers(consumer, &mut user, ids, &mut given)?;
    take_wallets(&mut user, ids, &mut given)?;
    take_password(consumer, &mut user, ids, &mut given)?;
    take_totps(consumer, &mut user, ids, &mut given, now)?;
    seeded_passkeys::take(consumer, &mut user, ids, &mut given)?;
    let lock = seeded_factors::take_lock(&mut given, now)?;
    user.set_lock(lock);
    let taken = user
        .factor_ids()
        .find(|id| consumer.users.with_factor(id).is_some())
        .map(ToString::to_string);
    if let Some(id) = taken {
        return Err(given.refused("", format!("{id} is the id of a factor of another user")));
    }
    if consumer.users.find(&user.user_id).is_ok() {
        return Err(given.refused("user_id", "is the id of another user"));
    }
    let unique = consumer.users.validate_unique(&user);
    unique.map_err(|failure| given.failed(&failure))?;
    given.finish(&default)?;
    if let Some(lock) = lock {
        consumer.project.locks.lock(&user.user_id, lock);
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

fn take_providers(
    consumer: &Consumer,
    user: &mut User,
    ids: &mut Ids,
    given: &mut Given,
) -> Result<(), SeedError> {
    let address = user.emails.first().map(|email| email.email.clone());
    let kind = (Product::Consumer, "oauth_user_registration_id");
    for provider in given.objects("providers")? {
        let account = SeededAccount::read(provider, ids, kind, address.as_deref())?;
        let (r#type, subject) = (account.provider.r#type, account.subject);
        let mut own = user.providers.iter();
        if consumer.users.with_account(r#type, &subject).is_some()
            || own.any(|known| known.is_account(r#type, &subject))
        {
            return Err(given.refused("providers", format!("has an account of {type} twice")));
        }
        user.providers.push(OauthProvider {
            provider_type: r#type.to_owned(),
            provider_subject: subject,
            profile_picture_url: account.profile_picture_url,
            locale: account.locale,
            oauth_user_registration_id: account.registration_id,
        });
    }
    Ok(())
}

fn take_wallets(user: &mut User, ids: &mut Ids, given: &mut Given) -> Result<(), SeedError> {
    for mut wallet in given.objects("crypto_wallets")? {
        let drawn = ids.id("crypto-wallet");
        let chain = wallet.text("crypto_wallet_type")?;
        let chain = chain.and_then(|chain| Chain::read(&chain));
        let message = "must be ethereum or solana";
        let chain = chain.ok_or_else(|| wallet.refused("crypto_wallet_type", message))?;
        let address = wallet.text("crypto_wallet_address")?;
        let address = Address::read(chain, &address.unwrap_or_default());
        let message = format!("must be an address of {}", chain.name());
        let address = address.map_err(|_| wallet.refused("crypto_wallet_address", message))?;
        let id = wallet.id("crypto_wallet_id", "crypto-wallet", ids)?;
        user.crypto_wallets.push(CryptoWallet {
            crypto_wallet_id: id.unwrap_or(drawn),
            crypto_wallet_address: address.text,
            crypto_wallet_type: chain.name().to_owned(),
            verified: wallet.flag("verified")?.unwrap_or_default(),
        });
        wallet.finish(&json!({}))?;
    }
    Ok(())
}

fn take_password(
    consumer: &mut Consumer,
    user: &mut User,
    ids: &mut Ids,
    given: &mut Given,
) -> Result<(), SeedError> {
    let Some(password) = SeededPassword::take(given, ids, "password")? else {
        return Ok(());
    };
    let drawn = ids.id("password");
    let password_id = password.password_id.unwrap_or(drawn);
    user.password = Some(Password {
        password_id: password_id.clone(),
        requires_reset: password.requires_reset,
    });
    consumer.project.passwords.put(passwords::Password {
        password_id,
        subject: user.user_id.clone(),
        hash: password.hash,
        requires_reset: false,
    });
    Ok(())
}

/// Takes `totps`, a list with at most one app.
fn take_totps(
    consumer: &mut Consumer,
    user: &mut User,
    ids: &mut Ids,
    given: &mut Given,
    now: UnixSeconds,
) -> Result<(), SeedError> {
    let mut apps = given.objects("totps")?.into_iter();
    let Some(app) = apps.next() else {
        return Ok(());
    };
    if apps.next().is_some() {
        return Err(given.refused("totps", "must have at most one app"));
    }
    let app = seeded_factors::authenticator(app, ids, &user.user_id, now)?;
    user.totps.push(Totp {
        totp_id: app.totp_id.clone(),
        verified: true,
    });
    consumer.project.authenticators.put(app);
    Ok(())
}
