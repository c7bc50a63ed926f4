//! Each token type: the request that authenticates its token, and the meaning of the responses.

use serde_json::{Value, json};
use stytch_edge::{
    B2bClient, CallbackOptions, LogInResult, LogInVerdict, StartLogInOptions, b2b,
    client::{Credential, FlowKind, Reason, TokenType},
    session::Product,
};

use super::browser::{Browser, word};
use crate::{
    checks::token,
    test_platform::{TestPlatform, run},
};

type Platform = std::sync::Arc<TestPlatform>;

fn start(platform: &Platform, browser: &mut Browser, row: &TokenType) {
    let method = match row.flow {
        FlowKind::MagicLink => "magic_link",
        FlowKind::PasswordReset => "password_reset",
        FlowKind::Oauth => "oauth",
        FlowKind::Sso => "sso",
        FlowKind::Discovery => "discovery",
        FlowKind::DiscoveryOauth => "discovery_oauth",
    };
    let is_oauth = method.contains("oauth");
    let options = StartLogInOptions {
        method: method.to_owned(),
        provider: is_oauth.then(|| "google".to_owned()),
        return_to: Some("/inside".to_owned()),
        ..StartLogInOptions::default()
    };
    let with_token = |config: &mut stytch_edge::ClientConfig| {
        config.public_token = Some("public-token-test-1".to_owned());
    };
    let request = browser.get("/login");
    let started = match row.product {
        Product::Consumer => platform
            .client_with(with_token)
            .start_log_in(&request, &options),
        Product::B2b => platform
            .b2b_client_with(with_token)
            .start_log_in(&request, &options),
    };
    let lines = started.unwrap().set_cookies;
    browser.keep(&lines);
}

/// The word of the verdict, its location, and the lines of its cookies.
fn open(
    platform: &Platform,
    browser: &Browser,
    row: &TokenType,
) -> (String, Option<String>, Vec<String>) {
    let url = format!("/callback?stytch_token_type={}&token=tok", row.word);
    let options = CallbackOptions {
        allow_impersonation: true,
        session_duration_minutes: Some(30),
        session_custom_claims: Some(json!({"a": "b"}).as_object().unwrap().clone()),
        ..CallbackOptions::default()
    };
    let request = browser.get(&url);
    match row.product {
        Product::Consumer => {
            let verdict = run(platform.client().handle_callback(request, &options)).unwrap();
            (word(&verdict), verdict.location, verdict.set_cookies)
        }
        Product::B2b => {
            let verdict = run(platform.b2b_client().handle_callback(request, &options)).unwrap();
            (word(&verdict), verdict.location, verdict.set_cookies)
        }
    }
}

fn answer(platform: &Platform, row: &TokenType) -> Value {
    let sample = |text| serde_json::from_str::<Value>(text).unwrap();
    match (row.credential, row.product) {
        (Credential::Discovery, _) => json!({
            "intermediate_session_token": "intermediate-1", "email_address": "a@b.c", "discovered_organizations": [],
        }),
        (_, Product::Consumer) => {
            let mut body = json!({
                "session_jwt": token(platform, "consumer", json!({"sub": "user-test-1"})),
                "session_token": "st",
            });
            let name = if row.word == "oauth" {
                "user_session"
            } else {
                "session"
            };
            body[name] = sample(CONSUMER_SESSION);
            body
        }
        (_, Product::B2b) => json!({
            "member_authenticated": true,
            "session_jwt": token(platform, "b2b", json!({"sub": "member-test-1", "https://stytch.com/organization": {"organization_id": "organization-test-1", "slug": "acme"}})),
            "session_token": "st",
            "member_session": sample(MEMBER_SESSION),
            "intermediate_session_token": "",
        }),
    }
}

#[test]
fn each_row_sends_the_token_and_the_verifier_to_its_endpoint() {
    let platform = TestPlatform::new();
    assert_eq!(TokenType::all().len(), 12);
    for row in TokenType::all() {
        let mut browser = Browser::default();
        *platform.instead.lock().unwrap() = None;
        start(&platform, &mut browser, row);
        let body = answer(&platform, row);
        platform.answer(200, &body.to_string());
        let before = platform.sent.lock().unwrap().len();
        let (status, location, lines) = open(&platform, &browser, row);
        let sent = platform.sent.lock().unwrap()[before..].to_vec();
        browser.keep(&lines);
        if row.credential == Credential::PasswordReset {
            assert_eq!(
                (status.as_str(), location.as_deref()),
                ("needs_new_password", Some("/"))
            );
            assert!(sent.is_empty() && browser.has("__Host-stytch_password_reset"));
            continue;
        }
        let [(method, url, body)] = &sent[..] else {
            panic!("{}: {} requests", row.word, sent.len())
        };
        let path = url.split_once("//").unwrap().1.split_once("/v1").unwrap().1;
        assert_eq!(format!("{method} /v1{path}"), row.endpoint);
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(body[row.token_field], "tok", "{}", row.word);
        if let Some(field) = row.verifier_field {
            assert_eq!(body[field].as_str().map(str::len), Some(43), "{}", row.word);
        }
        let is_session = row.credential == Credential::Session;
        assert_eq!(
            body.get("session_duration_minutes") == Some(&json!(30)),
            is_session
        );
        assert_eq!(
            body.get("session_custom_claims") == Some(&json!({"a": "b"})),
            is_session
        );
        if row.credential == Credential::Discovery {
            assert_eq!(
                (status.as_str(), location.as_deref()),
                ("needs_organization", Some("/"))
            );
            assert!(browser.has("__Host-stytch_intermediate_session"));
        } else {
            assert_eq!(status, "logged_in", "{}", row.word);
            let page = if row.verifier_field.is_some() {
                "/inside"
            } else {
                "/"
            };
            assert_eq!(location.as_deref(), Some(page));
            assert!(browser.has("stytch_session") && browser.has("stytch_session_jwt"));
        }
        let flow = format!("__Host-stytch_flow_{}", row.flow.word());
        assert_eq!(
            browser.has(&flow),
            row.verifier_field.is_none(),
            "{}",
            row.word
        );
    }
}

#[test]
fn refusals_are_about_the_token_and_outages_keep_the_flow() {
    let platform = TestPlatform::new();
    let row = TokenType::find("magic_links", Product::Consumer).unwrap();
    for (status, error_type, expected) in [
        (401, "unable_to_auth_magic_link", "token_not_accepted"),
        (404, "magic_link_not_found", "token_not_accepted"),
        (404, "oauth_token_not_found", "token_not_accepted"),
        (400, "invalid_token", "token_not_accepted"),
        (400, "pkce_mismatch", "verifier_mismatch"),
        (401, "pkce_mismatch", "verifier_mismatch"),
        (
            400,
            "pkce_did_not_expect_code_verifier",
            "started_without_pkce",
        ),
        (
            400,
            "operation_restricted_by_organization_auth_methods",
            "not_allowed",
        ),
        (403, "organization_suspended", "not_allowed"),
        (400, "a_new_error_type", "not_allowed"),
        (401, "unauthorized_credentials", "misconfigured"),
        (400, "invalid_b2b_endpoint", "misconfigured"),
        (400, "invalid_project_id_authentication", "misconfigured"),
        (400, "invalid_session_duration_minutes", "misconfigured"),
        (404, "route_not_found", "misconfigured"),
        (429, "too_many_requests", "rate_limited"),
        (429, "user_lock_limit_reached", "rate_limited"),
        (408, "request_timeout", "api_unavailable"),
        (500, "internal_server_error", "api_unavailable"),
        (503, "server_unavailable", "api_unavailable"),
    ] {
        let mut browser = Browser::default();
        start(&platform, &mut browser, row);
        let body = json!({"status_code": status, "error_type": error_type, "request_id": "r"});
        platform.answer(status, &body.to_string());
        let (word, location, lines) = open(&platform, &browser, row);
        assert_eq!(word, expected, "{error_type}");
        let is_outage = ["misconfigured", "rate_limited", "api_unavailable"].contains(&expected);
        assert_eq!(location.is_none(), is_outage);
        assert!(lines.is_empty(), "the flow is kept: {lines:?}");
    }
    let mut browser = Browser::default();
    start(&platform, &mut browser, row);
    platform.fail(Reason::Timeout);
    assert_eq!(open(&platform, &browser, row).0, "timeout");
    platform.fail(Reason::Dns);
    assert_eq!(open(&platform, &browser, row).0, "api_unavailable");
}

#[test]
fn a_success_without_tokens_is_not_a_log_in() {
    let platform = TestPlatform::new();
    let row = TokenType::find("magic_links", Product::Consumer).unwrap();
    let good = answer(&platform, row);
    for change in [
        json!({"session_jwt": ""}),
        json!({"session_jwt": "a.b.c"}),
        json!({"session_jwt": null}),
        json!({"session_token": ""}),
        json!({"session_jwt": token(&platform, "b2b", json!({"sub": "member-test-1"}))}),
    ] {
        let mut body = good.clone();
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        let mut browser = Browser::default();
        start(&platform, &mut browser, row);
        platform.answer(200, &body.to_string());
        let (word, _, lines) = open(&platform, &browser, row);
        assert_eq!(
            (word.as_str(), lines.len()),
            ("api_unavailable", 0),
            "{change}"
        );
    }
}

#[test]
fn a_member_who_needs_another_factor_has_an_intermediate_session() {
    let platform = TestPlatform::new();
    let row = TokenType::find("sso", Product::B2b).unwrap();
    let mut browser = Browser::default();
    start(&platform, &mut browser, row);
    let body = json!({
        "member_authenticated": false, "intermediate_session_token": "intermediate-1", "session_jwt": "", "session_token": "",
        "member_session": null, "mfa_required": {"member_options": null, "secondary_auth_initiated": null},
    });
    platform.answer(200, &body.to_string());
    let (word, _, lines) = open(&platform, &browser, row);
    assert_eq!(word, "needs_mfa");
    browser.keep(&lines);
    assert_eq!(browser.names(), ["__Host-stytch_intermediate_session"]);
    let client: B2bClient = platform.b2b_client();
    let pending = client.pending_log_in(&browser.get("/mfa"));
    assert_eq!(
        pending.intermediate_session_token.as_deref(),
        Some("intermediate-1")
    );
    assert_eq!(pending.return_to.as_str(), "/inside");

    // The second factor begins the session, and the user returns to the page of the start.
    let row = TokenType::find("sso", Product::B2b).unwrap();
    let response = answer(&platform, row);
    // The response of `totps.authenticate` does not have this field.
    let mut response = response.as_object().unwrap().clone();
    assert_eq!(response.remove("member_authenticated"), Some(json!(true)));
    let request = browser.get("/mfa");
    let finished: LogInVerdict<b2b::MemberSession> = client
        .finish_log_in(&request, &response, &stytch_edge::LogInPages::default())
        .unwrap();
    assert!(matches!(finished.result, LogInResult::LoggedIn { .. }));
    assert_eq!(finished.location.as_deref(), Some("/inside"));
    let lines = finished.set_cookies;
    browser.keep(&lines);
    assert_eq!(browser.names(), ["stytch_session", "stytch_session_jwt"]);
    let nothing = serde_json::Map::new();
    let error = client.finish_log_in(
        &browser.get("/mfa"),
        &nothing,
        &stytch_edge::LogInPages::default(),
    );
    assert!(error.unwrap_err().to_string().contains("begins a session"));
}

const CONSUMER_SESSION: &str = r#"{"session_id": "session-test-1", "user_id": "user-test-1", "authentication_factors": [], "roles": [], "started_at": "2027-01-15T08:00:00Z", "last_accessed_at": "2027-01-15T08:00:00Z", "expires_at": "2027-01-15T09:00:00Z", "attributes": null, "custom_claims": null}"#;
const MEMBER_SESSION: &str = r#"{"member_session_id": "session-test-1", "member_id": "member-test-1", "organization_id": "organization-test-1", "organization_slug": "acme", "authentication_factors": [], "roles": [], "started_at": "2027-01-15T08:00:00Z", "last_accessed_at": "2027-01-15T08:00:00Z", "expires_at": "2027-01-15T09:00:00Z", "custom_claims": null}"#;
