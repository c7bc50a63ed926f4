//! Log-ins of more than one step: a page with a button, and a new password.

use serde_json::{Value, json};
use stytch_edge::{
    CallbackOptions, LogInPages, PasswordResetOptions, ReturnTo, StartLogInOptions,
    client::IncomingRequest,
};

use super::browser::{Browser, user, word};
use crate::{
    checks::token,
    test_platform::{TestPlatform, run},
};

#[test]
fn a_page_with_a_button_comes_before_the_call() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let mut browser = Browser::default();
    let url = browser.start(&platform, "user@example.com", "/inside");
    let options = CallbackOptions {
        confirm: true,
        ..CallbackOptions::default()
    };
    let absolute = format!("https://app.example{url}");
    let sent = platform.sent_during(|| {
        let kept = browser.open_with(&platform, &absolute, &options);
        assert_eq!(word(&kept), "needs_click");
        assert_eq!(
            (kept.http_status, kept.location.as_deref()),
            (303, Some("/callback"))
        );
        let page = browser.open_with(&platform, "/callback", &options);
        assert_eq!(
            (word(&page).as_str(), page.http_status, page.location),
            ("needs_click", 200, None)
        );

        let cross = IncomingRequest {
            sec_fetch_site: Some("cross-site"),
            ..browser.post("/callback")
        };
        let verdict = run(client.handle_callback(cross, &options)).unwrap();
        assert_eq!(
            (word(&verdict).as_str(), verdict.http_status),
            ("cross_origin", 403)
        );
    });
    assert!(sent.is_empty());

    let verdict = run(client.handle_callback(browser.post("/callback"), &options)).unwrap();
    assert_eq!(user(&verdict), "user@example.com");
    assert_eq!(verdict.location.as_deref(), Some("/inside"));
    browser.keep(&verdict.set_cookies);
    assert_eq!(browser.names(), ["stytch_session", "stytch_session_jwt"]);
    let again = run(client.handle_callback(browser.post("/callback"), &options)).unwrap();
    assert_eq!(word(&again), "no_token");
    assert_eq!(
        word(&browser.open_with(&platform, "/callback", &options)),
        "no_token"
    );
}

#[test]
fn a_page_with_a_button_is_for_browsers_that_started_the_flow_too() {
    let platform = TestPlatform::new();
    let url = Browser::default().start(&platform, "mallory@example.com", "/");
    let options = CallbackOptions {
        confirm: true,
        ..CallbackOptions::default()
    };
    let mut victim = Browser::default();
    victim.open_with(&platform, &url, &options);
    let client = platform.client();
    let verdict = run(client.handle_callback(victim.post("/callback"), &options)).unwrap();
    assert_eq!(word(&verdict), "flow_not_started_here");
}

#[test]
fn redirects_to_the_pages_of_the_options() {
    let platform = TestPlatform::new();
    let mut browser = Browser::default();
    let url = browser.start(&platform, "user@example.com", "/");
    let page = |path: &str| Some(ReturnTo::read("pages", path).unwrap());
    let options = CallbackOptions {
        pages: LogInPages {
            refused: page("/login?a=b"),
            unavailable: page("/later"),
            ..LogInPages::default()
        },
        ..CallbackOptions::default()
    };
    platform.answer(500, "{}");
    let verdict = browser.open_with(&platform, &url, &options);
    assert_eq!(
        verdict.location.as_deref(),
        Some("/later?reason=api_unavailable")
    );
    let verdict = browser.open_with(&platform, "/callback", &options);
    assert_eq!(
        verdict.location.as_deref(),
        Some("/login?a=b&reason=no_token")
    );
}

#[test]
fn a_new_password_uses_the_token_of_the_reset_up() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let mut browser = Browser::default();
    let options = StartLogInOptions {
        method: "password_reset".to_owned(),
        return_to: Some("/inside".to_owned()),
        ..StartLogInOptions::default()
    };
    let started = client
        .start_log_in(&browser.get("/login"), &options)
        .unwrap();
    browser.keep(&started.set_cookies);
    let verdict = browser.open(
        &platform,
        "/callback?stytch_token_type=reset_password&token=tok",
    );
    assert_eq!(word(&verdict), "needs_new_password");
    assert!(
        client
            .pending_log_in(&browser.get("/reset"))
            .has_password_reset
    );

    let reset = |request: IncomingRequest<'_>| {
        run(client.reset_password(request, "p\"w", &PasswordResetOptions::default())).unwrap()
    };
    let sent = platform.sent_during(|| {
        assert_eq!(word(&reset(browser.get("/reset"))), "method_not_allowed");
        let unknown = IncomingRequest {
            sec_fetch_site: None,
            ..browser.post("/reset")
        };
        assert_eq!(word(&reset(unknown)), "cross_origin");
        let empty = IncomingRequest {
            cookie: None,
            ..browser.post("/reset")
        };
        assert_eq!(word(&reset(empty)), "no_token");
    });
    assert!(sent.is_empty());

    // The user can try again with another password, and during an outage.
    for (status, error_type, expected) in [
        (400, "weak_password", "password_not_accepted"),
        (400, "breached_password", "password_not_accepted"),
        (500, "internal_server_error", "api_unavailable"),
    ] {
        platform.answer(status, &json!({"error_type": error_type}).to_string());
        let verdict = reset(browser.post("/reset"));
        assert_eq!(word(&verdict), expected);
        assert!(verdict.set_cookies.is_empty());
    }

    let body = json!({
        "session_jwt": token(&platform, "consumer", json!({"sub": "user-test-1"})),
        "session_token": "st", "session": {"session_id": "session-test-1", "user_id": "user-test-1", "authentication_factors": [], "roles": [], "started_at": "2027-01-15T08:00:00Z", "last_accessed_at": "2027-01-15T08:00:00Z", "expires_at": "2027-01-15T09:00:00Z", "attributes": null, "custom_claims": null},
    });
    platform.answer(200, &body.to_string());
    let verdict = reset(browser.post("/reset"));
    assert_eq!(
        (word(&verdict).as_str(), verdict.location.as_deref()),
        ("logged_in", Some("/inside"))
    );
    let (method, url, body) = platform.last_sent();
    assert!(
        method == "POST" && url.ends_with("/v1/passwords/email/reset"),
        "{url}"
    );
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (&body["token"], &body["password"]),
        (&json!("tok"), &json!("p\"w"))
    );
    assert_eq!(body["code_verifier"].as_str().map(str::len), Some(43));
    assert_eq!(body["session_duration_minutes"], 60);
    browser.keep(&verdict.set_cookies);
    assert_eq!(browser.names(), ["stytch_session", "stytch_session_jwt"]);
}

#[test]
fn a_refused_token_of_a_reset_is_not_kept() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let mut browser = Browser::default();
    let allowed = CallbackOptions {
        allow_unbound: true,
        ..CallbackOptions::default()
    };
    let url = "/callback?stytch_token_type=reset_password&token=tok";
    browser.open_with(&platform, url, &allowed);
    let body = json!({"error_type": "unable_to_auth_password_reset_token"});
    platform.answer(401, &body.to_string());
    let options = PasswordResetOptions::default();
    let verdict = run(client.reset_password(browser.post("/reset"), "p", &options)).unwrap();
    assert_eq!(word(&verdict), "token_not_accepted");
    let body: Value = serde_json::from_str(&platform.last_sent().2).unwrap();
    assert_eq!(body.get("code_verifier"), None);
    browser.keep(&verdict.set_cookies);
    assert!(browser.names().is_empty());
}
