//! Log-ins of users by signatures: passkeys and crypto wallets.

use serde_json::Value;
use stytch_edge::consumer;

use super::stand::{Users, ok, refused};
use crate::devices::{security_key::SecurityKey, wallet::Wallet};

const DOMAIN: &str = "example.com";

#[test]
fn a_user_registers_a_passkey_and_logs_in_with_it() {
    let users = Users::new();
    let webauthn = users.client.webauthn();
    let user_id = users.user("hedy@example.com");
    let mut key = SecurityKey::new(1);
    let start = consumer::WebAuthnRegisterStartRequest {
        user_id: user_id.clone(),
        domain: DOMAIN.into(),
        return_passkey_credential_options: Some(true),
        ..Default::default()
    };
    let options = ok(webauthn.register_start(&start)).public_key_credential_creation_options;
    let register = consumer::WebAuthnRegisterRequest {
        user_id: user_id.clone(),
        public_key_credential: key.create(&options),
        ..Default::default()
    };
    let registered = ok(webauthn.register(&register)).webauthn_registration_id;
    let get = consumer::UsersGetRequest { user_id };
    let user = ok(users.client.users().get(&get));
    assert_eq!(
        user.webauthn_registrations[0].webauthn_registration_id,
        registered
    );

    let options = || {
        let start = consumer::WebAuthnAuthenticateStartRequest {
            domain: DOMAIN.into(),
            ..Default::default()
        };
        ok(webauthn.authenticate_start(&start)).public_key_credential_request_options
    };
    let with = |public_key_credential: String| consumer::WebAuthnAuthenticateRequest {
        public_key_credential,
        session_duration_minutes: Some(60),
        ..Default::default()
    };
    // Another key signs the challenge in the name of the passkey.
    let challenge = options();
    let mut forged: Value = serde_json::from_str(&key.get(&challenge)).unwrap();
    let other: Value = serde_json::from_str(&SecurityKey::new(2).get(&challenge)).unwrap();
    forged["response"]["signature"] = other["response"]["signature"].clone();
    let forged = with(forged.to_string());
    refused(
        webauthn.authenticate(&forged),
        "unable_to_auth_webauthn_registration",
    );
    let login = ok(webauthn.authenticate(&with(key.get(&options()))));
    assert_eq!(login.webauthn_registration_id, registered);
    let session = (login.session, &*login.session_token, &*login.session_jwt);
    users.stays_and_ends(session, &get.user_id, &["webauthn"]);
}

#[test]
fn a_user_logs_in_with_a_wallet_of_ethereum() {
    logs_in_with_a_wallet(&Wallet::ethereum(1), &Wallet::ethereum(2));
}

#[test]
fn a_user_logs_in_with_a_wallet_of_solana() {
    logs_in_with_a_wallet(&Wallet::solana(1), &Wallet::solana(2));
}

fn logs_in_with_a_wallet(wallet: &Wallet, other: &Wallet) {
    let users = Users::new();
    let crypto_wallets = users.client.crypto_wallets();
    let start = consumer::CryptoWalletsAuthenticateStartRequest {
        crypto_wallet_type: wallet.r#type().into(),
        crypto_wallet_address: wallet.address(),
        ..Default::default()
    };
    let started = ok(crypto_wallets.authenticate_start(&start));
    let signed_by = |signer: &Wallet| consumer::CryptoWalletsAuthenticateRequest {
        crypto_wallet_type: wallet.r#type().into(),
        crypto_wallet_address: wallet.address(),
        signature: signer.sign(&started.challenge),
        session_duration_minutes: Some(60),
        ..Default::default()
    };
    let forged = signed_by(other);
    refused(
        crypto_wallets.authenticate(&forged),
        "unable_to_authenticate_crypto_wallet",
    );
    let request = signed_by(wallet);
    let login = ok(crypto_wallets.authenticate(&request));
    assert!(login.user.crypto_wallets[0].verified);
    let session = (login.session, &*login.session_token, &*login.session_jwt);
    users.stays_and_ends(session, &started.user_id, &["crypto"]);
    refused(
        crypto_wallets.authenticate(&request),
        "unable_to_authenticate_crypto_wallet",
    );
}
