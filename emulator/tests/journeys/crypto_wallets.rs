//! Crypto wallets of users: log-in with each chain, Sign-In with Ethereum, and every wrong signature.

use serde_json::{Value, json};

use crate::devices::wallet::Wallet;
use crate::stand::{Answer, Stand};

const START: &str = "POST /v1/crypto_wallets/authenticate/start";
const LOG_IN: &str = "POST /v1/crypto_wallets/authenticate";

fn named(wallet: &Wallet, more: Value) -> Value {
    let mut body =
        json!({ "crypto_wallet_type": wallet.r#type(), "crypto_wallet_address": wallet.address() });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    body
}

fn challenge(stand: &mut Stand, wallet: &Wallet) -> String {
    let started = stand.consumer(START, named(wallet, json!({}))).ok();
    started.text("/challenge")
}

fn log_in(stand: &mut Stand, wallet: &Wallet, signature: &str) -> Answer {
    let more = json!({ "signature": signature, "session_duration_minutes": 60 });
    stand.consumer(LOG_IN, named(wallet, more))
}

#[test]
fn a_wallet_of_each_chain_creates_a_user_and_logs_in() {
    for wallet in [Wallet::ethereum(1), Wallet::solana(1)] {
        let mut stand = Stand::new();
        let started = stand.consumer(START, named(&wallet, json!({}))).ok();
        assert_eq!(started.body["user_created"], true);
        let read = format!("GET /v1/users/{}", started.text("/user_id"));
        let user = stand.consumer(&read, Value::Null).ok();
        assert_eq!(user.body["crypto_wallets"][0]["verified"], false);
        // The log-in continues in a restored emulator.
        let snapshot = stand.emulator.snapshot();
        stand.emulator.restore(&snapshot).unwrap();
        let signature = wallet.sign(&started.text("/challenge"));
        let done = log_in(&mut stand, &wallet, &signature).ok();
        assert_eq!(done.body["user_id"], started.body["user_id"]);
        assert_eq!(done.body["user"]["crypto_wallets"][0]["verified"], true);
        let factor = &done.body["session"]["authentication_factors"][0];
        assert_eq!(factor["type"], "crypto");
        let address = factor["crypto_wallet_factor"]["crypto_wallet_address"].as_str();
        assert!(address.unwrap().eq_ignore_ascii_case(&wallet.address()));
        // The signature works once.
        log_in(&mut stand, &wallet, &signature)
            .refused(401, "unable_to_authenticate_crypto_wallet");
        let again = stand.consumer(START, named(&wallet, json!({}))).ok();
        assert_eq!(again.body["user_created"], false);
        assert_eq!(again.body["user_id"], started.body["user_id"]);
        assert_ne!(again.body["challenge"], started.body["challenge"]);
        log_in(&mut stand, &wallet, &signature)
            .refused(401, "unable_to_authenticate_crypto_wallet");
    }
}

#[test]
fn a_wrong_signature_is_refused() {
    for (wallet, other) in [
        (Wallet::ethereum(1), Wallet::ethereum(2)),
        (Wallet::solana(1), Wallet::solana(2)),
    ] {
        let mut stand = Stand::new();
        log_in(&mut stand, &wallet, &other.sign("x")).refused(404, "crypto_wallet_not_found");
        let message = challenge(&mut stand, &wallet);
        for signature in [other.sign(&message), wallet.sign(&format!("{message} "))] {
            log_in(&mut stand, &wallet, &signature)
                .refused(401, "unable_to_authenticate_crypto_wallet");
        }
        log_in(&mut stand, &wallet, "0x0102").refused(400, "signature_is_incorrect_size");
        log_in(&mut stand, &wallet, "?").refused(400, "invalid_signature");
        log_in(&mut stand, &wallet, "").refused(400, "signature_missing");
        stand.later(300);
        let signature = wallet.sign(&message);
        log_in(&mut stand, &wallet, &signature)
            .refused(401, "unable_to_authenticate_crypto_wallet");
        stand.later(-1);
        log_in(&mut stand, &wallet, &signature).ok();
    }
}

#[test]
fn a_wallet_belongs_to_one_user() {
    let mut stand = Stand::new();
    let wallet = Wallet::ethereum(1);
    let session = stand.log_in("ada@example.com");
    let token = json!({ "session_token": session.body["session_token"] });
    let started = stand.consumer(START, named(&wallet, token.clone())).ok();
    assert_eq!(started.body["user_id"], session.body["user_id"]);
    assert_eq!(started.body["user_created"], false);
    let signature = wallet.sign(&started.text("/challenge"));
    let mut more = token;
    more["signature"] = signature.into();
    let done = stand.consumer(LOG_IN, named(&wallet, more)).ok();
    let factors = &done.body["session"]["authentication_factors"];
    assert_eq!(factors.as_array().unwrap().len(), 2);
    let bob = stand.log_in("bob@example.com");
    let bob = json!({ "user_id": bob.body["user_id"] });
    stand
        .consumer(START, named(&wallet, bob))
        .refused(400, "duplicate_wallet_address");
    // The address can have any case.
    let mut upper = named(&wallet, json!({}));
    let digits = wallet.address()[2..].to_uppercase();
    upper["crypto_wallet_address"] = format!("0x{digits}").into();
    let same = stand.consumer(START, upper).ok();
    assert_eq!(same.body["user_id"], session.body["user_id"]);
    let id = done.text("/user/crypto_wallets/0/crypto_wallet_id");
    let delete = format!("DELETE /v1/users/crypto_wallets/{id}");
    stand.consumer(&delete, Value::Null).ok();
    let signature = wallet.sign(&same.text("/challenge"));
    log_in(&mut stand, &wallet, &signature).refused(404, "crypto_wallet_not_found");
}

#[test]
fn a_wallet_logs_in_the_user_who_has_verified_it() {
    let mut stand = Stand::new();
    let wallet = Wallet::ethereum(1);
    let mut start = |email: &str| {
        let user = json!({ "email": email });
        let user = stand.consumer("POST /v1/users", user).ok();
        let user = json!({ "user_id": user.body["user_id"] });
        stand.consumer(START, named(&wallet, user)).ok()
    };
    let eve = start("eve@example.com");
    let ada = start("ada@example.com");
    // The message of the other user has been replaced.
    let signature = wallet.sign(&eve.text("/challenge"));
    log_in(&mut stand, &wallet, &signature).refused(401, "unable_to_authenticate_crypto_wallet");
    let signature = wallet.sign(&ada.text("/challenge"));
    let done = log_in(&mut stand, &wallet, &signature).ok();
    assert_eq!(done.body["user_id"], ada.body["user_id"]);
    let again = stand.consumer(START, named(&wallet, json!({}))).ok();
    assert_eq!(again.body["user_id"], ada.body["user_id"]);
}

#[test]
fn ten_wrong_signatures_lock_the_user() {
    let mut stand = Stand::new();
    let wallet = Wallet::solana(1);
    let message = challenge(&mut stand, &wallet);
    let wrong = Wallet::solana(2).sign(&message);
    for _ in 0..10 {
        log_in(&mut stand, &wallet, &wrong).refused(401, "unable_to_authenticate_crypto_wallet");
    }
    log_in(&mut stand, &wallet, &wallet.sign(&message)).refused(429, "user_lock_limit_reached");
}

#[test]
fn a_message_of_sign_in_with_ethereum_has_the_form_of_eip_4361() {
    let mut stand = Stand::new();
    let wallet = Wallet::ethereum(1);
    let params = json!({
        "domain": "example.com",
        "uri": "https://example.com/login",
        "resources": ["https://example.com/a", "ipfs://b"],
        "statement": "Sign in, please",
        "not_before": "2026-11-01T12:00:00Z",
        "message_request_id": "r-1",
    });
    let start = |params: &Value| named(&wallet, json!({ "siwe_params": params }));
    let started = stand.consumer(START, start(&params)).ok();
    let message = started.text("/challenge");
    let lines: Vec<&str> = message.lines().collect();
    assert_eq!(
        lines[0],
        "example.com wants you to sign in with your Ethereum account:"
    );
    assert!(lines[1].eq_ignore_ascii_case(&wallet.address()) && lines[1] != wallet.address());
    assert_eq!(
        lines[2..7],
        [
            "",
            "Sign in, please",
            "",
            "URI: https://example.com/login",
            "Version: 1"
        ]
    );
    assert_eq!(lines[7], "Chain ID: 1");
    assert!(lines[8].starts_with("Nonce: "));
    assert_eq!(lines[11], "Not Before: 2026-11-01T12:00:00Z");
    assert_eq!(
        lines[12..],
        [
            "Request ID: r-1",
            "Resources:",
            "- https://example.com/a",
            "- ipfs://b"
        ]
    );
    let done = log_in(&mut stand, &wallet, &wallet.sign(&message)).ok();
    assert_eq!(done.body["siwe_params"]["domain"], "example.com");
    assert_eq!(done.body["siwe_params"]["chain_id"], "1");

    let started = stand.consumer(START, start(&params)).ok();
    stand.later(300);
    log_in(
        &mut stand,
        &wallet,
        &wallet.sign(&started.text("/challenge")),
    )
    .refused(400, "siwe_message_expired");
    let mut early = params.clone();
    early["not_before"] = stand.now.plus_seconds(60).rfc3339().into();
    let started = stand.consumer(START, start(&early)).ok();
    let signature = wallet.sign(&started.text("/challenge"));
    log_in(&mut stand, &wallet, &signature).refused(400, "siwe_message_not_valid_yet");
    stand.later(60);
    log_in(&mut stand, &wallet, &signature).ok();

    for (name, value, error_type) in [
        ("domain", "a b", "invalid_siwe_domain"),
        ("domain", "", "invalid_siwe_domain"),
        ("uri", "no uri", "invalid_siwe_uri"),
        ("uri", "https://example.com\n/login", "invalid_siwe_uri"),
        ("chain_id", "0", "invalid_siwe_chain_id"),
        ("statement", "a\nb", "invalid_siwe_statement"),
        (
            "message_request_id",
            "a/b",
            "invalid_siwe_message_request_id",
        ),
        ("issued_at", "yesterday", "invalid_argument"),
    ] {
        let mut wrong = params.clone();
        wrong[name] = value.into();
        stand
            .consumer(START, start(&wrong))
            .refused(400, error_type);
    }
    let mut wrong = params.clone();
    wrong["resources"] = json!(["https://example.com/a", "b\n- c"]);
    stand
        .consumer(START, start(&wrong))
        .refused(400, "invalid_siwe_resource");
    let solana = named(&Wallet::solana(1), json!({ "siwe_params": params }));
    stand
        .consumer(START, solana)
        .refused(400, "crypto_wallet_type_incompatible_with_siwe");
    for (r#type, address, error_type) in [
        ("bitcoin", "x", "invalid_wallet_type"),
        ("ethereum", "0x12", "invalid_ethereum_address"),
        ("solana", "0OIl", "invalid_solana_address"),
        ("solana", "", "invalid_crypto_wallet_address"),
    ] {
        let body = json!({ "crypto_wallet_type": r#type, "crypto_wallet_address": address });
        stand.consumer(START, body).refused(400, error_type);
    }
}

#[test]
fn the_sandbox_wallet_logs_in() {
    let mut stand = Stand::new();
    let wallet = json!({ "crypto_wallet_type": "ethereum", "crypto_wallet_address": "0x6df2dB4Fb3DA35d241901Bd53367770BF03123f1" });
    stand.consumer(START, wallet.clone()).ok();
    let mut body = wallet;
    body["signature"] = "0x0c4f82edc3c818b6beff4b89e0682994e5878074609903cecdfb".into();
    let done = stand.consumer(LOG_IN, body.clone()).ok();
    assert_eq!(
        done.text("/user_id"),
        "user-test-e3795c81-f849-4167-bfda-e4a6e9c280fd"
    );
    body["signature"] = "0x01".into();
    stand
        .consumer(LOG_IN, body)
        .refused(404, "crypto_wallet_not_found");
}
