//! A request that several callers await is repeated if the caller that sent it is dropped.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll, Waker},
};

use stytch_edge::{
    Answer, Client, ClientConfig, Pending, Platform,
    client::{OutgoingRequest, RequestError},
    shared::TokenProviderRequest,
};

/// A network that does not respond until `is_open` is set, and that counts requests.
#[derive(Default)]
struct Held {
    sent: AtomicUsize,
    is_open: AtomicBool,
}

struct HeldPlatform(Arc<Held>);

impl Platform for HeldPlatform {
    fn send(&self, _: OutgoingRequest<String>, _: u32) -> Pending<Result<Answer, RequestError>> {
        let held = Arc::clone(&self.0);
        held.sent.fetch_add(1, Relaxed);
        Box::pin(poll_fn(move |_| {
            if !held.is_open.load(Relaxed) {
                return Poll::Pending;
            }
            let text = r#"{"access_token": "issued", "expires_in": 3600}"#.to_owned();
            Poll::Ready(Ok(Answer {
                status: 200,
                text,
                ..Answer::default()
            }))
        }))
    }

    fn now(&self) -> f64 {
        1_800_000_000.0
    }

    fn sleep(&self, _: u32) -> Pending<()> {
        Box::pin(std::future::pending())
    }

    fn may_await_others(&self) -> bool {
        true
    }
}

fn poll<T>(future: &mut Pin<Box<impl Future<Output = T> + ?Sized>>) -> Poll<T> {
    future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_waiting_caller_repeats_an_abandoned_token_request() {
    let held = Arc::new(Held::default());
    let config = ClientConfig {
        isolated: true,
        ..ClientConfig::new("project-test-1", "secret-test-1")
    };
    let client = Client::on(Arc::new(HeldPlatform(Arc::clone(&held))), &config).unwrap();
    let source = TokenProviderRequest {
        client_id: "m2m-client-test-1".to_owned(),
        client_secret: "a-secret".to_owned(),
        ..Default::default()
    };
    let provider = client.m2m().token_provider(&source).unwrap();
    let mut callers: Vec<_> = (0..5).map(|_| Box::pin(provider.token())).collect();
    for caller in &mut callers {
        assert!(poll(caller).is_pending());
    }
    assert_eq!(held.sent.load(Relaxed), 1);
    drop(callers.remove(0));
    for caller in &mut callers {
        assert!(poll(caller).is_pending());
    }
    assert_eq!(
        held.sent.load(Relaxed),
        2,
        "another caller repeats the request"
    );
    held.is_open.store(true, Relaxed);
    for caller in &mut callers {
        assert!(matches!(poll(caller), Poll::Ready(Ok(token)) if token == "issued"));
    }
    assert_eq!(held.sent.load(Relaxed), 2);
}
