//! A platform for the typed clients: the network is the emulator's handler or a fixed response, and the clock is a number.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use base64ct::Encoding as _;
use serde_json::Value;
use stytch_edge::{
    Answer, B2bClient, Client, ClientConfig, Pending, Platform,
    client::{Body, OutgoingRequest, Reason, RequestError},
};
use stytch_emulator::{Credentials, Emulator, Request, Response, Settings, UnixSeconds};

pub const NOW: i64 = 1_800_000_000;

/// An emulator, cloned by each test, because generating its keys is slow.
static EMULATOR: LazyLock<Emulator> =
    LazyLock::new(|| Emulator::new(Settings::from_seed([1; 32]), [2; 32]).unwrap());

/// The platform of one test.
pub struct TestPlatform {
    /// A unique base URL, so that tests do not share keys and policies.
    base_url: String,
    pub emulator: Mutex<Emulator>,
    pub now: Mutex<i64>,
    /// The response to all requests instead of the emulator's: a status and a body, or the reason of a failure.
    pub instead: Mutex<Option<Result<(u16, String), Reason>>>,
    /// The `Date` header of all responses.
    pub date: Mutex<Option<f64>>,
    /// The method, the URL and the body of each request.
    pub sent: Mutex<Vec<(String, String, String)>>,
    /// The headers of the last request.
    pub headers: Mutex<Vec<(&'static str, String)>>,
    /// The durations of the timers, in milliseconds. If `time_is_up` is set, timers complete immediately, else never.
    pub timers: Mutex<Vec<u32>>,
    pub time_is_up: AtomicBool,
    /// The number of secrets that were made. `None` if the platform has no secure randomness.
    pub secrets: Mutex<Option<u8>>,
}

impl TestPlatform {
    pub fn new() -> Arc<Self> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Arc::new(Self {
            base_url: format!("https://test.stytch.com/tests/{number}"),
            emulator: Mutex::new(EMULATOR.clone()),
            now: Mutex::new(NOW),
            instead: Mutex::new(None),
            date: Mutex::new(None),
            sent: Mutex::default(),
            headers: Mutex::default(),
            timers: Mutex::default(),
            time_is_up: AtomicBool::new(false),
            secrets: Mutex::new(Some(0)),
        })
    }

    pub fn client(self: &Arc<Self>) -> Client {
        self.client_with(|_| {})
    }

    /// A client with changes of its configuration.
    pub fn client_with(self: &Arc<Self>, change: impl FnOnce(&mut ClientConfig)) -> Client {
        let mut config = self.config(Settings::from_seed([1; 32]).consumer);
        change(&mut config);
        Client::on(self.clone(), &config).unwrap()
    }

    pub fn b2b_client(self: &Arc<Self>) -> B2bClient {
        self.b2b_client_with(|_| {})
    }

    /// A B2B client with changes of its configuration.
    pub fn b2b_client_with(self: &Arc<Self>, change: impl FnOnce(&mut ClientConfig)) -> B2bClient {
        let mut config = self.config(Settings::from_seed([1; 32]).b2b);
        change(&mut config);
        B2bClient::on(self.clone(), &config).unwrap()
    }

    /// The public token of a product.
    pub fn public_token(&self, product: &str) -> String {
        let settings = Settings::from_seed([1; 32]);
        match product {
            "b2b" => settings.b2b.public_token(),
            _ => settings.consumer.public_token(),
        }
    }

    /// The project id of a product.
    pub fn project_id(&self, product: &str) -> String {
        let settings = Settings::from_seed([1; 32]);
        match product {
            "b2b" => settings.b2b.project_id,
            _ => settings.consumer.project_id,
        }
    }

    fn config(&self, credentials: Credentials) -> ClientConfig {
        ClientConfig {
            custom_base_url: Some(self.base_url.clone()),
            // Most tests are about one request.
            retries: 0,
            ..ClientConfig::new(credentials.project_id, credentials.secret)
        }
    }

    pub fn answer(&self, status: u16, body: &str) {
        *self.instead.lock().unwrap() = Some(Ok((status, body.to_owned())));
    }

    pub fn fail(&self, reason: Reason) {
        *self.instead.lock().unwrap() = Some(Err(reason));
    }

    /// Advances the clock.
    pub fn pass(&self, seconds: i64) {
        *self.now.lock().unwrap() += seconds;
    }

    /// The paths of the requests that `work` sends, after `/v1/` and without the query.
    pub fn sent_during(&self, work: impl FnOnce()) -> Vec<String> {
        let before = self.sent.lock().unwrap().len();
        work();
        let sent = self.sent.lock().unwrap();
        let paths = sent.iter().skip(before).map(|(_, url, _)| {
            let path = url
                .split_once("/v1/")
                .map_or(url.as_str(), |(_, path)| path);
            path.split('?').next().unwrap_or_default().to_owned()
        });
        paths.collect()
    }

    pub fn last_sent(&self) -> (String, String, String) {
        self.sent.lock().unwrap().last().unwrap().clone()
    }

    pub fn has_header(&self, name: &str, value: &str) -> bool {
        let headers = self.headers.lock().unwrap();
        headers
            .iter()
            .any(|header| *header == (name, value.to_owned()))
    }

    /// Sends a request to a control endpoint of the emulator.
    pub fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let message = Request {
            method: method.to_owned(),
            path: path.to_owned(),
            body: body.to_string().into_bytes(),
            ..Request::default()
        };
        let response = self.deliver(&message);
        assert_eq!(response.status, 200);
        serde_json::from_slice(&response.body).unwrap()
    }

    /// Delivers a request of anything but the client: of a browser, a directory or an app.
    pub fn deliver(&self, request: &Request) -> Response {
        let now = UnixSeconds(*self.now.lock().unwrap());
        self.emulator.lock().unwrap().handle(request, now)
    }

    /// Calls a method of the B2B API with a JSON body.
    pub fn call_b2b(&self, path: &str, body: &Value) -> serde_json::Map<String, Value> {
        let credentials = Settings::from_seed([1; 32]).b2b;
        let basic = format!("{}:{}", credentials.project_id, credentials.secret);
        let basic = base64ct::Base64::encode_string(basic.as_bytes());
        let message = Request {
            method: "POST".to_owned(),
            path: path.to_owned(),
            headers: vec![("Authorization".to_owned(), format!("Basic {basic}"))],
            body: body.to_string().into_bytes(),
            ..Request::default()
        };
        let now = UnixSeconds(*self.now.lock().unwrap());
        let response = self.emulator.lock().unwrap().handle(&message, now);
        assert_eq!(
            response.status,
            200,
            "{}",
            String::from_utf8_lossy(&response.body)
        );
        serde_json::from_slice(&response.body).unwrap()
    }

    fn handle(&self, request: &OutgoingRequest<String>) -> (u16, String) {
        let (url, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
        let path = url.splitn(4, '/').last().unwrap();
        let message = Request {
            method: request.method.word().to_owned(),
            path: format!("/{path}"),
            query: query.to_owned(),
            headers: request
                .headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            body: body_of(request).into_bytes(),
        };
        let response = self.deliver(&message);
        (response.status, String::from_utf8(response.body).unwrap())
    }
}

impl Platform for TestPlatform {
    fn secret_bytes(&self) -> Option<[u8; 32]> {
        let mut secrets = self.secrets.lock().unwrap();
        *secrets = Some(secrets.as_ref()? + 1);
        secrets.map(|secret| [secret; 32])
    }

    fn send(
        &self,
        request: OutgoingRequest<String>,
        _timeout_ms: u32,
    ) -> Pending<Result<Answer, RequestError>> {
        let sent = (
            request.method.word().to_owned(),
            request.url.clone(),
            body_of(&request),
        );
        self.sent.lock().unwrap().push(sent);
        *self.headers.lock().unwrap() = request.headers.clone();
        let answer = match self.instead.lock().unwrap().clone() {
            Some(instead) => instead,
            None => Ok(self.handle(&request)),
        };
        let answer = answer.map(|(status, text)| Answer {
            status,
            text,
            date: *self.date.lock().unwrap(),
            ..Answer::default()
        });
        let url = request.shown_url().to_owned();
        Box::pin(std::future::ready(answer.map_err(|reason| RequestError {
            method: request.method.word(),
            message: format!("{url} {}", reason.word()),
            url,
            reason,
            retry_after: None,
            status_code: None,
            request_id: None,
            attempts: 1,
        })))
    }

    fn now(&self) -> stytch_edge::jwt::UnixSeconds {
        *self.now.lock().unwrap() as f64
    }

    fn sleep(&self, milliseconds: u32) -> Pending<()> {
        self.timers.lock().unwrap().push(milliseconds);
        match self.time_is_up.load(Ordering::Relaxed) {
            true => Box::pin(std::future::ready(())),
            false => Box::pin(std::future::pending()),
        }
    }
}

/// Runs a future that completes in its first poll.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the future is pending"),
    }
}

fn body_of(request: &OutgoingRequest<String>) -> String {
    match &request.body {
        Some(Body::Json(text) | Body::Form(text)) => text.clone(),
        None => String::new(),
    }
}
