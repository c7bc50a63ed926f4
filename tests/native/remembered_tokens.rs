//! The cache of verified tokens: the checks that are repeated for a cached token, and the events that remove it.

use serde_json::json;
use stytch_edge::{
    client::{CacheLimits, Requirement},
    flow::with_state,
    jwt::payload_of_known,
    session::{AuthorizationCheck, Product, TokenKind},
};

use crate::{session_checks::token, shell::Shell};

fn refusal(shell: &mut Shell, token: &str, max_age: Option<f64>) -> &'static str {
    let error = shell.check(token, max_age).unwrap_err();
    error.reason.unwrap().word()
}

#[test]
fn returns_the_same_result_for_a_cached_token() {
    let mut shell = Shell::new(Product::B2b);
    let token = token(&mut shell, json!({}));
    let first = shell.check(&token, None).unwrap();
    assert_eq!(shell.remembered(), 1);
    for _ in 0..3 {
        assert_eq!(shell.check(&token, None).unwrap(), first);
    }
    assert_eq!(shell.remembered(), 1);
}

#[test]
fn validates_time_and_age_of_a_cached_token() {
    let mut shell = Shell::new(Product::Consumer);
    let token = token(&mut shell, json!({}));
    shell.check(&token, None).unwrap();
    assert_eq!(refusal(&mut shell, &token, Some(0.0)), "too_old");
    shell.now += 299;
    shell.check(&token, None).unwrap();
    assert_eq!(refusal(&mut shell, &token, Some(299.0)), "too_old");
    shell.now += 1;
    assert_eq!(refusal(&mut shell, &token, None), "expired");
    shell.now -= 301;
    assert_eq!(refusal(&mut shell, &token, None), "not_yet_valid");
    shell.now += 1;
    shell.check(&token, None).unwrap();
}

#[test]
fn checks_permissions_of_a_cached_token() {
    let mut shell = Shell::new(Product::Consumer);
    let url = "https://test.stytch.com/v1/rbac/policy".to_owned();
    let session = json!({"id": "session-test-1", "roles": ["editor"]});
    let token = token(
        &mut shell,
        json!({"claims": {"https://stytch.com/session": session}}),
    );
    let write = Requirement::Permission(AuthorizationCheck {
        resource_id: "documents".to_owned(),
        action: "write".to_owned(),
        organization_id: None,
    });
    let permissions = json!([{"resource_id": "documents", "actions": ["write"]}]);
    let policy = json!({"policy": {"roles": [{"role_id": "editor", "permissions": permissions}]}});
    shell.policies.insert(url, policy);
    let kind = TokenKind::Session;
    shell.check_as(kind, &token, &write, None).unwrap();
    shell.revoke_all();
    let refused = shell.check_as(kind, &token, &write, None).unwrap_err();
    assert_eq!(refused.code.word(), "invalid_permissions");
    shell.check(&token, None).unwrap();
}

#[test]
fn rejects_a_cached_token_for_another_kind_or_another_project() {
    let mut shell = Shell::new(Product::Consumer);
    let token = token(&mut shell, json!({}));
    shell.check(&token, None).unwrap();
    for kind in [TokenKind::Machine, TokenKind::ConnectedApp] {
        let error = shell
            .check_as(kind, &token, &Requirement::Nothing, None)
            .unwrap_err();
        assert_eq!(error.reason.unwrap().word(), "wrong_token_kind");
    }
    shell.config.issuer.base_url = "https://login.example.com/".to_owned();
    shell.config.issuer.project_id = "project-test-other".to_owned();
    let other = shell.config.issuer.clone();
    let keys = shell.keys_from(Product::Consumer);
    shell.store_keys(&other, keys);
    assert_eq!(refusal(&mut shell, &token, None), "wrong_issuer");
}

#[test]
fn deletes_the_cached_tokens_of_a_key_that_was_removed_from_the_set() {
    let mut shell = Shell::new(Product::Consumer);
    let token = token(&mut shell, json!({}));
    shell.check(&token, None).unwrap();
    let issuer = shell.config.issuer.clone();
    let other_keys = shell.keys_from(Product::B2b);
    shell.store_keys(&issuer, other_keys);
    assert_eq!(shell.remembered(), 0);
    assert_eq!(refusal(&mut shell, &token, None), "unknown_key");
}

#[test]
fn fetches_the_key_set_again_for_a_cached_token() {
    let mut shell = Shell::new(Product::Consumer);
    let exp = shell.now + 200_000;
    let token = token(&mut shell, json!({"claims": {"exp": exp}}));
    shell.check(&token, None).unwrap();
    assert_eq!(shell.sent, 1);
    shell.now += 601;
    shell.check(&token, None).unwrap();
    assert_eq!(
        shell.sent, 2,
        "the key set is fetched again after 600 seconds"
    );
}

#[test]
fn does_not_cache_a_refused_token() {
    let mut shell = Shell::new(Product::Consumer);
    for change in [
        json!({"claims": {"exp": shell.now - 10}}),
        json!({"claims": {"https://stytch.com/session": null}}),
        json!({"claims": {"aud": "another"}}),
        json!({"key": "stranger"}),
    ] {
        let token = token(&mut shell, change);
        shell.check(&token, None).unwrap_err();
    }
    assert_eq!(shell.remembered(), 0);
}

#[test]
fn does_not_cache_tokens_if_max_entries_is_0() {
    let mut shell = Shell::new(Product::Consumer);
    shell.config.token_cache = CacheLimits {
        max_entries: 0,
        max_bytes: 1 << 20,
    };
    let token = token(&mut shell, json!({}));
    shell.check(&token, None).unwrap();
    shell.check(&token, None).unwrap();
    assert_eq!(shell.remembered(), 0);
}

#[test]
fn caches_the_payload_and_counts_its_bytes() {
    let mut shell = Shell::new(Product::Consumer);
    let token = token(&mut shell, json!({}));
    shell.check(&token, None).unwrap();
    let (issuer, source) = (shell.config.issuer.clone(), shell.config.source);
    let limits = shell.config.token_cache;
    let (bytes, cached) = with_state(|state| {
        let tokens = state.keys_from(&issuer, source).verified();
        let bytes = tokens.bytes();
        let known = tokens.find(&token, TokenKind::Session, limits).unwrap();
        (bytes, known.valid.clone())
    });
    assert_eq!(Some(&*cached.payload), payload_of_known(&token).as_deref());
    let texts = token.len() + cached.json.len() + cached.payload.len();
    assert!(cached.payload.len() > 300 && bytes > texts, "{bytes}");
}
