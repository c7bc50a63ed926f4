//! Attacks on the check of a request: cookies of other users, floods, and requests that fail or are aborted.

use super::fixture::{Login, Options, consumer, jwts, reason, user};
use crate::{
    session_checks::token,
    shell::{Fault, Faults, Shell},
};
use serde_json::json;
use stytch_edge::{client::Requirement, session::AuthorizationCheck};

pub(super) fn two() -> (Shell, Login, Login, String) {
    let (mut shell, _) = consumer();
    let victim = shell.log_in_as("victim@example.com");
    let own = user(&shell.cookies(&victim.cookies()));
    shell.now += 10;
    let attacker = shell.log_in_as("attacker@example.com");
    (shell, victim, attacker, own)
}

pub(super) fn policy(shell: &mut Shell) {
    let url = "https://test.stytch.com/v1/rbac/policy".to_owned();
    shell.policies.insert(url, json!({"policy":{"roles":[{"role_id":"editor","permissions":[{"resource_id":"documents","actions":["read"]}]}]}}));
}

pub(super) fn permission() -> Requirement {
    Requirement::Permission(AuthorizationCheck {
        resource_id: "documents".into(),
        action: "read".into(),
        organization_id: None,
    })
}

pub(super) fn role_token(
    shell: &mut Shell,
    sub: &str,
    roles: serde_json::Value,
    iat: i64,
    exp: i64,
) -> String {
    token(
        shell,
        json!({"claims": {"sub": sub, "iat": iat, "nbf": iat, "exp": exp, "https://stytch.com/session": {"id": format!("session-{sub}"), "started_at": "2027-01-15T07:00:00Z", "last_accessed_at": "2027-01-15T07:30:00Z", "expires_at": "2027-01-15T09:00:00Z", "attributes": {"ip_address":"","user_agent":""}, "authentication_factors": [], "roles": roles}}}),
    )
}

#[test]
fn a_valid_jwt_without_the_permission_decides_although_another_users_jwt_follows() {
    let (mut shell, _) = consumer();
    policy(&mut shell);
    let now = shell.now;
    let victim = role_token(&mut shell, "victim", json!([]), now, now + 300);
    let other = role_token(&mut shell, "attacker", json!(["editor"]), now, now + 300);
    let options = Options {
        requirement: permission(),
        ..Options::default()
    };
    let decided = shell.authenticate(None, Some(&jwts(&[&victim, &other])), &options);
    assert_eq!(
        reason(&decided),
        ("forbidden", "invalid_permissions"),
        "user {}",
        user(&decided)
    );
}

#[test]
fn a_valid_jwt_without_the_permission_decides_although_an_expired_jwt_follows() {
    let (mut shell, _, attacker, _) = two();
    policy(&mut shell);
    shell.now += 295;
    let fresh = shell.log_in_as("victim@example.com");
    // The attacker's JWT has expired, and the victim's has not.
    shell.now += 10;
    let options = Options {
        requirement: permission(),
        ..Options::default()
    };
    let cookies = format!(
        "{}; stytch_session={}; {}",
        jwts(&[&fresh.session_jwt]),
        fresh.session_token,
        jwts(&[&attacker.session_jwt])
    );
    let decided = shell.authenticate(None, Some(&cookies), &options);
    assert_eq!(
        (reason(&decided), shell.sent),
        (("forbidden", "invalid_permissions"), 1),
        "{}",
        user(&decided)
    );
}

#[test]
fn an_outage_of_the_policy_does_not_refresh_the_session_of_another_jwt() {
    let (mut shell, _, attacker, _) = two();
    shell.now += 295;
    let fresh = shell.log_in_as("victim@example.com");
    shell.now += 10;
    let options = Options {
        requirement: permission(),
        faults: Faults {
            policies: Some(Fault::Status(500, "")),
            ..Faults::default()
        },
        ..Options::default()
    };
    let decided = shell.authenticate(
        None,
        Some(&jwts(&[&fresh.session_jwt, &attacker.session_jwt])),
        &options,
    );
    assert_eq!(reason(&decided).0, "unavailable");
    assert_eq!(decided.set_cookies.len(), 0);
}

#[test]
fn a_later_jwt_of_another_user_does_not_replace_the_first_one() {
    let (mut shell, victim, attacker, own) = two();
    shell.now += 301;
    let cookies = format!(
        "{}; stytch_session={}",
        jwts(&[&victim.session_jwt, &attacker.session_jwt]),
        victim.session_token
    );
    let decided = shell.cookies(&cookies);
    assert_eq!(user(&decided), own);
}

#[test]
fn malformed_jwts_do_not_clear_the_cookie_of_a_valid_one() {
    let (mut shell, victim, attacker, _own) = two();
    let cookies = format!(
        "{}; stytch_session={}; stytch_session={}",
        jwts(&["x", "y", "z", &victim.session_jwt]),
        attacker.session_token,
        victim.session_token
    );
    let decided = shell.cookies(&cookies);
    assert!(
        decided.set_cookies.is_empty(),
        "clears the victim's own, valid JWT: {:?}",
        decided.set_cookies
    );
}

#[test]
fn malformed_jwts_do_not_count() {
    let (mut shell, victim, _, own) = two();
    let decided = shell.cookies(&jwts(&["x", "y", "z", &victim.session_jwt]));
    assert_eq!(user(&decided), own);
}

#[test]
fn a_malformed_jwt_does_not_prevent_the_use_of_the_session_token() {
    let (mut shell, victim, _, own) = two();
    for _ in 0..3 {
        let decided = shell.cookies(&format!(
            "stytch_session_jwt=malformed; stytch_session={}",
            victim.session_token
        ));
        if user(&decided) == own {
            return;
        }
    }
    panic!("locked out");
}

#[test]
fn a_jwt_of_an_ended_session_does_not_clear_that_of_another_session() {
    let (mut shell, victim, attacker, own) = two();
    shell.revoke(&attacker);
    shell.now += 301;
    let decided = shell.cookies(&jwts(&[&victim.session_jwt, &attacker.session_jwt]));
    assert!(
        decided.set_cookies.is_empty() || user(&decided) == own,
        "{decided:?} {:?}",
        decided.set_cookies
    );
}

#[test]
fn a_made_up_session_token_does_not_clear_another_one() {
    let (mut shell, victim, _, own) = two();
    let decided = shell.cookies(&format!(
        "stytch_session=made-up; stytch_session={}",
        victim.session_token
    ));
    assert!(
        decided.set_cookies.is_empty() || user(&decided) == own,
        "{decided:?} {:?}",
        decided.set_cookies
    );
}

#[test]
fn a_text_that_is_not_a_session_token_does_not_hide_another_one() {
    let (mut shell, victim, _, own) = two();
    let decided = shell.cookies(&format!(
        "stytch_session=\u{e9}; stytch_session={}",
        victim.session_token
    ));
    assert_eq!(user(&decided), own);
}

#[test]
fn a_text_that_is_not_a_session_token_does_not_clear_another_one() {
    let (mut shell, victim, attacker, _own) = two();
    shell.revoke(&attacker);
    shell.now += 301;
    let decided = shell.cookies(&format!(
        "{}; stytch_session=\u{e9}; stytch_session={}",
        jwts(&[&attacker.session_jwt]),
        victim.session_token
    ));
    assert!(
        !decided
            .set_cookies
            .iter()
            .any(|line| line.starts_with("stytch_session=;")),
        "{decided:?} {:?}",
        decided.set_cookies
    );
}

#[test]
fn an_organization_that_does_not_exist_does_not_end_the_session() {
    let (mut shell, victim, ..) = two();
    shell.now += 301;
    // The application reads the organization from the URL, which the attacker chooses.
    let Requirement::Permission(check) = permission() else {
        panic!()
    };
    let options = Options {
        requirement: Requirement::Permission(AuthorizationCheck {
            organization_id: Some("organization-made-up".into()),
            ..check
        }),
        ..Options::failing(Fault::Status(404, "organization_not_found"))
    };
    let decided = shell.authenticate(None, Some(&victim.cookies()), &options);
    assert_eq!(reason(&decided), ("forbidden", "tenancy_mismatch"));
    assert!(decided.set_cookies.is_empty(), "{:?}", decided.set_cookies);
    assert_eq!(reason(&shell.cookies(&victim.cookies())).0, "authenticated");
}

#[test]
fn the_first_of_several_invalid_jwts_determines_the_reason() {
    let (mut shell, victim, ..) = two();
    let [header, payload, _] = victim.session_jwt.split('.').collect::<Vec<_>>()[..] else {
        panic!()
    };
    let forged = format!("{header}.{payload}.{}", "A".repeat(342));
    let foreign = token(
        &mut shell,
        json!({"claims": {"aud": ["project-test-other"]}}),
    );
    for (list, expected) in [
        ([&forged, &foreign], "bad_signature"),
        ([&foreign, &forged], "wrong_audience"),
    ] {
        let list = list.map(String::as_str);
        let decided = shell.cookies(&jwts(&list));
        assert_eq!(reason(&decided), ("unauthenticated", expected));
    }
}

#[test]
fn a_page_with_an_error_of_the_client_does_not_pause_other_users() {
    for fault in [
        Fault::Raw(403, "<html>blocked</html>"),
        Fault::Raw(404, "<html>"),
        Fault::Raw(401, "{\"status_code\":401,\"error_ty"),
        Fault::Raw(400, "[]"),
        Fault::Raw(413, ""),
        Fault::Raw(302, ""),
    ] {
        let (mut shell, victim, attacker, own) = two();
        shell.now += 301;
        let options = Options::failing(fault);
        shell.authenticate(None, Some(&attacker.cookies()), &options);
        let decided = shell.cookies(&victim.cookies());
        assert_eq!(user(&decided), own, "{fault:?}");
    }
}

#[test]
fn an_error_of_another_route_does_not_clear_cookies() {
    let mut bad = Vec::new();
    for fault in [
        Fault::Raw(400, "{\"error\":\"invalid_token\"}"),
        Fault::Raw(401, "{\"error\":\"session_not_found\"}"),
        Fault::Raw(
            404,
            "{\"error_type\":\"route_not_found\",\"error\":\"session_not_found\"}",
        ),
        Fault::Raw(
            404,
            "{\"error_type\":\"x\",\"error_type\":\"session_not_found\",\"error\":\"session_not_found\"}",
        ),
        Fault::Raw(404, "{\"error_type\":null,\"error\":\"user_not_found\"}"),
        Fault::Raw(400, "{\"error_type\":7,\"error\":\"invalid_token\"}"),
    ] {
        let (mut shell, victim, _, _) = two();
        shell.now += 301;
        let options = Options::failing(fault);
        let decided = shell.authenticate(None, Some(&victim.cookies()), &options);
        if !decided.set_cookies.is_empty() {
            bad.push(format!("{fault:?} {decided:?}"));
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}

#[test]
fn the_cookie_of_the_host_is_cleared_before_the_cookie_of_the_domain_is_set() {
    // RFC 6265, section 5.3, step 11: on the host example.com, both lines are one cookie.
    let (mut shell, victim, _, _) = two();
    shell.now += 301;
    let options = Options::with_domain();
    let decided = shell.authenticate(None, Some(&victim.cookies()), &options);
    let last = decided
        .set_cookies
        .iter()
        .rfind(|l| l.starts_with("stytch_session_jwt="))
        .unwrap();
    assert!(!last.contains("Max-Age=0"), "{:?}", last);
}
