//! Tests which forged tokens the cache stores and drops, and that a known one is not verified again.

use base64ct::{Base64UrlUnpadded, Encoding};

use super::*;
use crate::{
    client::{
        CacheLimits, CheckRequest, Expected, IsolateState, KeyCache, LookupContext, Requirement,
        Terms, check,
    },
    jwt::{ClockTolerance, JwkSet, signatures_verified},
    session::{CheckOptions, Issuer, Product, TokenKind},
};

const NOW: f64 = 1_700_000_000.0;

#[test]
fn finds_whole_tokens_and_drops_the_least_recently_used_one() {
    let mut cache = ForgedTokens::new();
    cache.store("one.12345678", "k");
    assert_eq!(cache.find("one.12345678"), Some("k"));
    for other in [
        "",
        "two.12345678",
        "one.1234567",
        "xone.12345678",
        "12345678",
    ] {
        assert_eq!(cache.find(other), None, "{other}");
    }
    for number in 0..1_000 {
        cache.store(&format!("token.{number:08}"), "k");
        assert_eq!(cache.find("one.12345678"), Some("k"), "used every time");
        assert!(cache.count() <= MAX_TOKENS);
    }
    assert_eq!(cache.find("token.00000500"), None);
}

#[test]
fn stays_within_its_limit_of_bytes() {
    let mut cache = ForgedTokens::new();
    for number in 0..200 {
        let token = format!("{}.{number:08}", "a".repeat(number * 25));
        cache.store(&token, "k");
        let bytes: usize = cache.tokens.iter().map(Forged::bytes).sum();
        assert_eq!(cache.bytes(), bytes);
        assert!(bytes <= MAX_BYTES);
        assert_eq!(
            cache.find(&token).is_some(),
            token.len() < 4_040,
            "{number}"
        );
    }
}

#[test]
fn verifies_a_forged_token_once_for_each_key_set() {
    let mut state = state(NOW);
    let token = forged("k", "");
    for _ in 0..5 {
        assert_eq!(reason(&mut state, &token, NOW), "bad_signature");
    }
    assert_eq!(signatures_verified(), 1);
    assert_eq!(reason(&mut state, &forged("k", "A"), NOW), "bad_signature");
    assert_eq!(signatures_verified(), 1, "another token is verified");
    keys(&mut state).store(set("k"), NOW + 1.0);
    assert_eq!(keys(&mut state).forged().count(), 0);
    assert_eq!(reason(&mut state, &token, NOW + 1.0), "bad_signature");
    keys(&mut state).set_provided(set("other"), false);
    assert_eq!(keys(&mut state).forged().count(), 0);
    assert_eq!(reason(&mut state, &token, NOW + 1.0), "bad_signature");
    assert_eq!(signatures_verified(), 2);
}

#[test]
fn looks_the_key_of_a_known_forgery_up_again() {
    let mut state = state(NOW);
    let token = forged("k", "");
    assert_eq!(reason(&mut state, &token, NOW), "bad_signature");
    assert_eq!(reason(&mut state, &token, NOW + 601.0), "needed");
    assert_eq!(reason(&mut state, &token, NOW - 120.0), "needed");
    assert_eq!(signatures_verified(), 1);
}

#[test]
fn stores_neither_other_refusals_nor_tokens_without_a_known_kid() {
    let mut state = state(NOW);
    let token = forged("k", "");
    assert_eq!(
        reason(&mut state, &forged("unknown", ""), NOW),
        "unknown_key"
    );
    assert_eq!(
        reason(&mut state, &token.replace('.', "_"), NOW),
        "malformed"
    );
    let without_kid = format!("{}.e30.AAAA", part(r#"{"alg":"RS256","typ":"JWT"}"#));
    assert_eq!(reason(&mut state, &without_kid, NOW), "bad_signature");
    assert_eq!(keys(&mut state).forged().count(), 0);
    let disabled = CacheLimits {
        max_entries: 0,
        ..CacheLimits::default()
    };
    let refused = check_with(&mut state, &token, NOW, disabled);
    assert_eq!(refused, "bad_signature");
    assert_eq!(keys(&mut state).forged().count(), 0);
}

#[test]
fn removes_the_forged_tokens_of_a_project_that_is_forgotten() {
    let mut state = state(NOW);
    assert_eq!(reason(&mut state, &forged("k", ""), NOW), "bad_signature");
    assert_eq!(keys(&mut state).forged().count(), 1);
    state.forget(&issuer(0), LookupContext::at(NOW).source);
    assert_eq!(keys(&mut state).forged().count(), 0);
}

#[test]
fn limits_the_forged_tokens_of_all_projects() {
    let mut state = IsolateState::new();
    let source = LookupContext::at(NOW).source;
    for number in 0..30 {
        let forged = state.keys_from(&issuer(number), source).forged();
        for token in 0..16 {
            forged.store(&format!("{}{token:08}", "a".repeat(4_000)), "k");
        }
        state.trim();
        let mut of = |number| state.keys_from(&issuer(number), source).forged().bytes();
        let bytes: usize = (0..=number).map(&mut of).sum();
        assert!(bytes <= 1 << 20, "{number}: {bytes}");
        assert!(bytes > 0);
    }
}

fn state(now: f64) -> IsolateState {
    signatures_verified();
    let mut state = IsolateState::new();
    keys(&mut state).store(set("k"), now);
    state
}

fn keys(state: &mut IsolateState) -> &mut KeyCache {
    state.keys_from(&issuer(0), LookupContext::at(NOW).source)
}

fn set(kid: &str) -> JwkSet {
    let n = Base64UrlUnpadded::encode_string(&[0xff; 256]);
    let set = format!(r#"{{"keys":[{{"kty":"RSA","kid":"{kid}","n":"{n}","e":"AQAB"}}]}}"#);
    JwkSet::parse(&set).unwrap()
}

fn issuer(number: usize) -> Issuer {
    Issuer {
        product: Product::Consumer,
        project_id: format!("project-test-{number}"),
        base_url: "https://test.stytch.com/".to_owned(),
    }
}

fn part(json: &str) -> String {
    Base64UrlUnpadded::encode_string(json.as_bytes())
}

fn forged(kid: &str, more: &str) -> String {
    let header = part(&format!(r#"{{"alg":"RS256","typ":"JWT","kid":"{kid}"}}"#));
    let signature = Base64UrlUnpadded::encode_string(&[7; 256]);
    format!("{header}.e30{more}.{signature}")
}

fn reason(state: &mut IsolateState, token: &str, now: f64) -> &'static str {
    check_with(state, token, now, CacheLimits::default())
}

fn check_with(state: &mut IsolateState, token: &str, now: f64, cache: CacheLimits) -> &'static str {
    let request = CheckRequest {
        issuer: &issuer(0),
        token,
        expected: Expected::One(Terms {
            kind: TokenKind::Session,
            requirement: &Requirement::Nothing,
            options: CheckOptions {
                now,
                tolerance: ClockTolerance::default(),
                max_token_age: None,
            },
        }),
        cache,
        lookup: LookupContext::at(now),
    };
    match check(state, &request) {
        Ok(crate::client::Checked::Needed(_)) => "needed",
        Ok(crate::client::Checked::Done(_)) => "accepted",
        Err(error) => error.reason.unwrap().word(),
    }
}
