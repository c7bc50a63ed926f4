//! Tests fetches and lookups in every order, with a clock of the test's own.

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

/// Returns the result for a check that begins `after` seconds after the start.
fn found(keys: &KeyCache, kid: &str, after: UnixSeconds) -> &'static str {
    word(keys.find(Some(kid), LookupContext::at(START + after)))
}

/// Returns the result at `after` seconds, for a check that began at `came` seconds.
fn found_by(
    keys: &KeyCache,
    kid: &str,
    check_began: UnixSeconds,
    after: UnixSeconds,
) -> &'static str {
    let lookup = LookupContext {
        check_began: START + check_began,
        ..LookupContext::at(START + after)
    };
    word(keys.find(Some(kid), lookup))
}

fn word(lookup: Lookup<'_>) -> &'static str {
    match lookup {
        Lookup::Found(_) => "found",
        Lookup::Ageing(_) => "ageing",
        Lookup::Fetch => "fetch",
        Lookup::Wait => "wait",
        Lookup::Unknown(_) => "unknown",
        Lookup::NotYetKnown(_) => "not yet known",
        Lookup::Unavailable => "unavailable",
    }
}

fn fetched_at_start() -> KeyCache {
    let mut keys = KeyCache::default();
    keys.begin(0.0);
    keys.store(set("a"), START);
    keys
}

impl KeyCache {
    fn begin(&mut self, after: UnixSeconds) {
        self.fetches.begin(START + after);
    }

    fn fail(&mut self, began: UnixSeconds, after: UnixSeconds) {
        self.fetches.fail(START + began, START + after);
    }
}

#[test]
fn retries_a_failed_first_fetch_immediately_and_then_after_pauses() {
    let mut keys = KeyCache::default();
    assert_eq!(found(&keys, "a", 0.0), "fetch");
    keys.begin(0.0);
    assert_eq!(
        found(&keys, "a", 1.0),
        "fetch",
        "without keys, each check fetches"
    );
    keys.fail(0.0, 5.0);
    assert_eq!(found_by(&keys, "a", 0.0, 5.0), "unavailable");
    assert_eq!(found(&keys, "a", 5.0), "fetch");
    keys.begin(5.0);
    keys.fail(5.0, 10.0);
    assert_eq!(found(&keys, "a", 10.5), "unavailable");
    assert_eq!(found(&keys, "a", 11.0), "fetch");
    keys.begin(11.0);
    keys.store(set("a"), START + 11.0);
    assert_eq!(found(&keys, "a", 11.0), "found");
}

#[test]
fn keeps_a_set_for_ten_minutes() {
    let keys = fetched_at_start();
    assert_eq!(found(&keys, "a", 539.0), "found");
    assert_eq!(found(&keys, "a", 599.0), "ageing");
    assert_eq!(found(&keys, "a", 600.0), "fetch");
}

#[test]
fn refreshes_in_the_background_at_most_every_30_seconds() {
    let mut keys = fetched_at_start();
    assert_eq!(found(&keys, "a", 540.0), "ageing");
    keys.begin(540.0);
    assert_eq!(found(&keys, "a", 541.0), "found");
    keys.fail(540.0, 545.0);
    assert_eq!(found(&keys, "a", 569.0), "found");
    assert_eq!(found(&keys, "a", 570.0), "ageing");
    keys.begin(570.0);
    keys.store(set("a"), START + 570.0);
    assert_eq!(found(&keys, "a", 1109.0), "found");
}

#[test]
fn fetches_for_an_unknown_kid_at_most_every_30_seconds() {
    let mut keys = fetched_at_start();
    assert_eq!(found(&keys, "b", 29.0), "not yet known");
    assert_eq!(found(&keys, "b", 30.0), "fetch");
    keys.begin(30.0);
    keys.store(set("a"), START + 30.0);
    assert_eq!(found(&keys, "b", 31.0), "not yet known");
    assert_eq!(found(&keys, "c", 59.0), "not yet known");
}

#[test]
fn calls_a_kid_unknown_only_by_a_set_requested_since_the_check_began() {
    let mut keys = fetched_at_start();
    assert_eq!(found_by(&keys, "b", 0.0, 2.0), "unknown");
    assert_eq!(found_by(&keys, "b", 1.0, 2.0), "not yet known");
    keys.begin(60.0);
    keys.store(set("a"), START + 60.0);
    assert_eq!(found_by(&keys, "b", 60.0, 61.0), "unknown");
}

#[test]
fn waits_two_seconds_for_the_fetch_of_another_check_and_then_fetches() {
    let mut keys = fetched_at_start();
    keys.begin(60.0);
    assert_eq!(found(&keys, "b", 60.0), "wait");
    assert_eq!(found_by(&keys, "b", 60.0, 61.9), "wait");
    assert_eq!(found_by(&keys, "b", 60.0, 62.0), "fetch");
    keys.begin(62.0);
    assert_eq!(found(&keys, "c", 63.0), "wait");
    keys.store(set("b"), START + 62.0);
    assert_eq!(found_by(&keys, "b", 60.0, 63.0), "found");
}

#[test]
fn reports_an_outage_as_unavailable_for_an_unknown_kid() {
    let mut keys = fetched_at_start();
    keys.begin(60.0);
    keys.fail(60.0, 61.0);
    assert_eq!(found(&keys, "b", 61.0), "unavailable");
    assert_eq!(found_by(&keys, "b", 60.0, 61.0), "unavailable");
    assert_eq!(found(&keys, "a", 61.0), "found");
    assert_eq!(found(&keys, "b", 90.0), "fetch");
}

#[test]
fn stops_fetching_for_made_up_kids_after_one_of_several_fetches_has_ended() {
    // If requests are cancelled, fetches overlap while an attacker continues to send tokens.
    let mut keys = fetched_at_start();
    keys.begin(60.0);
    keys.begin(62.0);
    keys.store(set("a"), START + 60.0);
    assert_eq!(found(&keys, "b", 63.0), "wait");
    assert_eq!(found_by(&keys, "b", 60.0, 63.0), "unknown");
    let mut keys = fetched_at_start();
    keys.begin(60.0);
    keys.begin(62.0);
    keys.fail(60.0, 65.0);
    assert_eq!(found(&keys, "b", 65.0), "unavailable");
    keys.store(set("b"), START + 62.0);
    assert_eq!(found(&keys, "b", 66.0), "found");
    keys.fail(60.0, 66.0);
    assert_eq!(
        found(&keys, "c", 66.0),
        "not yet known",
        "a late failure of the earlier fetch does not affect the later one"
    );
}

#[test]
fn uses_old_keys_for_at_most_a_day_while_fetches_fail() {
    let mut keys = fetched_at_start();
    keys.begin(601.0);
    assert_eq!(found(&keys, "a", 602.0), "found");
    assert_eq!(
        found(&keys, "a", 611.0),
        "fetch",
        "a fetch that never ended"
    );
    keys.begin(86_390.0);
    keys.fail(86_390.0, 86_395.0);
    assert_eq!(found_by(&keys, "a", 86_390.0, 86_395.0), "found");
    assert_eq!(found(&keys, "a", 86_396.0), "fetch", "the first retry");
    keys.begin(86_396.0);
    keys.fail(86_396.0, 86_399.5);
    assert_eq!(found(&keys, "a", 86_399.9), "found");
    assert_eq!(found(&keys, "a", 86_400.0), "unavailable");
}

#[test]
fn uses_old_keys_for_the_configured_time() {
    let mut keys = fetched_at_start();
    keys.begin(601.0);
    let mut lookup = LookupContext::at(START + 602.0);
    lookup.lifetimes.max_stale = 601.0;
    assert_eq!(word(keys.find(Some("a"), lookup)), "fetch");
    lookup = LookupContext::at(START + 530.0);
    lookup.lifetimes.max_stale = 0.0;
    assert_eq!(
        word(keys.find(Some("a"), lookup)),
        "found",
        "max_stale does not apply to fresh keys"
    );
}

#[test]
fn treats_keys_from_the_future_as_old() {
    let keys = fetched_at_start();
    assert_eq!(found(&keys, "a", -1.0), "fetch");
}

#[test]
fn accepts_an_empty_set_that_withdraws_all_keys() {
    let mut keys = fetched_at_start();
    keys.begin(600.0);
    keys.store(JwkSet::parse(r#"{"keys":[]}"#).unwrap(), START + 600.0);
    assert_eq!(found_by(&keys, "a", 600.0, 601.0), "unknown");
}

#[test]
fn keeps_the_set_of_the_later_fetch_when_an_earlier_one_is_slow() {
    let mut keys = KeyCache::default();
    keys.begin(0.0);
    keys.begin(1.0);
    keys.store(set("new"), START + 1.0);
    keys.store(set("old"), START);
    assert_eq!(found(&keys, "new", 2.0), "found");
}

#[test]
fn keeps_the_later_set_while_a_third_fetch_is_under_way() {
    let mut keys = KeyCache::default();
    keys.begin(0.0);
    keys.begin(1.0);
    keys.store(set("new"), START + 1.0);
    keys.begin(2.0);
    keys.store(set("old"), START);
    assert_eq!(found(&keys, "new", 3.0), "found");
}

#[test]
fn accepts_a_set_that_arrives_after_the_clock_went_back() {
    let mut keys = fetched_at_start();
    keys.begin(-1000.0);
    keys.store(set("b"), START - 1000.0);
    assert_eq!(found(&keys, "b", -999.0), "found");
}

#[test]
fn accepts_a_newer_set_from_another_isolate_and_calls_no_kid_unknown_by_it() {
    let mut keys = fetched_at_start();
    keys.recall(set("b"), START);
    assert_eq!(found(&keys, "b", 1.0), "not yet known", "it is as old");
    keys.recall(set("b"), START + 100.0);
    assert_eq!(found(&keys, "b", 101.0), "found");
    assert_eq!(found_by(&keys, "c", 50.0, 101.0), "fetch");
    assert_eq!(
        found(&keys, "b", 700.0),
        "fetch",
        "its age counts from its request"
    );
}

#[test]
fn is_loaded_with_provided_keys_or_fresh_keys() {
    assert!(!KeyCache::default().is_loaded(START));
    let fetched = fetched_at_start();
    assert!(fetched.is_loaded(START + 599.0));
    assert!(!fetched.is_loaded(START + 600.0));
    for is_pinned in [true, false] {
        let mut provided = KeyCache::default();
        provided.set_provided(set("a"), is_pinned);
        assert!(provided.is_loaded(START));
    }
}

#[test]
fn returns_the_text_of_the_set_in_use() {
    let mut keys = KeyCache::default();
    assert_eq!(keys.text(), None);
    keys.set_provided(set("provided"), false);
    assert_eq!(keys.text(), Some(set("provided").text()));
    keys.store(set("a"), START);
    assert_eq!(keys.text(), Some(set("a").text()));
    keys.set_provided(set("provided"), true);
    assert_eq!(keys.text(), Some(set("provided").text()));
}
