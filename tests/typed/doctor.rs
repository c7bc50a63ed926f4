//! `doctor`: one finding for each check, in good and bad states. The network is the emulator's handler or a fixed response.

use serde_json::json;
use stytch_edge::{
    Finding, FindingCode, Severity,
    client::{Reason, SameSite},
};

use crate::test_platform::{NOW, TestPlatform, run};

#[test]
fn a_good_client_has_five_findings_without_a_problem() {
    let platform = TestPlatform::new();
    *platform.date.lock().unwrap() = Some(NOW as f64);
    for findings in [
        run(platform.client().doctor()),
        run(platform.b2b_client().doctor()),
    ] {
        let codes: Vec<&str> = findings.iter().map(|found| found.code.word()).collect();
        let expected = [
            "credentials",
            "key_set",
            "clock_skew",
            "project_environment",
            "cookies",
        ];
        assert_eq!(codes, expected);
        for finding in findings {
            assert_eq!(finding.severity, Severity::Ok, "{finding:?}");
            assert_eq!(finding.advice, "", "{finding:?}");
        }
    }
}

#[test]
fn each_call_requests_the_project_and_the_key_set_without_a_cache() {
    let platform = TestPlatform::new();
    let client = platform.client();
    run(client.load_keys()).unwrap();
    for _ in 0..2 {
        let sent = platform.sent_during(|| drop(run(client.doctor())));
        let keys = format!("sessions/jwks/{}", platform.project_id("consumer"));
        assert_eq!(sent, ["debug/whoami".to_owned(), keys]);
    }
}

#[test]
fn refused_credentials_are_an_error_that_names_what_is_wrong() {
    let platform = TestPlatform::new();
    let secret = "secret-test-hushhushhushhushhushhush";
    let live = "secret-live-hushhushhushhushhushhush";
    for (secret, words, advice) in [
        (
            secret,
            "the secret is wrong, or the project does not exist (401 unauthorized_credentials)",
            "Copy the project id and",
        ),
        (live, "the secret is wrong", "live environment"),
        (
            "hush",
            "the secret is malformed (400 invalid_secret_authentication)",
            "Copy",
        ),
    ] {
        let client = platform.client_with(|config| config.secret = secret.to_owned());
        let findings = run(client.doctor());
        let finding = of(&findings, FindingCode::Credentials);
        assert_eq!(finding.severity, Severity::Error);
        assert!(finding.message.contains(words), "{finding:?}");
        assert!(finding.advice.contains(advice), "{finding:?}");
        assert!(!format!("{findings:?}").contains("hush"));
        // The key set needs no credentials.
        assert_eq!(of(&findings, FindingCode::KeySet).severity, Severity::Ok);
    }
    let client = platform.client_with(|config| config.project_id = "project-test-1".to_owned());
    let findings = run(client.doctor());
    let finding = of(&findings, FindingCode::Credentials);
    assert!(
        finding.message.contains("the project id is malformed"),
        "{finding:?}"
    );
}

#[test]
fn an_api_that_cannot_be_reached_is_an_error_with_the_reason() {
    let platform = TestPlatform::new();
    for (reason, advice) in [
        (Reason::Dns, "host name"),
        (Reason::ConnectionRefused, "address"),
        (Reason::Tls, "certificate"),
        (Reason::Timeout, "`timeout`"),
        (Reason::Unknown, "network"),
    ] {
        platform.fail(reason);
        let findings = run(platform.client().doctor());
        for code in [FindingCode::Credentials, FindingCode::KeySet] {
            let finding = of(&findings, code);
            assert_eq!(finding.severity, Severity::Error);
            assert!(finding.message.contains(reason.word()), "{finding:?}");
            assert!(finding.advice.contains(advice), "{finding:?}");
        }
        let clock = of(&findings, FindingCode::ClockSkew);
        assert!(clock.message.contains("no response"), "{clock:?}");
    }
}

#[test]
fn responses_of_an_overloaded_or_another_server_are_findings() {
    let platform = TestPlatform::new();
    let page = "<html>";
    let other = r#"{"status_code": 200, "keys": 1}"#;
    for (status, body, severity, words) in [
        (
            429,
            r#"{"error_type": "too_many_requests"}"#,
            Severity::Warning,
            "429 too_many_requests",
        ),
        (429, page, Severity::Warning, "rate_limited"),
        (
            503,
            r#"{"error_type": "server_unavailable"}"#,
            Severity::Error,
            "503 server_unavailable",
        ),
        (
            404,
            r#"{"error_type": "\u001b[2J"}"#,
            Severity::Error,
            "404 …",
        ),
        (302, "", Severity::Error, "redirect"),
        (200, page, Severity::Error, "not a JSON object"),
        (200, other, Severity::Error, "not"),
    ] {
        platform.answer(status, body);
        let findings = run(platform.client().doctor());
        assert_eq!(findings.len(), 5);
        for code in [FindingCode::Credentials, FindingCode::KeySet] {
            let finding = of(&findings, code);
            assert_eq!(finding.severity, severity, "{status} {finding:?}");
            assert!(finding.message.contains(words), "{status} {finding:?}");
            assert!(!finding.advice.is_empty());
        }
    }
}

#[test]
fn key_sets_without_usable_keys_and_outdated_pinned_keys_are_reported() {
    let platform = TestPlatform::new();
    platform.answer(200, r#"{"keys": [{"kid": "weak"}]}"#);
    let findings = run(platform.client().doctor());
    let finding = of(&findings, FindingCode::KeySet);
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.message.contains("no usable key"), "{finding:?}");

    *platform.instead.lock().unwrap() = None;
    let jwks = run(platform.client().export_keys()).unwrap();
    let pinned = platform.client_with(|config| {
        (config.jwks, config.jwks_pinned) = (Some(jwks), true);
    });
    let findings = run(pinned.doctor());
    let finding = of(&findings, FindingCode::KeySet);
    assert_eq!(finding.severity, Severity::Ok, "{finding:?}");
    assert!(
        finding.message.contains("pinned keys contain"),
        "{finding:?}"
    );
    platform.control(
        "POST",
        "/_emulator/keys/rotate",
        &json!({"product": "consumer"}),
    );
    let findings = run(pinned.doctor());
    let finding = of(&findings, FindingCode::KeySet);
    assert_eq!(finding.severity, Severity::Warning, "{finding:?}");
    assert!(finding.message.contains("lack 1 of the "), "{finding:?}");
    platform.fail(Reason::Dns);
    let findings = run(pinned.doctor());
    assert_eq!(
        of(&findings, FindingCode::KeySet).severity,
        Severity::Warning
    );
}

#[test]
fn the_clock_is_compared_with_the_date_of_any_response() {
    let platform = TestPlatform::new();
    for (date, severity) in [
        (None, Severity::Warning),
        (Some(NOW + 5), Severity::Ok),
        (Some(NOW + 6), Severity::Warning),
        (Some(NOW - 3_600), Severity::Error),
    ] {
        *platform.date.lock().unwrap() = date.map(|date| date as f64);
        for secret in ["secret-test-hushhushhushhushhushhush", ""] {
            let client = platform.client_with(|config| {
                if !secret.is_empty() {
                    config.secret = secret.to_owned();
                }
            });
            let findings = run(client.doctor());
            let finding = of(&findings, FindingCode::ClockSkew);
            assert_eq!(finding.severity, severity, "{finding:?}");
        }
    }
}

#[test]
fn the_client_of_the_wrong_product_and_another_project_are_reported() {
    let platform = TestPlatform::new();
    let consumer = platform.project_id("consumer");
    let client = platform.b2b_client_with(|config| config.project_id = consumer);
    let findings = run(client.doctor());
    let finding = of(&findings, FindingCode::ProjectEnvironment);
    assert_eq!(finding.severity, Severity::Error, "{finding:?}");
    assert!(
        finding.message.contains("is a consumer project"),
        "{finding:?}"
    );

    let body = json!({"project_id": "project-test-2", "keys": []});
    platform.answer(200, &body.to_string());
    let findings = run(platform.client().doctor());
    let finding = of(&findings, FindingCode::ProjectEnvironment);
    assert_eq!(finding.severity, Severity::Error, "{finding:?}");
    assert!(finding.message.contains("project-test-2"), "{finding:?}");
}

#[test]
fn cookies_that_browsers_drop_are_reported() {
    let platform = TestPlatform::new();
    for (domain, same_site, severity) in [
        ("example.com", SameSite::Lax, Severity::Ok),
        ("example.com", SameSite::None, Severity::Warning),
        ("com", SameSite::None, Severity::Error),
    ] {
        let client = platform.client_with(|config| {
            domain.clone_into(&mut config.cookies.domain);
            config.cookies.same_site = same_site;
        });
        let findings = run(client.doctor());
        assert_eq!(of(&findings, FindingCode::Cookies).severity, severity);
    }
}

fn of(findings: &[Finding], code: FindingCode) -> &Finding {
    findings
        .iter()
        .find(|finding| finding.code == code)
        .unwrap()
}
