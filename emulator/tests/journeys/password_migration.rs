//! Passwords of other systems: a user who is migrated with a hash logs in with the password, and not with another one. The
//! hashes are published test vectors, or were made with Python's `hashlib` and glibc's `crypt`.

use serde_json::{Value, json};

use crate::stand::{Answer, Stand};

const MIGRATE: &str = "POST /v1/passwords/migrate";
const EMAIL: &str = "ada@example.com";

fn stand() -> Stand {
    let mut stand = Stand::new();
    // The vectors are hashes of well-known passwords.
    let config = json!({ "product": "consumer", "check_breach_on_authentication": false });
    stand.open("POST /_emulator/password_config", config).ok();
    stand
}

fn migrate(stand: &mut Stand, (hash_type, hash, more): (&str, &str, Value)) -> Answer {
    let mut body = json!({ "email": EMAIL, "hash_type": hash_type, "hash": hash });
    if let Some(more) = more.as_object() {
        body.as_object_mut().unwrap().extend(more.clone());
    }
    stand.consumer(MIGRATE, body)
}

fn enter(stand: &mut Stand, password: &str) -> Answer {
    let body = json!({ "email": EMAIL, "password": password });
    stand.consumer("POST /v1/passwords/authenticate", body)
}

fn salts(name: &str, before: &str, after: &str) -> Value {
    json!({ name: { "prepend_salt": before, "append_salt": after } })
}

fn argon2(length: u32) -> Value {
    json!({ "argon_2_config": { "salt": "somesalt", "iteration_amount": 2, "memory": 256, "threads": 1, "key_length": length } })
}

fn scrypt(salt: &str, [n, r, p]: [u32; 3]) -> Value {
    json!({ "scrypt_config": { "salt": salt, "n_parameter": n, "r_parameter": r, "p_parameter": p, "key_length": 64 } })
}

fn pbkdf2(algorithm: &str, length: u32) -> Value {
    json!({ "pbkdf_2_config": { "salt": "c2FsdHNhbHQ=", "iteration_amount": 10, "key_length": length, "algorithm": algorithm } })
}

#[test]
fn each_type_of_hash_accepts_its_password_only() {
    let own = "correct horse battery";
    let vectors = [
        // crypt_blowfish and jBCrypt.
        (
            "U*U",
            "bcrypt",
            "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            Value::Null,
        ),
        (
            "abc",
            "bcrypt",
            "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
            Value::Null,
        ),
        (
            own,
            "bcrypt",
            "$2b$04$CCCCCCCCCCCCCCCCCCCCC.PEkyOQ3.fP17nRPOFwu2V9QhDVkFThW",
            Value::Null,
        ),
        // The tests of phpass.
        (
            "test12345",
            "phpass",
            "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0",
            Value::Null,
        ),
        // The tests of the reference implementation of Argon2.
        (
            "password",
            "argon_2i",
            "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
            Value::Null,
        ),
        (
            "password",
            "argon_2id",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            Value::Null,
        ),
        (
            "password",
            "argon_2id",
            "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
            argon2(32),
        ),
        // RFC 7914, section 12.
        (
            "password",
            "scrypt",
            "/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA==",
            scrypt("TmFDbA==", [1024, 8, 16]),
        ),
        (
            "password",
            "scrypt",
            "$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA",
            Value::Null,
        ),
        (
            own,
            "pbkdf_2",
            "M8gqTkk0Im6rswFt6aWWzm+20+kyUXsHlNIenjmo3O4=",
            pbkdf2("sha256", 32),
        ),
        (
            own,
            "pbkdf_2",
            "pnVlurTHekmrUGrsmzqaH7x4quvVAc/QW6gam63sEqpTyUzflv64wawGLzhhYYlOqhWreh22LjAnBxIpR/f8aA==",
            pbkdf2("sha512", 64),
        ),
        (
            "password",
            "md_5",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            Value::Null,
        ),
        (
            own,
            "md_5",
            "2c53be9e2d72a55c932c720cde96999e",
            salts("md_5_config", "pepper-", "-salt"),
        ),
        (
            "password",
            "sha_1",
            "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8",
            Value::Null,
        ),
        (
            own,
            "sha_1",
            "a5c45c8a2faed1d1c003fa3323fa04bde9023e4c",
            salts("sha_1_config", "pepper-", "-salt"),
        ),
        (
            own,
            "sha_512",
            "b263402a949a7324efbd013b932ed601cbfcc749f2cd1fa6df98bf7d82464bcf4f169a4e15aaade4c1df7b3b060fadd31313efc3d0d4a649031717d5dd7a5b4a",
            salts("sha_512_config", "pepper-", "-salt"),
        ),
    ];
    for (password, hash_type, hash, more) in vectors {
        let mut stand = stand();
        let done = migrate(&mut stand, (hash_type, hash, more)).ok();
        assert_eq!(done.body["user_created"], true);
        assert_eq!(done.body["user"]["password"]["requires_reset"], false);
        let answer = enter(&mut stand, password);
        assert_eq!(answer.status, 200, "{hash_type} {hash}: {}", answer.body);
        for wrong in [format!("{password} "), password.to_uppercase() + "x"] {
            enter(&mut stand, &wrong).refused(401, "unauthorized_credentials");
        }
        // The hash is a part of the state.
        let snapshot = stand.emulator.snapshot();
        stand.emulator.restore(&snapshot).unwrap();
        enter(&mut stand, password).ok();
    }
}

#[test]
fn refuses_malformed_hashes_with_the_error_of_their_type() {
    let bcrypt = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    let hex = "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe";
    let sha256 = "M8gqTkk0Im6rswFt6aWWzm+20+kyUXsHlNIenjmo3O4=";
    let change = |config: &str, name: &str, value: Value| {
        let mut settings = match config {
            "argon_2_config" => argon2(32),
            "scrypt_config" => scrypt("TmFDbA==", [16, 1, 1]),
            _ => pbkdf2("sha256", 32),
        };
        settings[config][name] = value;
        settings
    };
    for (hash_type, hash, more, error_type) in [
        ("bcrypt", "", Value::Null, "invalid_hash"),
        ("sha_256", hex, Value::Null, "invalid_hash_type"),
        ("bcrypt", hex, Value::Null, "invalid_bcrypt_hash"),
        ("bcrypt", &bcrypt[..59], Value::Null, "invalid_bcrypt_hash"),
        (
            "bcrypt",
            &bcrypt.replace("$05$", "$31$"),
            Value::Null,
            "invalid_bcrypt_cost",
        ),
        ("md_5", hex, Value::Null, "invalid_md_5_hash"),
        ("sha_1", "zz", Value::Null, "invalid_sha_1_hash"),
        ("sha_512", hex, Value::Null, "invalid_sha_512_hash"),
        ("phpass", hex, Value::Null, "invalid_phpass_hash_prefix"),
        (
            "phpass",
            "$P$9IQRaTwm",
            Value::Null,
            "invalid_phpass_hash_format",
        ),
        ("argon_2id", hex, Value::Null, "invalid_hash"),
        (
            "argon_2i",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR",
            Value::Null,
            "invalid_hash",
        ),
        ("argon_2id", hex, argon2(16), "argon_2_key_length_mismatch"),
        (
            "argon_2id",
            hex,
            change("argon_2_config", "salt", json!("short")),
            "invalid_argon_2_salt",
        ),
        (
            "argon_2id",
            hex,
            change("argon_2_config", "memory", json!(7)),
            "invalid_argon_2_memory",
        ),
        (
            "argon_2id",
            hex,
            change("argon_2_config", "memory", json!(i32::MAX)),
            "invalid_argon_2_memory",
        ),
        (
            "argon_2id",
            hex,
            change("argon_2_config", "iteration_amount", json!(0)),
            "invalid_argon_2_iteration_amount",
        ),
        (
            "argon_2id",
            hex,
            change("argon_2_config", "threads", json!(-1)),
            "invalid_argon_2_threads",
        ),
        ("scrypt", sha256, Value::Null, "invalid_scrypt_parameters"),
        (
            "scrypt",
            sha256,
            change("scrypt_config", "key_length", json!(64)),
            "scrypt_key_length_mismatch",
        ),
        (
            "scrypt",
            sha256,
            change("scrypt_config", "n_parameter", json!(1000)),
            "invalid_scrypt_n_parameter",
        ),
        (
            "scrypt",
            sha256,
            change("scrypt_config", "n_parameter", json!(524_288)),
            "invalid_scrypt_n_parameter",
        ),
        (
            "scrypt",
            sha256,
            change("scrypt_config", "r_parameter", json!(i32::MAX)),
            "invalid_scrypt_parameters",
        ),
        (
            "scrypt",
            "!",
            scrypt("TmFDbA==", [16, 1, 1]),
            "invalid_base64_scrypt_hash",
        ),
        (
            "scrypt",
            sha256,
            scrypt("!", [16, 1, 1]),
            "invalid_base64_scrypt_salt",
        ),
        ("pbkdf_2", sha256, Value::Null, "invalid_pbkdf_2_hash"),
        (
            "pbkdf_2",
            sha256,
            pbkdf2("md5", 32),
            "invalid_pbkdf_2_algorithm",
        ),
        (
            "pbkdf_2",
            sha256,
            pbkdf2("sha256", 31),
            "pbkdf_2_key_length_mismatch",
        ),
        (
            "pbkdf_2",
            sha256,
            change("pbkdf_2_config", "iteration_amount", json!(0)),
            "invalid_pbkdf_2_iteration_amount",
        ),
        (
            "pbkdf_2",
            sha256,
            change("pbkdf_2_config", "salt", json!("!")),
            "invalid_pbkdf_2_salt",
        ),
    ] {
        let mut stand = Stand::new();
        let refused = migrate(&mut stand, (hash_type, hash, more));
        refused.refused(400, error_type);
        enter(&mut stand, "password").refused(404, "email_not_found");
    }
}

#[test]
fn migrates_new_and_existing_users() {
    let md5 = "5f4dcc3b5aa765d61d8327deb882cf99";
    let mut stand = stand();
    stand.set_up_roles("consumer");
    let link = stand.link_for(EMAIL);
    let more = json!({
        "set_email_verified": true,
        "phone_number": "+15005550006",
        "set_phone_number_verified": true,
        "name": { "first_name": "Ada" },
        "roles": ["editor"],
        "trusted_metadata": { "plan": "pro" },
    });
    let done = migrate(&mut stand, ("md_5", md5, more)).ok();
    assert_eq!(done.body["user_created"], false);
    let user = &done.body["user"];
    assert_eq!(user["emails"][0]["verified"], true);
    assert_eq!(user["phone_numbers"][0]["verified"], true);
    assert_eq!(user["name"]["first_name"], "Ada");
    assert_eq!(user["roles"], json!(["stytch_user", "editor"]));
    enter(&mut stand, "password").ok();
    migrate(&mut stand, ("md_5", md5, Value::Null)).refused(400, "password_already_exists");
    // The address was verified before, so a link does not require a reset.
    let body = json!({ "token": link });
    stand
        .consumer("POST /v1/magic_links/authenticate", body)
        .ok();
    enter(&mut stand, "password").ok();

    let other = |more: Value| {
        let mut body = json!({ "email": "bob@example.com", "hash": md5, "hash_type": "md_5" });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    for (more, error_type) in [
        (
            json!({ "phone_number": "+15005550006" }),
            "duplicate_phone_number",
        ),
        (json!({ "roles": ["unknown"] }), "invalid_rbac_role_id"),
        (json!({ "external_id": "a b" }), "invalid_external_id"),
    ] {
        stand
            .consumer(MIGRATE, other(more))
            .refused(400, error_type);
    }
    let new = stand
        .consumer(MIGRATE, other(json!({ "external_id": "bob-1" })))
        .ok();
    assert_eq!(new.body["user"]["emails"][0]["verified"], false);
    stand.consumer("GET /v1/users/bob-1", Value::Null).ok();
}
