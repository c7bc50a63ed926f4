//! Who is turned away, why, and whom it costs a call.

use serde_json::json;
use stytch_edge::{
    client::{
        Asking, Authenticated, CheckRequest, ClientErrorCode, CookieRules, Demand, Outcome, Reason,
        RemoteFallback, RequestHeaders, Step, Trouble, Visit, visit,
    },
    session::{AuthorizationCheck, CheckOptions, Product, TokenKind},
};

use super::stand::{Asked, consumer, reason};
use crate::{
    session_checks::token,
    shell::{NOW, Shell},
};

#[test]
fn takes_no_trouble_of_ours_for_the_end_of_a_session() {
    let (mut shell, login) = consumer();
    shell.now += 301;
    use Trouble::{Status, Unanswered};
    for (trouble, expected) in [
        (
            Status(429, "too_many_requests"),
            ("unavailable", "rate_limited"),
        ),
        (
            Status(500, "internal_server_error"),
            ("unavailable", "api_unavailable"),
        ),
        (Status(503, ""), ("unavailable", "api_unavailable")),
        (
            Status(401, "unauthorized_credentials"),
            ("unavailable", "misconfigured"),
        ),
        (
            Status(400, "invalid_project_id_authentication"),
            ("unavailable", "misconfigured"),
        ),
        (
            Status(404, "route_not_found"),
            ("unavailable", "misconfigured"),
        ),
        (Status(403, "use_https"), ("unavailable", "misconfigured")),
        (Unanswered(Reason::Timeout), ("unavailable", "timeout")),
        (
            Unanswered(Reason::ApiUnavailable),
            ("unavailable", "api_unavailable"),
        ),
        (
            Status(403, "session_authorization_tenancy_error"),
            ("forbidden", "tenancy_mismatch"),
        ),
        (
            Status(403, "session_authorization_error"),
            ("forbidden", "invalid_permissions"),
        ),
        (
            Status(403, "consumer_session_authorization_error"),
            ("forbidden", "invalid_permissions"),
        ),
    ] {
        let asked = Asked {
            without_api: Some(trouble),
            ..Asked::default()
        };
        let visited = shell.judge(None, Some(&login.cookies()), &asked);
        assert_eq!(reason(&visited), expected, "{trouble:?}");
        assert!(visited.set_cookies.is_empty());
    }
    for error_type in ["invalid_session_token", "unable_to_parse_session_jwt"] {
        let asked = Asked {
            without_api: Some(Status(400, error_type)),
            ..Asked::default()
        };
        let visited = shell.judge(None, Some(&login.cookies()), &asked);
        assert_eq!(reason(&visited), ("unauthenticated", "session_not_found"));
    }
}

#[test]
fn asks_nobody_about_a_token_that_is_wrong_for_good_and_lets_the_session_token_have_its_turn() {
    let (mut shell, login) = consumer();
    shell.cookies(&login.cookies());
    let stranger = token(&mut shell, json!({"key": "stranger"}));
    let cases = [
        (
            "unknown_key",
            token(&mut shell, json!({"header": {"kid": "made-up"}})),
        ),
        ("bad_signature", stranger),
        (
            "wrong_audience",
            token(&mut shell, json!({"claims": {"aud": ["project-test-2"]}})),
        ),
        (
            "wrong_token_kind",
            token(&mut shell, json!({"product": "b2b", "claims": {}})),
        ),
    ];
    for (expected, jwt) in cases {
        // Its turn comes with the next request, when the JWT is gone.
        let both = format!(
            "stytch_session_jwt={jwt}; stytch_session={}",
            login.session_token
        );
        let visited = shell.cookies(&both);
        if expected != "wrong_token_kind" {
            assert_eq!(reason(&visited), ("unauthenticated", expected));
        }
        assert_eq!(shell.sent, 0, "{expected}");
        let cleared = "stytch_session_jwt=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax";
        assert_eq!(visited.set_cookies, [cleared]);
        let alone = shell.cookies(&format!("stytch_session_jwt={jwt}"));
        assert!(alone.set_cookies.is_empty());
    }
    let early = token(
        &mut shell,
        json!({"claims": {"nbf": NOW + 600, "exp": NOW + 900}}),
    );
    let both = format!(
        "stytch_session_jwt={early}; stytch_session={}",
        login.session_token
    );
    let visited = shell.cookies(&both);
    assert_eq!(reason(&visited), ("unauthenticated", "not_yet_valid"));
    assert!(visited.set_cookies.is_empty(), "a clock may be wrong");
}

#[test]
fn clears_no_token_where_the_session_token_beside_it_never_has_its_turn() {
    let (mut shell, login) = consumer();
    let never = Asked {
        fallback: RemoteFallback::Never,
        ..Asked::default()
    };
    let jwt = token(&mut shell, json!({"key": "stranger"}));
    let both = format!(
        "stytch_session_jwt={jwt}; stytch_session={}",
        login.session_token
    );
    let visited = shell.judge(None, Some(&both), &never);
    assert_eq!(reason(&visited), ("unauthenticated", "bad_signature"));
    assert!(visited.set_cookies.is_empty(), "another may let it in");
}

#[test]
fn asks_ten_times_a_minute_about_tokens_whose_key_is_not_to_be_had() {
    let (mut shell, login) = consumer();
    let asked = Asked {
        without_keys: true,
        ..Asked::default()
    };
    let cookies = login.cookies();
    let verdicts = |shell: &mut Shell, count| {
        let visits = (0..count).map(|_| reason(&shell.judge(None, Some(&cookies), &asked)));
        visits.collect::<Vec<_>>()
    };
    let first = verdicts(&mut shell, 12);
    assert!(
        first[..10]
            .iter()
            .all(|verdict| *verdict == ("authenticated", "remote")),
        "{first:?}"
    );
    assert_eq!(first[10..], [("unavailable", "keys_unavailable"); 2]);
    shell.now += 60;
    let next = verdicts(&mut shell, 11);
    assert_eq!(
        next[9..],
        [
            ("authenticated", "remote"),
            ("unavailable", "keys_unavailable")
        ]
    );
    shell.now -= 600;
    assert_eq!(
        verdicts(&mut shell, 1),
        [("authenticated", "remote")],
        "the clock went back"
    );
    let never = Asked {
        fallback: RemoteFallback::Never,
        ..asked
    };
    let visited = shell.judge(None, Some(&login.cookies()), &never);
    assert_eq!(reason(&visited), ("unavailable", "keys_unavailable"));
}

#[test]
fn takes_a_key_that_newer_keys_may_have_for_no_verdict() {
    let (mut shell, login) = consumer();
    shell.cookies(&login.cookies());
    shell.now += 10;
    let jwt = token(&mut shell, json!({"header": {"kid": "made-up"}}));
    let header = format!("stytch_session_jwt={jwt}");
    let never = Asked {
        fallback: RemoteFallback::Never,
        ..Asked::default()
    };
    let visited = shell.judge(None, Some(&header), &never);
    assert_eq!(reason(&visited), ("unavailable", "keys_unavailable"));
    let visited = shell.cookies(&header);
    assert_eq!((reason(&visited).0, shell.sent), ("unauthenticated", 1));
    shell.now += 30;
    let visited = shell.cookies(&header);
    assert_eq!(reason(&visited), ("unauthenticated", "unknown_key"));
    assert_eq!(shell.sent, 1, "for the keys");
}

#[test]
fn asks_about_everything_with_the_form_of_a_token_or_about_nothing_where_told_so() {
    let (mut shell, login) = consumer();
    let stranger = token(&mut shell, json!({"key": "stranger"}));
    let always = Asked {
        fallback: RemoteFallback::Always,
        ..Asked::default()
    };
    let cookies = format!(
        "stytch_session_jwt={stranger}; stytch_session={}",
        login.session_token
    );
    assert_eq!(
        reason(&shell.judge(None, Some(&cookies), &always)),
        ("authenticated", "remote")
    );
    let visited = shell.judge(Some(&format!("Bearer {stranger}")), None, &always);
    assert_eq!(reason(&visited), ("unauthenticated", "session_not_found"));
    for junk in ["", "junk", "a.b.c"] {
        let visited = shell.judge(Some(&format!("Bearer {junk}")), None, &always);
        assert_eq!(
            (visited.verdict.status(), shell.sent),
            ("unauthenticated", 0)
        );
    }
    let never = Asked {
        fallback: RemoteFallback::Never,
        ..Asked::default()
    };
    let alone = shell.judge(
        None,
        Some(&format!("stytch_session={}", login.session_token)),
        &never,
    );
    assert_eq!(
        (reason(&alone), shell.sent),
        (("unauthenticated", "no_credentials"), 0)
    );
    shell.now += 301;
    let expired = shell.judge(None, Some(&login.cookies()), &never);
    assert_eq!(
        (reason(&expired), expired.set_cookies.len()),
        (("unauthenticated", "expired"), 0)
    );
}

#[test]
fn tells_a_policy_that_cannot_be_had_from_one_that_allows_nothing() {
    let (mut shell, login) = consumer();
    let check = AuthorizationCheck {
        resource_id: "documents".to_owned(),
        action: "write".to_owned(),
        organization_id: None,
    };
    for (trouble, expected) in [
        (
            Trouble::Status(401, "unauthorized_credentials"),
            "misconfigured",
        ),
        (Trouble::Status(429, "too_many_requests"), "rate_limited"),
        (
            Trouble::Status(500, "internal_server_error"),
            "policy_unavailable",
        ),
        (Trouble::Unanswered(Reason::Timeout), "policy_unavailable"),
    ] {
        let asked = Asked {
            demand: Demand::Permission(check.clone()),
            without_policy: Some(trouble),
            ..Asked::default()
        };
        let visited = shell.judge(None, Some(&login.cookies()), &asked);
        assert_eq!(reason(&visited), ("unavailable", expected));
    }
    let url = "https://test.stytch.com/v1/rbac/policy".to_owned();
    shell.policies.insert(url, json!({"policy": {"roles": []}}));
    let asked = Asked {
        demand: Demand::Permission(check),
        ..Asked::default()
    };
    let visited = shell.judge(None, Some(&login.cookies()), &asked);
    assert_eq!(reason(&visited), ("forbidden", "invalid_permissions"));
}

#[test]
fn takes_no_answer_for_a_session_that_has_no_token_of_this_product() {
    let (mut shell, login) = consumer();
    let jwt = token(&mut shell, json!({"product": "b2b"}));
    for session_jwt in ["", "junk", jwt.as_str(), &login.session_token] {
        let issuer = Shell::new(Product::B2b).config.issuer();
        let (demand, rules) = (Demand::Nothing, CookieRules::default());
        let issuer = if session_jwt == jwt {
            shell.config.issuer()
        } else {
            issuer
        };
        let request = Visit {
            headers: RequestHeaders {
                authorization: None,
                cookie: Some("stytch_session=a"),
            },
            check: CheckRequest {
                issuer: &issuer,
                token: "",
                kind: TokenKind::Session,
                demand: &demand,
                options: CheckOptions {
                    now: 0.0,
                    clock_tolerance: 0.0,
                    max_token_age: None,
                },
                cache: shell.cache,
                asking: Asking::at(0.0),
            },
            required_claims: &[],
            remote_fallback: RemoteFallback::Stale,
            cookies: &rules,
        };
        let answer = Authenticated {
            session_jwt,
            session_token: "a",
            expires_at: "",
        };
        let step = visit(&mut shell.scopes, &request, &Outcome::Answered(answer)).unwrap();
        let Step::Done(visited) = step else {
            panic!("{step:?}")
        };
        assert_eq!(reason(&visited), ("unavailable", "api_unavailable"));
        assert!(visited.set_cookies.is_empty());
    }
}

#[test]
fn tells_a_caller_that_an_option_is_wrong() {
    let (mut shell, login) = consumer();
    let issuer = shell.config.issuer();
    let (demand, rules) = (Demand::Nothing, CookieRules::default());
    let cookies = login.cookies();
    let request = Visit {
        headers: RequestHeaders {
            authorization: None,
            cookie: Some(&cookies),
        },
        check: CheckRequest {
            issuer: &issuer,
            token: "",
            kind: TokenKind::Session,
            demand: &demand,
            options: CheckOptions {
                now: 0.0,
                clock_tolerance: f64::NAN,
                max_token_age: None,
            },
            cache: shell.cache,
            asking: Asking::at(0.0),
        },
        required_claims: &[],
        remote_fallback: RemoteFallback::Stale,
        cookies: &rules,
    };
    let error = visit(&mut shell.scopes, &request, &Outcome::Begun).unwrap_err();
    assert_eq!(error.code, ClientErrorCode::InvalidArgument);
}
