//! Log-ins with crypto wallets, which sign a message.

use serde_json::json;

use super::Consumer;
use super::log_in;
use super::selected::Selector;
use super::user::{CryptoWallet, Status, User};
use super::wallet_challenges::WalletChallenge;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::session_asked::SessionAsked;
use crate::sessions::Attributes;
use crate::wallets::siwe::SiweParams;
use crate::wallets::{Address, Chain};

/// `POST /v1/crypto_wallets/authenticate/start`. A new wallet is added to the selected user, or to a new user.
pub(crate) fn start(consumer: &mut Consumer, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = read_address(fields)?;
    let selector = Selector::read(fields)?;
    let siwe_params = fields.inner("siwe_params")?;
    let siwe_params = siwe_params.map(|given| SiweParams::read(&given, call.now));
    let siwe_params = siwe_params.transpose()?;
    if siwe_params.is_some() && address.chain != Chain::Ethereum {
        return Err(errors::CRYPTO_WALLET_TYPE_INCOMPATIBLE_WITH_SIWE.failure());
    }

    let selected = selector.map(|selector| selector.user(consumer, call.now).cloned());
    let selected = selected.transpose()?;
    let owner = consumer.users.with_wallet(&address.text).cloned();
    let is_verified = |user: &User| wallet_of(user, &address).is_some_and(|wallet| wallet.verified);
    if let (Some(selected), Some(owner)) = (&selected, &owner)
        && owner.user_id != selected.user_id
        && is_verified(owner)
    {
        return Err(errors::DUPLICATE_WALLET_ADDRESS.failure());
    }
    let known = selected.or(owner);
    let user_created = known.is_none();
    let mut user = known.unwrap_or_else(|| User::new(ids, Status::Active, call.now));
    if wallet_of(&user, &address).is_none() {
        user.crypto_wallets.push(CryptoWallet {
            crypto_wallet_id: ids.id("crypto-wallet"),
            crypto_wallet_address: address.text.clone(),
            crypto_wallet_type: address.chain.name().to_owned(),
            verified: false,
        });
    }
    let nonce = ids.wallet_nonce();
    let expires_at = call.now.plus_minutes(LIFETIME_MINUTES);
    let message = match &siwe_params {
        Some(params) => params.message(&address.text, &nonce, expires_at),
        None => format!("Emulated {} project\n\n{nonce}", call.product.name()),
    };
    let reply = json!({
        "user_id": user.user_id,
        "user_created": user_created,
        "challenge": message,
    });
    consumer.wallet_challenges.put(WalletChallenge {
        address: address.text,
        user_id: user.user_id.clone(),
        message,
        siwe_params,
        expires_at,
    });
    consumer.users.put(user);
    Ok(Reply::ok(reply))
}

/// `POST /v1/crypto_wallets/authenticate`. Marks the wallet as verified. If a duration is given, starts a session.
///
/// A wrong signature counts as a failed authentication of the user.
pub(crate) fn authenticate(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let address = read_address(fields)?;
    let signature = fields.text("signature")?;
    let signature = signature.ok_or(&errors::SIGNATURE_MISSING)?;
    let asked = SessionAsked::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    if consumer.users.with_wallet(&address.text).is_none() {
        return Err(errors::CRYPTO_WALLET_NOT_FOUND.failure());
    }
    let challenge = consumer.wallet_challenges.of(&address.text);
    let challenge = challenge
        .ok_or_else(|| {
            errors::UNABLE_TO_AUTHENTICATE_CRYPTO_WALLET
                .with_message("The wallet does not have a challenge that waits for a signature.")
        })?
        .clone();
    if let Err(failure) = verify(&challenge, &address, signature, call) {
        return Err(log_in::refuse(
            consumer,
            &challenge.user_id,
            failure,
            call.now,
        ));
    }
    let mut user = consumer.users.find(&challenge.user_id)?.clone();
    let mut wallets = user.crypto_wallets.iter_mut();
    let wallet = wallets.find(|wallet| wallet.crypto_wallet_address == address.text);
    let wallet = wallet.ok_or(&errors::CRYPTO_WALLET_NOT_FOUND)?;
    wallet.verified = true;
    let named = (
        wallet.crypto_wallet_id.as_str(),
        wallet.crypto_wallet_address.as_str(),
        address.chain.name(),
    );
    let factor = Factor::crypto_wallet(named, call.now);
    let attributes = Attributes::default();
    let done = log_in::complete(consumer, ids, (user, factor), attributes, &asked, call.now)?;
    consumer.wallet_challenges.finish(&address.text);
    let siwe_params = challenge.siwe_params.as_ref().map(SiweParams::view);
    let about = json!({ "siwe_params": siwe_params });
    Ok(Reply::ok(done.view(&consumer.project, call.now)?).and(about))
}

fn verify(
    challenge: &WalletChallenge,
    address: &Address,
    signature: &str,
    call: &Call,
) -> Result<(), Failure> {
    if challenge.expires_at <= call.now {
        return Err(match challenge.siwe_params {
            Some(_) => errors::SIWE_MESSAGE_EXPIRED.failure(),
            None => errors::UNABLE_TO_AUTHENTICATE_CRYPTO_WALLET
                .with_message("The challenge has expired."),
        });
    }
    let not_before = challenge
        .siwe_params
        .as_ref()
        .map(|params| params.not_before);
    if not_before.is_some_and(|not_before| call.now < not_before) {
        return Err(errors::SIWE_MESSAGE_NOT_VALID_YET.failure());
    }
    address.verify(&challenge.message, signature)
}

/// Reads `crypto_wallet_type` and `crypto_wallet_address`.
fn read_address(fields: &Fields) -> Result<Address, Failure> {
    let chain = fields.text("crypto_wallet_type")?;
    let chain = chain
        .and_then(Chain::read)
        .ok_or(&errors::INVALID_WALLET_TYPE)?;
    let text = fields.text("crypto_wallet_address")?;
    Address::read(chain, text.ok_or(&errors::INVALID_CRYPTO_WALLET_ADDRESS)?)
}

fn wallet_of<'a>(user: &'a User, address: &Address) -> Option<&'a CryptoWallet> {
    let mut wallets = user.crypto_wallets.iter();
    wallets.find(|wallet| wallet.crypto_wallet_address == address.text)
}

/// The lifetime of a challenge.
const LIFETIME_MINUTES: i64 = 5;
