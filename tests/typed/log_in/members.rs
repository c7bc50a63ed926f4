//! Discovery of members, from the email to the session, with the emulator's handler as the API.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use stytch_edge::{CallbackOptions, LogInPages, LogInResult, LogInVerdict, StartLogInOptions, b2b};

use super::browser::{Browser, query, word};
use crate::test_platform::{TestPlatform, run};

fn start(platform: &Arc<TestPlatform>, browser: &mut Browser) {
    let client = platform.b2b_client();
    let options = StartLogInOptions {
        method: "discovery".to_owned(),
        return_to: Some("/inside".to_owned()),
        ..StartLogInOptions::default()
    };
    let started = client
        .start_log_in(&browser.get("/login"), &options)
        .unwrap();
    browser.keep(&started.set_cookies);
    let request = b2b::MagicLinksEmailDiscoverySendRequest {
        email_address: "a@example.com".to_owned(),
        pkce_code_challenge: Some(started.code_challenge),
        ..b2b::MagicLinksEmailDiscoverySendRequest::default()
    };
    run(client.magic_links().email().discovery().send(&request)).unwrap();
}

#[test]
fn a_member_finds_an_organization_and_logs_in_to_it() {
    let platform = TestPlatform::new();
    let client = platform.b2b_client();
    let mut browser = Browser::default();
    start(&platform, &mut browser);
    let url = format!("/callback?{}", query(&platform, "a@example.com"));
    let options = CallbackOptions::default();

    let stranger = Browser::default();
    let refused = run(client.handle_callback(stranger.get(&url), &options)).unwrap();
    assert_eq!(word(&refused), "flow_not_started_here");

    let verdict = run(client.handle_callback(browser.get(&url), &options)).unwrap();
    let LogInResult::NeedsOrganization { response } = &verdict.result else {
        panic!("{verdict:?}")
    };
    assert_eq!(response["discovered_organizations"], json!([]));
    browser.keep(&verdict.set_cookies);
    assert_eq!(browser.names(), ["__Host-stytch_intermediate_session"]);

    let pending = client.pending_log_in(&browser.get("/organizations"));
    assert_eq!(pending.return_to.as_str(), "/inside");
    let body = json!({
        "intermediate_session_token": pending.intermediate_session_token,
        "organization_name": "Acme", "organization_slug": "acme",
    });
    let created: Map<String, Value> =
        platform.call_b2b("/v1/b2b/discovery/organizations/create", &body);
    let finished: LogInVerdict<b2b::MemberSession> = client
        .finish_log_in(
            &browser.get("/organizations"),
            &created,
            &LogInPages::default(),
        )
        .unwrap();
    assert_eq!(
        (word(&finished).as_str(), finished.location.as_deref()),
        ("logged_in", Some("/inside"))
    );
    browser.keep(&finished.set_cookies);
    assert_eq!(browser.names(), ["stytch_session", "stytch_session_jwt"]);
}
