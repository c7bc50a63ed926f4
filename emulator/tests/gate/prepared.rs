//! Values that a request of one operation needs, and that work only for a short time or once: the tokens and codes of
//! second factors, and the credentials of passkeys.
//!
//! Each operation has an organization, a member or a user of its own.

use serde_json::{Value, json};
use stytch_emulator::{Credentials, UnixSeconds};

use super::description::Operation;
use super::world::{SETTINGS, World, request};
use crate::devices::authenticator_app;
use crate::devices::security_key::SecurityKey;
use crate::devices::wallet::Wallet;

/// The values of a request, by the name of the parameter.
pub type Values = Vec<(&'static str, Value)>;

impl World {
    /// Creates the objects that a request of this operation needs, and returns the values that name them.
    pub fn prepare(&mut self, operation: &Operation, now: UnixSeconds) -> Values {
        let mut scene = Scene { world: self, now };
        match operation.route().as_str() {
            "POST /v1/b2b/otps/email/login_or_signup" => vec![
                ("login_expiration_minutes", json!(10)),
                ("signup_expiration_minutes", json!(10)),
            ],
            "POST /v1/b2b/otps/email/authenticate" => {
                let mut values = scene.member(json!({}));
                let code = scene.email_code(&values);
                values.push(("code", code));
                values
            }
            "POST /v1/b2b/otps/sms/send" => scene.waiting_member(),
            "POST /v1/b2b/otps/sms/authenticate" => {
                let mut values = scene.waiting_member();
                scene.b2b("POST /v1/b2b/otps/sms/send", pick(&values, &NAMED));
                values.push(("code", scene.newest_code()));
                values
            }
            "POST /v1/b2b/totp" => scene.waiting_member(),
            "POST /v1/b2b/totp/migrate" => {
                let mut values = scene.member(json!({}));
                values.push(("secret", json!("GEZDGNBVGY3TQOJQ")));
                values
            }
            "POST /v1/b2b/totp/authenticate" => {
                let mut values = scene.waiting_member();
                let app = scene.b2b("POST /v1/b2b/totp", pick(&values, &NAMED));
                let secret = app["secret"].as_str().unwrap();
                values.push(("code", json!(authenticator_app::code(secret, now))));
                values
            }
            "GET /v1/b2b/recovery_codes/{organization_id}/{member_id}"
            | "POST /v1/b2b/recovery_codes/rotate"
            | "POST /v1/b2b/recovery_codes/recover" => {
                let mut values = scene.waiting_member();
                let mut body = pick(&values, &NAMED);
                body["secret"] = json!("GEZDGNBVGY3TQOJQ");
                body["recovery_codes"] = json!(["first-code", "second-code"]);
                scene.b2b("POST /v1/b2b/totp/migrate", body);
                values.push(("recovery_code", json!("first-code")));
                values
            }
            "POST /v1/webauthn/register/start" => {
                let mut values = scene.user();
                values.push(("domain", json!(DOMAIN)));
                values.push(("authenticator_type", json!("platform")));
                values
            }
            "POST /v1/webauthn/register" => {
                let mut values = scene.user();
                let (_, credential) = scene.new_key(&values);
                values.push(("public_key_credential", json!(credential)));
                values
            }
            "POST /v1/webauthn/authenticate/start"
            | "GET /v1/webauthn/credentials/{user_id}/{domain}" => {
                let (mut values, _) = scene.user_with_key();
                values.push(("domain", json!(DOMAIN)));
                values
            }
            "POST /v1/webauthn/authenticate" => {
                let (mut values, mut key) = scene.user_with_key();
                let mut body = pick(&values, &["user_id"]);
                body["domain"] = json!(DOMAIN);
                let started = scene.consumer("POST /v1/webauthn/authenticate/start", body);
                let options = &started["public_key_credential_request_options"];
                let credential = key.get(options.as_str().unwrap());
                values.push(("public_key_credential", json!(credential)));
                values
            }
            "POST /v1/crypto_wallets/authenticate/start" => {
                let mut values = scene.user();
                values.extend(wallet_values(&Wallet::ethereum(1)));
                values.push(("siwe_params", siwe_params()));
                values
            }
            "POST /v1/crypto_wallets/authenticate" => {
                let wallet = Wallet::solana(1);
                let mut values = wallet_values(&wallet);
                let names = ["crypto_wallet_type", "crypto_wallet_address"];
                let start = "POST /v1/crypto_wallets/authenticate/start";
                let started = scene.consumer(start, pick(&values, &names));
                let signature = wallet.sign(started["challenge"].as_str().unwrap());
                values.push(("signature", json!(signature)));
                values
            }
            "POST /v1/totps" => scene.user(),
            "POST /v1/totps/authenticate" => {
                let (mut values, app) = scene.user_with_app();
                let secret = app["secret"].as_str().unwrap();
                values.push(("totp_code", json!(authenticator_app::code(secret, now))));
                values
            }
            "POST /v1/totps/recovery_codes" => scene.user_with_app().0,
            "POST /v1/totps/recover" => {
                let (mut values, app) = scene.user_with_app();
                let secret = app["secret"].as_str().unwrap();
                let mut body = pick(&values, &["user_id"]);
                body["totp_code"] = json!(authenticator_app::code(secret, now));
                scene.consumer("POST /v1/totps/authenticate", body);
                values.push(("recovery_code", app["recovery_codes"][0].clone()));
                values
            }
            _ => Vec::new(),
        }
    }
}

/// Whether a route needs an optional parameter.
pub fn is_needed(route: &str, name: &str) -> bool {
    name == "intermediate_session_token" && COMPLETE.contains(&route)
}

/// Whether a parameter cannot be sent in addition to the others: it presents a second session.
pub fn is_excluded(route: &str, name: &str) -> bool {
    let with_intermediate = COMPLETE.contains(&route) || REGISTER.contains(&route);
    match name {
        "session_token" => with_intermediate || route == WALLET,
        "session_jwt" => with_intermediate || route == WALLET || LOG_IN.contains(&route),
        _ => false,
    }
}

/// A world at a time.
struct Scene<'a> {
    world: &'a mut World,
    now: UnixSeconds,
}

impl Scene<'_> {
    /// Creates a member of a new organization.
    fn member(&mut self, fields: Value) -> Values {
        let body = json!({ "organization_name": "Prepared" });
        let organization = self.b2b("POST /v1/b2b/organizations", body);
        let id = organization["organization"]["organization_id"].clone();
        let id = id.as_str().unwrap();
        let mut member = fields;
        member["email_address"] = json!(format!("member@{id}.example"));
        let address = member["email_address"].clone();
        let route = format!("POST /v1/b2b/organizations/{id}/members");
        let created = self.b2b(&route, member);
        vec![
            ("organization_id", json!(id)),
            ("member_id", created["member_id"].clone()),
            ("email_address", address),
        ]
    }

    /// Creates a member with a phone number, whose log-in waits for the second factor.
    fn waiting_member(&mut self) -> Values {
        let number = json!("+15005550009");
        let mut values = self.member(json!({ "mfa_enrolled": true, "mfa_phone_number": number }));
        let mut body = pick(&values, &["organization_id", "email_address"]);
        body["code"] = self.email_code(&values);
        let mut pending = self.b2b("POST /v1/b2b/otps/email/authenticate", body);
        let token = pending["intermediate_session_token"].take();
        assert_ne!(token, "");
        values.push(("intermediate_session_token", token));
        values.push(("mfa_phone_number", number));
        values.push(("set_mfa_enrollment", json!("enroll")));
        values
    }

    /// Creates a user.
    fn user(&mut self) -> Values {
        let unique = self.consumer("GET /v1/debug/whoami", Value::Null);
        let unique = unique["request_id"].as_str().unwrap();
        let body = json!({ "email": format!("{unique}@prepared.example") });
        let user = self.consumer("POST /v1/users", body);
        vec![("user_id", user["user_id"].clone())]
    }

    /// Starts the registration of a key. Returns the key and its credential.
    fn new_key(&mut self, values: &Values) -> (SecurityKey, String) {
        let mut body = pick(values, &["user_id"]);
        let mut key = SecurityKey::new(1);
        key.credential_id = body["user_id"].as_str().unwrap().into();
        body["domain"] = json!(DOMAIN);
        let started = self.consumer("POST /v1/webauthn/register/start", body);
        let options = &started["public_key_credential_creation_options"];
        let credential = key.create(options.as_str().unwrap());
        (key, credential)
    }

    /// Creates a user who has registered a key.
    fn user_with_key(&mut self) -> (Values, SecurityKey) {
        let values = self.user();
        let (key, credential) = self.new_key(&values);
        let mut body = pick(&values, &["user_id"]);
        body["public_key_credential"] = json!(credential);
        self.consumer("POST /v1/webauthn/register", body);
        (values, key)
    }

    /// Creates a user who has registered an authenticator app.
    fn user_with_app(&mut self) -> (Values, Value) {
        let values = self.user();
        let app = self.consumer("POST /v1/totps", pick(&values, &["user_id"]));
        (values, app)
    }

    fn email_code(&mut self, values: &Values) -> Value {
        let body = pick(values, &["organization_id", "email_address"]);
        self.b2b("POST /v1/b2b/otps/email/login_or_signup", body);
        self.newest_code()
    }

    fn newest_code(&mut self) -> Value {
        let outbox = self.call("GET /_emulator/outbox.json", None, &Value::Null);
        outbox["messages"][0]["code"].clone()
    }

    fn consumer(&mut self, route: &str, body: Value) -> Value {
        self.call(route, Some(&SETTINGS.consumer), &body)
    }

    fn b2b(&mut self, route: &str, body: Value) -> Value {
        self.call(route, Some(&SETTINGS.b2b), &body)
    }

    /// Sends a call that must succeed.
    fn call(&mut self, route: &str, credentials: Option<&Credentials>, body: &Value) -> Value {
        let request = request(route, credentials, body);
        let response = self.world.emulator.handle(&request, self.now);
        let body = serde_json::from_slice(&response.body).unwrap();
        assert!(response.status < 300, "{route} {body}");
        body
    }
}

/// A policy with the role `editor`, which allows to read documents.
pub fn policy(product: &str) -> Value {
    json!({
        "product": product,
        "roles": [{
            "role_id": "editor",
            "description": "",
            "permissions": [{ "resource_id": "documents", "actions": ["read"] }],
        }],
        "resources": [{ "resource_id": "documents", "actions": ["read", "write"] }],
    })
}

fn wallet_values(wallet: &Wallet) -> Values {
    vec![
        ("crypto_wallet_type", json!(wallet.r#type())),
        ("crypto_wallet_address", json!(wallet.address())),
    ]
}

fn siwe_params() -> Value {
    json!({ "domain": "example.com", "uri": "https://example.com", "resources": [] })
}

/// A body with these values.
fn pick(values: &Values, names: &[&str]) -> Value {
    let picked = values.iter().filter(|(name, _)| names.contains(name));
    picked
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

const DOMAIN: &str = "example.com";
const NAMED: [&str; 2] = ["organization_id", "member_id"];
/// The routes that complete an intermediate session.
const COMPLETE: [&str; 3] = [
    "POST /v1/b2b/otps/sms/authenticate",
    "POST /v1/b2b/totp/authenticate",
    "POST /v1/b2b/recovery_codes/recover",
];
/// The routes that register a second factor in an intermediate session.
const REGISTER: [&str; 2] = ["POST /v1/b2b/otps/sms/send", "POST /v1/b2b/totp"];
/// The routes that add a factor to a session.
const LOG_IN: &[&str] = &[
    "POST /v1/b2b/otps/email/authenticate",
    "POST /v1/totps/authenticate",
    "POST /v1/totps/recover",
    "POST /v1/webauthn/register",
    "POST /v1/webauthn/authenticate",
    "POST /v1/crypto_wallets/authenticate",
];
/// The routes that add a wallet to a user.
const WALLET: &str = "POST /v1/crypto_wallets/authenticate/start";
