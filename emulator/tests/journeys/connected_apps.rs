//! Connected Apps: their settings, their types, and the rotation of their secrets.

use serde_json::{Value, json};

use crate::stand::{Answer, SETTINGS, Stand};

const CREATE: &str = "POST /v1/connected_apps/clients";
const CALLBACK: &str = "https://app.example/callback";

fn create(stand: &mut Stand, client_type: &str) -> Answer {
    let app =
        json!({ "client_type": client_type, "client_name": "Notes", "redirect_urls": [CALLBACK] });
    stand.consumer(CREATE, app).ok()
}

fn app_route(method: &str, app: &Answer, end: &str) -> String {
    let id = app.text("/connected_app/client_id");
    format!("{method} /v1/connected_apps/clients/{id}{end}")
}

/// Whether the API accepts the secret of an app.
fn accepts(stand: &mut Stand, app: &Answer, secret: &str) -> bool {
    let path = format!(
        "/v1/public/{}/oauth2/introspect",
        SETTINGS.consumer.project_id
    );
    let client_id = app.text("/connected_app/client_id");
    let fields = [
        ("token", "x"),
        ("client_id", &client_id),
        ("client_secret", secret),
    ];
    let answer = stand.form(&path, &fields);
    assert!(
        answer.status == 200 || answer.status == 401,
        "{}",
        answer.body
    );
    answer.status == 200
}

#[test]
fn an_app_is_created_read_updated_listed_and_deleted() {
    let mut stand = Stand::new();
    let app = create(&mut stand, "first_party");
    let secret = app.text("/connected_app/client_secret");
    assert_eq!(
        app.body["connected_app"]["client_secret_last_four"],
        secret[secret.len() - 4..]
    );
    let read = stand
        .consumer(&app_route("GET", &app, ""), Value::Null)
        .ok();
    let shown = &read.body["connected_app"];
    for (name, value) in [
        ("client_name", json!("Notes")),
        ("client_type", json!("first_party")),
        ("status", json!("active")),
        ("redirect_urls", json!([CALLBACK])),
        ("access_token_expiry_minutes", json!(60)),
        ("full_access_allowed", json!(false)),
        ("next_client_secret_last_four", Value::Null),
    ] {
        assert_eq!(shown[name], value, "{name}");
    }
    assert!(!read.body.to_string().contains(&secret));

    let change = json!({
        "client_name": "Diary", "access_token_expiry_minutes": 5, "full_access_allowed": true,
        "client_type": "third_party", "client_secret": "another secret",
        "access_token_template_content": "{ \"plan\": \"{{ user.trusted_metadata.plan }}\" }",
    });
    stand.consumer(&app_route("PUT", &app, ""), change).ok();
    let listed = stand
        .consumer("POST /v1/connected_apps/clients/search", json!({}))
        .ok();
    let listed = &listed.body["connected_apps"][0];
    assert_eq!(listed["client_name"], "Diary");
    assert_eq!(listed["access_token_expiry_minutes"], 5);
    assert_eq!(listed["client_type"], "first_party");
    assert_eq!(listed["redirect_urls"], json!([CALLBACK]));
    assert!(accepts(&mut stand, &app, &secret));
    stand
        .consumer(&app_route("DELETE", &app, ""), Value::Null)
        .ok();
    for method in ["GET", "PUT", "DELETE"] {
        stand
            .consumer(&app_route(method, &app, ""), Value::Null)
            .refused(404, "connected_app_not_found");
    }
}

#[test]
fn the_apps_of_the_two_projects_are_apart_and_a_search_has_pages() {
    let mut stand = Stand::new();
    for _ in 0..3 {
        create(&mut stand, "third_party_public");
    }
    let search = "POST /v1/connected_apps/clients/search";
    let page = stand.consumer(search, json!({ "limit": 2 })).ok();
    assert_eq!(page.body["results_metadata"]["total"], 3);
    let rest = json!({ "cursor": page.text("/results_metadata/next_cursor") });
    let rest = stand.consumer(search, rest).ok();
    assert_eq!(rest.body["connected_apps"].as_array().unwrap().len(), 1);
    let of_b2b = stand.b2b(search, json!({})).ok();
    assert_eq!(of_b2b.body["connected_apps"], json!([]));
    stand
        .consumer(search, json!({ "limit": 0 }))
        .refused(400, "user_search_invalid_limit");
}

#[test]
fn both_secrets_are_valid_during_a_rotation_also_after_a_restore() {
    let mut stand = Stand::new();
    let app = create(&mut stand, "third_party");
    let first = app.text("/connected_app/client_secret");
    let (start, finish, cancel) = (
        app_route("POST", &app, "/secrets/rotate/start"),
        app_route("POST", &app, "/secrets/rotate"),
        app_route("POST", &app, "/secrets/rotate/cancel"),
    );
    for route in [&finish, &cancel] {
        stand
            .consumer(route, Value::Null)
            .refused(400, "connected_app_not_rotating_secret");
    }
    let dropped = stand
        .consumer(&start, Value::Null)
        .ok()
        .text("/connected_app/next_client_secret");
    stand
        .consumer(&start, Value::Null)
        .refused(400, "connected_app_already_rotating_secret");
    assert!(accepts(&mut stand, &app, &first) && accepts(&mut stand, &app, &dropped));
    stand.consumer(&cancel, Value::Null).ok();
    assert!(accepts(&mut stand, &app, &first) && !accepts(&mut stand, &app, &dropped));

    let second = stand
        .consumer(&start, Value::Null)
        .ok()
        .text("/connected_app/next_client_secret");
    let snapshot = stand.emulator.snapshot();
    stand.consumer(&cancel, Value::Null).ok();
    stand.emulator.restore(&snapshot).unwrap();
    assert!(accepts(&mut stand, &app, &first) && accepts(&mut stand, &app, &second));
    let done = stand.consumer(&finish, Value::Null).ok();
    assert_eq!(
        done.body["connected_app"]["client_secret_last_four"],
        second[second.len() - 4..]
    );
    assert_eq!(
        done.body["connected_app"]["next_client_secret_last_four"],
        Value::Null
    );
    assert!(!accepts(&mut stand, &app, &first) && accepts(&mut stand, &app, &second));
    let state = stand
        .open("GET /_emulator/state.json", Value::Null)
        .body
        .to_string();
    let log = stand
        .open("GET /_emulator/requests.json", Value::Null)
        .body
        .to_string();
    for secret in [&first, &dropped, &second] {
        assert!(!state.contains(secret) && !log.contains(secret));
    }
}

#[test]
fn a_public_app_does_not_have_a_secret() {
    let mut stand = Stand::new();
    for client_type in ["first_party_public", "third_party_public"] {
        let app = create(&mut stand, client_type);
        let shown = &app.body["connected_app"];
        assert!(
            shown.get("client_secret").is_none() && shown.get("client_secret_last_four").is_none()
        );
        assert!(accepts(&mut stand, &app, ""));
        for end in [
            "/secrets/rotate/start",
            "/secrets/rotate",
            "/secrets/rotate/cancel",
        ] {
            stand
                .consumer(&app_route("POST", &app, end), Value::Null)
                .refused(400, "public_connected_apps_do_not_have_secrets");
        }
    }
}

#[test]
fn refuses_settings_that_an_app_cannot_have() {
    let mut stand = Stand::new();
    for (client_type, change, error_type) in [
        ("other", json!({}), "invalid_connected_app_type"),
        ("", json!({}), "invalid_connected_app_type"),
        (
            "first_party",
            json!({ "redirect_urls": ["http://app.example/"] }),
            "connected_app_redirect_url_http_scheme_must_use_loopback",
        ),
        (
            "first_party",
            json!({ "redirect_urls": ["com.example:/"] }),
            "connected_app_redirect_url_must_use_http_or_https_scheme",
        ),
        (
            "first_party",
            json!({ "post_logout_redirect_urls": ["/"] }),
            "connected_app_redirect_url_must_include_scheme",
        ),
        (
            "first_party",
            json!({ "access_token_expiry_minutes": 4 }),
            "idp_invalid_access_token_expiry_minutes",
        ),
        (
            "first_party",
            json!({ "access_token_custom_audience": "a b" }),
            "idp_invalid_access_token_custom_audience",
        ),
        (
            "first_party",
            json!({ "access_token_template_content": "[]" }),
            "idp_invalid_access_token_jwt_template",
        ),
        (
            "first_party",
            json!({ "id_token_template_content": "{" }),
            "idp_invalid_access_token_jwt_template",
        ),
        (
            "third_party",
            json!({ "full_access_allowed": true }),
            "third_party_clients_cannot_use_full_access",
        ),
        (
            "third_party_public",
            json!({ "bypass_consent_for_offline_access": true }),
            "third_party_clients_require_consent_for_offline_access",
        ),
    ] {
        let mut body = json!({ "client_type": client_type });
        body.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        stand.consumer(CREATE, body).refused(400, error_type);
        if client_type.len() > 5 {
            let app = create(&mut stand, client_type);
            stand
                .consumer(&app_route("PUT", &app, ""), change)
                .refused(400, error_type);
        }
    }
}
