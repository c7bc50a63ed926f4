//! The store through which isolates share keys and policies. An isolated client does not use isolate state, so it stands for
//! a client in another isolate.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    future::{pending, ready},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::json;
use stytch_edge::{Client, ClientConfig, Pending, Store, StoreError, consumer::Session};

use crate::{
    checks::{check, token},
    events::events_of,
    rights::{may, set_policy},
    test_platform::{NOW, TestPlatform, run},
};

/// A store in memory.
#[derive(Default)]
struct Memory {
    entries: Mutex<BTreeMap<String, String>>,
    ttls: Mutex<Vec<f64>>,
    /// Whether calls never complete.
    hangs: AtomicBool,
    /// Whether calls return an error.
    fails: AtomicBool,
}

impl Store for Memory {
    fn get(&self, key: &str) -> Pending<Result<Option<String>, StoreError>> {
        if self.hangs.load(Ordering::Relaxed) {
            return Box::pin(pending());
        }
        if self.fails.load(Ordering::Relaxed) {
            return Box::pin(ready(Err(StoreError("the store is full".to_owned()))));
        }
        Box::pin(ready(Ok(self.entries.lock().unwrap().get(key).cloned())))
    }

    fn put(&self, key: &str, value: &str, ttl_seconds: f64) -> Pending<Result<(), StoreError>> {
        if self.hangs.load(Ordering::Relaxed) {
            return Box::pin(pending());
        }
        if self.fails.load(Ordering::Relaxed) {
            return Box::pin(ready(Err(StoreError("the store is full".to_owned()))));
        }
        self.ttls.lock().unwrap().push(ttl_seconds);
        let mut entries = self.entries.lock().unwrap();
        entries.insert(key.to_owned(), value.to_owned());
        Box::pin(ready(Ok(())))
    }
}

fn isolated(platform: &Arc<TestPlatform>, store: &Arc<Memory>) -> Client {
    platform.client_with(|config| {
        config.store = Some(store.clone());
        config.isolated = true;
    })
}

#[test]
fn a_second_isolated_client_reads_keys_and_policies_from_the_store() {
    let (platform, store) = (TestPlatform::new(), Arc::new(Memory::default()));
    let jwt = token(&platform, "consumer", json!({}));
    let first = isolated(&platform, &store);
    let requests = platform.sent_during(|| {
        check(&first, &jwt).unwrap();
        run(first.load_policies()).unwrap();
    });
    assert_eq!(requests.len(), 2, "{requests:?}");
    assert_eq!(*store.ttls.lock().unwrap(), [86_400.0, 86_400.0]);
    let second = isolated(&platform, &store);
    let requests = platform.sent_during(|| {
        check(&second, &jwt).unwrap();
        run(second.load_keys()).unwrap();
        run(second.load_policies()).unwrap();
    });
    assert_eq!(requests, Vec::<String>::new());
    let without_store = platform.client_with(|config| config.isolated = true);
    let requests = platform.sent_during(|| drop(check(&without_store, &jwt).unwrap()));
    assert_eq!(requests.len(), 1);
}

#[test]
fn the_store_does_not_contain_the_secret_or_tokens() {
    let (platform, store) = (TestPlatform::new(), Arc::new(Memory::default()));
    let jwt = token(&platform, "consumer", json!({}));
    let client = isolated(&platform, &store);
    check(&client, &jwt).unwrap();
    run(client.load_policies()).unwrap();
    let entries = store.entries.lock().unwrap();
    assert_eq!(entries.len(), 2);
    for entry in entries.values() {
        assert!(!entry.contains("secret-test-") && !entry.contains(&jwt));
    }
}

#[test]
fn an_entry_is_used_while_it_is_younger_than_keys_max_stale_seconds() {
    let (platform, store) = (TestPlatform::new(), Arc::new(Memory::default()));
    let jwt = token(&platform, "consumer", json!({"exp": NOW + 100_000}));
    check(&isolated(&platform, &store), &jwt).unwrap();
    platform.answer(503, "{}");
    platform.pass(5_000);
    check(&isolated(&platform, &store), &jwt).unwrap();
    let strict = platform.client_with(|config| {
        config.store = Some(store.clone());
        config.isolated = true;
        config.keys_max_stale_seconds = 4_000.0;
    });
    assert!(check(&strict, &jwt).is_err());
}

#[test]
fn a_store_that_hangs_is_skipped_after_250_ms_and_reported() {
    let (platform, store) = (TestPlatform::new(), Arc::new(Memory::default()));
    store.hangs.store(true, Ordering::Relaxed);
    let jwt = token(&platform, "consumer", json!({}));
    let mut events = None;
    let client = platform.client_with(|config| {
        config.store = Some(store.clone());
        events = Some(events_of(config));
    });
    platform.time_is_up.store(true, Ordering::Relaxed);
    check(&client, &jwt).unwrap();
    assert_eq!(*platform.timers.lock().unwrap(), [250, 250]);
    let events = events.unwrap();
    assert_eq!(
        *events.lock().unwrap(),
        [
            "store_failed Get the store did not respond within 250 milliseconds",
            "store_failed Put the store did not respond within 250 milliseconds"
        ]
    );
}

#[test]
fn a_store_that_fails_is_skipped_and_reported_with_its_error() {
    let (platform, store) = (TestPlatform::new(), Arc::new(Memory::default()));
    store.fails.store(true, Ordering::Relaxed);
    let jwt = token(&platform, "consumer", json!({}));
    let mut events = None;
    let client = platform.client_with(|config| {
        config.store = Some(store.clone());
        events = Some(events_of(config));
    });
    check(&client, &jwt).unwrap();
    assert_eq!(
        *events.unwrap().lock().unwrap(),
        [
            "store_failed Get the store is full",
            "store_failed Put the store is full"
        ]
    );
}

thread_local! {
    static KEPT: RefCell<Vec<Pending<()>>> = const { RefCell::new(Vec::new()) };
}

#[test]
fn wait_until_runs_writes_to_the_store_and_refreshes_of_keys() {
    let (platform, store) = (TestPlatform::new(), Arc::new(Memory::default()));
    let jwt = token(&platform, "consumer", json!({"exp": NOW + 3_600}));
    let client = platform.client_with(|config| {
        config.store = Some(store.clone());
        config.wait_until = Some(Arc::new(|work| {
            KEPT.with_borrow_mut(|kept| kept.push(work));
        }));
    });
    check(&client, &jwt).unwrap();
    let kept = KEPT.take();
    assert_eq!(kept.len(), 1, "the write to the store");
    kept.into_iter().for_each(run);
    platform.pass(550);
    let requests = platform.sent_during(|| drop(check(&client, &jwt).unwrap()));
    assert!(requests.is_empty(), "{requests:?}");
    let kept = KEPT.take();
    assert_eq!(kept.len(), 1, "the refresh of the key set");
    let requests = platform.sent_during(|| kept.into_iter().for_each(run));
    assert_eq!(requests.len(), 1, "{requests:?}");
}

/// A store that calls clients of the same isolate.
struct Reentrant(Client);

impl Reentrant {
    fn use_the_client(&self) {
        let _ = self.0.rbac().can(&Session::default(), &may("read"));
        let _ = run(self.0.load_keys());
        self.0.reset();
    }
}

impl Store for Reentrant {
    fn get(&self, _key: &str) -> Pending<Result<Option<String>, StoreError>> {
        self.use_the_client();
        Box::pin(ready(Ok(None)))
    }

    fn put(&self, _key: &str, _value: &str, _ttl_seconds: f64) -> Pending<Result<(), StoreError>> {
        self.use_the_client();
        Box::pin(ready(Ok(())))
    }
}

#[test]
fn stores_and_event_hooks_may_call_clients() {
    let platform = TestPlatform::new();
    set_policy(&platform, "consumer", &[]);
    let jwt = token(&platform, "consumer", json!({}));
    let other = TestPlatform::new().client();
    let client = platform.client_with(|config: &mut ClientConfig| {
        let hook = Reentrant(other.clone());
        config.store = Some(Arc::new(Reentrant(other.clone())));
        config.on_event = Some(Arc::new(move |_| hook.use_the_client()));
    });
    check(&client, &jwt).unwrap();
    run(client.load_policies()).unwrap();
    platform.pass(400);
    platform.answer(503, "{}");
    assert!(
        run(client.load_policies()).is_ok(),
        "the old policy remains valid"
    );
}
