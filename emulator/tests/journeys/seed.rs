//! Seeds: what an emulator contains at the start, and the errors of malformed seeds.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use stytch_emulator::{Credentials, Emulator, Fresh, Request, Seed, UnixSeconds};

use crate::stand::{Stand, open_jwt, request};

const NOW: UnixSeconds = UnixSeconds(1_795_000_000);
const SEED: &str = r#"
random_seed: 7
consumer:
  project_id: project-test-11111111-1111-4111-8111-111111111111
  secret: secret-test-111111111111111111111111111111111111
  policy:
    roles: [{ role_id: editor, permissions: [{ resource_id: documents, actions: ["*"] }] }]
    resources: [{ resource_id: documents, actions: [read, write] }]
  users:
    - user_id: user-test-ada
      email: Ada@example.com
      phone_number: "+15005550006"
      name: { first_name: Ada, last_name: Lovelace }
      roles: [editor]
      external_id: ada
      trusted_metadata: { plan: gold }
    - emails:
        - { email: bob@example.com, email_id: email-test-bob, verified: true }
      status: pending
      created_at: 2020-01-01T00:00:00Z
      totps: []
      password: null
  m2m_clients:
    - { client_id: m2m-client-test-1, client_secret: a long secret, scopes: ["read:users"] }
  connected_apps:
    - { client_id: connected-app-test-1, client_name: An app, client_secret: its secret }
b2b:
  organizations:
    - organization_id: organization-test-acme
      organization_name: Acme
      organization_slug: acme
      email_allowed_domains: [acme.example]
      email_jit_provisioning: RESTRICTED
      custom_roles: [{ role_id: auditor, description: "", permissions: [] }]
      members:
        - member_id: member-test-eve
          email_address: eve@acme.example
          name: Eve
          roles: [stytch_admin, { role_id: auditor, sources: [] }]
          email_address_verified: true
"#;

fn start(seed: &str) -> Emulator {
    Emulator::from_seed(&Seed::parse(seed).unwrap(), &Fresh::default(), NOW).unwrap()
}

fn error(seed: &str) -> String {
    let started = Seed::parse(seed)
        .and_then(|seed| Emulator::from_seed(&seed, &Fresh::default(), NOW).map(drop));
    started.unwrap_err().to_string()
}

fn ask(emulator: &mut Emulator, credentials: &Credentials, call: &str, body: Value) -> Value {
    let response = emulator.handle(&request(call, Some(credentials), body), NOW);
    serde_json::from_slice(&response.body).unwrap()
}

#[test]
fn a_seed_has_users_organizations_members_and_clients() {
    let mut emulator = start(SEED);
    let settings = emulator.settings().clone();
    let (consumer, b2b) = (&settings.consumer, &settings.b2b);
    assert!(consumer.project_id.ends_with("-111111111111"));

    let ada = ask(&mut emulator, consumer, "GET /v1/users/ada", Value::Null);
    assert_eq!(ada["user_id"], "user-test-ada");
    assert_eq!(ada["emails"][0]["email"], "ada@example.com");
    assert_eq!(ada["phone_numbers"][0]["phone_number"], "+15005550006");
    assert_eq!(ada["name"]["last_name"], "Lovelace");
    assert_eq!(ada["roles"], json!(["stytch_user", "editor"]));
    assert_eq!(ada["trusted_metadata"], json!({ "plan": "gold" }));
    assert_eq!(ada["created_at"], NOW.rfc3339());

    let search = json!({ "query": { "operator": "AND", "operands": [{ "filter_name": "email_id", "filter_value": ["email-test-bob"] }] } });
    let found = ask(&mut emulator, consumer, "POST /v1/users/search", search);
    assert_eq!(found["results"][0]["status"], "pending");
    assert_eq!(found["results"][0]["emails"][0]["verified"], true);
    assert_eq!(found["results"][0]["created_at"], "2020-01-01T00:00:00Z");

    let route = "GET /v1/b2b/organizations/acme/member?email_address=eve@acme.example";
    let eve = ask(&mut emulator, b2b, route, Value::Null);
    assert_eq!(eve["member_id"], "member-test-eve");
    assert_eq!(eve["member"]["is_admin"], true);
    assert_eq!(eve["member"]["email_address_verified"], true);
    assert_eq!(eve["organization"]["custom_roles"][0]["role_id"], "auditor");

    let client = "GET /v1/m2m/clients/m2m-client-test-1";
    let client = ask(&mut emulator, consumer, client, Value::Null);
    assert_eq!(client["m2m_client"]["scopes"], json!(["read:users"]));
}

#[test]
fn a_seeded_client_gets_a_token_and_a_seeded_app_must_know_its_secret() {
    let mut emulator = start(SEED);
    let project_id = emulator.settings().consumer.project_id.clone();
    let mut status = |route: &str, id: &str, secret: &str, body: &str| {
        let basic = STANDARD.encode(format!("{id}:{secret}"));
        let request = Request {
            method: "POST".into(),
            path: format!("/v1/public/{project_id}/oauth2/{route}"),
            headers: vec![("authorization".into(), format!("Basic {basic}"))],
            body: body.into(),
            ..Request::default()
        };
        emulator.handle(&request, NOW).status
    };
    let grant = r#"{"grant_type":"client_credentials"}"#;
    assert_eq!(
        status("token", "m2m-client-test-1", "a%20long%20secret", grant),
        200
    );
    assert_eq!(status("token", "m2m-client-test-1", "another", grant), 401);
    let token = r#"{"token":"x"}"#;
    assert_eq!(
        status("introspect", "connected-app-test-1", "its%20secret", token),
        200
    );
    assert_eq!(
        status("introspect", "connected-app-test-1", "another", token),
        401
    );
}

#[test]
fn one_seed_and_one_clock_return_the_same_bytes() {
    let run = |seed: &str| {
        let mut emulator = start(seed);
        let credentials = emulator.settings().consumer.clone();
        let jwks = format!("/v1/sessions/jwks/{}", credentials.project_id);
        let calls = [
            (
                "POST /v1/magic_links/email/login_or_create",
                json!({ "email": "ada@example.com" }),
            ),
            ("GET /_emulator/outbox.json", Value::Null),
            ("POST /_emulator/tokens", json!({ "product": "consumer" })),
            (
                "POST /_emulator/keys/rotate",
                json!({ "product": "consumer" }),
            ),
            (
                "POST /_emulator/tokens",
                json!({ "product": "b2b", "key": "stranger" }),
            ),
            (&format!("GET {jwks}"), Value::Null),
        ];
        calls.map(|(call, body)| {
            let request = request(call, Some(&credentials), body);
            emulator.handle(&request, NOW).body
        })
    };
    assert_eq!(run(SEED), run(SEED));
    let text = String::from_utf8(run(SEED)[5].clone()).unwrap();
    assert_eq!(text.matches("\"kid\":\"stytch-emulator-").count(), 2);
    assert_ne!(
        run(SEED),
        run(&SEED.replace("random_seed: 7", "random_seed: 8"))
    );
    // JSON is YAML: the same seed in JSON has the same content.
    let json: Value = serde_saphyr::from_str(SEED).unwrap();
    assert_eq!(run(SEED), run(&json.to_string()));
}

#[test]
fn an_unseeded_emulator_is_random_and_uses_the_given_keys() {
    let seed = Seed::parse("").unwrap();
    assert!(seed.needs_signing_keys());
    assert!(!Seed::parse("random_seed: x").unwrap().needs_signing_keys());
    let fresh = |byte| Fresh {
        random: [byte; 32],
        signing_keys: None,
    };
    let start = |byte| Emulator::from_seed(&seed, &fresh(byte), NOW).unwrap();
    let ids = [1, 1, 2].map(|byte| start(byte).settings().consumer.project_id.clone());
    assert!(ids[0] == ids[1] && ids[0] != ids[2]);
}

#[test]
fn a_reset_returns_to_the_seed() {
    let mut emulator = start(&format!(
        "clock: {{ now: 2026-01-01T00:00:00Z, frozen: true }}\n{SEED}"
    ));
    let credentials = emulator.settings().consumer.clone();
    let log_in = |emulator: &mut Emulator| {
        let body = json!({ "email": "new@example.com" });
        let call = "POST /v1/magic_links/email/login_or_create";
        ask(emulator, &credentials, call, body)
    };
    let first = log_in(&mut emulator);
    let clock = json!({ "advance_seconds": 60, "tokens": "real-time" });
    ask(&mut emulator, &credentials, "POST /_emulator/clock", clock);
    let fault = json!({ "path_prefix": "/v1", "kind": "status" });
    ask(&mut emulator, &credentials, "POST /_emulator/faults", fault);
    let answer = ask(
        &mut emulator,
        &credentials,
        "POST /_emulator/reset",
        Value::Null,
    );
    assert_eq!(answer["clock"]["now"], "2026-01-01T00:00:00Z");
    assert_eq!(answer["clock"]["tokens"], "emulator-time");
    let log = ask(
        &mut emulator,
        &credentials,
        "GET /_emulator/requests.json",
        Value::Null,
    );
    assert_eq!(log["requests"], json!([]));
    assert_eq!(log_in(&mut emulator), first);
}

#[test]
fn the_clock_of_a_seed_is_the_time_of_the_start() {
    let mut emulator = start(
        "{ clock: 2020-05-05T05:05:05Z, random_seed: 1, consumer: { users: [{ email: a@example.com, user_id: user-test-a }] } }",
    );
    let credentials = emulator.settings().consumer.clone();
    let user = ask(
        &mut emulator,
        &credentials,
        "GET /v1/users/user-test-a",
        Value::Null,
    );
    assert_eq!(user["created_at"], "2020-05-05T05:05:05Z");
    let minted = ask(
        &mut emulator,
        &credentials,
        "POST /_emulator/tokens",
        json!({ "product": "consumer" }),
    );
    let (_, claims) = open_jwt(minted["token"].as_str().unwrap());
    assert_eq!(claims["iat"], 1_588_655_105);
}

#[test]
fn live_projects_need_allow_live() {
    let live = "random_seed: 1\nconsumer: { project_id: project-live-11111111-1111-4111-8111-111111111111, users: [{ email: a@example.com }] }";
    let message = error(live);
    assert!(
        message.starts_with("consumer.project_id: ") && message.contains("allow_live"),
        "{message}"
    );
    let mut emulator = start(&format!("allow_live: true\n{live}"));
    let settings = emulator.settings().clone();
    assert!(settings.b2b.project_id.starts_with("project-live-"));
    assert!(settings.consumer.secret.starts_with("secret-live-"));
    let found = ask(
        &mut emulator,
        &settings.consumer,
        "POST /v1/users/search",
        json!({}),
    );
    assert!(
        found["results"][0]["user_id"]
            .as_str()
            .unwrap()
            .starts_with("user-live-")
    );
    // Live projects have no sandbox values.
    let call = "POST /v1/sessions/authenticate";
    let body = json!({ "session_token": "WJtR5BCy38Szd5AfoDpf0iqFKEt4EE5JhjlWUY7l3FtY" });
    let answer = ask(&mut emulator, &settings.consumer, call, body);
    assert_eq!(answer["error_type"], "session_not_found");
    let mixed = format!(
        "allow_live: true\n{live}\nb2b: {{ project_id: project-test-11111111-1111-4111-8111-111111111111 }}"
    );
    assert!(error(&mixed).contains("both"));
}

#[test]
fn errors_name_the_member_of_the_seed() {
    let table = [
        ("[]", "must be an object"),
        ("a: [", "line 1"),
        ("random_seed: 1\nrandom_seed: 2", "duplicate"),
        (
            "random_seed: [1]",
            "random_seed: must be a string or a number",
        ),
        ("users: []", "users: is not a known member"),
        ("clock: tomorrow", "clock: must be a time"),
        ("clock: { tokens: never }", "clock.tokens: must be"),
        ("clock: { later: 1 }", "clock.later: is not a known member"),
        ("consumer: 5", "consumer: must be an object"),
        (
            "consumer: { organizations: [] }",
            "consumer.organizations: is not a known member",
        ),
        (
            "consumer: { project_id: dummy }",
            "consumer.project_id: the id of the consumer",
        ),
        ("b2b: { secret: dummy }", "b2b.secret: the secret"),
        (
            "consumer: { signing_key: {} }",
            "consumer.signing_key: must be a private JWK",
        ),
        (
            "consumer: { policy: { roles: 5 } }",
            "consumer.policy: roles",
        ),
        ("consumer: { users: {} }", "consumer.users: must be a list"),
        (
            "consumer: { users: [5] }",
            "consumer.users[0]: must be an object",
        ),
        (
            "consumer: { users: [{ mail: x }] }",
            "consumer.users[0].mail: is not a known member",
        ),
        (
            "consumer: { users: [{ email: x }] }",
            "consumer.users[0].email: must be an email address",
        ),
        (
            "consumer: { users: [{ emails: [{ email: a@example.com, verifed: true }] }] }",
            "consumer.users[0].emails[0].verifed: is not",
        ),
        (
            "consumer: { users: [{ phone_number: +15005550006 }] }",
            "consumer.users[0].phone_number: must be a string",
        ),
        (
            "consumer: { users: [{ user_id: ada }] }",
            "consumer.users[0].user_id: must be an id that starts with user-test-",
        ),
        (
            "consumer: { users: [{ user_id: user-test-1 }, { user_id: user-test-1 }] }",
            "consumer.users[1].user_id: is the id of another user",
        ),
        (
            "consumer: { users: [{ email: a@b.example }, { email: A@b.example }] }",
            "consumer.users[1]: duplicate_email",
        ),
        (
            "consumer: { users: [{ roles: [unknown] }] }",
            "consumer.users[0]: ",
        ),
        (
            "consumer: { users: [{ status: gone }] }",
            "consumer.users[0].status: must be active or pending",
        ),
        (
            "consumer: { users: [{ totps: [1] }] }",
            "consumer.users[0].totps[0]: must be an object",
        ),
        (
            "b2b: { organizations: [{}] }",
            "b2b.organizations[0].organization_name: is required",
        ),
        (
            "b2b: { organizations: [{ organization_name: A, email_invites: MAYBE }] }",
            "b2b.organizations[0]: ",
        ),
        (
            "b2b: { organizations: [{ organization_name: A, members: [{ name: B }] }] }",
            "b2b.organizations[0].members[0].email_address: is required",
        ),
        (
            "b2b: { organizations: [{ organization_name: A, members: [{ email_address: a@b.example }, { email_address: a@b.example }] }] }",
            "b2b.organizations[0].members[1]: duplicate_member_email",
        ),
        (
            "consumer: { m2m_clients: [{ client_secret: short }] }",
            "consumer.m2m_clients[0]: ",
        ),
        (
            "b2b: { m2m_clients: [{ client_id: a }, { client_id: a }] }",
            "b2b.m2m_clients[1].client_id: is the id",
        ),
        (
            "b2b: { connected_apps: [{ client_type: other }] }",
            "b2b.connected_apps[0].client_type: must be one of",
        ),
    ];
    for (seed, message) in table {
        // With a random seed, the keys of the emulator are known keys, so that this test is fast.
        let seed = match seed.starts_with(['[', 'r', 'a']) {
            true => seed.to_owned(),
            false => format!("random_seed: 1\n{seed}"),
        };
        let found = error(&seed);
        assert!(found.contains(message), "{seed}\n{found}");
    }
}

#[test]
fn a_syntax_error_does_not_quote_the_file() {
    let message = error("secret: secret-test-123\nsecret: [");
    assert!(
        !message.contains("secret-test-123") && message.contains("line"),
        "{message}"
    );
}

#[test]
fn a_reset_after_a_restore_returns_to_the_credentials_of_the_start() {
    let (mut one, other) = (start(SEED), start(&SEED.replace("1111", "2222")));
    let credentials = one.settings().consumer.clone();
    one.restore(&other.snapshot()).unwrap();
    assert_ne!(one.settings().consumer.project_id, credentials.project_id);
    one.reset(NOW);
    assert_eq!(one.settings().consumer.project_id, credentials.project_id);
    let who = ask(&mut one, &credentials, "GET /v1/debug/whoami", Value::Null);
    assert_eq!(
        who["project_id"].as_str(),
        Some(credentials.project_id.as_str())
    );
    let snapshot = one.snapshot();
    one.restore(&snapshot).unwrap();

    one.restore(&other.snapshot()).unwrap();
    one.start_here();
    one.reset(NOW);
    assert_eq!(
        one.settings().consumer.project_id,
        other.settings().consumer.project_id
    );
}

#[test]
fn the_clock_returns_to_the_clock_of_the_seed() {
    let mut emulator =
        start("{ clock: { now: 2026-01-01T00:00:00Z, tokens: real-time }, random_seed: 1 }");
    let credentials = emulator.settings().consumer.clone();
    ask(
        &mut emulator,
        &credentials,
        "POST /_emulator/clock",
        json!({ "advance_seconds": 60 }),
    );
    let answer = ask(
        &mut emulator,
        &credentials,
        "POST /_emulator/clock",
        json!({ "reset": true }),
    );
    assert_eq!(answer["now"], "2026-01-01T00:00:00Z");
    assert_eq!(answer["tokens"], "real-time");
}

#[test]
fn a_seed_sets_passwords_and_their_policy() {
    let seed = r#"
consumer:
  password_config: { validation_policy: LUDS }
  users: [{ email: ada@example.com, password: the password }]
"#;
    let mut stand = Stand::new();
    stand.emulator = start(seed);
    let settings = stand.emulator.settings().clone();
    let mut call = |call: &str, body| stand.send(request(call, Some(&settings.consumer), body));
    let body = json!({ "email": "ada@example.com", "password": "the password" });
    let done = call("POST /v1/passwords/authenticate", body).ok();
    assert_eq!(done.body["user"]["password"]["requires_reset"], false);
    let body = json!({ "email": "ada@example.com", "password": "the Password" });
    call("POST /v1/passwords/authenticate", body).refused(401, "unauthorized_credentials");
    let check = call(
        "POST /v1/passwords/strength_check",
        json!({ "password": "x" }),
    )
    .ok();
    assert_eq!(check.body["strength_policy"], "luds");
    for (config, message) in [
        ("{ policy: LUDS }", "unknown field"),
        ("{ luds_min_password_length: 99 }", "must be 8 to 32"),
    ] {
        let error = error(&format!("consumer: {{ password_config: {config} }}"));
        assert!(
            error.starts_with("consumer.password_config: ") && error.contains(message),
            "{error}"
        );
    }
}
