//! The page at `/`, and `state.json`, from which the page reads the emulator's data.

use serde_json::{Value, json};
use stytch_emulator::Response;

use crate::stand::{SETTINGS, Stand, request};

fn get(stand: &mut Stand, path: &str) -> Response {
    let request = request(&format!("GET {path}"), None, Value::Null);
    stand.emulator.handle(&request, stand.now)
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    let found = response.headers.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value)
}

#[test]
fn serves_the_page_and_every_file_that_it_loads_with_a_strict_policy() {
    let mut stand = Stand::new();
    let page = get(&mut stand, "/");
    let html = String::from_utf8(page.body.clone()).unwrap();
    assert_eq!(html.as_bytes(), get(&mut stand, "/_emulator/").body);
    let mut paths: Vec<String> = html
        .split(['"', '\''])
        .filter(|text| text.starts_with("/_emulator/page/"))
        .map(str::to_owned)
        .collect();
    let script = get(&mut stand, "/_emulator/page/main.js").body;
    let script = String::from_utf8(script).unwrap();
    let imports = script.split('"').filter_map(|text| text.strip_prefix("./"));
    paths.extend(imports.map(|name| format!("/_emulator/page/{name}")));
    paths.push("/".into());
    assert!(paths.len() > 12, "{paths:?}");
    for path in paths {
        let file = get(&mut stand, &path);
        assert_eq!(file.status, 200, "{path}");
        let policy = header(&file, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
        assert_eq!(header(&file, "x-content-type-options"), "nosniff");
        assert_eq!(header(&file, "referrer-policy"), "no-referrer");
    }
    for forbidden in ["style=", "onclick", "<script>", "http://127", "https://"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    let outbox = get(&mut stand, "/_emulator/outbox");
    assert_eq!(
        (outbox.status, header(&outbox, "location")),
        (302, "/#outbox")
    );
    let log = get(&mut stand, "/_emulator/requests/counts.json").body;
    assert_eq!(serde_json::from_slice::<Value>(&log).unwrap()["total"], 0);
}

#[test]
fn state_json_lists_each_kind_of_object() {
    let mut stand = Stand::new();
    stand.log_in("ada@example.com");
    let organization = stand.organization("acme");
    let member = stand.log_in_member(&organization, "grace@acme.example");
    let body = json!({ "client_name": "Billing", "scopes": ["read:users"] });
    stand.consumer("POST /v1/m2m/clients", body).ok();
    let fault = json!({ "path_prefix": "/v1/users", "kind": "close" });
    stand.open("POST /_emulator/faults", fault).ok();
    stand.later(3600 * 2);

    let state = stand.open("GET /_emulator/state.json", Value::Null).ok();
    let counts = json!({
        "messages": 2, "users": 1, "organizations": 1, "members": 1, "locked": 0, "sessions": 2, "m2m_clients": 1,
        "connected_apps": 0, "fraud": 0, "requests": 6, "faults": 1,
    });
    assert_eq!(state.body["counts"], counts);
    assert_eq!(state.text("/clock/now"), stand.now.rfc3339());
    assert_eq!(
        state.text("/projects/b2b/project_id"),
        SETTINGS.b2b.project_id
    );
    assert_eq!(state.text("/users/0/emails/0/email"), "ada@example.com");
    assert_eq!(state.text("/organizations/0/organization_name"), "acme");
    assert_eq!(state.body["organizations"][0]["member_count"], 1);
    assert_eq!(
        state.text("/members/0/member_id"),
        member.text("/member_id")
    );
    assert_eq!(state.body["members"][0]["roles"], json!(["stytch_member"]));
    assert_eq!(state.text("/m2m_clients/0/client_name"), "Billing");
    let session = &state.body["sessions"][0];
    assert!(session["status"] == "expired" || state.body["sessions"][1]["status"] == "expired");
    assert!(session.get("session_token").is_none());
    assert!(state.body["users"][0].get("password").is_none());
}

#[test]
fn state_json_lists_the_newest_200_objects_and_counts_all() {
    let mut stand = Stand::new();
    for number in 0..205 {
        let body = json!({ "email": format!("user{number}@example.com") });
        stand.consumer("POST /v1/users", body).ok();
    }
    let state = stand.open("GET /_emulator/state.json", Value::Null).ok();
    assert_eq!(state.body["counts"]["users"], 205);
    assert_eq!(state.body["users"].as_array().unwrap().len(), 200);
    assert_eq!(state.text("/users/0/emails/0/email"), "user204@example.com");
}

/// Searches the responses that the page reads for every secret of a long journey.
#[test]
fn neither_the_state_nor_the_request_log_nor_the_page_contains_a_secret() {
    let mut stand = Stand::new();
    let mut secrets = vec![
        SETTINGS.consumer.secret.clone(),
        SETTINGS.b2b.secret.clone(),
    ];
    secrets.push(stand.link_for("ada@example.com"));
    let session = stand.log_in("ada@example.com");
    secrets.push(stand.mail()["token"].as_str().unwrap().to_owned());
    let (token, jwt) = (session.text("/session_token"), session.text("/session_jwt"));
    let user = session.text("/user_id");
    let metadata =
        json!({ "trusted_metadata": { "api_secret": "metadata-secret", "copy": token, &jwt: 1 } });
    stand
        .consumer(&format!("PUT /v1/users/{user}"), metadata)
        .ok();
    for check in [
        json!({ "session_token": token }),
        json!({ "session_jwt": jwt }),
    ] {
        let again = stand.consumer("POST /v1/sessions/authenticate", check).ok();
        secrets.push(again.text("/session_jwt"));
    }
    let malformed = json!({ "session_token": "malformed-secret", "note": format!("Bearer {jwt}") });
    stand.consumer("POST /v1/sessions/authenticate", malformed);
    let verifier = json!({ "token": token, "code_verifier": "verifier-secret" });
    stand.consumer("POST /v1/magic_links/authenticate", verifier);
    secrets.extend(["metadata-secret", "malformed-secret", "verifier-secret"].map(str::to_owned));
    secrets.extend([token, jwt]);

    let organization = stand.organization("acme");
    let member = stand.log_in_member(&organization, "grace@acme.example");
    secrets.extend([member.text("/session_token"), member.text("/session_jwt")]);
    secrets.push(stand.mail()["token"].as_str().unwrap().to_owned());

    let chosen = json!({ "scopes": [], "client_secret": "chosen-secret-1" });
    let chosen = stand.consumer("POST /v1/m2m/clients", chosen).ok();
    let drawn = stand
        .consumer("POST /v1/m2m/clients", json!({ "scopes": ["a"] }))
        .ok();
    let (id, secret) = (
        drawn.text("/m2m_client/client_id"),
        drawn.text("/m2m_client/client_secret"),
    );
    let rotate = format!("POST /v1/m2m/clients/{id}/secrets/rotate/start");
    let next = stand.consumer(&rotate, json!({})).ok();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &id),
        ("client_secret", &secret),
    ];
    let path = format!("/v1/public/{}/oauth2/token", SETTINGS.consumer.project_id);
    let access = stand.form(&path, &form).ok();
    assert_eq!(chosen.text("/m2m_client/client_secret"), "chosen-secret-1");
    secrets.extend([
        "chosen-secret-1".to_owned(),
        secret,
        access.text("/access_token"),
    ]);
    secrets.push(next.text("/m2m_client/next_client_secret"));
    let text = request(
        "POST /v1/users",
        Some(&SETTINGS.consumer),
        json!("broken-secret"),
    );
    let broken = stytch_emulator::Request {
        body: text.body[..9].into(),
        ..text
    };
    stand.send(broken);
    secrets.push("broken-s".into());

    assert!(secrets.len() > 18);
    for path in [
        "/",
        "/_emulator/state.json",
        "/_emulator/requests.json",
        "/_emulator/page/main.js",
    ] {
        let shown = String::from_utf8(get(&mut stand, path).body).unwrap();
        for secret in &secrets {
            assert!(!shown.contains(secret.as_str()), "{path} contains {secret}");
        }
    }
    let log = stand
        .open("GET /_emulator/requests.json", Value::Null)
        .ok()
        .body
        .to_string();
    assert!(log.contains("[masked]") && log.contains("ada@example.com"));
}
