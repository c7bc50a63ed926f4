//! The limits of single calls, and calls that are dropped.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, atomic::Ordering::Relaxed},
    task::{Context, Poll, Waker},
};

use stytch_edge::{
    CallOptions, Client, Error,
    client::{ClientErrorCode, Reason},
    consumer::{UsersCreateRequest, UsersGetRequest},
};

use crate::{
    requests::{Options, cookie},
    scripted::{Fault, Scripted},
    test_platform::{TestPlatform, run},
};

fn scripted(retries: u32) -> (Arc<Scripted>, Client) {
    let platform = Scripted::new(TestPlatform::new());
    let client = platform.client(|config| {
        config.isolated = true;
        config.retries = retries;
    });
    (platform, client)
}

fn unavailable() -> Fault {
    Fault::Answer(503, r#"{"error_type": "injected"}"#.to_owned(), None)
}

fn outage() -> impl Iterator<Item = Fault> {
    std::iter::repeat_n(unavailable(), 100)
}

fn user() -> UsersGetRequest {
    UsersGetRequest {
        user_id: "user-test-1".to_owned(),
    }
}

fn retries(retries: u32) -> CallOptions {
    CallOptions {
        retries: Some(retries),
        ..Default::default()
    }
}

fn timeout(timeout_ms: u32) -> CallOptions {
    CallOptions {
        timeout_ms: Some(timeout_ms),
        ..Default::default()
    }
}

#[test]
fn retries_of_a_call_replace_those_of_the_client() {
    for (of_client, of_call, requests) in [(2, 0, 1), (2, 1, 2), (0, 3, 4), (1, 10, 11)] {
        let (platform, client) = scripted(of_client);
        platform.script(outage());
        let limited = client.with_options(&retries(of_call)).unwrap();
        run(limited.users().get(&user())).unwrap_err();
        assert_eq!(platform.sent(), requests);
        // The client is unchanged.
        run(client.users().get(&user())).unwrap_err();
        assert_eq!(platform.sent(), requests + of_client as usize + 1);
        let create = UsersCreateRequest::default();
        run(limited.users().create(&create)).unwrap_err();
        assert_eq!(platform.sent(), requests + of_client as usize + 2);
    }
}

#[test]
fn the_time_limit_of_a_call_includes_its_retries() {
    let (platform, client) = scripted(10);
    *platform.random.lock().unwrap() = 0.5;
    platform.script(outage());
    let limited = client.with_options(&timeout(301)).unwrap();
    run(limited.users().get(&user())).unwrap_err();
    assert_eq!(*platform.delays.lock().unwrap(), [100, 200]);
    assert_eq!(platform.elapsed_ms(), 300);

    let (platform, client) = scripted(10);
    platform.script([Fault::Slow(5_000)]);
    let limited = client.with_options(&timeout(700)).unwrap();
    let error = run(limited.users().get(&user())).unwrap_err();
    assert!(
        matches!(&error, Error::Request(error) if error.reason == Reason::Timeout && error.attempts == 1),
        "{error}"
    );
    assert_eq!((platform.sent(), platform.elapsed_ms()), (1, 700));
}

#[test]
fn refuses_wrong_options_and_names_them() {
    let (_, client) = scripted(0);
    for (options, name) in [
        (timeout(0), "timeout_ms"),
        (timeout(1 << 31), "timeout_ms"),
        (retries(11), "retries"),
        (retries(u32::MAX), "retries"),
    ] {
        let Err(Error::Client(error)) = client.with_options(&options) else {
            panic!("{options:?}");
        };
        assert_eq!(error.code, ClientErrorCode::InvalidArgument);
        assert!(error.message.contains(name), "{}", error.message);
    }
    assert!(client.with_options(&timeout((1 << 31) - 1)).is_ok());
    assert!(client.with_options(&CallOptions::default()).is_ok());
}

fn poll<T>(future: &mut Pin<Box<impl Future<Output = T> + ?Sized>>) -> Poll<T> {
    future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_call_that_is_dropped_ends_its_request() {
    let (platform, client) = scripted(2);
    platform.script([Fault::Hang]);
    let (users, request) = (client.users(), user());
    let mut call = Box::pin(users.get(&request));
    assert!(poll(&mut call).is_pending());
    assert_eq!((platform.sent(), platform.dropped.load(Relaxed)), (1, 0));
    drop(call);
    assert_eq!((platform.sent(), platform.dropped.load(Relaxed)), (1, 1));
}

#[test]
fn a_call_that_is_dropped_during_a_delay_sends_nothing_more() {
    let (platform, client) = scripted(2);
    platform.script(outage());
    platform.holds_delays.store(true, Relaxed);
    let (users, request) = (client.users(), user());
    let mut call = Box::pin(users.get(&request));
    assert!(poll(&mut call).is_pending());
    assert_eq!(platform.delays.lock().unwrap().len(), 1);
    drop(call);
    assert_eq!(platform.sent(), 1);
    // The next call is not affected.
    platform.script([Fault::Pass]);
    let error = run(client.users().get(&user())).unwrap_err();
    assert!(
        matches!(error, Error::Api(error) if error.status_code == 400 || error.status_code == 404)
    );
}

#[test]
fn a_refresh_that_is_dropped_is_not_a_failure_of_the_api() {
    let (platform, client) = scripted(0);
    for number in 0..10 {
        platform.script([Fault::Hang]);
        let options = Options::default();
        let mut call =
            Box::pin(client.authenticate_request(cookie("stytch_session=token"), &options));
        assert!(poll(&mut call).is_pending());
        assert_eq!(platform.sent(), number + 1);
    }
    platform.script([Fault::Answer(
        404,
        r#"{"error_type": "session_not_found"}"#.to_owned(),
        None,
    )]);
    let verdict =
        run(client.authenticate_request(cookie("stytch_session=token"), &Options::default()))
            .unwrap();
    assert_eq!(format!("{verdict:?}"), "RequestVerdict(session_not_found)");
}

#[test]
fn retries_stop_when_the_budget_is_used_up_and_each_success_returns_a_fifth() {
    let (platform, client) = scripted(10);
    let requests = |faults: Vec<Fault>| {
        let before = platform.sent();
        platform.script(faults);
        run(client.users().get(&user())).unwrap_err();
        platform.sent() - before
    };
    let failing = || vec![unavailable(); 11];
    // The test has a thread of its own, and the budgets belong to the thread.
    let counts: Vec<_> = (0..7).map(|_| requests(failing())).collect();
    assert_eq!(counts, [11, 11, 11, 11, 11, 1, 1]);
    for (successes, expected) in [(4, 1), (1, 2), (0, 1), (10, 3)] {
        for _ in 0..successes {
            assert_eq!(requests(Vec::new()), 1);
        }
        assert_eq!(requests(failing()), expected, "{successes} successes");
    }
}

#[test]
fn a_refresh_after_a_failure_is_not_repeated_until_the_api_responds() {
    let (platform, client) = scripted(2);
    let requests = |number: u32| {
        let before = platform.sent();
        let cookies = format!("stytch_session=token-{number}");
        run(client.authenticate_request(cookie(&cookies), &Options::default())).unwrap();
        platform.sent() - before
    };
    platform.script(outage());
    assert_eq!(requests(0), 3);
    assert_eq!(requests(1), 0, "the client pauses");
    *platform.elapsed_ms.lock().unwrap() += 1_000;
    let delays = platform.delays.lock().unwrap().len();
    assert_eq!(requests(2), 1);
    assert_eq!(platform.delays.lock().unwrap().len(), delays);
    *platform.elapsed_ms.lock().unwrap() += 2_000;
    platform.script([Fault::Pass, unavailable()]);
    assert_eq!(requests(3), 1);
    assert_eq!(requests(4), 2);
}
