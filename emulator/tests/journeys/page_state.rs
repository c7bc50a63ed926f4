//! The parts of `state.json` for factors, connections, Connected Apps and fraud prevention. No secret is in it.

use serde_json::{Value, json};
use stytch_emulator::{Emulator, Fresh, Seed};

use crate::stand::{Answer, Stand, request};

const SEED: &str = r#"
random_seed: 1
consumer:
  users:
    - user_id: user-test-ada
      email: ada@example.com
      phone_number: "+15005550006"
      password: secret password
      is_locked: true
      totps: [{ totp_id: totp-test-1, secret: GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ, recovery_codes: [secret-code-1, secret-code-2] }]
      providers: [{ provider_type: Google, provider_subject: subject-ada }]
      crypto_wallets: [{ crypto_wallet_type: ethereum, crypto_wallet_address: "0x6df2dB4Fb3DA35d241901Bd53367770BF03123f1" }]
      biometric_registrations: [{ biometric_registration_id: biometric-registration-test-1 }]
  connected_apps:
    - client_id: connected-app-test-1
      client_name: Notes
      client_secret: secret-of-notes
      redirect_urls: ["https://app.example/callback"]
      access_token_custom_audience: "https://api.example"
      grants: [{ user_id: user-test-ada, scopes: [openid, offline_access], refresh_token: secret-refresh }]
  trusted_token_profiles: [{ profile_id: profile-1, issuer: "https://issuer.example", audience: stytch }]
  external_sessions: [{ session_token: secret-foreign-token, email_address: ada@example.com }]
  fraud:
    fingerprints: [{ telemetry_id: telemetry-1, visitor_id: visitor-1, country: DE }]
    rules: [{ action: BLOCK, country_code: DE }]
    verdict_reasons: [{ verdict_reason: VIRTUAL_MACHINE, override_action: ALLOW }]
b2b:
  organizations:
    - organization_id: organization-test-acme
      organization_name: Acme
      saml_connections: [{ connection_id: saml-connection-test-1, metadata_url: "http://127.0.0.1:4010/_emulator/idp/1/metadata" }]
      oidc_connections: [{ connection_id: oidc-connection-test-1, client_id: id, client_secret: secret-of-oidc, issuer: "http://127.0.0.1:4010/_emulator/idp/2" }]
      scim_connection:
        connection_id: scim-connection-test-1
        bearer_token: secret-bearer-token
        users: [{ userName: eve@acme.example, password: secret-scim-password }]
        groups: [{ id: scim-group-test-1, displayName: Editors, members: [{ value: member-test-eve }] }]
      members:
        - member_id: member-test-eve
          email_address: eve@acme.example
          password: secret password
          totp: { totp_id: totp-test-2, secret: GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ, recovery_codes: [secret-code-3] }
          sso_registrations: [{ connection_id: oidc-connection-test-1, external_id: subject-eve }]
          oauth_registrations: [{ provider_type: GitHub, provider_subject: subject-eve }]
"#;
/// Texts that only secrets contain.
const SECRETS: [&str; 3] = ["secret-", "secret password", "GEZDGNBV"];

fn seeded() -> Stand {
    let mut stand = Stand::new();
    let seed = Seed::parse(SEED).unwrap();
    stand.emulator = Emulator::from_seed(&seed, &Fresh::default(), stand.now).unwrap();
    stand
}

fn state(stand: &mut Stand) -> Answer {
    stand.open("GET /_emulator/state.json", Value::Null).ok()
}

#[test]
fn lists_the_factors_and_the_lock_of_people() {
    let mut stand = seeded();
    let state = state(&mut stand);
    let user = &state.body["users"][0];
    assert!(
        state
            .text("/users/0/password_id")
            .starts_with("password-test-")
    );
    assert_eq!(user["totps"][0]["totp_id"], "totp-test-1");
    assert_eq!(user["recoveries_left"], 2);
    assert_eq!(user["providers"][0]["provider_subject"], "subject-ada");
    assert!(
        state
            .text("/users/0/crypto_wallets/0/crypto_wallet_address")
            .starts_with("0x6df2")
    );
    assert_eq!(user["biometric_registrations"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&user["is_locked"], &state.body["counts"]["locked"]),
        (&json!(true), &json!(1))
    );
    let granted = json!({ "client_id": "connected-app-test-1", "client_name": "Notes", "scopes": ["openid", "offline_access"] });
    assert_eq!(user["granted_apps"], json!([granted]));

    let member = &state.body["members"][0];
    assert_eq!(member["totp_registration_id"], "totp-test-2");
    assert_eq!(member["recoveries_left"], 1);
    assert_eq!(member["sso_registrations"][0]["external_id"], "subject-eve");
    assert_eq!(member["oauth_registrations"][0]["provider_type"], "GitHub");
    assert_eq!(
        member["scim_registration"]["connection_id"],
        "scim-connection-test-1"
    );
    assert_eq!(member["is_locked"], false);
}

#[test]
fn lists_connections_with_their_addresses() {
    let mut stand = seeded();
    let mut asked = request("GET /_emulator/state.json", None, Value::Null);
    asked.headers.push(("Host".into(), "127.0.0.1:4010".into()));
    let state = stand.send(asked).ok();
    let origin = "http://127.0.0.1:4010";
    assert_eq!(
        state.body["identity_providers"].as_array().unwrap().len(),
        8
    );
    assert_eq!(
        state.text("/identity_providers/0/url"),
        format!("{origin}/_emulator/idp/1")
    );
    let connections = &state.body["organizations"][0]["sso_connections"];
    assert_eq!(
        (&connections[0]["kind"], &connections[1]["kind"]),
        (&json!("SAML"), &json!("OIDC"))
    );
    assert_eq!(
        connections[0]["built_in"],
        "http://127.0.0.1:4010/_emulator/idp/1"
    );
    assert_eq!(
        connections[0]["acs_url"],
        format!("{origin}/v1/b2b/sso/callback/saml-connection-test-1")
    );
    assert_eq!(connections[1]["status"], "active");
    let scim = &state.body["organizations"][0]["scim_connection"];
    assert_eq!(
        scim["base_url"],
        format!("{origin}/v1/b2b/scim/scim-connection-test-1")
    );
    assert_eq!(
        (&scim["user_count"], &scim["groups"][0]["user_count"]),
        (&json!(1), &json!(1))
    );
}

#[test]
fn lists_apps_profiles_fraud_and_rate_limits() {
    let mut stand = seeded();
    let limits = json!({ "enabled": true });
    stand.open("POST /_emulator/rate_limits", limits).ok();
    let state = state(&mut stand);
    let app = &state.body["connected_apps"][0];
    assert_eq!(
        (&app["product"], &app["client_name"]),
        (&json!("consumer"), &json!("Notes"))
    );
    assert_eq!(
        (&app["audience"], &app["refreshable"]),
        (&json!("https://api.example"), &json!(1))
    );
    assert_eq!(app["consents"][0]["subject"], "user-test-ada");
    let profile = &state.body["trusted_profiles"][0];
    assert_eq!(
        (&profile["issuer"], &profile["trusts_the_emulator"]),
        (&json!("https://issuer.example"), &json!(true))
    );
    let fraud = &state.body["fraud"]["consumer"];
    assert_eq!(fraud["fingerprints"][0]["verdict"]["action"], "BLOCK");
    assert_eq!(fraud["rules"][0]["country_code"], "DE");
    assert_eq!(fraud["overrides"][0]["override_action"], "ALLOW");
    assert_eq!(
        (
            &state.body["counts"]["fraud"],
            &state.body["counts"]["connected_apps"]
        ),
        (&json!(3), &json!(1))
    );
    assert_eq!(state.body["rate_limits"]["enabled"], true);
}

#[test]
fn contains_no_secret_of_a_factor_connection_or_app() {
    let mut stand = seeded();
    // Both tokens of a rotation are secret.
    let route =
        "/v1/b2b/scim/organization-test-acme/connection/scim-connection-test-1/rotate/start";
    let credentials = stand.emulator.settings().b2b.clone();
    let started = stand
        .send(request(
            &format!("POST {route}"),
            Some(&credentials),
            json!({}),
        ))
        .ok();
    let next = started.text("/connection/next_bearer_token");
    let text = state(&mut stand).body.to_string();
    assert!(text.contains("scim-connection-test-1") && text.contains("user-test-ada"));
    for secret in SECRETS.into_iter().chain([next.as_str()]) {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn a_person_is_unlocked() {
    let mut stand = seeded();
    let log_in = |stand: &mut Stand| {
        let credentials = stand.emulator.settings().consumer.clone();
        let body = json!({ "email": "ada@example.com", "password": "secret password" });
        stand.send(request(
            "POST /v1/passwords/authenticate",
            Some(&credentials),
            body,
        ))
    };
    log_in(&mut stand).refused(429, "user_lock_limit_reached");
    let unlock = "POST /_emulator/unlock";
    stand
        .open(
            unlock,
            json!({ "product": "consumer", "user_id": "user-test-ada" }),
        )
        .ok();
    let user = log_in(&mut stand).ok();
    assert_eq!(
        (
            &user.body["user"]["is_locked"],
            &user.body["user"]["lock_expires_at"]
        ),
        (&json!(false), &Value::Null)
    );
    stand
        .open(
            unlock,
            json!({ "product": "b2b", "member_id": "member-test-eve" }),
        )
        .ok();
    for (body, message) in [
        (
            json!({ "product": "consumer", "user_id": "user-test-x" }),
            "user_id must be the id of a user",
        ),
        (
            json!({ "product": "consumer", "member_id": "member-test-eve" }),
            "user_id must be",
        ),
        (
            json!({ "product": "b2b", "member_id": 5 }),
            "member_id must be a string",
        ),
        (json!({ "product": "b2b", "id": "x" }), "unknown field"),
        (json!({}), "product must be"),
    ] {
        let refused = stand.open(unlock, body);
        assert_eq!(refused.status, 400);
        assert!(
            refused.text("/error").starts_with(message),
            "{}",
            refused.body
        );
    }
}
