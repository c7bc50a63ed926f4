//! Refreshes that are in flight at the same time: which of them share one request, and how a failed or abandoned one ends.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll, Waker},
};

use serde_json::{Value, json};
use stytch_edge::{
    Answer, AuthenticateRequestOptions, Client, ClientConfig, Pending, Platform,
    client::{Body, OutgoingRequest, Reason, RemoteFallback, RequestError, RequestHeaders},
    consumer,
};

use crate::{
    requests::{Options, cookie},
    test_platform::{TestPlatform, run},
};

/// An API that holds refreshes until `is_open` is set, and that then responds with `answer`.
struct Api {
    /// A unique base URL, so that tests do not share limits.
    base_url: String,
    is_open: AtomicBool,
    answer: Mutex<(u16, &'static str)>,
    now: Mutex<f64>,
    /// `Retry-After` of each response.
    retry_after: Mutex<Option<u32>>,
    /// The body and the time limit of each refresh.
    sent: Mutex<Vec<(Value, u32)>>,
}

impl Api {
    fn new() -> Arc<Self> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Relaxed);
        Arc::new(Self {
            base_url: format!("https://test.stytch.com/shared-refreshes/{number}"),
            is_open: AtomicBool::new(false),
            answer: Mutex::new((401, r#"{"error_type": "unauthorized_credentials"}"#)),
            now: Mutex::new(1_800_000_000.0),
            retry_after: Mutex::default(),
            sent: Mutex::default(),
        })
    }

    fn client(self: &Arc<Self>, change: impl FnOnce(&mut ClientConfig, &mut Network)) -> Client {
        let mut network = Network {
            api: Arc::clone(self),
            may_await_others: true,
            network: 0,
        };
        let mut config = ClientConfig {
            custom_base_url: Some(self.base_url.clone()),
            retries: 0,
            ..ClientConfig::new("project-test-1", "secret-test-1")
        };
        change(&mut config, &mut network);
        Client::on(Arc::new(network), &config).unwrap()
    }

    fn default_client(self: &Arc<Self>) -> Client {
        self.client(|_, _| {})
    }

    fn sent(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    fn pass(&self, seconds: f64) {
        *self.now.lock().unwrap() += seconds;
    }
}

/// The network of one client.
struct Network {
    api: Arc<Api>,
    may_await_others: bool,
    network: u64,
}

impl Platform for Network {
    fn send(
        &self,
        request: OutgoingRequest<String>,
        timeout_ms: u32,
    ) -> Pending<Result<Answer, RequestError>> {
        let api = Arc::clone(&self.api);
        let is_refresh = request.url.ends_with("/sessions/authenticate");
        if is_refresh {
            let Some(Body::Json(body)) = &request.body else {
                panic!("no body")
            };
            let body = serde_json::from_str(body).unwrap();
            api.sent.lock().unwrap().push((body, timeout_ms));
        }
        Box::pin(poll_fn(move |_| {
            if is_refresh && !api.is_open.load(Relaxed) {
                return Poll::Pending;
            }
            let (status, text) = match is_refresh {
                true => *api.answer.lock().unwrap(),
                false => (503, "{}"),
            };
            Poll::Ready(Ok(Answer {
                status,
                text: text.to_owned(),
                retry_after: *api.retry_after.lock().unwrap(),
                ..Answer::default()
            }))
        }))
    }

    fn now(&self) -> f64 {
        *self.api.now.lock().unwrap()
    }

    fn sleep(&self, _: u32) -> Pending<()> {
        Box::pin(std::future::pending())
    }

    fn may_await_others(&self) -> bool {
        self.may_await_others
    }

    fn network(&self) -> u64 {
        self.network
    }
}

type Call = Pin<Box<dyn Future<Output = String>>>;

/// A call that returns the text of its verdict.
fn call(client: Client, headers: [Option<String>; 2], options: Options) -> Call {
    Box::pin(async move {
        let [authorization, cookie] = &headers;
        let headers = RequestHeaders {
            authorization: authorization.as_deref(),
            cookie: cookie.as_deref(),
        };
        let verdict = client.authenticate_request(headers, &options).await;
        format!("{:?}", verdict.unwrap())
    })
}

fn with_cookies(client: Client, cookies: &str, options: Options) -> Call {
    call(client, [None, Some(cookies.to_owned())], options)
}

/// A call that has been polled once.
fn begin(client: Client, cookies: &str, options: Options) -> Call {
    let mut call = with_cookies(client, cookies, options);
    assert_eq!(poll(&mut call), Poll::Pending);
    call
}

fn poll(call: &mut Call) -> Poll<String> {
    call.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

fn ends_with(call: &mut Call, reason: &str) {
    assert_eq!(poll(call), Poll::Ready(format!("RequestVerdict({reason})")));
}

const TOKEN: &str = "stytch_session=token";

#[test]
fn equal_refreshes_share_one_request_and_its_error() {
    let api = Api::new();
    // Each call has a client of its own, as in handlers that create a client per request.
    let mut calls: Vec<_> = (0..20)
        .map(|_| begin(api.default_client(), TOKEN, Options::default()))
        .collect();
    assert_eq!(api.sent(), 1);
    api.is_open.store(true, Relaxed);
    for call in &mut calls {
        ends_with(call, "misconfigured");
    }
    assert_eq!(api.sent(), 1);
    // A later call does not receive the old result.
    api.is_open.store(false, Relaxed);
    let _later = begin(api.default_client(), TOKEN, Options::default());
    assert_eq!(api.sent(), 2);
}

/// Returns the number of requests for two calls in flight.
fn sent_for(first: (Client, &str, Options), second: (Client, &str, Options), api: &Api) -> usize {
    let _calls = [first, second].map(|(client, cookies, options)| begin(client, cookies, options));
    api.sent()
}

#[test]
fn clients_that_differ_do_not_share_a_refresh() {
    type Change = fn(&mut ClientConfig, &mut Network);
    let cases: [(&str, Change); 6] = [
        ("secret", |config, _| config.secret = "another".to_owned()),
        ("project", |config, _| {
            config.project_id = "project-test-2".to_owned();
        }),
        ("base URL", |config, _| {
            config.custom_base_url = Some("https://test.stytch.com/another".to_owned());
        }),
        ("isolated", |config, _| config.isolated = true),
        ("fetch", |_, network| network.network = 1),
        ("refresh_timeout_ms", |config, _| {
            config.refresh_timeout_ms = 1;
        }),
    ];
    for (name, change) in cases {
        let api = Api::new();
        let (first, second) = (api.default_client(), api.client(change));
        let options = Options::default;
        let sent = sent_for((first, TOKEN, options()), (second, TOKEN, options()), &api);
        assert_eq!(sent, 2, "{name}");
    }
    let api = Api::new();
    let own = |number| api.client(|_, network| network.network = number);
    let options = Options::default;
    let sent = sent_for((own(1), TOKEN, options()), (own(2), TOKEN, options()), &api);
    assert_eq!(sent, 2, "two fetch functions");
    let api = Api::new();
    let own = || api.client(|_, network| network.network = 1);
    let sent = sent_for((own(), TOKEN, options()), (own(), TOKEN, options()), &api);
    assert_eq!(sent, 1, "one fetch function");
}

#[test]
fn calls_that_differ_do_not_share_a_refresh() {
    let check = |action: &str| {
        Some(consumer::SessionsAuthorizationCheck {
            resource_id: "documents".to_owned(),
            action: action.to_owned(),
        })
    };
    let options = |change: &dyn Fn(&mut Options)| {
        let mut options = Options::default();
        change(&mut options);
        options
    };
    let plain = || options(&|_| {});
    let read = || options(&|options| options.authorization_check = check("read"));
    let write = options(&|options| options.authorization_check = check("write"));
    let an_hour = options(&|options| options.session_duration_minutes = Some(60));
    let short = options(&|options| options.refresh_timeout_ms = Some(1_000));
    for (name, first, second) in [
        (
            "session token",
            (TOKEN, plain()),
            ("stytch_session=token2", plain()),
        ),
        ("authorization_check", (TOKEN, plain()), (TOKEN, read())),
        ("action", (TOKEN, read()), (TOKEN, write)),
        (
            "session_duration_minutes",
            (TOKEN, plain()),
            (TOKEN, an_hour),
        ),
        ("refresh_timeout_ms", (TOKEN, plain()), (TOKEN, short)),
    ] {
        let api = Api::new();
        let first = (api.default_client(), first.0, first.1);
        let second = (api.default_client(), second.0, second.1);
        assert_eq!(sent_for(first, second, &api), 2, "{name}");
    }
}

#[test]
fn a_session_token_and_a_jwt_of_the_same_text_do_not_share_a_refresh() {
    let api = Api::new();
    // {"alg":"RS256","kid":"a","typ":"JWT"} and {}
    let text = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImEiLCJ0eXAiOiJKV1QifQ.e30.AA";
    let always = AuthenticateRequestOptions {
        remote_fallback: Some(RemoteFallback::Always),
        ..Options::default()
    };
    let as_token = format!("stytch_session={text}");
    let _first = begin(api.default_client(), &as_token, always.clone());
    let headers = [Some(format!("Bearer {text}")), None];
    let mut second = call(api.default_client(), headers, always);
    assert_eq!(poll(&mut second), Poll::Pending);
    assert_eq!(api.sent(), 2);
}

#[test]
fn calls_that_must_not_await_others_send_a_request_each() {
    let api = Api::new();
    let client = || api.client(|_, network| network.may_await_others = false);
    let options = Options::default;
    let sent = sent_for(
        (client(), TOKEN, options()),
        (client(), TOKEN, options()),
        &api,
    );
    assert_eq!(sent, 2);
}

#[test]
fn a_waiting_call_repeats_an_abandoned_refresh() {
    let api = Api::new();
    let begin = || begin(api.default_client(), TOKEN, Options::default());
    let (first, mut second, mut third) = (begin(), begin(), begin());
    assert_eq!(api.sent(), 1);
    drop(first);
    assert_eq!(poll(&mut second), Poll::Pending);
    assert_eq!(poll(&mut third), Poll::Pending);
    assert_eq!(api.sent(), 2, "one of the two repeats the request");
    api.is_open.store(true, Relaxed);
    ends_with(&mut second, "misconfigured");
    ends_with(&mut third, "misconfigured");
    assert_eq!(api.sent(), 2);
}

#[test]
fn the_end_of_a_refresh_does_not_affect_other_refreshes_in_flight() {
    let api = Api::new();
    let begin = |cookies: &str| begin(api.default_client(), cookies, Options::default());
    let (first, _other) = (begin("stytch_session=a"), begin("stytch_session=b"));
    drop(first);
    let _same = begin("stytch_session=b");
    assert_eq!(api.sent(), 2);
}

#[test]
fn concurrent_failures_pause_once_from_the_end_of_the_first() {
    let api = Api::new();
    *api.answer.lock().unwrap() = (500, "{}");
    let begin = |cookies: &str| begin(api.default_client(), cookies, Options::default());
    let mut calls = ["a", "b", "c", "d"].map(|name| begin(&format!("stytch_session={name}")));
    api.pass(4.0);
    api.is_open.store(true, Relaxed);
    for call in &mut calls {
        ends_with(call, "api_unavailable");
        api.pass(0.0625);
    }
    let next = || {
        let mut call = with_cookies(api.default_client(), TOKEN, Options::default());
        ends_with(&mut call, "api_unavailable");
        api.sent()
    };
    assert_eq!(next(), 4, "0.25 seconds after the first failure");
    api.pass(0.25);
    assert_eq!(next(), 5, "0.5 seconds after the first failure");
}

#[test]
fn a_refresh_has_the_shortest_of_its_time_limits() {
    for (timeout_ms, refresh_timeout_ms, of_call, expected) in [
        (30_000, 5_000, None, 5_000),
        (30_000, 3_000, None, 3_000),
        (1_000, 3_000, None, 1_000),
        (30_000, 3_000, Some(7_000), 7_000),
        (1_000, 3_000, Some(7_000), 1_000),
    ] {
        let api = Api::new();
        let client = api.client(|config, _| {
            (config.timeout_ms, config.refresh_timeout_ms) = (timeout_ms, refresh_timeout_ms);
        });
        let options = Options {
            refresh_timeout_ms: of_call,
            ..Options::default()
        };
        let _call = begin(client, TOKEN, options);
        let sent = api.sent.lock().unwrap();
        assert_eq!((sent.len(), sent[0].1), (1, expected));
    }
}

#[test]
fn a_refresh_sends_the_permission_and_the_new_lifetime() {
    let api = Api::new();
    let options = Options {
        authorization_check: Some(consumer::SessionsAuthorizationCheck {
            resource_id: "documents".to_owned(),
            action: "read".to_owned(),
        }),
        session_duration_minutes: Some(60),
        ..Options::default()
    };
    let _call = begin(api.default_client(), TOKEN, options);
    let expected = json!({
        "session_token": "token",
        "session_duration_minutes": 60,
        "authorization_check": { "resource_id": "documents", "action": "read" },
    });
    assert_eq!(api.sent.lock().unwrap()[0].0, expected);
}

#[test]
fn the_retry_after_of_the_api_is_in_the_verdict_and_lengthens_the_pause() {
    for body in [r#"{"error_type": "too_many_requests"}"#, "<html>"] {
        let api = Api::new();
        api.is_open.store(true, Relaxed);
        *api.answer.lock().unwrap() = (429, body);
        *api.retry_after.lock().unwrap() = Some(7);
        let client = api.default_client();
        for (passed, retry_after, sent) in [(0.0, 7.0, 1), (6.0, 1.0, 1), (1.0, 7.0, 2)] {
            api.pass(passed);
            // A token whose call has failed pauses for longer.
            let cookies = format!("{TOKEN}-{passed}");
            let headers = cookie(&cookies);
            let verdict = run(client.authenticate_request(headers, &Options::default())).unwrap();
            assert_eq!(format!("{verdict:?}"), "RequestVerdict(rate_limited)");
            assert_eq!(verdict.retry_after_seconds, Some(retry_after), "{body}");
            assert_eq!(api.sent(), sent, "{body}");
        }
    }
}

#[test]
fn a_call_with_a_time_limit_shorter_than_that_of_the_client_does_not_pause_others() {
    for (of_call, expected) in [(Some(4_999), 2), (None, 1)] {
        let platform = TestPlatform::new();
        platform.fail(Reason::Timeout);
        let client = platform.client();
        for (cookies, refresh_timeout_ms) in [(TOKEN, of_call), ("stytch_session=b", None)] {
            let options = Options {
                refresh_timeout_ms,
                ..Options::default()
            };
            let verdict = run(client.authenticate_request(cookie(cookies), &options)).unwrap();
            assert_eq!(format!("{verdict:?}"), "RequestVerdict(timeout)");
        }
        assert_eq!(platform.sent.lock().unwrap().len(), expected);
    }
}

#[test]
fn the_retry_after_of_a_verdict_is_at_most_30_seconds() {
    let api = Api::new();
    api.is_open.store(true, Relaxed);
    *api.answer.lock().unwrap() = (429, "{}");
    *api.retry_after.lock().unwrap() = Some(3_600);
    let client = api.client(|config, _| config.refresh_limits.max_pause_seconds = 3_600.0);
    for (cookies, sent) in [(TOKEN, 1), ("stytch_session=b", 1)] {
        let headers = cookie(cookies);
        let verdict = run(client.authenticate_request(headers, &Options::default())).unwrap();
        assert_eq!(verdict.retry_after_seconds, Some(30.0));
        assert_eq!(api.sent(), sent);
    }
}
