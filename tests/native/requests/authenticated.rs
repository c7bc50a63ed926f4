//! Verdicts on requests with a session, and the cookies that they set or clear.

use serde_json::{Value, json};
use stytch_edge::client::{
    Cookie, CookieRules, NewSession, RemoteFallback, RequiredClaim, RequiredValue, Verdict, Via,
};

use super::attacks::two;
use super::fixture::{Options, clears_both, consumer, jwts, reason};
use crate::{session_checks::token, shell::NOW};

#[test]
fn authenticates_by_a_bearer_credential_and_by_a_cookie() {
    let (mut shell, login) = consumer();
    let decided = shell.cookies(&login.cookies());
    let Verdict::Authenticated {
        via,
        session,
        session_jwt,
        claims,
    } = &decided.verdict
    else {
        panic!("{decided:?}")
    };
    assert_eq!((*via, &**session_jwt), (Via::Local, &*login.session_jwt));
    let session: Value = serde_json::from_str(session).unwrap();
    let claims: Value = serde_json::from_str(claims).unwrap();
    assert_eq!(claims["sub"], session["user_id"]);
    assert_eq!((decided.set_cookies.len(), shell.sent), (0, 1));
    let again = shell.authenticate(
        Some(&format!("bearer {}", login.session_jwt)),
        None,
        &Options::default(),
    );
    assert_eq!(
        (reason(&again), shell.sent),
        (("authenticated", "cache"), 0)
    );
}

#[test]
fn missing_or_malformed_credentials_trigger_no_request() {
    let (mut shell, login) = consumer();
    let with_cookies = login.cookies();
    let too_many = format!("a={}; {with_cookies}", "x".repeat(200_000));
    let long_token = format!("stytch_session={}", "a".repeat(513));
    for (authorization, cookie, expected) in [
        (None, None, "no_credentials"),
        (None, Some("a=b"), "no_credentials"),
        (Some("Basic YTpi"), None, "no_credentials"),
        (
            Some("Bearer"),
            Some(with_cookies.as_str()),
            "no_credentials",
        ),
        (Some("Bearer junk"), Some(&with_cookies), "malformed"),
        (
            Some("Bearer a.b.c, Bearer d.e.f"),
            Some(&with_cookies),
            "malformed",
        ),
        (None, Some("stytch_session_jwt=junk"), "malformed"),
        (None, Some("stytch_session=a b"), "malformed"),
        (None, Some("stytch_session=\u{1f36a}"), "malformed"),
        (None, Some(&long_token), "malformed"),
        (None, Some(&too_many), "malformed"),
    ] {
        let decided = shell.authenticate(authorization, cookie, &Options::default());
        assert_eq!(
            reason(&decided),
            ("unauthenticated", expected),
            "{authorization:?}"
        );
        assert_eq!((shell.sent, decided.set_cookies.len()), (0, 0));
    }
}

#[test]
fn a_session_token_without_a_jwt_is_authenticated_by_the_api_and_both_cookies_are_set() {
    let (mut shell, login) = consumer();
    let decided = shell.cookies(&format!("stytch_session={}", login.session_token));
    assert_eq!(
        (reason(&decided), shell.sent),
        (("authenticated", "remote"), 1)
    );
    let [jwt, session_token] = decided.set_cookies.as_slice() else {
        panic!("{decided:?}")
    };
    assert!(jwt.starts_with("stytch_session_jwt=ey"));
    let rest = "; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax";
    assert_eq!(
        *session_token,
        format!("stytch_session={}{rest}", login.session_token)
    );
}

#[test]
fn debug_output_of_a_verdict_does_not_contain_tokens() {
    let (mut shell, login) = consumer();
    let decided = shell.cookies(&format!("stytch_session={}", login.session_token));
    let shown = format!("{decided:?}");
    assert!(
        !shown.contains(&login.session_token) && !shown.contains("ey"),
        "{shown}"
    );
    assert!(shown.contains("authenticated (remote)"), "{shown}");
}

#[test]
fn an_expired_jwt_is_refreshed_and_only_a_jwt_in_a_cookie_sets_cookies() {
    let (mut shell, login) = consumer();
    shell.cookies(&login.cookies());
    shell.now += 301;
    let by_cookie = shell.cookies(&login.cookies());
    assert_eq!(
        (reason(&by_cookie), shell.sent),
        (("authenticated", "remote"), 1)
    );
    assert_eq!(by_cookie.set_cookies.len(), 2);
    let jwt_alone = shell.cookies(&format!("stytch_session_jwt={}", login.session_jwt));
    assert_eq!(
        (reason(&jwt_alone), shell.sent),
        (("authenticated", "remote"), 1)
    );
    let by_bearer = shell.authenticate(
        Some(&format!("Bearer {}", login.session_jwt)),
        Some(&login.cookies()),
        &Options::default(),
    );
    assert_eq!(
        (reason(&by_bearer), by_bearer.set_cookies.len()),
        (("authenticated", "remote"), 0)
    );
    let Verdict::Authenticated { session_jwt, .. } = by_bearer.verdict else {
        panic!()
    };
    assert!(*session_jwt != *login.session_jwt);
}

#[test]
fn refreshes_a_jwt_that_is_older_than_allowed() {
    let (mut shell, login) = consumer();
    shell.now += 30;
    let options = Options {
        max_token_age: Some(20.0),
        ..Options::default()
    };
    let decided = shell.authenticate(None, Some(&login.cookies()), &options);
    assert_eq!(reason(&decided), ("authenticated", "remote"));
    let never = Options {
        fallback: RemoteFallback::Never,
        ..options
    };
    let decided = shell.authenticate(None, Some(&login.cookies()), &never);
    assert_eq!(
        (reason(&decided), shell.sent),
        (("unauthenticated", "too_old"), 0)
    );
}

#[test]
fn clears_the_cookies_of_a_session_that_has_ended() {
    let (mut shell, login) = consumer();
    shell.revoke(&login);
    shell.now += 301;
    let decided = shell.cookies(&login.cookies());
    assert_eq!(reason(&decided), ("unauthenticated", "session_not_found"));
    let cleared = "stytch_session_jwt=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax";
    assert_eq!(
        decided.set_cookies,
        [cleared],
        "the session token may be of another session"
    );
    let decided = shell.cookies(&format!("stytch_session={}", login.session_token));
    assert_eq!(reason(&decided), ("unauthenticated", "session_not_found"));
    assert!(clears_both(&decided), "{decided:?}");
    let decided = shell.cookies(&format!("stytch_session_jwt={}", login.session_jwt));
    assert!(clears_both(&decided), "{decided:?}");
    let bearer = shell.authenticate(
        Some(&format!("Bearer {}", login.session_jwt)),
        None,
        &Options::default(),
    );
    assert_eq!(
        (reason(&bearer), bearer.set_cookies.len()),
        (("unauthenticated", "session_not_found"), 0)
    );
    let unknown = shell.cookies("stytch_session=made-up");
    assert_eq!(reason(&unknown), ("unauthenticated", "session_not_found"));
    assert!(clears_both(&unknown));
}

#[test]
fn validates_required_claims_of_the_jwt_and_of_the_refreshed_jwt() {
    let (mut shell, login) = consumer();
    let claim = |name: &str, value| RequiredClaim {
        name: name.to_owned(),
        value,
    };
    let options = |required_claims| Options {
        required_claims,
        ..Options::default()
    };
    let project = shell.config.issuer.project_id.clone();
    let held = options(vec![
        claim("sub", RequiredValue::Present),
        claim("iss", RequiredValue::Text(format!("stytch.com/{project}"))),
    ]);
    let missing = options(vec![claim("plan", RequiredValue::Text("gold".to_owned()))]);
    for expected in ["local", "remote"] {
        let decided = shell.authenticate(None, Some(&login.cookies()), &held);
        assert_eq!(reason(&decided), ("authenticated", expected));
        let decided = shell.authenticate(None, Some(&login.cookies()), &missing);
        assert_eq!(reason(&decided), ("forbidden", "claim_mismatch"));
        assert_eq!(
            decided.set_cookies.len(),
            if expected == "remote" { 2 } else { 0 }
        );
        shell.now += 301;
    }
}

#[test]
fn clears_a_cookie_that_is_too_large_for_browsers() {
    let (mut shell, _) = consumer();
    let rules = CookieRules::default();
    let jwt = token(&mut shell, json!({"claims": {"much": "x".repeat(4096)}}));
    let session = NewSession {
        session_jwt: &jwt,
        session_token: "abc",
        expires_at: "2027-01-15T09:00:00Z",
    };
    let (lines, unset) = stytch_edge::client::log_in_cookies(&rules, &session, NOW as f64);
    assert_eq!(unset, Some(Cookie::SessionJwt));
    assert_eq!(lines[..1], rules.clear(Cookie::SessionJwt));
    assert!(lines[1].starts_with("stytch_session=abc; Path=/; Max-Age=3600"));
}

#[test]
fn clears_both_cookies_only_if_no_other_credential_can_be_of_a_session() {
    let (mut shell, a, b, _) = two();
    let forged = token(&mut shell, json!({ "key": "stranger" }));
    for login in [&a, &b] {
        shell.revoke(login);
    }
    let c = shell.log_in_as("other@example.com");
    shell.now += 301;
    for (jwts_of_request, is_cleared) in [
        ([&a.session_jwt, &c.session_jwt], false),
        ([&b.session_jwt, &forged], true),
    ] {
        let [first, second] = jwts_of_request;
        let decided = shell.cookies(&jwts(&[first, second]));
        assert_eq!((reason(&decided).1, shell.sent), ("session_not_found", 1));
        assert_eq!(clears_both(&decided), is_cleared);
        assert_eq!(decided.set_cookies.is_empty(), !is_cleared);
    }
    // The session of the first JWT is known not to exist, and the API refuses the second one.
    let made_up = format!("{}; stytch_session=made-up", jwts(&[&a.session_jwt]));
    let decided = shell.cookies(&made_up);
    assert_eq!((reason(&decided).1, shell.sent), ("session_not_found", 1));
    assert!(clears_both(&decided), "{decided:?}");
    shell.now += 10;
    // A token that was refused does not prevent that the cookies are cleared.
    shell.cookies("stytch_session=made-up");
    let decided = shell.cookies(&made_up);
    assert_eq!((reason(&decided).1, shell.sent), ("session_not_found", 1));
    assert!(clears_both(&decided), "{decided:?}");
    let decided = shell.cookies(&jwts(&[&b.session_jwt]));
    assert!(clears_both(&decided), "{decided:?}");
    shell.now += 10;
    shell.cookies(&jwts(&[&a.session_jwt]));
    let decided = shell.cookies(&jwts(&[&b.session_jwt, &a.session_jwt]));
    assert_eq!((reason(&decided).1, shell.sent), ("session_not_found", 1));
    assert!(clears_both(&decided), "{decided:?}");
}
