//! Attacks on log-ins: none logs a user in to another account, leaves the site, or uses a token up.

use stytch_edge::{CallbackOptions, client::IncomingRequest};

use super::browser::{Browser, link, user, word};
use crate::test_platform::{TestPlatform, run};

const FLOW: &str = "__Host-stytch_flow_magic_link";

#[test]
fn the_link_of_an_attacker_does_not_log_a_user_in() {
    let platform = TestPlatform::new();
    let (mut attacker, mut victim) = (Browser::default(), Browser::default());
    let url = attacker.start(&platform, "mallory@example.com", "/");

    // The user did not start a log-in: the API is not asked.
    let sent = platform.sent_during(|| {
        let verdict = victim.open(&platform, &url);
        assert_eq!(word(&verdict), "flow_not_started_here");
        assert_eq!(
            verdict.location.as_deref(),
            Some("/?reason=flow_not_started_here")
        );
    });
    assert!(sent.is_empty() && victim.names().is_empty());

    // The user has started a log-in, whose verifier is another one. The user's own log-in goes on.
    let own = victim.start(&platform, "user@example.com", "/");
    assert_eq!(word(&victim.open(&platform, &url)), "verifier_mismatch");
    assert_eq!(victim.names(), [FLOW]);
    assert_eq!(user(&victim.open(&platform, &own)), "user@example.com");
}

#[test]
fn a_link_without_pkce_is_refused_unless_the_caller_accepts_it() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let allowed = CallbackOptions {
        allow_unbound: true,
        ..CallbackOptions::default()
    };
    for has_flow in [false, true] {
        let mut browser = Browser::default();
        if has_flow {
            browser.start(&platform, "other@example.com", "/");
        }
        let url = link(&platform, &client, "user@example.com", None);
        let expected = if has_flow {
            "started_without_pkce"
        } else {
            "flow_not_started_here"
        };
        assert_eq!(word(&browser.open(&platform, &url)), expected);
        let verdict = browser.open_with(&platform, &url, &allowed);
        assert_eq!(user(&verdict), "user@example.com");
    }
    // A link with PKCE is not accepted without the verifier.
    let url = Browser::default().start(&platform, "mallory@example.com", "/");
    let verdict = Browser::default().open_with(&platform, &url, &allowed);
    assert_eq!(word(&verdict), "flow_not_started_here");
}

#[test]
fn a_cookie_that_another_host_can_set_does_not_count() {
    let platform = TestPlatform::new();
    let mut attacker = Browser::default();
    let url = attacker.start(&platform, "mallory@example.com", "/");
    let header = attacker.get(&url).cookie.unwrap().to_owned();
    let plain = header.replace("__Host-", "");
    let twice = format!("{header}; {FLOW}=another");
    for cookie in [&plain, &twice] {
        let request = IncomingRequest {
            cookie: Some(cookie),
            ..attacker.get(&url)
        };
        let options = CallbackOptions::default();
        let verdict = run(platform.client().handle_callback(request, &options)).unwrap();
        assert_eq!(word(&verdict), "flow_not_started_here");
    }
}

#[test]
fn only_a_get_request_of_a_navigation_uses_the_token_up() {
    let platform = TestPlatform::new();
    let mut browser = Browser::default();
    let url = browser.start(&platform, "user@example.com", "/");
    let client = platform.client();
    let sent = platform.sent_during(|| {
        for (method, purpose, expected, status) in [
            ("HEAD", None, "method_not_allowed", 405),
            ("POST", None, "method_not_allowed", 405),
            ("OPTIONS", None, "method_not_allowed", 405),
            ("get", None, "method_not_allowed", 405),
            ("GET", Some("prefetch"), "speculative_request", 403),
            (
                "GET",
                Some("prefetch;prerender"),
                "speculative_request",
                403,
            ),
            ("GET", Some(",,preview"), "speculative_request", 403),
        ] {
            let request = IncomingRequest {
                method,
                purpose,
                ..browser.get(&url)
            };
            let verdict = run(client.handle_callback(request, &CallbackOptions::default()));
            let verdict = verdict.unwrap();
            assert_eq!(
                (word(&verdict).as_str(), verdict.http_status),
                (expected, status)
            );
            assert!(verdict.set_cookies.is_empty() && verdict.location.is_none());
        }
    });
    assert!(sent.is_empty());
    assert_eq!(user(&browser.open(&platform, &url)), "user@example.com");
}

#[test]
fn a_token_is_accepted_once() {
    let platform = TestPlatform::new();
    let mut browser = Browser::default();
    let url = browser.start(&platform, "user@example.com", "/");
    let cookie = browser.get(&url).cookie.unwrap().to_owned();
    user(&browser.open(&platform, &url));
    assert!(!browser.has(FLOW));
    assert_eq!(
        word(&browser.open(&platform, &url)),
        "flow_not_started_here"
    );
    let replayed = IncomingRequest {
        cookie: Some(&cookie),
        ..browser.get(&url)
    };
    let verdict = run(platform
        .client()
        .handle_callback(replayed, &CallbackOptions::default()));
    assert_eq!(word(&verdict.unwrap()), "token_not_accepted");
}

#[test]
fn a_token_of_one_kind_is_refused_with_the_cookie_of_another() {
    let platform = TestPlatform::new();
    let mut browser = Browser::default();
    browser.start(&platform, "user@example.com", "/");
    let sent = platform.sent_during(|| {
        for (query, expected) in [
            ("stytch_token_type=oauth&token=a", "flow_not_started_here"),
            ("stytch_token_type=sso&token=a", "other_product"),
            ("stytch_token_type=discovery&token=a", "other_product"),
            (
                "stytch_token_type=multi_tenant_magic_links&token=a",
                "other_product",
            ),
            (
                "stytch_token_type=multi_tenant_impersonation&token=a",
                "other_product",
            ),
            (
                "stytch_token_type=impersonation&token=a",
                "impersonation_not_allowed",
            ),
            ("stytch_token_type=x&token=a", "unknown_token_type"),
            (
                "stytch_token_type=Magic_Links&token=a",
                "unknown_token_type",
            ),
            ("token=a", "no_token"),
            ("stytch_token_type=magic_links", "no_token"),
            ("", "no_token"),
            (
                "stytch_token_type=magic_links&token=a&token=b",
                "duplicate_parameter",
            ),
            (
                "stytch_token_type=magic_links&stytch_token_type=oauth&token=a",
                "duplicate_parameter",
            ),
            (
                "stytch_token_type=magic_links&token=a%0Ab",
                "malformed_token",
            ),
        ] {
            let verdict = browser.open(&platform, &format!("/callback?{query}"));
            assert_eq!(word(&verdict), expected, "{query}");
            let location = format!("/?reason={expected}");
            assert_eq!(verdict.location.as_deref(), Some(&*location));
            assert_eq!((verdict.http_status, verdict.set_cookies.len()), (303, 0));
        }
        let long = format!(
            "/callback?stytch_token_type=magic_links&token={}",
            "a".repeat(9_000)
        );
        assert_eq!(word(&browser.open(&platform, &long)), "malformed_token");
    });
    assert!(sent.is_empty());
}

#[test]
fn neither_the_query_nor_a_changed_cookie_chooses_another_origin() {
    let platform = TestPlatform::new();
    let mut browser = Browser::default();
    let url = browser.start(&platform, "user@example.com", "/inside");
    let url = format!("{url}&return_to=https://evil.example&next=//evil.example");
    let cookie = browser.get(&url).cookie.unwrap();
    let cookie = cookie.replace(":/inside", "://evil.example");
    let request = IncomingRequest {
        cookie: Some(&cookie),
        host: Some("evil.example"),
        ..browser.get(&url)
    };
    let verdict = run(platform
        .client()
        .handle_callback(request, &CallbackOptions::default()));
    let verdict = verdict.unwrap();
    assert_eq!(
        (word(&verdict).as_str(), verdict.location.as_deref()),
        ("logged_in", Some("/"))
    );
}

#[test]
fn debug_output_and_urls_of_responses_contain_no_secrets() {
    let platform = TestPlatform::new();
    let mut browser = Browser::default();
    let url = browser.start(&platform, "user@example.com", "/");
    let token = url.rsplit('=').next().unwrap().to_owned();
    let request = browser.get(&url);
    assert!(!format!("{request:?}").contains(&token));
    let verdict = browser.open(&platform, &url);
    assert!(!format!("{verdict:?} {:?}", verdict.location).contains(&token));
}
