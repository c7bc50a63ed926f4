//! The store that isolates share keys and policies through. An isolated client has state of its own, as in another
//! isolate.

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
    stand::{NOW, Stand, run},
};

/// A store in memory.
#[derive(Default)]
struct Memory {
    entries: Mutex<BTreeMap<String, String>>,
    ttls: Mutex<Vec<f64>>,
    /// Whether it never answers.
    hangs: AtomicBool,
    /// Whether it answers with an error.
    fails: AtomicBool,
}

impl Store for Memory {
    fn get(&self, key: &str) -> Pending<Result<Option<String>, StoreError>> {
        if self.hangs.load(Ordering::Relaxed) {
            return Box::pin(pending());
        }
        if self.fails.load(Ordering::Relaxed) {
            return Box::pin(ready(Err(StoreError("it is full".to_owned()))));
        }
        Box::pin(ready(Ok(self.entries.lock().unwrap().get(key).cloned())))
    }

    fn put(&self, key: &str, value: &str, ttl_seconds: f64) -> Pending<Result<(), StoreError>> {
        if self.hangs.load(Ordering::Relaxed) {
            return Box::pin(pending());
        }
        if self.fails.load(Ordering::Relaxed) {
            return Box::pin(ready(Err(StoreError("it is full".to_owned()))));
        }
        self.ttls.lock().unwrap().push(ttl_seconds);
        let mut entries = self.entries.lock().unwrap();
        entries.insert(key.to_owned(), value.to_owned());
        Box::pin(ready(Ok(())))
    }
}

fn isolated(stand: &Arc<Stand>, store: &Arc<Memory>) -> Client {
    stand.client_with(|config| {
        config.store = Some(store.clone());
        config.isolated = true;
    })
}

#[test]
fn a_second_isolated_client_finds_keys_and_policies_in_the_store() {
    let (stand, store) = (Stand::new(), Arc::new(Memory::default()));
    let jwt = token(&stand, "consumer", json!({}));
    let first = isolated(&stand, &store);
    let requests = stand.sent_during(|| {
        check(&first, &jwt).unwrap();
        run(first.load_policies()).unwrap();
    });
    assert_eq!(requests.len(), 2, "{requests:?}");
    assert_eq!(*store.ttls.lock().unwrap(), [86_400.0, 86_400.0]);
    let second = isolated(&stand, &store);
    let requests = stand.sent_during(|| {
        check(&second, &jwt).unwrap();
        run(second.load_keys()).unwrap();
        run(second.load_policies()).unwrap();
    });
    assert_eq!(requests, Vec::<String>::new());
    let without_store = stand.client_with(|config| config.isolated = true);
    let requests = stand.sent_during(|| drop(check(&without_store, &jwt).unwrap()));
    assert_eq!(requests.len(), 1);
}

#[test]
fn the_store_holds_neither_the_secret_nor_tokens() {
    let (stand, store) = (Stand::new(), Arc::new(Memory::default()));
    let jwt = token(&stand, "consumer", json!({}));
    let client = isolated(&stand, &store);
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
    let (stand, store) = (Stand::new(), Arc::new(Memory::default()));
    let jwt = token(&stand, "consumer", json!({"exp": NOW + 100_000}));
    check(&isolated(&stand, &store), &jwt).unwrap();
    stand.answer(503, "{}");
    stand.pass(5_000);
    check(&isolated(&stand, &store), &jwt).unwrap();
    let strict = stand.client_with(|config| {
        config.store = Some(store.clone());
        config.isolated = true;
        config.keys_max_stale_seconds = 4_000.0;
    });
    assert!(check(&strict, &jwt).is_err());
}

#[test]
fn a_store_that_hangs_is_skipped_after_250_ms_and_reported() {
    let (stand, store) = (Stand::new(), Arc::new(Memory::default()));
    store.hangs.store(true, Ordering::Relaxed);
    let jwt = token(&stand, "consumer", json!({}));
    let mut events = None;
    let client = stand.client_with(|config| {
        config.store = Some(store.clone());
        events = Some(events_of(config));
    });
    stand.time_is_up.store(true, Ordering::Relaxed);
    check(&client, &jwt).unwrap();
    assert_eq!(*stand.timers.lock().unwrap(), [250, 250]);
    let events = events.unwrap();
    assert_eq!(
        *events.lock().unwrap(),
        [
            "store_failed Get the store took too long",
            "store_failed Put the store took too long"
        ]
    );
}

#[test]
fn a_store_that_fails_is_skipped_and_reported_with_its_error() {
    let (stand, store) = (Stand::new(), Arc::new(Memory::default()));
    store.fails.store(true, Ordering::Relaxed);
    let jwt = token(&stand, "consumer", json!({}));
    let mut events = None;
    let client = stand.client_with(|config| {
        config.store = Some(store.clone());
        events = Some(events_of(config));
    });
    check(&client, &jwt).unwrap();
    assert_eq!(
        *events.unwrap().lock().unwrap(),
        ["store_failed Get it is full", "store_failed Put it is full"]
    );
}

thread_local! {
    static KEPT: RefCell<Vec<Pending<()>>> = const { RefCell::new(Vec::new()) };
}

#[test]
fn wait_until_receives_the_write_and_the_refresh_of_ageing_keys() {
    let (stand, store) = (Stand::new(), Arc::new(Memory::default()));
    let jwt = token(&stand, "consumer", json!({"exp": NOW + 3_600}));
    let client = stand.client_with(|config| {
        config.store = Some(store.clone());
        config.wait_until = Some(Arc::new(|work| {
            KEPT.with_borrow_mut(|kept| kept.push(work));
        }));
    });
    check(&client, &jwt).unwrap();
    let kept = KEPT.take();
    assert_eq!(kept.len(), 1, "the write");
    kept.into_iter().for_each(run);
    stand.pass(550);
    let requests = stand.sent_during(|| drop(check(&client, &jwt).unwrap()));
    assert!(requests.is_empty(), "{requests:?}");
    let kept = KEPT.take();
    assert_eq!(kept.len(), 1, "the refresh");
    let requests = stand.sent_during(|| kept.into_iter().for_each(run));
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
    let stand = Stand::new();
    set_policy(&stand, "consumer", &[]);
    let jwt = token(&stand, "consumer", json!({}));
    let other = Stand::new().client();
    let client = stand.client_with(|config: &mut ClientConfig| {
        let hook = Reentrant(other.clone());
        config.store = Some(Arc::new(Reentrant(other.clone())));
        config.on_event = Some(Arc::new(move |_| hook.use_the_client()));
    });
    check(&client, &jwt).unwrap();
    run(client.load_policies()).unwrap();
    stand.pass(400);
    stand.answer(503, "{}");
    assert!(
        run(client.load_policies()).is_ok(),
        "the old policy remains valid"
    );
}
