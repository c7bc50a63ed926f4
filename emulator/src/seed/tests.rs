//! The factors and connections of a seed: each of them works, and no secret appears on the page.

#![allow(clippy::unwrap_used)]

mod directory;
mod shared;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Fresh, Seed};
use crate::clock::UnixSeconds;
use crate::emulator::Emulator;
use crate::message::Request;

/// A time of the test vectors of RFC 6238, appendix B.
const NOW: UnixSeconds = UnixSeconds(2_000_000_000);
/// The code of the vectors' secret at that time.
const CODE: &str = "279037";
const TOTP_SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
/// The SHA-1 hash of `correct horse battery`.
const HASH: &str = "98decc62ece399a22ed30d490ef333be7fde7385";
const SEED: &str = r#"
random_seed: 1
consumer:
  users:
    - user_id: user-test-ada
      email: ada@example.com
      password: { hash: 98decc62ece399a22ed30d490ef333be7fde7385, hash_type: sha_1 }
      totps: [{ totp_id: totp-test-ada, secret: GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ, recovery_codes: [recovery-one] }]
      crypto_wallets:
        - { crypto_wallet_type: ethereum, crypto_wallet_address: "0x6df2dB4Fb3DA35d241901Bd53367770BF03123f1" }
      providers: [{ provider_type: Google, provider_subject: subject-ada }]
b2b:
  organizations:
    - organization_id: organization-test-acme
      organization_name: Acme
      mfa_policy: REQUIRED_FOR_ALL
      saml_connections:
        - { connection_id: saml-connection-test-1, display_name: SAML, metadata_url: "http://127.0.0.1:4010/_emulator/idp/1/metadata", attribute_mapping: { email: email, full_name: name } }
      oidc_connections:
        - { connection_id: oidc-connection-test-1, client_id: id, client_secret: secret-of-oidc, issuer: "http://127.0.0.1:4010/_emulator/idp/2" }
      sso_default_connection_id: oidc-connection-test-1
      sso_jit_provisioning: RESTRICTED
      sso_jit_provisioning_allowed_connections: [saml-connection-test-1, oidc-connection-test-1]
      scim_connection: { connection_id: scim-connection-test-1, bearer_token: bearer-of-scim-1 }
      members:
        - member_id: member-test-eve
          email_address: eve@acme.example
          email_address_verified: true
          password: pass of eve
          totp: { secret: GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ, recovery_codes: [recovery-two] }
          mfa_phone_number: "+15005550006"
          mfa_phone_number_verified: true
          default_mfa_method: totp
          oauth_registrations: [{ provider_type: GitHub, provider_subject: subject-eve }]
"#;

struct Stand {
    emulator: Emulator,
    now: UnixSeconds,
}

/// Returns the error of a seed.
fn error_of(seed: &str) -> String {
    let seed = Seed::parse(&format!("random_seed: 1\n{seed}")).unwrap();
    let started = Emulator::from_seed(&seed, &Fresh::default(), NOW);
    started.map(drop).unwrap_err().to_string()
}

impl Stand {
    fn new() -> Self {
        Self::of(SEED)
    }

    fn of(seed: &str) -> Self {
        let seed = Seed::parse(seed).unwrap();
        Self {
            emulator: Emulator::from_seed(&seed, &Fresh::default(), NOW).unwrap(),
            now: NOW,
        }
    }

    /// Sends a call of the project that has the route. Returns the status and the body.
    fn call(&mut self, call: &str, body: Value) -> (u16, Value) {
        let settings = self.emulator.settings();
        let known = match call.contains("/b2b/") {
            true => &settings.b2b,
            false => &settings.consumer,
        };
        let basic = STANDARD.encode(format!("{}:{}", known.project_id, known.secret));
        self.send(call, format!("Basic {basic}"), body)
    }

    fn send(&mut self, call: &str, authorization: String, body: Value) -> (u16, Value) {
        let (method, path) = call.split_once(' ').unwrap();
        let request = Request {
            method: method.into(),
            path: path.into(),
            headers: vec![("Authorization".into(), authorization)],
            body: match body {
                Value::Null => Vec::new(),
                body => body.to_string().into(),
            },
            ..Request::default()
        };
        let response = self.emulator.handle(&request, self.now);
        let body = serde_json::from_slice(&response.body).unwrap_or_default();
        (response.status, body)
    }
}

#[test]
fn a_user_logs_in_with_the_seeded_factors() {
    let mut stand = Stand::new();
    let mut log_in = |password| {
        let body = json!({ "email": "ada@example.com", "password": password });
        stand.call("POST /v1/passwords/authenticate", body).0
    };
    assert_eq!(
        (
            log_in("correct horse battery"),
            log_in("Correct horse battery")
        ),
        (200, 401)
    );

    let body = json!({ "user_id": "user-test-ada", "totp_code": CODE });
    let (status, answer) = stand.call("POST /v1/totps/authenticate", body);
    assert_eq!((status, &answer["totp_id"]), (200, &json!("totp-test-ada")));
    let body = json!({ "user_id": "user-test-ada", "recovery_code": "recovery-one" });
    assert_eq!(stand.call("POST /v1/totps/recover", body.clone()).0, 200);
    assert_ne!(stand.call("POST /v1/totps/recover", body).0, 200);

    let body = json!({ "crypto_wallet_type": "ethereum", "crypto_wallet_address": "0x6df2db4fb3da35d241901bd53367770bf03123f1" });
    let (_, answer) = stand.call("POST /v1/crypto_wallets/authenticate/start", body);
    assert_eq!(answer["user_id"], "user-test-ada");
    let (_, user) = stand.call("GET /v1/users/user-test-ada", Value::Null);
    assert_eq!(user["providers"][0]["provider_subject"], "subject-ada");
}

#[test]
fn a_member_logs_in_with_the_seeded_factors() {
    let mut stand = Stand::new();
    let body = json!({ "organization_id": "organization-test-acme", "email_address": "eve@acme.example", "password": "pass of eve" });
    let (status, answer) = stand.call("POST /v1/b2b/passwords/authenticate", body);
    assert_eq!(
        (status, &answer["member_authenticated"]),
        (200, &json!(false))
    );
    let body = json!({
        "organization_id": "organization-test-acme", "member_id": "member-test-eve", "code": CODE,
        "intermediate_session_token": answer["intermediate_session_token"],
    });
    let (status, answer) = stand.call("POST /v1/b2b/totp/authenticate", body);
    assert_eq!(status, 200, "{answer}");
    let member = &answer["member"];
    assert_eq!(member["mfa_phone_number_verified"], true);
    assert_eq!(member["default_mfa_method"], "totp");
    let account = &member["oauth_registrations"][0];
    assert_eq!(account["provider_subject"], "subject-eve");
}

#[test]
fn an_organization_has_the_seeded_connections() {
    let mut stand = Stand::new();
    let (_, list) = stand.call("GET /v1/b2b/sso/organization-test-acme", Value::Null);
    for kind in ["saml", "oidc"] {
        let connection = &list[format!("{kind}_connections")][0];
        assert_eq!(
            connection["connection_id"],
            format!("{kind}-connection-test-1")
        );
        assert_eq!(connection["status"], "active", "{connection}");
    }
    let route = "GET /v1/b2b/organizations/organization-test-acme";
    let organization = &stand.call(route, Value::Null).1["organization"];
    assert_eq!(
        organization["sso_default_connection_id"],
        "oidc-connection-test-1"
    );
    let allowed = &organization["sso_jit_provisioning_allowed_connections"];
    assert_eq!(allowed.as_array().unwrap().len(), 2);
    let mut users = |token: &str| {
        let route = "GET /v1/b2b/scim/scim-connection-test-1/Users";
        stand.send(route, format!("Bearer {token}"), Value::Null).0
    };
    assert_eq!(
        (users("bearer-of-scim-1"), users("bearer-of-scim-2")),
        (200, 401)
    );
}

#[test]
fn the_page_has_no_secret_of_a_factor_or_connection() {
    let mut stand = Stand::new();
    let (status, state) = stand.call("GET /_emulator/state.json", Value::Null);
    assert_eq!((status, &state["counts"]["users"]), (200, &json!(1)));
    let text = state.to_string();
    let secrets = [
        HASH,
        TOTP_SECRET,
        "recovery-one",
        "recovery-two",
        "pass of eve",
        "secret-of-oidc",
        "bearer-of-scim-1",
    ];
    let shown: Vec<_> = secrets
        .into_iter()
        .filter(|secret| text.contains(secret))
        .collect();
    assert!(shown.is_empty(), "{shown:?}");
}

#[test]
fn errors_name_the_factor_or_connection() {
    let user =
        |member: &str| format!("consumer: {{ users: [{{ email: a@b.example, {member} }}] }}");
    let organization =
        |member: &str| format!("b2b: {{ organizations: [{{ organization_name: A, {member} }}] }}");
    let member = |more: &str| {
        organization(&format!(
            "members: [{{ email_address: a@b.example, {more} }}]"
        ))
    };
    let (users, organizations) = ("consumer.users[0]", "b2b.organizations[0]");
    let members = "b2b.organizations[0].members[0]";
    let table = [
        (
            user("password: 5"),
            users,
            ".password: must be a string or an object",
        ),
        (
            user("password: { requires_reset: true }"),
            users,
            ".password.hash: is required",
        ),
        (
            user("password: { hash: secret-hash, hash_type: bcrypt }"),
            users,
            ".password: ",
        ),
        (
            user("totps: [{ secret: '1' }]"),
            users,
            ".totps[0].secret: must be base32",
        ),
        (
            user("totps: [{ secret: AAAA, recovery_codes: [1] }]"),
            users,
            ".totps[0].recovery_codes: ",
        ),
        (
            user("totps: [{ secret: AAAA }, { secret: AAAA }]"),
            users,
            ".totps: must have at most",
        ),
        (
            user("crypto_wallets: [{ crypto_wallet_type: x }]"),
            users,
            ".crypto_wallets[0].crypto_wallet_type: ",
        ),
        (
            user("providers: [{ provider_type: x }]"),
            users,
            ".providers[0].provider_type: ",
        ),
        (
            member("mfa_phone_number_verified: true"),
            members,
            ".mfa_phone_number_verified: needs",
        ),
        (member("default_mfa_method: totp"), members, ": "),
        (
            member("oauth_registrations: [{ provider_type: Apple }]"),
            members,
            ".oauth_registrations[0].provider_type: ",
        ),
        (
            organization("scim_connection: { bearer_token: short-token }"),
            organizations,
            ".scim_connection.bearer_token: ",
        ),
        (
            organization("saml_connections: [{ connection_id: x }]"),
            organizations,
            ".saml_connections[0].connection_id: ",
        ),
        (
            organization("oidc_connections: [{ issuer: x }]"),
            organizations,
            ".oidc_connections[0]: ",
        ),
        (
            organization("external_connections: [{}]"),
            organizations,
            ".external_connections[0]: ",
        ),
        (
            organization("sso_default_connection_id: x"),
            organizations,
            ".sso_default_connection_id: must be",
        ),
    ];
    for (seed, path, message) in table {
        let error = error_of(&seed);
        assert!(error.starts_with(&format!("{path}{message}")), "{error}");
        let secret = ["secret-hash", "short-token"]
            .into_iter()
            .find(|secret| error.contains(secret));
        assert_eq!(secret, None, "{error}");
    }
}
