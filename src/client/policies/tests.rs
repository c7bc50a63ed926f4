//! Tests the age of policies with a clock of the test's own.

use super::*;
use crate::session::Product;

fn issuer(project: &str, product: Product) -> Issuer {
    Issuer {
        product,
        project_id: project.to_owned(),
        base_url: "https://test.stytch.com/".to_owned(),
    }
}

fn policy(role: &str) -> Policy {
    let text = format!(r#"{{"policy":{{"roles":[{{"role_id":"{role}"}}]}}}}"#);
    Policy::read(&text).unwrap()
}

/// Returns the key of the isolate state that clients of an issuer share by default.
fn of(issuer: &Issuer) -> (&Issuer, KeySource) {
    (issuer, KeySource::default())
}

/// Looks up a policy at a time, with the default settings.
fn find<'a>(
    cache: &'a mut PolicyCache,
    issuer: &Issuer,
    organization_id: Option<&str>,
    now: UnixSeconds,
) -> PolicyLookup<'a> {
    cache.find(issuer, organization_id, LookupContext::at(now))
}

#[test]
fn keeps_a_policy_for_five_minutes() {
    let (mut cache, ours, a) = (PolicyCache::new(), issuer("p", Product::B2b), policy("a"));
    assert_eq!(find(&mut cache, &ours, None, 1000.0), PolicyLookup::Fetch);
    cache.store(of(&ours), None, policy("a"), 1000.0);
    assert_eq!(
        find(&mut cache, &ours, None, 1299.0),
        PolicyLookup::Found(&a)
    );
    assert_eq!(find(&mut cache, &ours, None, 1300.0), PolicyLookup::Fetch);
    cache.store(of(&ours), None, policy("a"), 1000.0);
    assert_eq!(
        find(&mut cache, &ours, None, 999.0),
        PolicyLookup::Fetch,
        "the clock went back"
    );
}

#[test]
fn keeps_a_policy_for_the_configured_time() {
    let (mut cache, ours, a) = (PolicyCache::new(), issuer("p", Product::B2b), policy("a"));
    cache.store(of(&ours), None, policy("a"), 1000.0);
    let mut lookup = LookupContext::at(1009.0);
    lookup.lifetimes.policy_ttl = 10.0;
    assert_eq!(cache.find(&ours, None, lookup), PolicyLookup::Found(&a));
    lookup = LookupContext {
        now: 1010.0,
        check_began: 1010.0,
        ..lookup
    };
    assert_eq!(cache.find(&ours, None, lookup), PolicyLookup::Fetch);
    lookup.check_began = 1000.0;
    assert_eq!(
        cache.find(&ours, None, lookup),
        PolicyLookup::Found(&a),
        "the check has fetched it"
    );
}

#[test]
fn uses_the_old_policy_while_a_newer_one_is_unavailable() {
    let (mut cache, ours, a) = (PolicyCache::new(), issuer("p", Product::B2b), policy("a"));
    cache.store(of(&ours), None, policy("a"), 1000.0);
    cache.fetches(of(&ours), None).begin(1300.0);
    assert_eq!(
        find(&mut cache, &ours, None, 1301.0),
        PolicyLookup::Found(&a),
        "another fetch is under way"
    );
    cache.fetches(of(&ours), None).fail(1300.0, 1305.0);
    let mut lookup = LookupContext::at(1305.0);
    assert_eq!(
        cache.find(&ours, None, lookup),
        PolicyLookup::Fetch,
        "the first retry is immediate"
    );
    lookup.check_began = 1300.0;
    assert_eq!(cache.find(&ours, None, lookup), PolicyLookup::Found(&a));
    lookup.lifetimes.max_stale = 305.0;
    assert_eq!(
        cache.find(&ours, None, lookup),
        PolicyLookup::Unavailable,
        "the old policy is older than max_stale"
    );
}

#[test]
fn pauses_between_fetches_of_an_unavailable_policy() {
    let (mut cache, ours) = (PolicyCache::new(), issuer("p", Product::B2b));
    for began in [1000.0, 1001.0] {
        assert_eq!(find(&mut cache, &ours, None, began), PolicyLookup::Fetch);
        cache.fetches(of(&ours), None).begin(began);
        cache.fetches(of(&ours), None).fail(began, began);
    }
    assert_eq!(
        find(&mut cache, &ours, None, 1001.5),
        PolicyLookup::Unavailable
    );
    assert_eq!(find(&mut cache, &ours, None, 1002.0), PolicyLookup::Fetch);
}

#[test]
fn keeps_the_policies_of_each_source_apart() {
    let (mut cache, ours, a) = (PolicyCache::new(), issuer("p", Product::B2b), policy("a"));
    let own = KeySource {
        number: 1,
        has_provided_keys: false,
        is_isolated: false,
    };
    let lookup = LookupContext::at(1000.0);
    let isolated = LookupContext {
        source: own,
        ..lookup
    };
    cache.store(of(&ours), None, policy("a"), 1000.0);
    assert_eq!(cache.find(&ours, None, isolated), PolicyLookup::Fetch);
    cache.store((&ours, own), None, policy("a"), 1000.0);
    cache.forget(&ours, KeySource::default());
    assert_eq!(cache.find(&ours, None, lookup), PolicyLookup::Fetch);
    assert_eq!(cache.find(&ours, None, isolated), PolicyLookup::Found(&a));
}

#[test]
fn accepts_only_newer_policies_from_another_isolate() {
    let (mut cache, ours) = (PolicyCache::new(), issuer("p", Product::B2b));
    cache.recall(of(&ours), None, policy("a"), 1000.0);
    cache.recall(of(&ours), None, policy("b"), 1000.0);
    assert_eq!(
        find(&mut cache, &ours, None, 1000.0),
        PolicyLookup::Found(&policy("a"))
    );
    cache.recall(of(&ours), None, policy("c"), 1001.0);
    assert_eq!(
        find(&mut cache, &ours, None, 1002.0),
        PolicyLookup::Found(&policy("c"))
    );
}

#[test]
fn keeps_the_policy_of_the_later_fetch_when_an_earlier_one_is_slow() {
    let (mut cache, ours) = (PolicyCache::new(), issuer("p", Product::B2b));
    cache.fetches(of(&ours), None).begin(1000.0);
    cache.fetches(of(&ours), None).begin(1001.0);
    cache.store(of(&ours), None, policy("new"), 1001.0);
    cache.store(of(&ours), None, policy("old"), 1000.0);
    assert_eq!(
        find(&mut cache, &ours, None, 1002.0),
        PolicyLookup::Found(&policy("new"))
    );
}

#[test]
fn accepts_a_policy_that_arrives_after_the_clock_went_back() {
    let (mut cache, ours) = (PolicyCache::new(), issuer("p", Product::B2b));
    cache.fetches(of(&ours), None).begin(2000.0);
    cache.store(of(&ours), None, policy("old"), 2000.0);
    assert_eq!(find(&mut cache, &ours, None, 1000.0), PolicyLookup::Fetch);
    cache.fetches(of(&ours), None).begin(1000.0);
    cache.store(of(&ours), None, policy("new"), 1000.0);
    assert_eq!(
        find(&mut cache, &ours, None, 1001.0),
        PolicyLookup::Found(&policy("new"))
    );
}

#[test]
fn keeps_products_projects_and_organizations_apart() {
    let (mut cache, ours) = (PolicyCache::new(), issuer("p", Product::B2b));
    cache.store(of(&ours), None, policy("a"), 1000.0);
    cache.store(of(&ours), Some("o"), policy("b"), 1000.0);
    let (a, b) = (policy("a"), policy("b"));
    for (project, product, organization_id, expected) in [
        ("p", Product::B2b, None, PolicyLookup::Found(&a)),
        ("p", Product::B2b, Some("o"), PolicyLookup::Found(&b)),
        ("p", Product::B2b, Some("q"), PolicyLookup::Fetch),
        ("q", Product::B2b, None, PolicyLookup::Fetch),
        ("p", Product::Consumer, None, PolicyLookup::Fetch),
    ] {
        let theirs = issuer(project, product);
        assert_eq!(find(&mut cache, &theirs, organization_id, 1001.0), expected);
    }
}

#[test]
fn drops_the_least_recently_used_policy_beyond_its_limit() {
    let (mut cache, ours) = (PolicyCache::new(), issuer("p", Product::B2b));
    for number in 0..=MAX_POLICIES {
        cache.store(of(&ours), Some(&number.to_string()), policy("a"), 1000.0);
        assert_ne!(
            find(&mut cache, &ours, Some("0"), 1000.0),
            PolicyLookup::Fetch
        );
    }
    assert_eq!(cache.0.count(), MAX_POLICIES);
    assert_eq!(
        find(&mut cache, &ours, Some("1"), 1000.0),
        PolicyLookup::Fetch
    );
}
