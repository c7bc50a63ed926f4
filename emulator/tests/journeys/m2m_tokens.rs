//! Access tokens of M2M clients: which clients receive one, its claims, and which secrets are valid.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use stytch_emulator::Request;

use crate::signatures::{b2b_keys, consumer_keys, verifies};
use crate::stand::{Answer, SETTINGS, Stand, open_jwt, request};

fn token_path() -> String {
    format!("/v1/public/{}/oauth2/token", SETTINGS.consumer.project_id)
}

/// Creates the client `cron` with two scopes, and returns its secret.
fn cron(stand: &mut Stand) -> String {
    let body = json!({ "client_id": "cron", "scopes": ["read:users", "write:users"] });
    let created = stand.consumer("POST /v1/m2m/clients", body).ok();
    created.text("/m2m_client/client_secret")
}

fn ask(stand: &mut Stand, secret: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("grant_type", "client_credentials"),
        ("client_id", "cron"),
        ("client_secret", secret),
    ];
    fields.extend(more);
    stand.form(&token_path(), &fields)
}

/// Requests a token with an Authorization header and a JSON body.
fn ask_with_header(stand: &mut Stand, header: &str, body: Value) -> Answer {
    let mut request = request(&format!("POST {}", token_path()), None, body);
    request.headers = vec![("Authorization".into(), header.into())];
    stand.send(request)
}

#[test]
fn an_m2m_token_has_the_documented_form() {
    let mut stand = Stand::new();
    let secret = cron(&mut stand);
    let answer = ask(&mut stand, &secret, &[]).ok();
    assert_eq!(answer.body["token_type"], "bearer");
    assert_eq!(answer.body["expires_in"], 3600);
    let token = answer.text("/access_token");
    assert!(verifies(&mut stand, &consumer_keys(), &token));
    let (header, claims) = open_jwt(&token);
    assert_eq!(
        (&header["alg"], &header["typ"]),
        (&json!("RS256"), &json!("JWT"))
    );
    let (project_id, now) = (&SETTINGS.consumer.project_id, stand.now.0);
    let expected = json!({
        "aud": [project_id],
        "exp": now + 3600,
        "iat": now,
        "iss": format!("stytch.com/{project_id}"),
        "nbf": now,
        "sub": "cron",
        "scope": "read:users write:users",
    });
    assert_eq!(claims, expected);
}

#[test]
fn grants_requested_scopes_only_if_the_client_has_them() {
    let mut stand = Stand::new();
    let secret = cron(&mut stand);
    let some = ask(&mut stand, &secret, &[("scope", "write:users")]).ok();
    assert_eq!(
        open_jwt(&some.text("/access_token")).1["scope"],
        "write:users"
    );
    for scope in ["delete:users", "read:users delete:users", "read"] {
        let refused = ask(&mut stand, &secret, &[("scope", scope)]);
        refused.refused_by_oauth2(400, "invalid_scope");
    }
}

#[test]
fn a_client_authenticates_in_a_header_or_in_the_body() {
    let mut stand = Stand::new();
    let secret = cron(&mut stand);
    let grant = json!({ "grant_type": "client_credentials" });
    let mut in_body = grant.clone();
    in_body["client_id"] = json!("cron");
    in_body["client_secret"] = json!(secret);
    let call = format!("POST {}", token_path());
    stand.open(&call, in_body.clone()).ok();
    let basic = |text: String| format!("Basic {}", STANDARD.encode(text));
    let valid = basic(format!("cron:{secret}"));
    ask_with_header(&mut stand, &valid, grant.clone()).ok();
    ask_with_header(&mut stand, &valid, in_body).ok();
    for header in [
        basic("cron:wrong".into()),
        basic("cron".into()),
        "Bearer x".into(),
    ] {
        let refused = ask_with_header(&mut stand, &header, grant.clone());
        refused.refused_by_oauth2(401, "invalid_client");
    }

    let odd = json!({ "client_id": "odd", "client_secret": "50% + a:b" });
    stand.consumer("POST /v1/m2m/clients", odd).ok();
    let encoded = basic("odd:50%25+%2B+a%3Ab".into());
    ask_with_header(&mut stand, &encoded, grant).ok();
}

#[test]
fn a_client_may_repeat_its_credentials_in_the_body() {
    let mut stand = Stand::new();
    let odd = json!({ "client_id": "odd", "client_secret": "50% + a:b" });
    stand.consumer("POST /v1/m2m/clients", odd.clone()).ok();
    stand
        .consumer("POST /v1/m2m/clients", json!({ "client_id": "even" }))
        .ok();
    let header = format!("Basic {}", STANDARD.encode("odd:50%25+%2B+a%3Ab"));
    let body = |more: Value| {
        let mut body = json!({ "grant_type": "client_credentials" });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    for same in [
        odd,
        json!({ "client_id": "odd" }),
        json!({ "client_secret": "50% + a:b" }),
    ] {
        ask_with_header(&mut stand, &header, body(same)).ok();
    }
    for different in [
        json!({ "client_id": "even" }),
        json!({ "client_id": "odd", "client_secret": "other" }),
        // In the body, the value is not form-encoded a second time.
        json!({ "client_secret": "50%25+%2B+a%3Ab" }),
    ] {
        let refused = ask_with_header(&mut stand, &header, body(different));
        refused.refused_by_oauth2(400, "invalid_request");
    }
}

/// The SDK for Python sends the credentials of the project with every call.
#[test]
fn the_body_authenticates_the_client_if_the_header_contains_the_project() {
    let mut stand = Stand::new();
    let secret = cron(&mut stand);
    let body =
        json!({ "grant_type": "client_credentials", "client_id": "cron", "client_secret": secret });
    let send = |stand: &mut Stand, body: Value, credentials| {
        stand.send(request(
            &format!("POST {}", token_path()),
            Some(credentials),
            body,
        ))
    };
    let token = send(&mut stand, body.clone(), &SETTINGS.consumer)
        .ok()
        .text("/access_token");
    assert_eq!(open_jwt(&token).1["sub"], "cron");
    let another = send(&mut stand, body.clone(), &SETTINGS.b2b);
    another.refused_by_oauth2(400, "invalid_request");
    let mut wrong = body;
    wrong["client_secret"] = json!("wrong");
    send(&mut stand, wrong, &SETTINGS.consumer).refused_by_oauth2(401, "invalid_client");
    let grant = json!({ "grant_type": "client_credentials" });
    send(&mut stand, grant, &SETTINGS.consumer).refused_by_oauth2(401, "invalid_client");

    // Introspection reads the credentials in the same way.
    let introspect = format!(
        "POST /v1/public/{}/oauth2/introspect",
        SETTINGS.consumer.project_id
    );
    let fields = json!({ "token": token, "client_id": "cron", "client_secret": secret });
    let active = stand.send(request(&introspect, Some(&SETTINGS.consumer), fields));
    assert_eq!(active.ok().body["active"], true);
}

#[test]
fn errors_have_the_form_of_oauth2() {
    let mut stand = Stand::new();
    let secret = cron(&mut stand);
    let wrong = ask(&mut stand, "wrong", &[]);
    wrong.refused_by_oauth2(401, "invalid_client");
    let keys: Vec<&String> = wrong.body.as_object().unwrap().keys().collect();
    let expected = [
        "status_code",
        "request_id",
        "error",
        "error_description",
        "error_uri",
    ];
    assert_eq!(keys, expected);

    let fields = [("client_id", "cron"), ("client_secret", secret.as_str())];
    let path = token_path();
    stand
        .form(&path, &fields)
        .refused_by_oauth2(400, "invalid_request");
    for (grant, error) in [
        ("client_credentials", "invalid_request"),
        ("password", "unsupported_grant_type"),
    ] {
        let mut fields = fields.to_vec();
        fields.extend([("grant_type", grant), ("scope", "a")]);
        if grant == "client_credentials" {
            fields.push(("scope", "b"));
        }
        stand.form(&path, &fields).refused_by_oauth2(400, error);
    }
    let without_client_id = [
        ("grant_type", "client_credentials"),
        ("client_secret", secret.as_str()),
    ];
    stand
        .form(&path, &without_client_id)
        .refused_by_oauth2(401, "invalid_client");
    let garbage = Request {
        body: b"not json".to_vec(),
        ..request(&format!("POST {path}"), None, Value::Null)
    };
    stand
        .send(garbage)
        .refused_by_oauth2(400, "invalid_request");
    let nowhere = "/v1/public/project-test-00000000-0000-4000-8000-000000000000/oauth2/token";
    stand
        .form(nowhere, &fields)
        .refused_by_oauth2(404, "project_not_found");
    stand
        .form("/v1/public/dummy/oauth2/token", &fields)
        .refused_by_oauth2(400, "invalid_project_id");
}

#[test]
fn a_client_belongs_to_one_project_of_either_product() {
    let mut stand = Stand::new();
    let secret = cron(&mut stand);
    let path = format!("/v1/public/{}/oauth2/token", SETTINGS.b2b.project_id);
    let fields = |secret: &str| {
        [
            ("grant_type", "client_credentials"),
            ("client_id", "cron"),
            ("client_secret", secret),
        ]
        .map(|(name, value)| (name, value.to_owned()))
    };
    let send = |stand: &mut Stand, secret: &str| {
        let fields = fields(secret);
        let borrowed: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        stand.form(&path, &borrowed)
    };
    send(&mut stand, &secret).refused_by_oauth2(401, "invalid_client");
    let created = stand
        .b2b("POST /v1/m2m/clients", json!({ "client_id": "cron" }))
        .ok();
    let own = send(&mut stand, &created.text("/m2m_client/client_secret")).ok();
    let token = own.text("/access_token");
    assert!(verifies(&mut stand, &b2b_keys(), &token));
    assert_eq!(open_jwt(&token).1["scope"], "");
}

#[test]
fn both_secrets_are_valid_during_a_rotation() {
    let mut stand = Stand::new();
    let old = cron(&mut stand);
    let rotate = |stand: &mut Stand, step: &str| {
        let call = format!("POST /v1/m2m/clients/cron/secrets/rotate{step}");
        stand.consumer(&call, json!({}))
    };
    for step in ["", "/cancel"] {
        rotate(&mut stand, step).refused(400, "m2m_client_not_rotating_secret");
    }
    let started = rotate(&mut stand, "/start").ok();
    let dropped = started.text("/m2m_client/next_client_secret");
    assert_eq!(
        started.body["m2m_client"]["next_client_secret_last_four"],
        dropped[40..]
    );
    rotate(&mut stand, "/start").refused(400, "m2m_client_already_rotating_secret");
    for secret in [&old, &dropped] {
        ask(&mut stand, secret, &[]).ok();
    }
    let cancelled = rotate(&mut stand, "/cancel").ok();
    let client = &cancelled.body["m2m_client"];
    assert_eq!(client["next_client_secret_last_four"], Value::Null);
    assert!(client.get("next_client_secret").is_none());
    ask(&mut stand, &dropped, &[]).refused_by_oauth2(401, "invalid_client");
    ask(&mut stand, &old, &[]).ok();

    let next = rotate(&mut stand, "/start")
        .ok()
        .text("/m2m_client/next_client_secret");
    let rotated = rotate(&mut stand, "").ok();
    assert_eq!(
        rotated.body["m2m_client"]["client_secret_last_four"],
        next[40..]
    );
    ask(&mut stand, &old, &[]).refused_by_oauth2(401, "invalid_client");
    ask(&mut stand, &next, &[]).ok();
}

#[test]
fn inactive_and_deleted_clients_do_not_receive_tokens() {
    let mut stand = Stand::new();
    let secret = cron(&mut stand);
    let path = "/v1/m2m/clients/cron";
    for (status, allowed) in [("inactive", false), ("active", true)] {
        stand
            .consumer(&format!("PUT {path}"), json!({ "status": status }))
            .ok();
        let answer = ask(&mut stand, &secret, &[]);
        if allowed {
            answer.ok();
        } else {
            answer.refused_by_oauth2(401, "invalid_client");
        }
    }
    stand.consumer(&format!("DELETE {path}"), json!({})).ok();
    ask(&mut stand, &secret, &[]).refused_by_oauth2(401, "invalid_client");
}
