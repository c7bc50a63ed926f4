//! Who is turned away, why, and whom it costs a call.

use serde_json::json;
use stytch_edge::{
    client::{
        ClientErrorCode, CookieRules, Credentials, Demand, Reason, Refresh, RemoteFallback,
        RequestHeaders,
    },
    flow::{Error, RequestQuestion, Times},
    session::{AuthorizationCheck, Product},
};

use super::stand::{Asked, consumer, reason};
use crate::{
    session_checks::token,
    shell::{Fault, Faults, NOW, Shell},
};

#[test]
fn takes_no_trouble_of_ours_for_the_end_of_a_session() {
    let (mut shell, login) = consumer();
    shell.now += 301;
    use Fault::{Status, Unanswered};
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
            faults: Faults {
                sessions: Some(trouble),
                ..Faults::default()
            },
            ..Asked::default()
        };
        let visited = shell.judge(None, Some(&login.cookies()), &asked);
        assert_eq!(reason(&visited), expected, "{trouble:?}");
        assert!(visited.set_cookies.is_empty());
    }
    for error_type in ["invalid_session_token", "unable_to_parse_session_jwt"] {
        let asked = Asked {
            faults: Faults {
                sessions: Some(Status(400, error_type)),
                ..Faults::default()
            },
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
            "unknown_key",
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
        assert_eq!(reason(&visited), ("unauthenticated", expected));
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
        faults: Faults {
            keys: Some(Fault::Unanswered(Reason::ApiUnavailable)),
            ..Faults::default()
        },
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
            Fault::Status(401, "unauthorized_credentials"),
            "misconfigured",
        ),
        (Fault::Status(429, "too_many_requests"), "rate_limited"),
        (
            Fault::Status(500, "internal_server_error"),
            "policy_unavailable",
        ),
        (Fault::Unanswered(Reason::Timeout), "policy_unavailable"),
    ] {
        let asked = Asked {
            demand: Demand::Permission(check.clone()),
            faults: Faults {
                policies: Some(trouble),
                ..Faults::default()
            },
            ..Asked::default()
        };
        let visited = shell.judge(None, Some(&login.cookies()), &asked);
        assert_eq!(reason(&visited), ("unavailable", expected));
    }
    // Longer than the pause after several failures.
    shell.now += 31;
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
    let rules = CookieRules::default();
    let refresh = Refresh {
        product: Product::Consumer,
        required_claims: &[],
        cookies: Some(&rules),
    };
    let session = json!({"session_id": "s"});
    let good = login.session_jwt.as_str();
    for answer in [
        json!({"session_jwt": "", "session": session}),
        json!({"session_jwt": "junk", "session": session}),
        json!({"session_jwt": jwt, "session": session}),
        json!({"session_jwt": login.session_token, "session": session}),
        json!({"session_jwt": good}),
        json!({"session_jwt": good, "session": null}),
        json!({"session_jwt": good, "session": [null]}),
        json!({"session_jwt": good, "member_session": session}),
        json!({"session_jwt": 7, "session": session}),
        json!([good, null, session, null]),
        json!(null),
        json!("x"),
    ] {
        let decided = refresh.answered(&answer.to_string(), 0.0);
        assert_eq!(
            reason(&decided),
            ("unavailable", "api_unavailable"),
            "{answer}"
        );
        assert!(decided.set_cookies.is_empty());
    }
    let answer = json!({"session_jwt": good, "session": session}).to_string();
    let decided = refresh.answered(&answer, 0.0);
    assert_eq!(reason(&decided), ("authenticated", "remote"));
}

#[test]
fn tells_a_caller_that_an_option_is_wrong() {
    let (mut shell, login) = consumer();
    let cookies = login.cookies();
    let rules = CookieRules::default();
    let headers = RequestHeaders {
        authorization: None,
        cookie: Some(&cookies),
    };
    let question = RequestQuestion {
        credentials: Credentials::find(headers, &rules.session_jwt, &rules.session_token),
        demand: &Demand::Nothing,
        times: Times {
            clock_tolerance: f64::NAN,
            ..Times::default()
        },
        required_claims: &[],
        remote_fallback: None,
        cookies: None,
        session_duration_minutes: None,
    };
    let error = shell.run(async |core| core.authenticate_request(&question).await);
    let Error::Client(error) = error.unwrap_err() else {
        panic!()
    };
    assert_eq!(error.code, ClientErrorCode::InvalidArgument);
}
