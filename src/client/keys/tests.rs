//! Fetches and lookups in every order, by a clock of the test's own.

use base64ct::{Base64UrlUnpadded, Encoding};

use super::*;

const START: UnixSeconds = 1_700_000_000.0;

fn set(kid: &str) -> JwkSet {
    let n = Base64UrlUnpadded::encode_string(&[0xff; 256]);
    JwkSet::parse(&format!(
        r#"{{"keys":[{{"kty":"RSA","kid":"{kid}","n":"{n}","e":"AQAB"}}]}}"#
    ))
    .unwrap()
}

fn fetched_at_start() -> KeyCache {
    let mut keys = KeyCache::default();
    keys.note_attempt(START);
    keys.store(set("a"), START);
    keys
}

#[test]
fn fetches_when_there_are_no_keys_even_after_a_failure() {
    let mut keys = KeyCache::default();
    assert!(matches!(keys.find(Some("a"), START), Lookup::Fetch));
    keys.note_attempt(START);
    keys.note_failure(START);
    assert!(matches!(keys.find(Some("a"), START + 1.0), Lookup::Fetch));
}

#[test]
fn keeps_a_set_for_ten_minutes() {
    let keys = fetched_at_start();
    assert!(matches!(
        keys.find(Some("a"), START + 599.0),
        Lookup::Found(_)
    ));
    assert!(matches!(keys.find(Some("a"), START + 600.0), Lookup::Fetch));
}

#[test]
fn fetches_for_an_unknown_kid_at_most_every_half_minute() {
    let mut keys = fetched_at_start();
    assert!(matches!(
        keys.find(Some("b"), START + 29.0),
        Lookup::Unknown
    ));
    assert!(matches!(keys.find(Some("b"), START + 30.0), Lookup::Fetch));
    keys.note_attempt(START + 30.0);
    keys.store(set("a"), START + 30.0);
    assert!(matches!(
        keys.find(Some("b"), START + 31.0),
        Lookup::Unknown
    ));
}

#[test]
fn takes_no_outage_for_a_verdict_on_an_unknown_kid() {
    let mut keys = fetched_at_start();
    keys.note_attempt(START + 60.0);
    assert!(
        matches!(keys.find(Some("b"), START + 61.0), Lookup::Fetch),
        "while one is under way"
    );
    assert!(
        matches!(keys.find(Some("b"), START + 75.0), Lookup::Unavailable),
        "one that never ended"
    );
    keys.note_failure(START + 60.0);
    assert!(matches!(
        keys.find(Some("b"), START + 61.0),
        Lookup::Unavailable
    ));
    assert!(matches!(
        keys.find(Some("a"), START + 61.0),
        Lookup::Found(_)
    ));
    assert!(matches!(keys.find(Some("b"), START + 90.0), Lookup::Fetch));
}

#[test]
fn asks_no_more_for_made_up_kids_once_one_of_many_fetches_has_ended() {
    // Where no call waits for another's fetch, attempts overlap for as long as
    // strangers keep coming.
    let mut keys = fetched_at_start();
    keys.note_attempt(START + 60.0);
    keys.note_attempt(START + 60.5);
    keys.store(set("a"), START + 60.0);
    assert!(matches!(
        keys.find(Some("b"), START + 61.0),
        Lookup::Unknown
    ));
    let mut keys = fetched_at_start();
    keys.note_attempt(START + 60.0);
    keys.note_attempt(START + 60.5);
    keys.note_failure(START + 60.0);
    assert!(matches!(
        keys.find(Some("b"), START + 61.0),
        Lookup::Unavailable
    ));
    keys.store(set("b"), START + 60.5);
    assert!(matches!(
        keys.find(Some("b"), START + 61.0),
        Lookup::Found(_)
    ));
    keys.note_failure(START + 60.0);
    assert!(
        matches!(keys.find(Some("c"), START + 61.0), Lookup::Unknown),
        "a failure that is told late says nothing of the later fetch"
    );
}

#[test]
fn judges_on_with_old_keys_while_fetching_fails_but_not_for_more_than_a_day() {
    let mut keys = fetched_at_start();
    keys.note_attempt(START + 601.0);
    assert!(matches!(
        keys.find(Some("a"), START + 602.0),
        Lookup::Found(_)
    ));
    keys.note_attempt(START + 86_390.0);
    keys.note_failure(START + 86_390.0);
    assert!(matches!(
        keys.find(Some("a"), START + 86_399.0),
        Lookup::Found(_)
    ));
    assert!(matches!(
        keys.find(Some("a"), START + 86_400.0),
        Lookup::Fetch
    ));
}

#[test]
fn takes_keys_from_the_future_for_old_ones() {
    let keys = fetched_at_start();
    assert!(matches!(keys.find(Some("a"), START - 1.0), Lookup::Fetch));
}

#[test]
fn lets_an_empty_set_withdraw_all_keys() {
    let mut keys = fetched_at_start();
    keys.note_attempt(START + 600.0);
    keys.store(JwkSet::parse(r#"{"keys":[]}"#).unwrap(), START + 600.0);
    assert!(matches!(
        keys.find(Some("a"), START + 601.0),
        Lookup::Unknown
    ));
}

#[test]
fn keeps_the_set_of_the_later_fetch_when_an_earlier_one_is_slow() {
    let mut keys = KeyCache::default();
    keys.note_attempt(START);
    keys.note_attempt(START + 1.0);
    keys.store(set("new"), START + 1.0);
    keys.store(set("old"), START);
    assert!(matches!(
        keys.find(Some("new"), START + 2.0),
        Lookup::Found(_)
    ));
}

#[test]
fn keeps_the_later_set_while_a_third_fetch_is_under_way() {
    let mut keys = KeyCache::default();
    keys.note_attempt(START);
    keys.note_attempt(START + 1.0);
    keys.store(set("new"), START + 1.0);
    keys.note_attempt(START + 2.0);
    keys.store(set("old"), START);
    assert!(matches!(
        keys.find(Some("new"), START + 3.0),
        Lookup::Found(_)
    ));
}

#[test]
fn takes_a_set_that_came_after_the_clock_went_back() {
    let mut keys = fetched_at_start();
    keys.note_attempt(START - 1000.0);
    keys.store(set("b"), START - 1000.0);
    assert!(matches!(
        keys.find(Some("b"), START - 999.0),
        Lookup::Found(_)
    ));
}
