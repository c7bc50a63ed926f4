//! What projects of both products have: grants of Connected Apps, trusted token profiles, sessions of other providers, and
//! fraud prevention.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Stand, error_of};

const SEED: &str = r#"
random_seed: 1
consumer:
  users: [{ user_id: user-test-ada, email: ada@example.com }]
  connected_apps:
    - client_id: connected-app-test-1
      client_name: Notes
      client_secret: secret of the app
      grants:
        - { user_id: user-test-ada, scopes: [openid, email, offline_access], refresh_token: refresh-of-ada }
  trusted_token_profiles:
    - { profile_id: profile-1, issuer: "https://issuer.example", audience: stytch }
  external_sessions:
    - { session_token: foreign, email_address: ada@example.com }
  fraud:
    fingerprints:
      - { telemetry_id: telemetry-1, visitor_id: visitor-1, country: DE, reasons: [VIRTUAL_MACHINE] }
      - { telemetry_id: telemetry-2, visitor_id: visitor-2 }
    rules:
      - { action: BLOCK, visitor_id: visitor-2, description: Known bot }
    verdict_reasons:
      - { verdict_reason: VIRTUAL_MACHINE, override_action: BLOCK }
b2b:
  organizations:
    - { organization_id: organization-test-acme, organization_name: Acme, members: [{ member_id: member-test-eve, email_address: eve@acme.example }] }
  connected_apps:
    - { client_id: connected-app-test-2, client_type: third_party, client_name: Notes, grants: [{ member_id: member-test-eve, scopes: [openid] }] }
"#;

#[test]
fn a_user_and_a_member_have_granted_access_to_the_seeded_apps() {
    let mut stand = Stand::of(SEED);
    let (_, apps) = stand.call("GET /v1/users/user-test-ada/connected_apps", Value::Null);
    let app = &apps["connected_apps"][0];
    assert_eq!(app["connected_app_id"], "connected-app-test-1", "{apps}");
    assert_eq!(app["scopes_granted"], "openid email offline_access");
    let route =
        "GET /v1/b2b/organizations/organization-test-acme/connected_apps/connected-app-test-2";
    let (status, app) = stand.call(route, Value::Null);
    assert_eq!(status, 200, "{app}");
    assert_eq!(app["active_members"][0]["member_id"], "member-test-eve");
}

#[test]
fn a_seeded_refresh_token_works_until_the_access_is_revoked() {
    let mut stand = Stand::of(SEED);
    let project_id = stand.emulator.settings().consumer.project_id.clone();
    let basic = STANDARD.encode("connected-app-test-1:secret of the app");
    let basic = format!("Basic {basic}");
    let refresh = |stand: &mut Stand| {
        let body = json!({
            "grant_type": "refresh_token", "refresh_token": "refresh-of-ada",
        });
        let route = format!("POST /v1/public/{project_id}/oauth2/token");
        stand.send(&route, basic.clone(), body)
    };
    let (status, tokens) = refresh(&mut stand);
    assert_eq!(status, 200, "{tokens}");
    assert!(tokens["access_token"].is_string() && tokens["id_token"].is_string());
    let route = "POST /v1/users/user-test-ada/connected_apps/connected-app-test-1/revoke";
    assert_eq!(stand.call(route, json!({})).0, 200);
    assert_eq!(refresh(&mut stand).0, 400);
}

#[test]
fn sessions_start_with_seeded_trusted_tokens_and_foreign_sessions() {
    let mut stand = Stand::of(SEED);
    let order = json!({ "product": "consumer", "kind": "trusted_token", "profile_id": "profile-1", "user_id": "user-test-ada" });
    let (_, minted) = stand.call("POST /_emulator/tokens", order);
    let body = json!({ "profile_id": "profile-1", "token": minted["token"], "session_duration_minutes": 5 });
    let (status, attested) = stand.call("POST /v1/sessions/attest", body);
    assert_eq!(
        (status, &attested["user_id"]),
        (200, &json!("user-test-ada"))
    );
    let body = json!({ "session_token": "foreign", "session_duration_minutes": 5 });
    let (status, migrated) = stand.call("POST /v1/sessions/migrate", body);
    assert_eq!(
        (status, &migrated["user_id"]),
        (200, &json!("user-test-ada"))
    );
}

#[test]
fn a_device_has_the_verdict_of_the_seeded_rules() {
    let mut stand = Stand::of(SEED);
    let mut look_up = |id: &str| {
        let body = json!({ "telemetry_id": id });
        let (status, answer) = stand.call("POST /v1/fingerprint/lookup", body);
        assert_eq!(status, 200, "{answer}");
        answer
    };
    let first = look_up("telemetry-1");
    assert_eq!(first["verdict"]["action"], "BLOCK");
    assert_eq!(first["verdict"]["reasons"], json!(["VIRTUAL_MACHINE"]));
    assert_eq!(
        first["properties"]["network_properties"]["ip_geolocation"]["country"],
        "DE"
    );
    let second = look_up("telemetry-2");
    assert_eq!(second["verdict"]["rule_match_type"], "VISITOR_ID");
    let (_, rules) = stand.call("POST /v1/rules/list", json!({}));
    assert_eq!(rules["rules"][0]["description"], "Known bot");
    let (_, reasons) = stand.call(
        "POST /v1/verdict_reasons/list",
        json!({ "overrides_only": true }),
    );
    assert_eq!(
        reasons["verdict_reason_actions"][0]["override_action"],
        "BLOCK"
    );
}

#[test]
fn errors_name_the_grant_profile_or_rule() {
    let consumer =
        |more: &str| format!("consumer: {{ users: [{{ user_id: user-test-1 }}], {more} }}");
    let grants = |grants: &str| consumer(&format!("connected_apps: [{{ grants: [{grants}] }}]"));
    let grant = "{ user_id: user-test-1, scopes: [openid] }";
    let fraud = |more: &str| consumer(&format!("fraud: {{ {more} }}"));
    let table = [
        (
            grants("{ user_id: user-test-2, scopes: [openid] }"),
            "connected_apps[0].grants[0].user_id: must be the id of a user",
        ),
        (
            grants("{ member_id: x, scopes: [openid] }"),
            "connected_apps[0].grants[0].user_id: must be",
        ),
        (
            grants("{ user_id: user-test-1 }"),
            "connected_apps[0].grants[0].scopes: must be",
        ),
        (
            grants("{ user_id: user-test-1, scopes: ['a b'] }"),
            "connected_apps[0].grants[0].scopes: must be",
        ),
        (
            grants("{ user_id: user-test-1, scopes: [openid], refresh_token: secret-text }"),
            "connected_apps[0].grants[0].refresh_token: needs",
        ),
        (
            grants(&format!("{grant}, {grant}")),
            "connected_apps[0].grants[1].user_id: has granted",
        ),
        (
            consumer("trusted_token_profiles: [{ issuer: x }]"),
            "trusted_token_profiles[0]: audience is required",
        ),
        (
            consumer("trusted_token_profiles: [{ issuer: x, audience: other, key: [] }]"),
            "trusted_token_profiles[0].key: is not a known",
        ),
        (
            consumer("external_sessions: [{ email_address: a@b.example }]"),
            "external_sessions[0]: session_token is required",
        ),
        (
            fraud("fingerprints: [{ reasons: [x] }]"),
            "fraud.fingerprints[0]: reasons must be",
        ),
        (
            fraud("fingerprints: [{ telemetry: x }]"),
            "fraud.fingerprints[0].telemetry: is not a known",
        ),
        (
            fraud("fingerprints: [{ telemetry_id: x }, { telemetry_id: x }]"),
            "fraud.fingerprints[1].telemetry_id: is the id",
        ),
        (fraud("rules: [{ action: BLOCK }]"), "fraud.rules[0]: "),
        (
            fraud("rules: [{ action: STOP, asn: '1' }]"),
            "fraud.rules[0]: ",
        ),
        (
            fraud("verdict_reasons: [{ verdict_reason: x, override_action: BLOCK }]"),
            "fraud.verdict_reasons[0]: ",
        ),
        (fraud("rule: []"), "fraud.rule: is not a known"),
    ];
    for (seed, message) in table {
        let error = error_of(&seed);
        assert!(error.starts_with(&format!("consumer.{message}")), "{error}");
        assert!(!error.contains("secret-text"), "{error}");
    }
}
