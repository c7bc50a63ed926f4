//! Tests which verified tokens the cache stores and drops.

use super::*;
use crate::session::TokenKind::{ConnectedApp, Session};

const LIMITS: CacheLimits = CacheLimits {
    max_entries: 10,
    max_bytes: 1 << 20,
};

fn verified(token: &str) -> Arc<Verified> {
    let valid = ValidToken::with_json("{}");
    Verified::new(token, Session, Some("k".to_owned()), valid)
}

fn finds(cache: &mut VerifiedTokens, token: &str) -> bool {
    cache.find(token, Session, LIMITS).is_some()
}

#[test]
fn finds_a_whole_token_of_its_kind_and_no_other() {
    let mut cache = VerifiedTokens::new();
    cache.store(verified("header.claims.signature"), LIMITS);
    assert!(finds(&mut cache, "header.claims.signature"));
    for other in [
        "",
        "header.claim2.signature",
        "Header.claims.signature",
        "claims.signature",
        "xheader.claims.signature",
        "header.claims.signatur",
        "header.claims.signatura",
    ] {
        assert!(!finds(&mut cache, other), "{other}");
    }
    let as_another = cache.find("header.claims.signature", ConnectedApp, LIMITS);
    assert!(as_another.is_none());
}

#[test]
fn keeps_the_later_of_two_tokens_with_the_same_suffix() {
    let mut cache = VerifiedTokens::new();
    cache.store(verified("one.12345678"), LIMITS);
    cache.store(verified("two.12345678"), LIMITS);
    assert!(!finds(&mut cache, "one.12345678"));
    assert!(finds(&mut cache, "two.12345678"));
    assert_eq!(
        (cache.count(), cache.bytes()),
        (1, verified("two.12345678").bytes())
    );
}

#[test]
fn keeps_recently_used_tokens_within_its_limits() {
    for max_entries in [1, 2, 3, 10, 11] {
        let limits = CacheLimits {
            max_entries,
            ..LIMITS
        };
        let mut cache = VerifiedTokens::new();
        for number in 0..1_000 {
            cache.store(verified(&format!("token.{number:08}")), limits);
            assert!(cache.count() <= max_entries, "{max_entries}");
            assert!(finds(&mut cache, &format!("token.{number:08}")));
            if max_entries >= 4 {
                assert!(finds(&mut cache, "token.00000000"), "used every time");
            }
        }
        assert!(!finds(&mut cache, "token.00000500"));
        assert_eq!(
            cache.bytes(),
            cache.count() * verified("token.00000000").bytes()
        );
    }
}

/// Uses all earlier tokens again after each new one.
#[test]
fn stays_within_its_limits_if_all_tokens_are_used_again() {
    let bytes = verified("token.00000000").bytes();
    for (max_entries, max_bytes) in [(10, 1 << 20), (1_000, 10 * bytes)] {
        let limits = CacheLimits {
            max_entries,
            max_bytes,
        };
        let mut cache = VerifiedTokens::new();
        for number in 0..100 {
            cache.store(verified(&format!("token.{number:08}")), limits);
            for known in 0..=number {
                let token = format!("token.{known:08}");
                let _ = cache.find(&token, Session, limits);
                assert!(cache.count() <= 10, "{number}, {known}");
            }
            let last = format!("token.{number:08}");
            assert!(cache.find(&last, Session, limits).is_some(), "{number}");
        }
    }
}

#[test]
fn stays_within_its_limit_of_bytes() {
    let limits = CacheLimits {
        max_bytes: 10_000,
        ..LIMITS
    };
    let mut cache = VerifiedTokens::new();
    for number in 0..100 {
        let token = format!("{}.{number:08}", "a".repeat(number * 40));
        cache.store(verified(&token), limits);
        assert!(cache.bytes() <= 10_000);
    }
    let too_long = format!("{}.12345678", "a".repeat(6_000));
    cache.store(verified(&too_long), limits);
    assert!(!finds(&mut cache, &too_long));
}

#[test]
fn stores_and_finds_no_token_if_a_limit_is_0() {
    for limits in [
        CacheLimits {
            max_entries: 0,
            ..LIMITS
        },
        CacheLimits {
            max_bytes: 0,
            ..LIMITS
        },
    ] {
        let mut cache = VerifiedTokens::new();
        cache.store(verified("token.12345678"), limits);
        assert_eq!(cache.count(), 0);
        cache.store(verified("token.12345678"), LIMITS);
        assert!(cache.find("token.12345678", Session, limits).is_none());
    }
}
