//! Verdicts that refuse a request: their reasons, and whether they trigger a request to the API.

use serde_json::json;
use stytch_edge::{
    client::{
        Cleared, ClientErrorCode, CookieRules, Credentials, Purpose, Reason, Refresh,
        RemoteFallback, RequestHeaders, Requirement,
    },
    flow::{Error, RequestCheck, Times},
    jwt::ClockTolerance,
    session::{AuthorizationCheck, Product},
};

use super::fixture::{Options, consumer, reason};
use crate::{
    session_checks::token,
    shell::{Fault, Faults, NOW, Shell},
};

#[test]
fn an_outage_or_a_misconfiguration_does_not_end_a_session() {
    let (mut shell, login) = consumer();
    shell.now += 301;
    use Fault::{Status, Unanswered};
    for (request_failure, expected) in [
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
        let options = Options::failing(request_failure);
        // Longer than any pause.
        shell.now += 31;
        let decided = shell.authenticate(None, Some(&login.cookies()), &options);
        assert_eq!(reason(&decided), expected, "{request_failure:?}");
        assert!(decided.set_cookies.is_empty());
    }
    for error_type in ["invalid_session_token", "unable_to_parse_session_jwt"] {
        let options = Options::failing(Status(400, error_type));
        let decided = shell.authenticate(None, Some(&login.cookies()), &options);
        assert_eq!(reason(&decided), ("unauthenticated", "session_not_found"));
    }
}

#[test]
fn a_jwt_that_can_never_become_valid_triggers_no_request_and_the_session_token_is_used() {
    let (mut shell, login) = consumer();
    shell.cookies(&login.cookies());
    let forged = token(&mut shell, json!({"key": "stranger"}));
    let cases = [
        (
            "unknown_key",
            token(&mut shell, json!({"header": {"kid": "made-up"}})),
        ),
        ("bad_signature", forged),
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
        let both = format!(
            "stytch_session_jwt={jwt}; stytch_session={}",
            login.session_token
        );
        let decided = shell.cookies(&both);
        assert_eq!(reason(&decided), ("authenticated", "remote"), "{expected}");
        assert_eq!((shell.sent, decided.set_cookies.len()), (1, 2));
        let alone = shell.cookies(&format!("stytch_session_jwt={jwt}"));
        assert_eq!(reason(&alone), ("unauthenticated", expected));
        assert_eq!(shell.sent, 0);
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
    let decided = shell.cookies(&both);
    assert_eq!(
        (reason(&decided), shell.sent),
        (("unauthenticated", "session_not_found"), 1),
        "the API decides once, because the clock of this host may be slow"
    );
    let decided = shell.cookies(&both);
    assert_eq!(
        (reason(&decided), shell.sent),
        (("authenticated", "remote"), 1),
        "the session of the JWT does not exist, so the session token decides"
    );
}

#[test]
fn does_not_clear_the_jwt_if_the_session_token_is_never_used() {
    let (mut shell, login) = consumer();
    let never = Options {
        fallback: RemoteFallback::Never,
        ..Options::default()
    };
    let jwt = token(&mut shell, json!({"key": "stranger"}));
    let both = format!(
        "stytch_session_jwt={jwt}; stytch_session={}",
        login.session_token
    );
    let decided = shell.authenticate(None, Some(&both), &never);
    assert_eq!(reason(&decided), ("unauthenticated", "bad_signature"));
    assert!(
        decided.set_cookies.is_empty(),
        "another client may accept the JWT"
    );
}

#[test]
fn tokens_with_an_unavailable_key_trigger_at_most_10_requests_per_minute() {
    let (mut shell, login) = consumer();
    let options = Options {
        faults: Faults {
            keys: Some(Fault::Unanswered(Reason::ApiUnavailable)),
            ..Faults::default()
        },
        ..Options::default()
    };
    let cookies = login.cookies();
    let verdicts = |shell: &mut Shell, count| {
        let reasons =
            (0..count).map(|_| reason(&shell.authenticate(None, Some(&cookies), &options)));
        reasons.collect::<Vec<_>>()
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
        "the clock was set back"
    );
    let never = Options {
        fallback: RemoteFallback::Never,
        ..options
    };
    let decided = shell.authenticate(None, Some(&login.cookies()), &never);
    assert_eq!(reason(&decided), ("unavailable", "keys_unavailable"));
}

#[test]
fn an_unknown_key_is_not_refused_until_the_key_set_was_fetched_again() {
    let (mut shell, login) = consumer();
    shell.cookies(&login.cookies());
    shell.now += 10;
    let jwt = token(&mut shell, json!({"header": {"kid": "made-up"}}));
    let header = format!("stytch_session_jwt={jwt}");
    let never = Options {
        fallback: RemoteFallback::Never,
        ..Options::default()
    };
    let decided = shell.authenticate(None, Some(&header), &never);
    assert_eq!(reason(&decided), ("unavailable", "key_pending"));
    let decided = shell.cookies(&header);
    assert_eq!((reason(&decided).0, shell.sent), ("unauthenticated", 1));
    shell.now += 30;
    let decided = shell.cookies(&header);
    assert_eq!(reason(&decided), ("unauthenticated", "unknown_key"));
    assert_eq!(shell.sent, 1, "the request for the key set");
}

#[test]
fn remote_fallback_always_asks_about_every_well_formed_token_and_never_about_none() {
    let (mut shell, login) = consumer();
    let forged = token(&mut shell, json!({"key": "stranger"}));
    let always = Options {
        fallback: RemoteFallback::Always,
        ..Options::default()
    };
    let cookies = format!(
        "stytch_session_jwt={forged}; stytch_session={}",
        login.session_token
    );
    assert_eq!(
        reason(&shell.authenticate(None, Some(&cookies), &always)),
        ("authenticated", "remote")
    );
    let decided = shell.authenticate(Some(&format!("Bearer {forged}")), None, &always);
    assert_eq!(reason(&decided), ("unauthenticated", "session_not_found"));
    for malformed in ["", "junk", "a.b.c"] {
        let decided = shell.authenticate(Some(&format!("Bearer {malformed}")), None, &always);
        assert_eq!(
            (decided.verdict.status(), shell.sent),
            ("unauthenticated", 0)
        );
    }
    let never = Options {
        fallback: RemoteFallback::Never,
        ..Options::default()
    };
    let alone = shell.authenticate(
        None,
        Some(&format!("stytch_session={}", login.session_token)),
        &never,
    );
    assert_eq!(
        (reason(&alone), shell.sent),
        (("unauthenticated", "no_credentials"), 0)
    );
    shell.now += 301;
    let expired = shell.authenticate(None, Some(&login.cookies()), &never);
    assert_eq!(
        (reason(&expired), expired.set_cookies.len()),
        (("unauthenticated", "expired"), 0)
    );
}

#[test]
fn distinguishes_an_unavailable_policy_from_a_missing_permission() {
    let (mut shell, login) = consumer();
    let check = AuthorizationCheck {
        resource_id: "documents".to_owned(),
        action: "write".to_owned(),
        organization_id: None,
    };
    for (request_failure, expected) in [
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
        let options = Options {
            requirement: Requirement::Permission(check.clone()),
            faults: Faults {
                policies: Some(request_failure),
                ..Faults::default()
            },
            ..Options::default()
        };
        let decided = shell.authenticate(None, Some(&login.cookies()), &options);
        assert_eq!(reason(&decided), ("unavailable", expected));
    }
    // Longer than the pause after several failed fetches.
    shell.now += 31;
    let url = "https://test.stytch.com/v1/rbac/policy".to_owned();
    shell.policies.insert(url, json!({"policy": {"roles": []}}));
    let options = Options {
        requirement: Requirement::Permission(check),
        ..Options::default()
    };
    let decided = shell.authenticate(None, Some(&login.cookies()), &options);
    assert_eq!(reason(&decided), ("forbidden", "invalid_permissions"));
}

#[test]
fn rejects_responses_of_the_api_without_a_session_or_a_jwt_of_the_product() {
    let (mut shell, login) = consumer();
    let jwt = token(&mut shell, json!({"product": "b2b"}));
    let rules = CookieRules::default();
    let refresh = Refresh {
        purpose: Purpose::Session,
        product: Product::Consumer,
        required_claims: &[],
        cookies: Some(&rules),
        cleared: Cleared::Both,
        session_id: None,
    };
    let session = json!({"session_id": "s"});
    let valid = login.session_jwt.as_str();
    for answer in [
        json!({"session_jwt": "", "session": session}),
        json!({"session_jwt": "junk", "session": session}),
        json!({"session_jwt": jwt, "session": session}),
        json!({"session_jwt": login.session_token, "session": session}),
        json!({"session_jwt": valid}),
        json!({"session_jwt": valid, "session": null}),
        json!({"session_jwt": valid, "session": [null]}),
        json!({"session_jwt": valid, "member_session": session}),
        json!({"session_jwt": 7, "session": session}),
        json!([valid, null, session, null]),
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
    let answer = json!({"session_jwt": valid, "session": session}).to_string();
    let decided = refresh.answered(&answer, 0.0);
    assert_eq!(reason(&decided), ("authenticated", "remote"));
}

#[test]
fn an_invalid_option_is_an_invalid_argument() {
    let (mut shell, login) = consumer();
    let cookies = login.cookies();
    let rules = CookieRules::default();
    let headers = RequestHeaders {
        authorization: None,
        cookie: Some(&cookies),
    };
    let question = RequestCheck {
        credentials: Credentials::find(headers, &rules.session_jwt, &rules.session_token),
        requirement: &Requirement::Nothing,
        times: Times {
            tolerance: ClockTolerance::of(f64::NAN),
            ..Times::default()
        },
        required_claims: &[],
        remote_fallback: None,
        cookies: None,
        session_duration_minutes: None,
        refresh_timeout_ms: None,
    };
    let error = shell.run(async |core| core.authenticate_request(&question).await);
    let Error::Client(error) = error.unwrap_err() else {
        panic!()
    };
    assert_eq!(error.code, ClientErrorCode::InvalidArgument);
}
