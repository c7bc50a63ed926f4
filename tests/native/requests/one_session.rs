//! A refresh never changes the session of a request, and one request triggers at most one call to the API.

use serde_json::json;
use stytch_edge::client::{Cookie, CookieRules};

use super::fixture::{Login, Options, consumer, reason};
use crate::{session_checks::token, shell::Shell};

/// The user of the verdict.
fn user(decided: &stytch_edge::client::VerdictWithCookies) -> String {
    let stytch_edge::client::Verdict::Authenticated { session, .. } = &decided.verdict else {
        panic!("{decided:?}")
    };
    let session: serde_json::Value = serde_json::from_str(session).unwrap();
    session["user_id"].as_str().unwrap().to_owned()
}

fn expired(shell: &mut Shell) -> (Login, Login) {
    let (victim, attacker) = (
        shell.log_in_as("victim@example.com"),
        shell.log_in_as("attacker@example.com"),
    );
    shell.now += 301;
    (victim, attacker)
}

#[test]
fn refreshes_the_session_of_the_jwt_and_not_that_of_a_session_token_of_another_user() {
    let (mut shell, _) = consumer();
    let (victim, attacker) = expired(&mut shell);
    let own = user(&shell.cookies(&victim.cookies()));
    for cookies in [
        format!(
            "stytch_session={}; {}",
            attacker.session_token,
            victim.cookies()
        ),
        format!(
            "stytch_session_jwt={}; stytch_session={}",
            victim.session_jwt, attacker.session_token
        ),
    ] {
        let decided = shell.cookies(&cookies);
        assert_eq!(
            (reason(&decided), shell.sent),
            (("authenticated", "remote"), 1)
        );
        assert_eq!(user(&decided), own);
    }
}

#[test]
fn keeps_the_session_token_if_the_session_of_the_jwt_has_ended() {
    let (mut shell, _) = consumer();
    let (victim, other) = expired(&mut shell);
    let revoked = json!({ "session_token": victim.session_token });
    shell.call("POST", "/v1/sessions/revoke", revoked);
    let cookies = format!(
        "stytch_session_jwt={}; stytch_session={}",
        victim.session_jwt, other.session_token
    );
    let decided = shell.cookies(&cookies);
    assert_eq!(reason(&decided), ("unauthenticated", "session_not_found"));
    let rules = CookieRules::default();
    assert_eq!(decided.set_cookies, rules.clear(Cookie::SessionJwt));
    // The browser sends the session token without the JWT next.
    let decided = shell.cookies(&format!("stytch_session={}", other.session_token));
    assert_eq!(reason(&decided), ("authenticated", "remote"));
}

#[test]
fn checks_up_to_three_jwts_of_a_request() {
    let (mut shell, login) = consumer();
    shell.cookies(&login.cookies());
    let forged = |shell: &mut Shell, name: &str| {
        token(
            shell,
            json!({ "key": "stranger", "claims": { "sub": name } }),
        )
    };
    let (a, b, c) = (
        forged(&mut shell, "a"),
        forged(&mut shell, "b"),
        forged(&mut shell, "c"),
    );
    let good = &login.session_jwt;
    let header = |jwts: &[&String]| {
        let cookies = jwts.iter().map(|jwt| format!("stytch_session_jwt={jwt}"));
        cookies.collect::<Vec<_>>().join("; ")
    };
    for (jwts, expected) in [
        (vec![&a, good], ("authenticated", "local")),
        (vec![&a, &b, good], ("authenticated", "cache")),
        (vec![&a, &a, &a, &b, good], ("authenticated", "cache")),
        (vec![&a, &b, &c, good], ("unauthenticated", "bad_signature")),
    ] {
        let decided = shell.cookies(&header(&jwts));
        let (status, found) = reason(&decided);
        assert_eq!(status, expected.0, "{}", jwts.len());
        assert!(status != "unauthenticated" || found == expected.1);
        assert_eq!(shell.sent, 0);
    }
}

#[test]
fn refreshes_the_newest_of_several_sessions_with_one_request() {
    let (mut shell, old) = consumer();
    shell.cookies(&old.cookies());
    shell.now += 60;
    let new = shell.log_in_as("user@example.com");
    shell.call(
        "POST",
        "/v1/sessions/revoke",
        json!({ "session_token": old.session_token }),
    );
    shell.now += 301;
    let cookies = format!(
        "stytch_session_jwt={}; stytch_session_jwt={}; stytch_session={}; stytch_session={}",
        old.session_jwt, new.session_jwt, old.session_token, new.session_token
    );
    let options = Options {
        cookies: Some(CookieRules {
            domain: "example.com".to_owned(),
            ..CookieRules::default()
        }),
        ..Options::default()
    };
    // Without a domain, the order of the header decides. Nothing is cleared, and the next request uses the other JWT.
    let decided = shell.cookies(&cookies);
    let found = (reason(&decided), shell.sent, decided.set_cookies.len());
    assert_eq!(found, (("unauthenticated", "session_not_found"), 1, 0));
    for options in [options, Options::default()] {
        let decided = shell.authenticate(None, Some(&cookies), &options);
        assert_eq!(
            (reason(&decided), shell.sent),
            (("authenticated", "remote"), 1)
        );
    }
}

#[test]
fn clears_the_cookies_without_a_domain_as_well_if_there_is_a_domain() {
    let (mut shell, login) = consumer();
    let rules = CookieRules {
        domain: "example.com".to_owned(),
        ..CookieRules::default()
    };
    shell.now += 301;
    let options = Options {
        cookies: Some(rules.clone()),
        ..Options::default()
    };
    let decided = shell.authenticate(None, Some(&login.cookies()), &options);
    assert_eq!(reason(&decided), ("authenticated", "remote"));
    let names: Vec<(bool, bool, bool)> = decided
        .set_cookies
        .iter()
        .map(|line| {
            (
                line.starts_with("stytch_session_jwt="),
                line.contains("; Domain=example.com"),
                line.contains("Max-Age=0"),
            )
        })
        .collect();
    assert_eq!(
        names,
        [
            // First, because a jar of RFC 6265 does not tell the two apart if the domain is the host.
            (true, false, true),
            (true, true, false),
            (false, false, true),
            (false, true, false)
        ]
    );
    let unknown = "stytch_session=made-up-1; stytch_session=made-up-2";
    let decided = shell.authenticate(None, Some(unknown), &options);
    let domains = decided
        .set_cookies
        .iter()
        .filter(|line| line.contains("Domain"));
    assert_eq!(
        (decided.set_cookies.len(), domains.count()),
        (2, 0),
        "the other token is tried next"
    );
    let alone = shell.authenticate(None, Some("stytch_session=made-up-1"), &options);
    assert_eq!(alone.set_cookies.len(), 4);
}
