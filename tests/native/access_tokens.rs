//! M2M tokens and tokens of Connected Apps: their checks, their claims, and introspection by the API.

use serde_json::{Value, json};
use stytch_edge::{
    client::{ClientError, Requirement, ServiceRequirement},
    session::{Product, TokenKind},
};

use crate::{session_checks::token, shell::Shell};

/// Removes the session claim and the organization claim, which the emulator adds by default. `null` removes a claim.
fn without_session(mut claims: Value) -> Value {
    claims["https://stytch.com/session"] = Value::Null;
    claims["https://stytch.com/organization"] = claims
        .get("https://stytch.com/organization")
        .cloned()
        .unwrap_or(Value::Null);
    claims
}

fn machine_claims() -> Value {
    json!({"sub": "m2m-client-test-1", "scope": "read:users write:*", "tenant": "t"})
}

fn app_claims() -> Value {
    json!({"sub": "user-test-1", "client_id": "connected-app-test-1", "scope": "openid email", "tenant": "t"})
}

fn signed(shell: &mut Shell, claims: Value) -> String {
    token(shell, json!({"claims": without_session(claims)}))
}

fn word(error: &ClientError) -> (&'static str, &'static str) {
    (error.code.word(), error.reason.unwrap().word())
}

#[test]
fn returns_the_scopes_and_the_custom_claims_of_an_m2m_token() {
    let mut shell = Shell::new(Product::Consumer);
    let token = signed(&mut shell, machine_claims());
    let machine = shell.check_as(TokenKind::Machine, &token, &Requirement::Nothing, None);
    let expected = json!({
        "client_id": "m2m-client-test-1",
        "scopes": ["read:users", "write:*"],
        "custom_claims": {"tenant": "t"},
    });
    assert_eq!(machine.unwrap(), expected);
}

#[test]
fn requires_the_scopes_of_an_m2m_token() {
    let mut shell = Shell::new(Product::B2b);
    let token = signed(&mut shell, machine_claims());
    let mut ask = |scopes: &[&str]| {
        let requirement =
            Requirement::Scopes(scopes.iter().map(|scope| (*scope).to_owned()).collect());
        shell.check_as(TokenKind::Machine, &token, &requirement, None)
    };
    assert!(ask(&["read:users", "write:books"]).is_ok());
    let refused = ask(&["read:users", "delete:users"]).unwrap_err();
    assert_eq!(word(&refused), ("missing_scopes", "missing_scopes"));
}

#[test]
fn returns_the_claims_of_a_connected_app_token() {
    let mut shell = Shell::new(Product::Consumer);
    let token = signed(&mut shell, app_claims());
    let app = shell.check_as(TokenKind::ConnectedApp, &token, &Requirement::Nothing, None);
    let app = app.unwrap();
    assert_eq!(app["subject"], "user-test-1");
    assert_eq!(app["scope"], "openid email");
    assert_eq!(app["audience"], json!([shell.config.issuer.project_id]));
    assert_eq!(app["token_type"], "access_token");
    assert!(app["expires_at"].is_number() && app["issued_at"].is_number());
    assert_eq!(
        app["custom_claims"],
        json!({"client_id": "connected-app-test-1", "tenant": "t"})
    );
    assert!(app.get("organization").is_none());
}

#[test]
fn returns_the_organization_of_a_members_connected_app_token() {
    let mut shell = Shell::new(Product::B2b);
    let mut claims = app_claims();
    claims["https://stytch.com/organization"] =
        json!({"organization_id": "organization-test-1", "slug": "acme", "more": 1});
    let token = signed(&mut shell, claims);
    let app = shell.check_as(TokenKind::ConnectedApp, &token, &Requirement::Nothing, None);
    let app = app.unwrap();
    assert_eq!(
        app["organization"],
        json!({"organization_id": "organization-test-1", "slug": "acme"})
    );
    assert_eq!(
        app["custom_claims"],
        json!({"client_id": "connected-app-test-1", "tenant": "t"})
    );
}

#[test]
fn rejects_a_token_of_another_kind() {
    let session = json!({"https://stytch.com/session": {"id": "session-test-1"}});
    let with_session = |mut claims: Value| {
        claims["https://stytch.com/session"] = session["https://stytch.com/session"].clone();
        claims
    };
    let mut shell = Shell::new(Product::Consumer);
    let tokens = [
        ("session", token(&mut shell, json!({}))),
        (
            "session with a scope",
            token(&mut shell, json!({"claims": with_session(app_claims())})),
        ),
        ("machine", signed(&mut shell, machine_claims())),
        ("app", signed(&mut shell, app_claims())),
        (
            "neither",
            signed(&mut shell, json!({"sub": "m2m-client-test-1"})),
        ),
        (
            "app of a member",
            signed(&mut shell, {
                let mut claims = app_claims();
                claims["https://stytch.com/organization"] = json!({"organization_id": "o"});
                claims
            }),
        ),
    ];
    let mut accepted = Vec::new();
    for kind in [
        TokenKind::Session,
        TokenKind::Machine,
        TokenKind::ConnectedApp,
    ] {
        for (name, token) in &tokens {
            match shell.check_as(kind, token, &Requirement::Nothing, None) {
                Ok(_) => accepted.push((kind, *name)),
                Err(error) => {
                    assert_eq!(word(&error), ("jwt_invalid", "wrong_token_kind"), "{name}")
                }
            }
        }
    }
    let expected = [
        (TokenKind::Session, "session"),
        (TokenKind::Session, "session with a scope"),
        (TokenKind::Machine, "machine"),
        (TokenKind::ConnectedApp, "app"),
    ];
    assert_eq!(accepted, expected);
}

#[test]
fn rejects_a_scope_that_is_not_a_string() {
    let mut shell = Shell::new(Product::Consumer);
    for scope in [json!(["read:users"]), json!({"read": "users"}), json!(1)] {
        let token = signed(
            &mut shell,
            json!({"sub": "m2m-client-test-1", "scope": scope}),
        );
        let error = shell.check_as(TokenKind::Machine, &token, &Requirement::Nothing, None);
        assert_eq!(word(&error.unwrap_err()), ("jwt_invalid", "invalid_claim"));
    }
}

#[test]
fn rejects_an_m2m_token_that_is_too_old_or_expired() {
    let mut shell = Shell::new(Product::Consumer);
    let token = signed(&mut shell, machine_claims());
    let error = shell.check_as(TokenKind::Machine, &token, &Requirement::Nothing, Some(0.0));
    assert_eq!(word(&error.unwrap_err()), ("jwt_too_old", "too_old"));
    shell.now += 10_000;
    let error = shell.check_as(TokenKind::Machine, &token, &Requirement::Nothing, None);
    assert_eq!(word(&error.unwrap_err()), ("jwt_invalid", "expired"));
}

fn introspect(product: Product, answer: &str) -> Result<Value, ClientError> {
    let shell = Shell::new(product);
    shell.introspected(answer)
}

#[test]
fn reads_the_introspection_of_an_active_token() {
    let answer = json!({
        "status_code": 200, "request_id": "r", "active": true, "token_type": "access_token", "sub": "user-test-1",
        "scope": "openid", "aud": ["p"], "exp": 2, "iat": 1, "nbf": 1, "iss": "i", "client_id": "c", "jti": "j", "tenant": "t",
    });
    let expected = json!({
        "token_type": "access_token", "subject": "user-test-1", "scope": "openid", "audience": ["p"], "expires_at": 2,
        "issued_at": 1, "issuer": "i", "not_before": 1, "custom_claims": {"jti": "j", "tenant": "t"},
    });
    assert_eq!(
        introspect(Product::Consumer, &answer.to_string()),
        Ok(expected)
    );
}

#[test]
fn rejects_an_introspection_that_is_not_active_or_has_the_wrong_claims() {
    for answer in [
        r#"{"active":false}"#,
        r#"{"active":"true","scope":"a","client_id":"c"}"#,
        r#"{"active":1,"scope":"a","client_id":"c"}"#,
        r#"{"scope":"a","client_id":"c"}"#,
    ] {
        let error = introspect(Product::Consumer, answer).unwrap_err();
        assert_eq!(word(&error), ("token_invalid", "not_active"), "{answer}");
    }
    for answer in [
        r#"{"active":true,"scope":"a"}"#,
        r#"{"active":true,"client_id":"c"}"#,
        r#"{"active":true,"active":true,"scope":"a","client_id":"c"}"#,
        r#"{"active":true,"scope":"a","client_id":"c","https://stytch.com/session":{"id":"s"}}"#,
        "[]",
    ] {
        let error = introspect(Product::Consumer, answer).unwrap_err();
        assert_eq!(error.code.word(), "token_invalid", "{answer}");
    }
    let of_a_user = r#"{"active":true,"scope":"a","client_id":"c"}"#;
    assert!(introspect(Product::Consumer, of_a_user).is_ok());
    let error = introspect(Product::B2b, of_a_user).unwrap_err();
    assert_eq!(word(&error), ("token_invalid", "wrong_token_kind"));
}

fn service(audiences: &[&str], scopes: &[&str]) -> Requirement {
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Requirement::Resource(ServiceRequirement {
        audiences: list(audiences),
        scopes: list(scopes),
        permission: None,
    })
}

#[test]
fn requires_the_audience_of_the_service() {
    let mut shell = Shell::new(Product::Consumer);
    let (project, notes) = (
        shell.config.issuer.project_id.clone(),
        "https://notes.example",
    );
    let tokens = [
        json!([project, notes]),
        json!([project]),
        json!(project),
        json!([project, format!("{notes}/")]),
    ];
    let tokens = tokens.map(|audience| {
        let mut claims = app_claims();
        claims["aud"] = audience;
        signed(&mut shell, claims)
    });
    let mut ask = |index: usize, requirement: Requirement| {
        let token = tokens.get(index).unwrap();
        let answer = shell.check_as(TokenKind::ConnectedApp, token, &requirement, None);
        answer.map_err(|error| word(&error).1)
    };
    for index in 0..4 {
        assert!(ask(index, service(&[], &["openid"])).is_ok());
        let named = ask(index, service(&["https://other.example", notes], &[]));
        assert_eq!(named.is_ok(), index == 0, "{index}");
        if let Err(reason) = named {
            assert_eq!(reason, "wrong_audience");
        }
    }
    let seen = ask(0, service(&[notes], &["email"])).unwrap();
    assert_eq!(seen["subject"], "user-test-1");
    assert_eq!(ask(0, service(&[notes], &["admin"])), Err("missing_scopes"));
    assert_eq!(
        ask(1, service(&[notes], &["admin"])),
        Err("wrong_audience"),
        "the audience is validated before the scopes"
    );
}
