//! The passwords of the world, and the values of calls on passwords.

use serde_json::{Value, json};
use stytch_emulator::UnixSeconds;

use super::description::Operation;
use super::world::{SECRET, SETTINGS, World, request};

/// The name of a value of the world that a parameter of a call on passwords has instead of its own.
pub fn alias(operation: &Operation, name: &str) -> Option<&'static str> {
    if let Some(path) = operation.path.strip_prefix("/v1/b2b/passwords") {
        return match name {
            "email_address" if path != "/migrate" => Some("member_email"),
            "code_challenge" => Some("pkce_code_challenge"),
            // The description does not list the words.
            "locale" if is_discovery(path) => Some("mail_locale"),
            "password_reset_token" if is_discovery(path) => Some("discovery_reset_token"),
            "password_reset_token" => Some("reset_token"),
            _ => None,
        };
    }
    let path = operation.path.strip_prefix("/v1/passwords")?;
    let is_known = !["", "/migrate", "/strength_check"].contains(&path);
    match name {
        "email" if is_known => Some("own_email"),
        "token" => Some("reset_token"),
        _ => None,
    }
}

/// Whether a valid call on passwords cannot have a parameter in addition to the others: `session_jwt` excludes
/// `session_token`, and the links do not have a challenge.
pub fn excludes(operation: &Operation, name: &str) -> bool {
    operation.path.contains("/passwords/")
        && (name == "session_jwt" || name.ends_with("code_verifier"))
}

fn is_discovery(path: &str) -> bool {
    path.contains("/discovery/")
}

impl World {
    /// Gives the user a password, and starts a reset of it.
    pub(super) fn add_user_password(&mut self) {
        let mut call = |route: &str, body| self.call(&SETTINGS.consumer, route, body);
        let user = json!({ "email": "ada@example.com", "hash": MD5, "hash_type": "md_5" });
        let password = call("POST /v1/passwords/migrate", user.clone())["user"]["password"].take();
        let reset = call("POST /v1/passwords/email/reset/start", user)["link"].take();
        self.consumer.extend(values());
        self.consumer
            .insert("password_id", password["password_id"].clone());
        self.consumer.insert("reset_token", reset);
    }

    /// Gives the member a password, and starts a reset of each kind.
    pub(super) fn add_member_password(&mut self) {
        let organization_id = self.b2b["organization_id"].clone();
        let mut call = |route: &str, body| self.call(&SETTINGS.b2b, route, body);
        let member = json!({
            "organization_id": organization_id,
            "email_address": MEMBER,
            "hash": MD5,
            "hash_type": "md_5",
        });
        let migrated = call("POST /v1/b2b/passwords/migrate", member.clone())["member"].take();
        let start = "POST /v1/b2b/passwords/email/reset/start";
        let reset = call(start, member.clone())["link"].take();
        let start = "POST /v1/b2b/passwords/discovery/email/reset/start";
        let discovery_reset = call(start, member)["link"].take();
        self.b2b.extend(values());
        self.b2b.extend([
            ("member_password_id", migrated["member_password_id"].clone()),
            ("member_email", json!(MEMBER)),
            ("reset_token", reset),
            ("discovery_reset_token", discovery_reset),
        ]);
    }

    /// Starts a reset by email for a user or member, and returns its token. `None` if the operation does not need one, or if
    /// the user or member cannot have one.
    pub(super) fn fresh_reset_token(
        &mut self,
        operation: &Operation,
        subject: &Value,
        now: UnixSeconds,
    ) -> Option<Value> {
        let id = subject.as_str()?;
        let (credentials, read, start) = match operation.path.as_str() {
            "/v1/passwords/email/reset" => (
                &SETTINGS.consumer,
                format!("GET /v1/users/{id}"),
                "POST /v1/passwords/email/reset/start",
            ),
            "/v1/b2b/passwords/email/reset" => (
                &SETTINGS.b2b,
                format!("GET /v1/b2b/organizations/members/dangerously_get/{id}"),
                "POST /v1/b2b/passwords/email/reset/start",
            ),
            _ => return None,
        };
        let mut send = |route: &str, credentials, body: &Value| -> Value {
            let call = request(route, credentials, body);
            serde_json::from_slice(&self.emulator.handle(&call, now).body).unwrap()
        };
        let found = send(&read, Some(credentials), &Value::Null);
        let member = &found["member"];
        let started = send(
            start,
            Some(credentials),
            &json!({
                "email": found["emails"][0]["email"],
                "organization_id": member["organization_id"],
                "email_address": member["email_address"],
            }),
        );
        let outbox = send("GET /_emulator/outbox.json", None, &Value::Null);
        (started["status_code"] == 200).then(|| outbox["messages"][0]["token"].clone())
    }

    /// Switches to the mode of passwords that a call to this path needs: shared between organizations, or not.
    pub fn set_password_mode(&mut self, path: &str, now: UnixSeconds) {
        let Some(path) = path.strip_prefix("/v1/b2b/") else {
            return;
        };
        let is_shared = path.starts_with("passwords/")
            && (is_discovery(path)
                || path.ends_with("/require_reset")
                || path.ends_with("/migrate"));
        let body = json!({ "product": "b2b", "cross_org_passwords": is_shared });
        let change = request("POST /_emulator/password_config", None, &body);
        assert_eq!(self.emulator.handle(&change, now).status, 200);
    }
}

/// The values of calls on passwords. Every password is [`SECRET`].
fn values() -> [(&'static str, Value); 6] {
    [
        ("mail_locale", json!("en")),
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

const MEMBER: &str = "bob@acme.example";
/// Hashes of [`SECRET`], and one of `U*U`.
const MD5: &str = "88e4ddd2402d92d50e1879d6ecd9ffd4";
const SCRYPT: &str = "+b6YUFOGPBdh2GKHxbPLqOfaZ8EJ8eynNmEMBch66KU=";
const PBKDF2: &str = "M8gqTkk0Im6rswFt6aWWzm+20+kyUXsHlNIenjmo3O4=";
const BCRYPT: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
