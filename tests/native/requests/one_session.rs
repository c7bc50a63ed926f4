//! A refresh never changes the session of a request, and one request triggers at most one call to the API.

use serde_json::json;
use stytch_edge::{
    client::{Cleared, Cookie, CookieRules, Purpose, Reason, Refresh, RemoteFallback, Requirement},
    session::{AuthorizationCheck, Product},
};

use super::attacks::{permission, policy, role_token, two};
use super::fixture::{Login, Options, clears_both, consumer, jwts, reason, user};
use crate::{
    session_checks::token,
    shell::{Fault, Faults, Shell},
};

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
    shell.revoke(&victim);
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
    let (a, b, c): (&str, &str, &str) = (&a, &b, &c);
    let good = login.session_jwt.as_str();
    for (list, expected) in [
        (vec![a, good], ("authenticated", "local")),
        (vec![a, b, good], ("authenticated", "cache")),
        (vec![a, a, a, b, good], ("authenticated", "cache")),
        (vec![a, b, c, good], ("unauthenticated", "bad_signature")),
    ] {
        let decided = shell.cookies(&jwts(&list));
        let (status, found) = reason(&decided);
        assert_eq!(status, expected.0, "{}", list.len());
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
    shell.revoke(&old);
    shell.now += 301;
    let cookies = format!(
        "stytch_session_jwt={}; stytch_session_jwt={}; stytch_session={}; stytch_session={}",
        old.session_jwt, new.session_jwt, old.session_token, new.session_token
    );
    let options = Options::with_domain();
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
fn refreshes_the_newest_of_several_sessions_if_the_cookies_have_a_domain() {
    let (mut shell, old) = consumer();
    shell.now += 60;
    let new = shell.log_in_as("new@example.com");
    let expected = user(&shell.cookies(&new.cookies()));
    shell.now += 301;
    let options = Options::with_domain();
    for (first, second) in [(&old, &new), (&new, &old)] {
        let cookies = format!("{}; {}", first.cookies(), second.cookies());
        let decided = shell.authenticate(None, Some(&cookies), &options);
        assert_eq!(reason(&decided), ("authenticated", "remote"));
        assert_eq!(user(&decided), expected);
    }
}

/// Fails unless one request refreshes the session of `jwt`, before and after another JWT of the request.
fn assert_refreshes_first(shell: &mut Shell, jwt: &str, other: &str) {
    for list in [[other, jwt], [jwt, other]] {
        let decided = shell.cookies(&jwts(&list));
        assert_eq!(
            (reason(&decided), shell.sent),
            (("authenticated", "remote"), 1)
        );
    }
}

#[test]
fn refreshes_a_verified_jwt_and_not_one_whose_key_is_pending() {
    let (mut shell, login) = consumer();
    shell.cookies(&login.cookies());
    shell.now += 301;
    let made_up = |shell: &mut Shell, kid: &str| token(shell, json!({ "header": { "kid": kid } }));
    let fetched = made_up(&mut shell, "made-up-1");
    shell.cookies(&format!("stytch_session_jwt={fetched}"));
    shell.now += 10;
    let pending = made_up(&mut shell, "made-up-2");
    assert_refreshes_first(&mut shell, &login.session_jwt, &pending);
}

#[test]
fn refreshes_a_verified_jwt_and_not_a_forged_jwt_of_the_same_request() {
    let (mut shell, login) = consumer();
    shell.cookies(&login.cookies());
    let later = shell.now + 600;
    let forged = json!({ "key": "stranger", "claims": { "iat": later, "exp": later } });
    let forged = token(&mut shell, forged);
    shell.now += 301;
    assert_refreshes_first(&mut shell, &login.session_jwt, &forged);
}

#[test]
fn refreshes_the_session_of_a_jwt_that_is_older_than_allowed() {
    let (mut shell, _) = consumer();
    let (victim, attacker) = (
        shell.log_in_as("victim@example.com"),
        shell.log_in_as("attacker@example.com"),
    );
    let own = user(&shell.cookies(&victim.cookies()));
    let options = Options {
        max_token_age: Some(0.0),
        ..Options::default()
    };
    let cookies = format!(
        "stytch_session={}; stytch_session_jwt={}",
        attacker.session_token, victim.session_jwt
    );
    let decided = shell.authenticate(None, Some(&cookies), &options);
    assert_eq!(reason(&decided), ("authenticated", "remote"));
    assert_eq!(user(&decided), own);
}

#[test]
fn refreshes_the_session_of_the_jwt_if_the_keys_are_unavailable() {
    let (mut shell, _) = consumer();
    let (victim, attacker) = (
        shell.log_in_as("victim@example.com"),
        shell.log_in_as("attacker@example.com"),
    );
    let own = user(&shell.cookies(&victim.cookies()));
    shell.run(async |core| core.reset());
    let options = Options {
        faults: Faults {
            keys: Some(Fault::Unanswered(Reason::ApiUnavailable)),
            ..Faults::default()
        },
        ..Options::default()
    };
    let cookies = format!(
        "stytch_session={}; stytch_session_jwt={}",
        attacker.session_token, victim.session_jwt
    );
    let decided = shell.authenticate(None, Some(&cookies), &options);
    assert_eq!(reason(&decided), ("authenticated", "remote"));
    assert_eq!(user(&decided), own);
}

#[test]
fn clears_both_cookies_if_the_session_token_next_to_a_forged_jwt_is_unknown() {
    let (mut shell, _) = consumer();
    let forged = token(&mut shell, json!({ "key": "stranger" }));
    let always = Options {
        fallback: RemoteFallback::Always,
        ..Options::default()
    };
    let cookies = format!("stytch_session_jwt={forged}; stytch_session=made-up");
    let decided = shell.authenticate(None, Some(&cookies), &always);
    assert_eq!(reason(&decided), ("unauthenticated", "session_not_found"));
    assert!(clears_both(&decided), "{decided:?}");
}

#[test]
fn sets_only_the_cookie_of_the_jwt_if_the_response_has_no_session_token() {
    let (_, login) = consumer();
    let rules = CookieRules::default();
    let refresh = |product| Refresh {
        purpose: Purpose::Session,
        product,
        required_claims: &[],
        cookies: Some(&rules),
        cleared: Cleared::Both,
        session_id: None,
    };
    let session = json!({ "session_id": "s" });
    let response = json!({ "session_jwt": login.session_jwt, "session": session });
    let decided = refresh(Product::Consumer).answered(&response.to_string(), 0.0);
    let [line] = decided.set_cookies.as_slice() else {
        panic!("{decided:?}")
    };
    assert!(line.starts_with("stytch_session_jwt=ey"), "{line}");
    // The JWT of a user is not one of a member.
    let response = json!({ "session_jwt": login.session_jwt, "member_session": session });
    let decided = refresh(Product::B2b).answered(&response.to_string(), 0.0);
    assert_eq!(reason(&decided), ("unavailable", "api_unavailable"));
    // The next request would not send such a token to the API.
    let session_token = "a".repeat(513);
    let response = json!({
        "session_jwt": login.session_jwt, "session_token": session_token, "session": session,
    });
    let decided = refresh(Product::Consumer).answered(&response.to_string(), 0.0);
    assert_eq!(decided.unset, Some(Cookie::SessionToken));
    assert_eq!(decided.set_cookies[1..], rules.clear(Cookie::SessionToken));
}

#[test]
fn an_unavailable_policy_triggers_no_refresh() {
    let (mut shell, login) = consumer();
    let check = AuthorizationCheck {
        resource_id: "documents".to_owned(),
        action: "write".to_owned(),
        organization_id: None,
    };
    let options = Options {
        fallback: RemoteFallback::Always,
        requirement: Requirement::Permission(check),
        faults: Faults {
            policies: Some(Fault::Status(500, "")),
            ..Faults::default()
        },
        ..Options::default()
    };
    for _ in 0..3 {
        let decided = shell.authenticate(None, Some(&login.cookies()), &options);
        assert_eq!(reason(&decided), ("unavailable", "policy_unavailable"));
    }
    assert_eq!(
        shell.sent, 0,
        "the failed request for the policy is not repeated yet"
    );
}

#[test]
fn clears_the_cookies_without_a_domain_as_well_if_there_is_a_domain() {
    let (mut shell, login) = consumer();
    shell.now += 301;
    let options = Options::with_domain();
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

#[test]
fn a_text_that_cannot_be_a_session_token_is_not_sent_if_the_jwt_is_refused() {
    let (mut shell, login) = consumer();
    shell.cookies(&login.cookies());
    let forged = token(&mut shell, json!({ "key": "stranger" }));
    let decided = shell.cookies(&format!("stytch_session_jwt={forged}; stytch_session=a b"));
    assert_eq!(
        (reason(&decided), shell.sent),
        (("unauthenticated", "bad_signature"), 0)
    );
}

#[test]
fn uses_the_next_session_token_if_the_first_one_is_unknown() {
    let (mut shell, login) = consumer();
    let cookies = format!(
        "stytch_session=made-up; stytch_session={}",
        login.session_token
    );
    let decided = shell.cookies(&cookies);
    assert_eq!(reason(&decided), ("unauthenticated", "session_not_found"));
    let decided = shell.cookies(&cookies);
    assert_eq!(
        (reason(&decided), shell.sent),
        (("authenticated", "remote"), 1)
    );
}

#[test]
fn clears_both_cookies_if_the_session_of_the_only_credential_has_ended() {
    let (mut shell, login) = consumer();
    shell.cookies(&login.cookies());
    shell.revoke(&login);
    shell.now += 301;
    let decided = shell.cookies(&format!("stytch_session_jwt={}", login.session_jwt));
    assert_eq!((reason(&decided).1, shell.sent), ("session_not_found", 1));
    assert!(clears_both(&decided), "{decided:?}");
}

#[test]
fn a_valid_jwt_without_the_permission_decides_although_an_expired_jwt_precedes_it() {
    let (mut shell, _, attacker, _) = two();
    policy(&mut shell);
    shell.now += 301;
    let victim = shell.log_in_as("victim@example.com");
    let options = Options {
        requirement: permission(),
        ..Options::default()
    };
    let cookies = jwts(&[&attacker.session_jwt, &victim.session_jwt]);
    let decided = shell.authenticate(None, Some(&cookies), &options);
    let found = (reason(&decided), shell.sent);
    assert_eq!(
        found,
        (("forbidden", "invalid_permissions"), 1),
        "the policy"
    );
}

#[test]
fn a_session_token_is_not_used_instead_of_the_ended_session_of_a_valid_jwt() {
    let (mut shell, _, attacker, _) = two();
    policy(&mut shell);
    let now = shell.now;
    let victim = role_token(&mut shell, "victim", json!([]), now, now + 300);
    let options = Options {
        requirement: permission(),
        fallback: RemoteFallback::Always,
        ..Options::default()
    };
    let cookies = format!(
        "{}; stytch_session={}",
        jwts(&[&victim]),
        attacker.session_token
    );
    // The first request finds out that the session does not exist.
    for _ in 0..2 {
        let decided = shell.authenticate(None, Some(&cookies), &options);
        assert_eq!(reason(&decided), ("unauthenticated", "session_not_found"));
    }
    assert_eq!(shell.sent, 0);
}
