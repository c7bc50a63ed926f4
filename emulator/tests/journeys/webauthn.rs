//! Passkeys and security keys of users: registration and log-in with each algorithm, and every wrong response.

use serde_json::{Value, json};
use stytch_emulator::{Emulator, Fresh, Seed, UnixSeconds};

use crate::devices::security_key::{Key, SecurityKey};
use crate::stand::{Answer, SETTINGS, Stand};

const START: &str = "POST /v1/webauthn/register/start";
const REGISTER: &str = "POST /v1/webauthn/register";
const LOG_IN_START: &str = "POST /v1/webauthn/authenticate/start";
const LOG_IN: &str = "POST /v1/webauthn/authenticate";

pub fn user(stand: &mut Stand, email: &str) -> String {
    let body = json!({ "email": email });
    stand.consumer("POST /v1/users", body).ok().text("/user_id")
}

pub fn creation_options(stand: &mut Stand, user_id: &str) -> String {
    let body = json!({ "user_id": user_id, "domain": "example.com", "return_passkey_credential_options": true });
    let started = stand.consumer(START, body).ok();
    started.text("/public_key_credential_creation_options")
}

pub fn register(stand: &mut Stand, user_id: &str, credential: &str) -> Answer {
    let body = json!({ "user_id": user_id, "public_key_credential": credential, "session_duration_minutes": 60 });
    stand.consumer(REGISTER, body)
}

pub fn request_options(stand: &mut Stand, user_id: &str) -> String {
    let body =
        json!({ "user_id": user_id, "domain": "example.com", "use_base64_url_encoding": true });
    let started = stand.consumer(LOG_IN_START, body).ok();
    started.text("/public_key_credential_request_options")
}

pub fn log_in(stand: &mut Stand, credential: &str) -> Answer {
    let body = json!({ "public_key_credential": credential, "session_duration_minutes": 60 });
    stand.consumer(LOG_IN, body)
}

/// A user with a registered key.
pub fn registered(stand: &mut Stand) -> (String, SecurityKey) {
    let user_id = user(stand, "ada@example.com");
    let mut key = SecurityKey::new(1);
    let options = creation_options(stand, &user_id);
    register(stand, &user_id, &key.create(&options)).ok();
    (user_id, key)
}

#[test]
fn a_key_of_each_algorithm_registers_and_logs_in() {
    let ed25519 = ed25519_dalek::SigningKey::from_bytes(&[3; 32]);
    let mut rng =
        <rand_chacha::ChaCha20Rng as rand_chacha::rand_core::SeedableRng>::seed_from_u64(1);
    let rsa = rsa::RsaPrivateKey::new(&mut rng, 2048).unwrap();
    for mut key in [
        SecurityKey::new(1),
        SecurityKey::with_key(Key::Rs256(Box::new(rsa)), 2),
        SecurityKey::with_key(Key::EdDsa(ed25519), 3),
    ] {
        for format in ["none", "packed"] {
            key.format = format;
            let mut stand = Stand::new();
            let user_id = user(&mut stand, "ada@example.com");
            let options = creation_options(&mut stand, &user_id);
            let known: Value = serde_json::from_str(&options).unwrap();
            assert_eq!(known["challenge"].as_str().unwrap().len(), 44);
            assert_eq!(known["authenticatorSelection"]["residentKey"], "required");
            assert_eq!(known["pubKeyCredParams"][0]["alg"], -7);
            // The ceremony continues in a restored emulator.
            let snapshot = stand.emulator.snapshot();
            stand.emulator.restore(&snapshot).unwrap();
            let done = register(&mut stand, &user_id, &key.create(&options)).ok();
            let id = done.text("/webauthn_registration_id");
            let registration = &done.body["user"]["webauthn_registrations"][0];
            assert_eq!(registration["webauthn_registration_id"], id);
            assert_eq!(
                (&registration["domain"], &registration["verified"]),
                (&json!("example.com"), &json!(true))
            );
            let options = request_options(&mut stand, &user_id);
            let known: Value = serde_json::from_str(&options).unwrap();
            assert_eq!(known["challenge"].as_str().unwrap().len(), 43);
            assert_eq!(known["allowCredentials"].as_array().unwrap().len(), 1);
            let done = log_in(&mut stand, &key.get(&options)).ok();
            assert_eq!(done.body["user_id"], user_id);
            assert_eq!(done.body["webauthn_registration_id"], id);
            let factor = &done.body["session"]["authentication_factors"][0];
            assert_eq!(factor["type"], "webauthn");
            assert_eq!(factor["webauthn_factor"]["domain"], "example.com");
        }
    }
}

#[test]
fn a_passkey_logs_in_without_a_named_user() {
    let mut stand = Stand::new();
    let (user_id, mut key) = registered(&mut stand);
    let started = stand
        .consumer(LOG_IN_START, json!({ "domain": "example.com" }))
        .ok();
    assert_eq!(started.body["user_id"], "");
    let options = started.text("/public_key_credential_request_options");
    let done = log_in(&mut stand, &key.get(&options)).ok();
    assert_eq!(done.body["user_id"], user_id);
    // Only the userHandle identifies the user (Web Authentication, Level 2, section 7.2, step 6).
    let started = stand
        .consumer(LOG_IN_START, json!({ "domain": "example.com" }))
        .ok();
    let options = started.text("/public_key_credential_request_options");
    let mut anonymous: Value = serde_json::from_str(&key.get(&options)).unwrap();
    anonymous["response"]["userHandle"].take();
    log_in(&mut stand, &anonymous.to_string()).refused(401, "unable_to_auth_webauthn_registration");
}

#[test]
fn a_seeded_passkey_logs_in() {
    let mut stand = Stand::new();
    let (user_id, mut key) = registered(&mut stand);
    let route = format!("GET /v1/webauthn/credentials/{user_id}/example.com");
    let listed = stand.consumer(&route, Value::Null).ok();
    let mut registration = listed.body["credentials"][0].clone();
    registration["domain"] = json!("example.com");
    registration["name"] = json!("Key of Ada");
    registration["sign_count"] = json!(1);
    let biometric = json!({ "biometric_registration_id": "biometric-registration-test-1" });
    let seed = |registration: &Value| {
        let users = json!([{
            "user_id": user_id, "email": "ada@example.com",
            "webauthn_registrations": [registration], "biometric_registrations": [biometric],
        }]);
        let file = json!({ "random_seed": 1, "consumer": {
            "project_id": SETTINGS.consumer.project_id, "secret": SETTINGS.consumer.secret, "users": users,
        }});
        let seed = Seed::from_value(file).unwrap();
        Emulator::from_seed(&seed, &Fresh::default(), UnixSeconds(1_795_000_000))
    };
    stand.emulator = seed(&registration).unwrap();
    let options = request_options(&mut stand, &user_id);
    let done = log_in(&mut stand, &key.get(&options)).ok();
    assert_eq!(done.body["user_id"], user_id);
    let known = &done.body["user"]["webauthn_registrations"][0];
    assert_eq!(
        (&known["name"], &known["webauthn_registration_id"]),
        (
            &json!("Key of Ada"),
            &registration["webauthn_registration_id"]
        )
    );
    let biometrics = &done.body["user"]["biometric_registrations"][0];
    assert_eq!(
        biometrics["biometric_registration_id"],
        "biometric-registration-test-1"
    );
    // The key without a named user finds the user by its handle.
    let started = stand
        .consumer(LOG_IN_START, json!({ "domain": "example.com" }))
        .ok();
    let options = started.text("/public_key_credential_request_options");
    assert_eq!(
        log_in(&mut stand, &key.get(&options)).ok().body["user_id"],
        user_id
    );

    for (name, value, message) in [
        (
            "domain",
            json!("https://example.com"),
            "domain: must be a host",
        ),
        ("public_key", json!("AAAA"), "public_key: must be an ES256"),
        ("public_key", Value::Null, "public_key: must be an ES256"),
        ("credential_id", Value::Null, "credential_id: is required"),
        (
            "credential_id",
            json!("*"),
            "credential_id: must be base64url",
        ),
        (
            "sign_count",
            json!(-1),
            "sign_count: must be a whole number",
        ),
        (
            "webauthn_registration_id",
            json!("x"),
            "webauthn_registration_id: must be an id",
        ),
        ("spare", json!(1), "spare: is not a known member"),
    ] {
        let mut wrong = registration.clone();
        wrong[name] = value;
        let error = seed(&wrong).map(drop).unwrap_err().to_string();
        let start = format!("consumer.users[0].webauthn_registrations[0].{message}");
        assert!(error.starts_with(&start), "{error}");
    }
}

#[test]
fn a_wrong_registration_is_refused() {
    let refused = "unable_to_register_webauthn_registration";
    let change: [fn(&mut SecurityKey); 6] = [
        |key| key.origin = "https://evil.example".into(),
        |key| key.origin = "http://example.com".into(),
        |key| key.rp_id = Some("evil.example".into()),
        |key| key.ceremony = Some("webauthn.get"),
        // The user was not present.
        |key| key.flags = 4,
        // Backed up, but not eligible for backups.
        |key| key.flags = 1 | 16,
    ];
    for change in change {
        let mut stand = Stand::new();
        let user_id = user(&mut stand, "ada@example.com");
        let mut key = SecurityKey::new(1);
        change(&mut key);
        let options = creation_options(&mut stand, &user_id);
        register(&mut stand, &user_id, &key.create(&options)).refused(400, refused);
        // The challenge remains valid.
        let mut right = SecurityKey::new(1);
        register(&mut stand, &user_id, &right.create(&options)).ok();
    }

    let mut stand = Stand::new();
    let user_id = user(&mut stand, "ada@example.com");
    let options = creation_options(&mut stand, &user_id);
    // The statement of another key.
    let mut packed = SecurityKey::new(1);
    packed.format = "packed";
    let credential = packed.create(&options);
    let mut broken: Value = serde_json::from_str(&credential).unwrap();
    let object = broken["response"]["attestationObject"]
        .as_str()
        .unwrap()
        .to_owned();
    let (start, end) = object.split_at(60);
    let flipped = if end.starts_with('A') { "B" } else { "A" };
    broken["response"]["attestationObject"] = format!("{start}{flipped}{}", &end[1..]).into();
    register(&mut stand, &user_id, &broken.to_string()).refused(400, refused);
    register(&mut stand, &user_id, &credential).ok();
}

#[test]
fn a_registration_belongs_to_its_user_and_works_once() {
    let mut stand = Stand::new();
    let ada = user(&mut stand, "ada@example.com");
    let eve = user(&mut stand, "eve@example.com");
    let options = creation_options(&mut stand, &ada);
    let mut key = SecurityKey::new(1);
    let credential = key.create(&options);
    register(&mut stand, &eve, &credential)
        .refused(400, "unable_to_register_webauthn_registration");
    register(&mut stand, &ada, &credential).ok();
    register(&mut stand, &ada, &credential).refused(400, "no_pending_webauthn_registration");
    // The same key for another user.
    let options = creation_options(&mut stand, &eve);
    register(&mut stand, &eve, &key.create(&options))
        .refused(400, "duplicate_webauthn_registration");
    let options = creation_options(&mut stand, &ada);
    let known: Value = serde_json::from_str(&options).unwrap();
    assert_eq!(known["excludeCredentials"].as_array().unwrap().len(), 1);
    stand.later(300);
    register(&mut stand, &ada, &SecurityKey::new(2).create(&options))
        .refused(400, "no_pending_webauthn_registration");

    let invite = json!({ "email": "hedy@example.com" });
    let pending = stand
        .consumer("POST /v1/magic_links/email/invite", invite)
        .ok();
    let body = json!({ "user_id": pending.body["user_id"], "domain": "example.com" });
    stand
        .consumer(START, body)
        .refused(400, "cannot_use_webauthn_with_pending_user");
    for (body, error_type) in [
        (
            json!({ "user_id": ada, "domain": "https://example.com" }),
            "invalid_webauthn_registration_domain",
        ),
        (
            json!({ "user_id": ada, "domain": "example.com", "authenticator_type": "usb" }),
            "invalid_authenticator_type",
        ),
    ] {
        stand.consumer(START, body).refused(400, error_type);
    }
}

#[test]
fn a_wrong_log_in_is_refused() {
    let refused = "unable_to_auth_webauthn_registration";
    let change: [fn(&mut SecurityKey); 6] = [
        |key| key.origin = "https://evil.example".into(),
        |key| key.rp_id = Some("evil.example".into()),
        |key| key.ceremony = Some("webauthn.create"),
        |key| key.flags = 0,
        // The signature of another key.
        |key| key.key = SecurityKey::new(9).key,
        // A copy of the key, which has counted less.
        |key| key.count = 0,
    ];
    for change in change {
        let mut stand = Stand::new();
        let (user_id, mut key) = registered(&mut stand);
        let options = request_options(&mut stand, &user_id);
        change(&mut key);
        log_in(&mut stand, &key.get(&options)).refused(401, refused);
        let mut right = SecurityKey::new(1);
        right.count = 7;
        let body: Value = serde_json::from_str(&right.get(&options)).unwrap();
        let mut without_handle = body;
        without_handle["response"]["userHandle"].take();
        log_in(&mut stand, &without_handle.to_string()).ok();
    }
}

#[test]
fn a_log_in_works_once_for_its_user_and_for_five_minutes() {
    let refused = "unable_to_auth_webauthn_registration";
    let mut stand = Stand::new();
    let (user_id, mut key) = registered(&mut stand);
    let eve = user(&mut stand, "eve@example.com");
    let body = json!({ "user_id": eve, "domain": "example.com" });
    stand
        .consumer(LOG_IN_START, body)
        .refused(400, "no_active_webauthn_registrations");
    let mut eves = SecurityKey::new(2);
    let options = creation_options(&mut stand, &eve);
    register(&mut stand, &eve, &eves.create(&options)).ok();
    let options = request_options(&mut stand, &user_id);
    log_in(&mut stand, &eves.get(&options)).refused(401, refused);
    let credential = key.get(&options);
    log_in(&mut stand, &credential).ok();
    log_in(&mut stand, &credential).refused(401, refused);
    let options = request_options(&mut stand, &user_id);
    stand.later(300);
    log_in(&mut stand, &key.get(&options)).refused(401, refused);
    // The challenge of a registration does not work for a log-in.
    let options = creation_options(&mut stand, &user_id);
    let mut options: Value = serde_json::from_str(&options).unwrap();
    options["rpId"] = "example.com".into();
    log_in(&mut stand, &key.get(&options.to_string())).refused(401, refused);
    let mut unknown = SecurityKey::new(3);
    let options = request_options(&mut stand, &user_id);
    log_in(&mut stand, &unknown.get(&options)).refused(404, "webauthn_registration_not_found");
}

#[test]
fn a_malformed_credential_names_its_flaw() {
    let mut stand = Stand::new();
    let (user_id, mut key) = registered(&mut stand);
    let options = request_options(&mut stand, &user_id);
    let whole: Value = serde_json::from_str(&key.get(&options)).unwrap();
    for (pointer, value, error_type) in [
        ("/id", Value::Null, "missing_id_field"),
        ("/id", json!("!"), "invalid_id"),
        ("/response", Value::Null, "missing_response_field"),
        (
            "/response/clientDataJSON",
            Value::Null,
            "missing_client_data_json_field",
        ),
        (
            "/response/clientDataJSON",
            json!("e30"),
            "malformed_client_data_json",
        ),
        (
            "/response/authenticatorData",
            Value::Null,
            "missing_authenticator_data_field",
        ),
        (
            "/response/authenticatorData",
            json!("AAAA"),
            "invalid_authenticator_data",
        ),
        (
            "/response/signature",
            Value::Null,
            "missing_signature_field",
        ),
        ("/response/signature", json!("!"), "invalid_signature"),
    ] {
        let mut broken = whole.clone();
        *broken.pointer_mut(pointer).unwrap() = value;
        let error_type = format!("invalid_public_key_credential_{error_type}");
        log_in(&mut stand, &broken.to_string()).refused(400, &error_type);
    }
    log_in(&mut stand, "{").refused(400, "invalid_public_key_credential");
    let options = creation_options(&mut stand, &user_id);
    let mut broken: Value = serde_json::from_str(&SecurityKey::new(2).create(&options)).unwrap();
    broken["response"]["attestationObject"] = "oA".into();
    register(&mut stand, &user_id, &broken.to_string()).refused(
        400,
        "invalid_public_key_credential_malformed_attestation_object",
    );
    log_in(&mut stand, &whole.to_string()).ok();
}

#[test]
fn a_registration_has_a_name_and_is_listed_until_it_is_deleted() {
    let mut stand = Stand::new();
    let (user_id, mut key) = registered(&mut stand);
    let list = format!("GET /v1/webauthn/credentials/{user_id}/example.com");
    let listed = stand.consumer(&list, Value::Null).ok();
    let id = listed.text("/credentials/0/webauthn_registration_id");
    assert_eq!(listed.body["credentials"][0]["type"], "public-key");
    let other = format!("GET /v1/webauthn/credentials/{user_id}/other.example");
    let other = stand.consumer(&other, Value::Null).ok();
    assert_eq!(other.body["credentials"], json!([]));
    let rename = format!("PUT /v1/webauthn/{id}");
    let named = stand.consumer(&rename, json!({ "name": "My key" })).ok();
    assert_eq!(named.body["webauthn_registration"]["name"], "My key");
    let read = format!("GET /v1/users/{user_id}");
    let user = stand.consumer(&read, Value::Null).ok();
    assert_eq!(user.body["webauthn_registrations"][0]["name"], "My key");
    stand
        .consumer(&rename, json!({ "name": "" }))
        .refused(400, "empty_webauthn_registration_name");

    let options = request_options(&mut stand, &user_id);
    let delete = format!("DELETE /v1/users/webauthn_registrations/{id}");
    stand.consumer(&delete, Value::Null).ok();
    log_in(&mut stand, &key.get(&options)).refused(404, "webauthn_registration_not_found");
    let listed = stand.consumer(&list, Value::Null).ok();
    assert_eq!(listed.body["credentials"], json!([]));
    stand
        .consumer(&rename, json!({ "name": "x" }))
        .refused(404, "webauthn_registration_not_found");
}
