//! The passwords of the world, and the values of calls on passwords.

use serde_json::{Value, json};

use super::description::Operation;
use super::world::SECRET;

/// The name of a value of the world that a parameter of a call on passwords has instead of its own.
pub fn alias(operation: &Operation, name: &str) -> Option<&'static str> {
    let path = operation.path.strip_prefix("/v1/passwords")?;
    let is_known = !["", "/migrate", "/strength_check"].contains(&path);
    match name {
        "email" if is_known => Some("own_email"),
        "token" => Some("reset_token"),
        _ => None,
    }
}

/// The values of calls on passwords. Every password is [`SECRET`].
pub fn values() -> [(&'static str, Value); 5] {
    [
        ("password", json!(SECRET)),
        ("existing_password", json!(SECRET)),
        ("new_password", json!(SECRET)),
        ("hash", json!(MD5)),
        ("hash_type", json!("md_5")),
    ]
}

/// The further arguments of a valid call with this value of the field: each type of hash has its own form.
pub fn companions(field: &str, word: &str) -> Vec<(String, Value)> {
    if field != "hash_type" {
        return Vec::new();
    }
    let argon2 = |name: &str, output: &str| {
        (
            json!(format!("${name}$v=19$m=256,t=2,p=1$c29tZXNhbHQ${output}")),
            None,
        )
    };
    let settings = |more: Value| {
        let mut settings = json!({ "salt": "c2FsdHNhbHQ=", "key_length": 32 });
        let members = settings.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        settings
    };
    let (hash, settings) = match word {
        "bcrypt" => (json!(BCRYPT), None),
        "md_5" => (json!(MD5), None),
        "sha_1" => (json!(MD5.repeat(3).get(..40)), None),
        "sha_512" => (json!(MD5.repeat(4)), None),
        "phpass" => (json!("$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"), None),
        "argon_2i" => argon2("argon2i", "iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8"),
        "argon_2id" => argon2("argon2id", "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"),
        "scrypt" => (
            json!(SCRYPT),
            Some((
                "scrypt_config",
                settings(json!({ "n_parameter": 16, "r_parameter": 1, "p_parameter": 1 })),
            )),
        ),
        "pbkdf_2" => (
            json!(PBKDF2),
            Some((
                "pbkdf_2_config",
                settings(json!({ "iteration_amount": 10, "algorithm": "sha256" })),
            )),
        ),
        _ => return Vec::new(),
    };
    let settings = settings.map(|(name, settings)| (name.to_owned(), settings));
    let hash = ("hash".to_owned(), hash);
    std::iter::once(hash).chain(settings).collect()
}

/// Hashes of [`SECRET`], and one of `U*U`.
pub const MD5: &str = "88e4ddd2402d92d50e1879d6ecd9ffd4";
const SCRYPT: &str = "+b6YUFOGPBdh2GKHxbPLqOfaZ8EJ8eynNmEMBch66KU=";
const PBKDF2: &str = "M8gqTkk0Im6rswFt6aWWzm+20+kyUXsHlNIenjmo3O4=";
const BCRYPT: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
