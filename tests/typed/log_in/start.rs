//! The start of log-ins: URLs, cookies, and the options that are refused.

use stytch_edge::{B2bClient, Client, ClientConfig, StartLogInOptions, client::IncomingRequest};

use super::browser::{Browser, by_email, user, word};
use crate::test_platform::TestPlatform;

fn options(method: &str) -> StartLogInOptions {
    StartLogInOptions {
        method: method.to_owned(),
        ..StartLogInOptions::default()
    }
}

fn with_token(config: &mut ClientConfig) {
    config.public_token = Some("public-token-test-1".to_owned());
    config.custom_base_url = None;
    config.project_id = "project-test-1".to_owned();
}

fn consumer(platform: &std::sync::Arc<TestPlatform>) -> Client {
    platform.client_with(with_token)
}

fn b2b(platform: &std::sync::Arc<TestPlatform>) -> B2bClient {
    platform.b2b_client_with(with_token)
}

const NEW_BROWSER: IncomingRequest<'_> = IncomingRequest {
    method: "GET",
    url: "/login",
    cookie: None,
    origin: None,
    host: None,
    sec_fetch_site: None,
    purpose: None,
};

#[test]
fn makes_the_start_url_of_each_method() {
    let platform = TestPlatform::new();
    let param = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let redirect = param("login_redirect_url", "https://app.example/callback?a=b");
    let escaped = "login_redirect_url=https%3A%2F%2Fapp.example%2Fcallback%3Fa%3Db";
    let google = |method: &str| StartLogInOptions {
        provider: Some("google".to_owned()),
        params: vec![redirect.clone()],
        ..options(method)
    };
    let sso = StartLogInOptions {
        params: vec![param("connection_id", "saml-connection-test-1")],
        ..options("sso")
    };
    for (is_b2b, options, start, end) in [
        (
            false,
            google("oauth"),
            "/v1/public/oauth/google/start?public_token=public-token-test-1&code_challenge=",
            escaped,
        ),
        (
            true,
            google("oauth"),
            "/v1/b2b/public/oauth/google/start?public_token=public-token-test-1&pkce_code_challenge=",
            escaped,
        ),
        (
            true,
            google("discovery_oauth"),
            "/v1/b2b/public/oauth/google/discovery/start?public_token=public-token-test-1&pkce_code_challenge=",
            escaped,
        ),
        (
            true,
            sso,
            "/v1/public/sso/start?public_token=public-token-test-1&pkce_code_challenge=",
            "connection_id=saml-connection-test-1",
        ),
    ] {
        let started = match is_b2b {
            true => b2b(&platform).start_log_in(&NEW_BROWSER, &options),
            false => consumer(&platform).start_log_in(&NEW_BROWSER, &options),
        };
        let started = started.unwrap();
        let url = started.url.clone().unwrap();
        let expected = format!(
            "https://test.stytch.com{start}{}&{end}",
            started.code_challenge
        );
        assert_eq!(url, expected);
        let [line] = &started.set_cookies[..] else {
            panic!("{started:?}")
        };
        let name = format!("__Host-stytch_flow_{}=", options.method);
        assert!(
            line.starts_with(&name) && line.contains("Max-Age=600; HttpOnly; Secure; SameSite=Lax"),
            "{line}"
        );
        let verifier = line.split(':').nth(2).unwrap();
        assert!(
            !url.contains(verifier),
            "only the challenge leaves the browser"
        );
    }
}

#[test]
fn the_flow_of_an_email_lasts_as_long_as_its_link() {
    let platform = TestPlatform::new();
    for (options, seconds) in [
        (options("magic_link"), 3_600),
        (options("password_reset"), 1_800),
        (options("discovery"), 3_600),
        (
            StartLogInOptions {
                expiration_minutes: Some(10_080),
                ..options("magic_link")
            },
            604_800,
        ),
    ] {
        let started = b2b(&platform).start_log_in(&NEW_BROWSER, &options).unwrap();
        assert_eq!(started.url, None);
        let max_age = format!("Max-Age={seconds};");
        assert!(
            started.set_cookies[0].contains(&max_age),
            "{:?}",
            started.set_cookies
        );
    }
}

#[test]
fn refuses_options_that_do_not_fit() {
    let platform = TestPlatform::new();
    let provider = |name: &str| StartLogInOptions {
        provider: Some(name.to_owned()),
        ..options("oauth")
    };
    let param = |name: &str| StartLogInOptions {
        params: vec![(name.to_owned(), "x".to_owned())],
        ..provider("google")
    };
    for (options, message) in [
        (
            options("sso"),
            "method must be \"magic_link\", \"password_reset\" or \"oauth\"",
        ),
        (options(""), "method must be"),
        (options("oauth"), "provider must be the name"),
        (provider("google/../x"), "provider must be the name"),
        (provider(""), "provider must be the name"),
        (
            StartLogInOptions {
                method: "magic_link".to_owned(),
                ..provider("google")
            },
            "provider and params are accepted",
        ),
        (
            StartLogInOptions {
                expiration_minutes: Some(60),
                ..provider("google")
            },
            "expiration_minutes must be",
        ),
        (
            StartLogInOptions {
                expiration_minutes: Some(4),
                ..options("magic_link")
            },
            "expiration_minutes must be",
        ),
        (param("public_token"), "params must not contain"),
        (param("code_challenge"), "params must not contain"),
        (param("pkce_code_challenge"), "params must not contain"),
        (
            StartLogInOptions {
                return_to: Some("//evil.example".to_owned()),
                ..provider("google")
            },
            "return_to must be a path",
        ),
        (
            StartLogInOptions {
                return_to: Some("https://evil.example".to_owned()),
                ..provider("google")
            },
            "return_to must be a path",
        ),
        (
            StartLogInOptions {
                return_to: Some(String::new()),
                ..provider("google")
            },
            "return_to must be a path",
        ),
    ] {
        let error = consumer(&platform)
            .start_log_in(&NEW_BROWSER, &options)
            .unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains(message) && !error.contains("evil"),
            "{error}"
        );
    }
    let error = platform
        .client()
        .start_log_in(&NEW_BROWSER, &provider("google"))
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("\"public_token\" in config is required")
    );
    *platform.secrets.lock().unwrap() = None;
    let error = platform
        .client()
        .start_log_in(&NEW_BROWSER, &by_email("/"))
        .unwrap_err();
    assert!(error.to_string().starts_with("internal: "), "{error}");
}

#[test]
fn two_tabs_that_start_the_same_kind_of_flow_both_finish() {
    let platform = TestPlatform::new();
    let mut browser = Browser::default();
    let first = browser.start(&platform, "user@example.com", "/first");
    let second = browser.start(&platform, "user@example.com", "/second");
    let verdict = browser.open(&platform, &first);
    assert_eq!(user(&verdict), "user@example.com");
    assert!(browser.has("__Host-stytch_flow_magic_link"));
    let verdict = browser.open(&platform, &second);
    assert_eq!(
        (word(&verdict).as_str(), verdict.return_to.as_str()),
        ("logged_in", "/second")
    );
    assert!(!browser.has("__Host-stytch_flow_magic_link"));
}

#[test]
fn a_verifier_is_replaced_after_nine_starts_and_when_its_flow_has_expired() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let mut browser = Browser::default();
    let mut challenges = Vec::new();
    for _ in 0..10 {
        let started = client
            .start_log_in(&browser.get("/login"), &by_email("/"))
            .unwrap();
        browser.keep(&started.set_cookies);
        challenges.push(started.code_challenge);
    }
    assert!(
        challenges[..9]
            .iter()
            .all(|challenge| *challenge == challenges[0])
    );
    assert_ne!(challenges[9], challenges[0]);
    platform.pass(3_600);
    let started = client
        .start_log_in(&browser.get("/login"), &by_email("/"))
        .unwrap();
    assert_ne!(started.code_challenge, challenges[9]);
}

#[test]
fn the_emails_of_a_link_and_of_a_reset_share_the_verifier() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let mut browser = Browser::default();
    let mut challenge = |method: &str| {
        let started = client
            .start_log_in(&browser.get("/login"), &options(method))
            .unwrap();
        browser.keep(&started.set_cookies);
        started.code_challenge
    };
    assert_eq!(challenge("magic_link"), challenge("password_reset"));
}

/// The page of an attacker must not start a log-in with the email address of the attacker in the browser of a user.
#[test]
fn emails_are_not_started_by_pages_of_other_origins() {
    let platform = TestPlatform::new();
    let (users, members) = (consumer(&platform), b2b(&platform));
    let cross = IncomingRequest {
        method: "POST",
        sec_fetch_site: Some("cross-site"),
        ..NEW_BROWSER
    };
    let old_browser = IncomingRequest {
        method: "POST",
        origin: Some("https://evil.example"),
        host: Some("app.example"),
        ..NEW_BROWSER
    };
    for request in [cross, old_browser] {
        for started in [
            users.start_log_in(&request, &options("magic_link")),
            users.start_log_in(&request, &options("password_reset")),
            members.start_log_in(&request, &options("magic_link")),
            members.start_log_in(&request, &options("password_reset")),
            members.start_log_in(&request, &options("discovery")),
        ] {
            let error = started.unwrap_err().to_string();
            assert!(error.contains("page of another origin"), "{error}");
        }
        let google = StartLogInOptions {
            provider: Some("google".to_owned()),
            ..options("oauth")
        };
        assert!(users.start_log_in(&request, &google).is_ok());
    }
}
