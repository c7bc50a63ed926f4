//! Requests whose token may be of several kinds, with typed results.

use std::sync::Arc;

use serde_json::{Value, json};
use stytch_edge::{
    AcceptedKinds, AppRequestOptions, AuthenticateRequestOptions, KindAccess, KindVerdict,
    M2mRequestOptions, b2b,
    client::{RequestHeaders, Via},
    consumer,
};

use crate::{
    requests::cookie,
    test_platform::{NOW, TestPlatform, run},
};

type Accepts = AcceptedKinds<consumer::SessionsAuthorizationCheck>;
type Verdict = KindVerdict<consumer::Session, consumer::IntrospectTokenClaims>;

fn signed(platform: &TestPlatform, product: &str, kind: &str, claims: Value) -> String {
    let request = json!({"product": product, "kind": kind, "claims": claims});
    let signed = platform.control("POST", "/_emulator/tokens", &request);
    signed["token"].as_str().unwrap().to_owned()
}

fn all() -> Accepts {
    Accepts {
        session: Some(AuthenticateRequestOptions::default()),
        m2m: Some(M2mRequestOptions::default()),
        connected_app: Some(AppRequestOptions::default()),
    }
}

fn ask(platform: &Arc<TestPlatform>, token: &str, accepts: &Accepts) -> Verdict {
    let header = format!("Bearer {token}");
    let headers = RequestHeaders {
        authorization: Some(&header),
        cookie: None,
    };
    run(platform.client().authenticate_kinds(headers, accepts)).unwrap()
}

fn words(verdict: &Verdict) -> String {
    format!("{verdict:?} {:?}", verdict.challenge)
}

#[test]
fn each_kind_has_its_own_type() {
    let platform = TestPlatform::new();
    let sign = |kind: &str, claims| signed(&platform, "consumer", kind, claims);
    let session = sign("session", json!({"sub": "user-test-1"}));
    let KindAccess::Session(user) = ask(&platform, &session, &all()).access else {
        panic!()
    };
    assert_eq!(
        (user.via, user.session.user_id.as_str()),
        (Via::Local, "user-test-1")
    );
    let machine = sign("m2m", json!({"sub": "m2m-1", "scope": "a b"}));
    let verdict = ask(&platform, &machine, &all());
    let KindAccess::M2m(access) = &verdict.access else {
        panic!("{verdict:?}")
    };
    assert_eq!(access.token.client_id, "m2m-1");
    assert_eq!(access.token.scopes, ["a", "b"]);
    assert_eq!(access.access_token, machine);
    let again = ask(&platform, &machine, &all());
    assert_eq!(words(&again), "KindVerdict(m2m cache) None");
    let app = sign("connected_app", json!({"client_id": "app-1"}));
    let KindAccess::ConnectedApp(access) = ask(&platform, &app, &all()).access else {
        panic!()
    };
    assert_eq!(access.token.custom_claims["client_id"], "app-1");
}

#[test]
fn a_kind_that_is_not_accepted_is_refused_with_a_challenge() {
    let platform = TestPlatform::new();
    let sign = |kind: &str, claims| signed(&platform, "consumer", kind, claims);
    let session = sign("session", json!({}));
    let machine = sign("m2m", json!({"exp": NOW - 1}));
    let services = Accepts {
        session: None,
        ..all()
    };
    let sessions = Accepts {
        m2m: None,
        connected_app: None,
        ..all()
    };
    let wrong_kind = "KindVerdict(wrong_token_kind)";
    let challenge = r#"Some("Bearer error=\"invalid_token\"")"#;
    let found = words(&ask(&platform, &session, &services));
    assert_eq!(found, format!("{wrong_kind} {challenge}"));
    let found = words(&ask(&platform, &machine, &sessions));
    assert_eq!(found, format!("{wrong_kind} None"));
    let found = words(&ask(&platform, &machine, &all()));
    assert_eq!(found, format!("KindVerdict(expired) {challenge}"));
    let header = format!("stytch_session_jwt={session}");
    let asked = |accepts: &Accepts| {
        let client = platform.client();
        run(client.authenticate_kinds(cookie(&header), accepts))
    };
    let found = words(&asked(&all()).unwrap());
    assert_eq!(found, "KindVerdict(session local) None");
    let found = words(&asked(&services).unwrap());
    let realm = r#"KindVerdict(no_credentials) Some("Bearer realm=\"api\"")"#;
    assert_eq!(found, realm);
    let error = asked(&Accepts::default()).unwrap_err().to_string();
    assert!(error.contains("at least one kind"), "{error}");
}

#[test]
fn a_member_and_the_app_of_a_member_have_their_types() {
    let platform = TestPlatform::new();
    let client = platform.b2b_client();
    let accepts = AcceptedKinds::<b2b::AuthorizationCheck> {
        session: Some(AuthenticateRequestOptions::default()),
        connected_app: Some(AppRequestOptions {
            token: M2mRequestOptions {
                required_scopes: vec!["write:notes".to_owned()],
                ..Default::default()
            },
            ..Default::default()
        }),
        m2m: None,
    };
    let ask = |kind: &str, claims: Value| {
        let header = format!("Bearer {}", signed(&platform, "b2b", kind, claims));
        let headers = RequestHeaders {
            authorization: Some(&header),
            cookie: None,
        };
        run(client.authenticate_kinds(headers, &accepts)).unwrap()
    };
    let KindAccess::Session(member) = ask("session", json!({"sub": "member-1"})).access else {
        panic!()
    };
    assert_eq!(member.session.member_id, "member-1");
    let verdict = ask("connected_app", json!({"scope": "read:notes"}));
    assert_eq!(format!("{verdict:?}"), "KindVerdict(missing_scopes)");
    let scope = r#"Bearer error="insufficient_scope", scope="write:notes""#;
    assert_eq!(verdict.challenge.as_deref(), Some(scope));
}
