//! Verdicts on requests, from the headers to a typed session and the cookies.

use serde_json::{Value, json};
use stytch_edge::{
    Access, AuthenticateRequestOptions, Error, RequestVerdict, b2b, clear_session_cookies,
    client::{
        CookieRules, Reason, RemoteFallback, RequestHeaders, RequiredClaim, RequiredValue, Via,
    },
    consumer, session_cookies,
    shared::RemoteFallback as Word,
};

use crate::{
    checks::{reason, token},
    test_platform::{NOW, TestPlatform, run},
};

pub type Options = AuthenticateRequestOptions<consumer::SessionsAuthorizationCheck>;

pub fn cookie(header: &str) -> RequestHeaders<'_> {
    RequestHeaders {
        authorization: None,
        cookie: Some(header),
    }
}

fn authenticate(
    platform: &std::sync::Arc<TestPlatform>,
    header: &str,
    options: &Options,
) -> RequestVerdict<consumer::Session> {
    run(platform
        .client()
        .authenticate_request(cookie(header), options))
    .unwrap()
}

fn word<Session>(verdict: &RequestVerdict<Session>) -> String {
    format!("{verdict:?}")
}

#[test]
fn authenticates_a_user_by_a_cookie_and_a_member_by_a_bearer_credential() {
    let platform = TestPlatform::new();
    let jwt = token(
        &platform,
        "consumer",
        json!({"sub": "user-test-1", "plan": "gold"}),
    );
    let header = format!("stytch_session_jwt={jwt}");
    let first = authenticate(&platform, &header, &Options::default());
    let Access::Authenticated(user) = &first.access else {
        panic!("{first:?}")
    };
    assert_eq!(
        (user.via, user.session.user_id.as_str()),
        (Via::Local, "user-test-1")
    );
    assert_eq!(
        (&user.session_jwt, &user.claims["plan"]),
        (&jwt, &json!("gold"))
    );
    assert_eq!(
        word(&authenticate(&platform, &header, &Options::default())),
        "RequestVerdict(cache)"
    );
    let jwt = token(&platform, "b2b", json!({"sub": "member-test-1"}));
    let bearer = format!("Bearer {jwt}");
    let headers = RequestHeaders {
        authorization: Some(&bearer),
        cookie: None,
    };
    let verdict = run(platform
        .b2b_client()
        .authenticate_request(headers, &AuthenticateRequestOptions::default()))
    .unwrap();
    let Access::Authenticated(user) = verdict.access else {
        panic!()
    };
    assert_eq!(user.session.member_id, "member-test-1");
}

#[test]
fn refreshes_a_session_and_sets_its_cookies() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let email = consumer::MagicLinksEmailLoginOrCreateRequest {
        email: "a@example.com".to_owned(),
        ..Default::default()
    };
    run(client.magic_links().email().login_or_create(&email)).unwrap();
    let outbox = platform.control("GET", "/_emulator/outbox.json", &Value::Null);
    let login = consumer::MagicLinksAuthenticateRequest {
        token: outbox["messages"][0]["token"].as_str().unwrap().to_owned(),
        session_duration_minutes: Some(60),
        ..Default::default()
    };
    let login = run(client.magic_links().authenticate(&login)).unwrap();
    let header = format!(
        "stytch_session={}; stytch_session_jwt={}",
        login.session_token, login.session_jwt
    );
    *platform.now.lock().unwrap() += 301;
    let never = Options {
        remote_fallback: Some(RemoteFallback::Never),
        ..Options::default()
    };
    assert_eq!(
        word(&authenticate(&platform, &header, &never)),
        "RequestVerdict(expired)"
    );
    let verdict = authenticate(&platform, &header, &Options::default());
    assert_eq!(
        (word(&verdict), verdict.set_cookies.len()),
        ("RequestVerdict(remote)".to_owned(), 2)
    );
    let plan = RequiredClaim {
        name: "plan".to_owned(),
        value: RequiredValue::Present,
    };
    let required = Options {
        required_claims: vec![plan],
        ..Options::default()
    };
    let verdict = authenticate(&platform, &header, &required);
    assert_eq!(
        (word(&verdict), verdict.set_cookies.len()),
        ("RequestVerdict(claim_mismatch)".to_owned(), 2)
    );
    run(client.sessions().revoke(&consumer::SessionsRevokeRequest {
        session_token: Some(login.session_token.clone()),
        ..Default::default()
    }))
    .unwrap();
    let ended = authenticate(&platform, &header, &Options::default());
    assert_eq!(word(&ended), "RequestVerdict(session_not_found)");
    let cleared = clear_session_cookies(&CookieRules::default()).unwrap();
    assert_eq!(ended.set_cookies, cleared[..1], "the cookie of the JWT");
    let token_only = format!("stytch_session={}", login.session_token);
    let ended = authenticate(&platform, &token_only, &Options::default());
    assert_eq!(ended.set_cookies, cleared);
    let request = |remote_fallback| consumer::SessionsAuthenticateJwtRequest {
        session_jwt: login.session_jwt.clone(),
        remote_fallback,
        ..Default::default()
    };
    let error = run(client
        .sessions()
        .authenticate_jwt(&request(Some(Word::Never))))
    .unwrap_err();
    assert_eq!(reason(error), ("jwt_invalid", "expired"));
    for word in [None, Some(Word::Stale), Some(Word::Always)] {
        let error = run(client.sessions().authenticate_jwt(&request(word))).unwrap_err();
        assert!(matches!(error, Error::Api(error) if error.status_code == 404));
    }
}

#[test]
fn a_response_about_another_session_is_unusable() {
    let platform = TestPlatform::new();
    let jwt_of = |session: &str| {
        let claims = json!({ "https://stytch.com/session": { "id": session } });
        token(&platform, "consumer", claims)
    };
    let (own, other) = (jwt_of("session-test-1"), jwt_of("session-test-2"));
    let header = format!("stytch_session_jwt={own}");
    authenticate(&platform, &header, &Options::default());
    platform.pass(301);
    for (session_jwt, expected) in [(other, "api_unavailable"), (own, "remote")] {
        let session = json!({
            "session_id": "session-test-1", "user_id": "user-test-1",
            "authentication_factors": [], "roles": [],
        });
        let body = json!({ "session": session, "session_jwt": session_jwt });
        platform.answer(200, &body.to_string());
        let verdict = authenticate(&platform, &header, &Options::default());
        assert_eq!(word(&verdict), format!("RequestVerdict({expected})"));
    }
}

#[test]
fn unknown_kids_trigger_at_most_10_requests_per_minute_in_authenticate_jwt() {
    let platform = TestPlatform::new();
    let client = platform.client();
    let ask = |session_jwt| {
        let request = consumer::SessionsAuthenticateJwtRequest {
            session_jwt,
            remote_fallback: Some(Word::Stale),
            ..Default::default()
        };
        run(client.sessions().authenticate_jwt(&request)).map(|answer| answer.session)
    };
    ask(token(&platform, "consumer", json!({}))).unwrap();
    let sent = || platform.sent.lock().unwrap().len();
    let before = sent();
    *platform.now.lock().unwrap() += 30;
    for number in 0..30 {
        *platform.now.lock().unwrap() += 1;
        let header = json!({"kid": format!("made-up-{number}")});
        let request = json!({"product": "consumer", "header": header});
        let signed = platform.control("POST", "/_emulator/tokens", &request);
        let token = signed["token"].as_str().unwrap().to_owned();
        ask(token).unwrap_err();
    }
    assert_eq!(sent() - before, 11, "ten, and one request for the key set");
}

#[test]
fn distinguishes_an_outage_from_a_misconfiguration_and_sends_no_request_for_malformed_tokens() {
    let platform = TestPlatform::new();
    assert_eq!(
        word(&authenticate(
            &platform,
            "stytch_session=a b",
            &Options::default()
        )),
        "RequestVerdict(malformed)"
    );
    assert!(platform.sent.lock().unwrap().is_empty());
    platform.fail(Reason::Timeout);
    assert_eq!(
        word(&authenticate(
            &platform,
            "stytch_session=abc",
            &Options::default()
        )),
        "RequestVerdict(timeout)"
    );
    // Longer than the pause after the failure.
    platform.pass(1);
    platform.answer(
        401,
        r#"{"status_code":401,"error_type":"unauthorized_credentials"}"#,
    );
    assert_eq!(
        word(&authenticate(
            &platform,
            "stytch_session=abc",
            &Options::default()
        )),
        "RequestVerdict(misconfigured)"
    );
}

#[test]
fn distinguishes_a_refused_request_for_the_policy_from_an_outage() {
    let platform = TestPlatform::new();
    let jwt = token(&platform, "consumer", json!({}));
    let header = format!("stytch_session_jwt={jwt}");
    authenticate(&platform, &header, &Options::default());
    let check = consumer::SessionsAuthorizationCheck {
        resource_id: "a".to_owned(),
        action: "b".to_owned(),
    };
    let options = Options {
        authorization_check: Some(check),
        ..Options::default()
    };
    platform.answer(
        401,
        r#"{"status_code":401,"error_type":"unauthorized_credentials"}"#,
    );
    assert_eq!(
        word(&authenticate(&platform, &header, &options)),
        "RequestVerdict(misconfigured)"
    );
    platform.answer(
        503,
        r#"{"status_code":503,"error_type":"server_unavailable"}"#,
    );
    *platform.now.lock().unwrap() += 60;
    assert_eq!(
        word(&authenticate(&platform, &header, &options)),
        "RequestVerdict(policy_unavailable)"
    );
}

#[test]
fn rejects_cookie_rules_that_browsers_ignore() {
    let platform = TestPlatform::new();
    let cookies = CookieRules {
        path: "app".to_owned(),
        ..CookieRules::default()
    };
    let options: AuthenticateRequestOptions<b2b::AuthorizationCheck> = AuthenticateRequestOptions {
        cookies: Some(cookies.clone()),
        ..Default::default()
    };
    let error = run(platform
        .b2b_client()
        .authenticate_request(cookie("a=b"), &options))
    .unwrap_err();
    assert!(matches!(error, Error::Client(_)));
    assert!(session_cookies(&cookies, ("a", "b"), "", 0.0).is_err());
    let lines = session_cookies(
        &CookieRules::default(),
        ("a.b.c", "t"),
        "2027-01-15T08:10:00Z",
        NOW as f64,
    )
    .unwrap();
    assert_eq!(
        lines[1],
        "stytch_session=t; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax"
    );
}
