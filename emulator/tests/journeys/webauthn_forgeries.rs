//! Responses of authenticators with one flaw each, and credentials that belong elsewhere.

use serde_json::{Value, json};

use crate::devices::security_key::{Key, SecurityKey};
use crate::stand::Stand;
use crate::webauthn::{creation_options, log_in, register, registered, request_options, user};

const NOT_REGISTERED: &str = "unable_to_register_webauthn_registration";
const NOT_LOGGED_IN: &str = "unable_to_auth_webauthn_registration";
const START: &str = "POST /v1/webauthn/authenticate/start";

/// Replaces a member of a credential that its signature does not cover.
fn with(credential: &str, pointer: &str, value: &str) -> String {
    let mut changed: Value = serde_json::from_str(credential).unwrap();
    *changed.pointer_mut(pointer).unwrap() = value.into();
    changed.to_string()
}

#[test]
fn a_registration_with_a_flaw_is_refused() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand, "ada@example.com");
    let options = creation_options(&mut stand, &user_id);
    let mut rng =
        <rand_chacha::ChaCha20Rng as rand_chacha::rand_core::SeedableRng>::seed_from_u64(3);
    let short = rsa::RsaPrivateKey::new(&mut rng, 1024).unwrap();
    let packed = |alg| SecurityKey {
        format: "packed",
        alg: Some(alg),
        ..SecurityKey::new(1)
    };
    for (mut key, error_type) in [
        (
            SecurityKey {
                is_in_frame: true,
                ..SecurityKey::new(1)
            },
            NOT_REGISTERED,
        ),
        (
            SecurityKey {
                trailing: &[0],
                ..SecurityKey::new(1)
            },
            "invalid_public_key_credential_invalid_authenticator_data",
        ),
        // The statement has the algorithm of another key.
        (packed(-257), NOT_REGISTERED),
        // A format that the standard does not have.
        (
            SecurityKey {
                format: "other",
                ..SecurityKey::new(1)
            },
            "invalid_public_key_credential_malformed_attestation_object",
        ),
        // The format `none` has a statement.
        (
            SecurityKey {
                alg: Some(-7),
                ..SecurityKey::new(1)
            },
            "invalid_public_key_credential_malformed_attestation_object",
        ),
        (
            SecurityKey::with_key(Key::Rs256(Box::new(short)), 1),
            NOT_REGISTERED,
        ),
    ] {
        let credential = key.create(&options);
        register(&mut stand, &user_id, &credential).refused(400, error_type);
    }
    let credential = packed(-7).create(&options);
    let other = with(&credential, "/id", "AAAA");
    register(&mut stand, &user_id, &other).refused(400, NOT_REGISTERED);
    register(&mut stand, &user_id, &credential).ok();
}

#[test]
fn a_log_in_with_a_flaw_is_refused() {
    let mut stand = Stand::new();
    let (user_id, mut key) = registered(&mut stand);
    let options = request_options(&mut stand, &user_id);
    key.is_in_frame = true;
    log_in(&mut stand, &key.get(&options)).refused(401, NOT_LOGGED_IN);
    key.is_in_frame = false;
    key.trailing = &[0];
    log_in(&mut stand, &key.get(&options)).refused(
        400,
        "invalid_public_key_credential_invalid_authenticator_data",
    );
    key.trailing = &[];
    let credential = key.get(&options);
    let of_other_user = with(&credential, "/response/userHandle", "AAAA");
    log_in(&mut stand, &of_other_user).refused(401, NOT_LOGGED_IN);
    log_in(&mut stand, &credential).ok();
}

#[test]
fn a_copy_of_a_key_is_noticed_by_its_counter() {
    let mut stand = Stand::new();
    let (user_id, mut key) = registered(&mut stand);
    let before = key.count;
    let options = request_options(&mut stand, &user_id);
    log_in(&mut stand, &key.get(&options)).ok();
    // The copy has the counter of before the log-in.
    key.count = before;
    let options = request_options(&mut stand, &user_id);
    log_in(&mut stand, &key.get(&options)).refused(401, NOT_LOGGED_IN);
}

#[test]
fn a_challenge_works_once_for_a_passkey_that_does_not_count() {
    let mut stand = Stand::new();
    let user_id = user(&mut stand, "ada@example.com");
    let mut key = SecurityKey::new(1);
    key.counts = false;
    let options = creation_options(&mut stand, &user_id);
    register(&mut stand, &user_id, &key.create(&options)).ok();
    let options = request_options(&mut stand, &user_id);
    let credential = key.get(&options);
    log_in(&mut stand, &credential).ok();
    log_in(&mut stand, &credential).refused(401, NOT_LOGGED_IN);
}

#[test]
fn a_credential_belongs_to_its_domain() {
    let mut stand = Stand::new();
    let (_, mut key) = registered(&mut stand);
    let started = stand
        .consumer(START, json!({ "domain": "other.example" }))
        .ok();
    let options = started.text("/public_key_credential_request_options");
    key.origin = "https://other.example".into();
    log_in(&mut stand, &key.get(&options)).refused(401, NOT_LOGGED_IN);
}

#[test]
fn ten_wrong_responses_lock_the_user() {
    let mut stand = Stand::new();
    let (user_id, mut key) = registered(&mut stand);
    let options = request_options(&mut stand, &user_id);
    let mut copy = SecurityKey::new(1);
    copy.key = SecurityKey::new(9).key;
    for _ in 0..10 {
        log_in(&mut stand, &copy.get(&options)).refused(401, NOT_LOGGED_IN);
    }
    log_in(&mut stand, &key.get(&options)).refused(429, "user_lock_limit_reached");
}

#[test]
fn a_user_has_at_most_25_credentials_which_end_with_the_user() {
    let mut stand = Stand::new();
    let ada = user(&mut stand, "ada@example.com");
    for seed in 1..=25 {
        let options = creation_options(&mut stand, &ada);
        let credential = SecurityKey::new(seed).create(&options);
        register(&mut stand, &ada, &credential).ok();
    }
    let body = json!({ "user_id": ada, "domain": "example.com" });
    stand
        .consumer("POST /v1/webauthn/register/start", body)
        .refused(400, "too_many_user_registrations_for_domain");
    let bob = user(&mut stand, "bob@example.com");
    let options = creation_options(&mut stand, &bob);
    let credential = SecurityKey::new(1).create(&options);
    register(&mut stand, &bob, &credential).refused(400, "duplicate_webauthn_registration");
    stand
        .consumer(&format!("DELETE /v1/users/{ada}"), Value::Null)
        .ok();
    register(&mut stand, &bob, &credential).ok();
}
