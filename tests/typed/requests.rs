//! Verdicts on requests, from their headers to a typed session and cookies.

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
    stand::{NOW, Stand, run},
};

pub type Options = AuthenticateRequestOptions<consumer::SessionsAuthorizationCheck>;

pub fn cookie(header: &str) -> RequestHeaders<'_> {
    RequestHeaders {
        authorization: None,
        cookie: Some(header),
    }
}

fn visit(
    stand: &std::sync::Arc<Stand>,
    header: &str,
    options: &Options,
) -> RequestVerdict<consumer::Session> {
    run(stand.client().authenticate_request(cookie(header), options)).unwrap()
}

fn word<Session>(verdict: &RequestVerdict<Session>) -> String {
    format!("{verdict:?}")
}

#[test]
fn lets_a_user_in_by_a_cookie_and_a_member_by_a_bearer() {
    let stand = Stand::new();
    let jwt = token(
        &stand,
        "consumer",
        json!({"sub": "user-test-1", "plan": "gold"}),
    );
    let header = format!("stytch_session_jwt={jwt}");
    let first = visit(&stand, &header, &Options::default());
    let Access::Authenticated(visitor) = &first.access else {
        panic!("{first:?}")
    };
    assert_eq!(
        (visitor.via, visitor.session.user_id.as_str()),
        (Via::Local, "user-test-1")
    );
    assert_eq!(
        (&visitor.session_jwt, &visitor.claims["plan"]),
        (&jwt, &json!("gold"))
    );
    assert_eq!(
        word(&visit(&stand, &header, &Options::default())),
        "RequestVerdict(cache)"
    );
    let jwt = token(&stand, "b2b", json!({"sub": "member-test-1"}));
    let bearer = format!("Bearer {jwt}");
    let headers = RequestHeaders {
        authorization: Some(&bearer),
        cookie: None,
    };
    let verdict = run(stand
        .b2b_client()
        .authenticate_request(headers, &AuthenticateRequestOptions::default()))
    .unwrap();
    let Access::Authenticated(visitor) = verdict.access else {
        panic!()
    };
    assert_eq!(visitor.session.member_id, "member-test-1");
}

#[test]
fn refreshes_a_session_and_sets_its_cookies() {
    let stand = Stand::new();
    let client = stand.client();
    let email = consumer::MagicLinksEmailLoginOrCreateRequest {
        email: "a@example.com".to_owned(),
        ..Default::default()
    };
    run(client.magic_links().email().login_or_create(&email)).unwrap();
    let outbox = stand.lever("GET", "/_emulator/outbox.json", &Value::Null);
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
    *stand.now.lock().unwrap() += 301;
    let never = Options {
        remote_fallback: Some(RemoteFallback::Never),
        ..Options::default()
    };
    assert_eq!(
        word(&visit(&stand, &header, &never)),
        "RequestVerdict(expired)"
    );
    let verdict = visit(&stand, &header, &Options::default());
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
    let verdict = visit(&stand, &header, &required);
    assert_eq!(
        (word(&verdict), verdict.set_cookies.len()),
        ("RequestVerdict(claim_mismatch)".to_owned(), 2)
    );
    run(client.sessions().revoke(&consumer::SessionsRevokeRequest {
        session_token: Some(login.session_token.clone()),
        ..Default::default()
    }))
    .unwrap();
    let over = visit(&stand, &header, &Options::default());
    assert_eq!(word(&over), "RequestVerdict(session_not_found)");
    assert_eq!(
        over.set_cookies,
        clear_session_cookies(&CookieRules::default()).unwrap()
    );
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
fn asks_the_api_about_made_up_kids_ten_times_a_minute_by_authenticate_jwt_too() {
    let stand = Stand::new();
    let client = stand.client();
    let ask = |session_jwt| {
        let request = consumer::SessionsAuthenticateJwtRequest {
            session_jwt,
            remote_fallback: Some(Word::Stale),
            ..Default::default()
        };
        run(client.sessions().authenticate_jwt(&request)).map(|answer| answer.session)
    };
    ask(token(&stand, "consumer", json!({}))).unwrap();
    let sent = || stand.sent.lock().unwrap().len();
    let before = sent();
    *stand.now.lock().unwrap() += 30;
    for number in 0..30 {
        *stand.now.lock().unwrap() += 1;
        let header = json!({"kid": format!("made-up-{number}")});
        let wish = json!({"product": "consumer", "header": header});
        let minted = stand.lever("POST", "/_emulator/tokens", &wish);
        let token = minted["token"].as_str().unwrap().to_owned();
        ask(token).unwrap_err();
    }
    assert_eq!(sent() - before, 11, "ten, and one for the keys");
}

#[test]
fn tells_an_outage_from_a_refusal_and_sends_nothing_for_junk() {
    let stand = Stand::new();
    assert_eq!(
        word(&visit(&stand, "stytch_session=a b", &Options::default())),
        "RequestVerdict(malformed)"
    );
    assert!(stand.sent.lock().unwrap().is_empty());
    stand.fail(Reason::Timeout);
    assert_eq!(
        word(&visit(&stand, "stytch_session=abc", &Options::default())),
        "RequestVerdict(timeout)"
    );
    stand.answer(
        401,
        r#"{"status_code":401,"error_type":"unauthorized_credentials"}"#,
    );
    assert_eq!(
        word(&visit(&stand, "stytch_session=abc", &Options::default())),
        "RequestVerdict(misconfigured)"
    );
}

#[test]
fn tells_a_policy_that_it_may_not_have_from_one_that_is_down() {
    let stand = Stand::new();
    let jwt = token(&stand, "consumer", json!({}));
    let header = format!("stytch_session_jwt={jwt}");
    visit(&stand, &header, &Options::default());
    let check = consumer::SessionsAuthorizationCheck {
        resource_id: "a".to_owned(),
        action: "b".to_owned(),
    };
    let options = Options {
        authorization_check: Some(check),
        ..Options::default()
    };
    stand.answer(
        401,
        r#"{"status_code":401,"error_type":"unauthorized_credentials"}"#,
    );
    assert_eq!(
        word(&visit(&stand, &header, &options)),
        "RequestVerdict(misconfigured)"
    );
    stand.answer(
        503,
        r#"{"status_code":503,"error_type":"server_unavailable"}"#,
    );
    *stand.now.lock().unwrap() += 60;
    assert_eq!(
        word(&visit(&stand, &header, &options)),
        "RequestVerdict(policy_unavailable)"
    );
}

#[test]
fn refuses_cookies_that_a_browser_would_drop() {
    let stand = Stand::new();
    let cookies = CookieRules {
        path: "app".to_owned(),
        ..CookieRules::default()
    };
    let options: AuthenticateRequestOptions<b2b::AuthorizationCheck> = AuthenticateRequestOptions {
        cookies: Some(cookies.clone()),
        ..Default::default()
    };
    let error = run(stand
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
