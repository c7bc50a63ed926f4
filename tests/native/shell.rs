//! A client on a scripted platform: arguments are serde_json values, the network is the emulator's handler, and the clock is
//! a number.

use std::{
    collections::HashMap,
    future::{Future, ready},
    pin::pin,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use serde_json::Value;
use stytch_edge::{
    client::{
        Arguments, Body, Checked, ClientError, Config, LookupContext, MemberSession, NotText,
        OutgoingRequest, Reason, RequestError, Requirement, ResponseKind, build, classify,
        endpoint::Endpoint, introspected, key_set_request,
    },
    flow::{
        Answer, Core, Error, KeySettings, LoadFailure, Pending, Platform, Times, TokenCheck,
        source_of, with_state,
    },
    jwt::JwkSet,
    session::{Issuer, Policy, Product, TokenKind},
};
use stytch_emulator::{Emulator, Request, Settings, UnixSeconds};

pub const NOW: i64 = 1_800_000_000;

/// An emulator, cloned by each test, because generating its keys is slow.
static EMULATOR: LazyLock<Emulator> =
    LazyLock::new(|| Emulator::new(Settings::from_seed([1; 32]), [2; 32]).unwrap());

pub struct Shell {
    pub emulator: Arc<Mutex<Emulator>>,
    pub config: Config,
    pub now: i64,
    /// The number of requests to the API.
    pub sent: usize,
    /// The responses to requests for policies, by URL.
    pub policies: HashMap<String, Value>,
    /// Failures of the network and the API.
    pub faults: Faults,
}

/// Failures that replace the responses of the emulator, by the purpose of the request.
#[derive(Clone, Default)]
pub struct Faults {
    pub keys: Option<Fault>,
    pub policies: Option<Fault>,
    pub sessions: Option<Fault>,
}

/// An error of the API, or a request without a response.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    Status(u16, &'static str),
    Unanswered(Reason),
    Raw(u16, &'static str),
}

impl Shell {
    pub fn new(product: Product) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let settings = Settings::from_seed([1; 32]);
        let credentials = match product {
            Product::Consumer => settings.consumer,
            Product::B2b => settings.b2b,
        };
        let origin = "https://test.stytch.com".to_owned();
        let fraud_origin = "https://telemetry.stytch.com".to_owned();
        let urls = (format!("{origin}/"), origin, fraud_origin);
        let mut config = Config::new(product, (credentials.project_id, credentials.secret), urls);
        // Most tests are about one request. Those of retries set them.
        config.retries = 0;
        // Tests that run on the same thread must not share state.
        config.source = source_of(KeySettings {
            issuer: config.issuer.clone(),
            provided: None,
            jwks_url: None,
            isolated: Some(COUNT.fetch_add(1, Ordering::Relaxed)),
        });
        Self {
            emulator: Arc::new(Mutex::new(EMULATOR.clone())),
            config,
            now: NOW,
            sent: 0,
            policies: HashMap::new(),
            faults: Faults::default(),
        }
    }

    /// Runs a flow that completes in its first poll.
    pub fn run<T>(&mut self, flow: impl AsyncFnOnce(&Core) -> T) -> T {
        let platform = Arc::new(ScriptedPlatform {
            emulator: self.emulator.clone(),
            now: self.now,
            sent: AtomicUsize::new(0),
            policies: self.policies.clone(),
            faults: self.faults.clone(),
        });
        let core = Core::new(platform.clone(), Arc::new(self.config.clone()));
        let mut context = Context::from_waker(Waker::noop());
        let outcome = match pin!(flow(&core)).poll(&mut context) {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => panic!("the flow is pending"),
        };
        self.sent += platform.sent.load(Ordering::Relaxed);
        outcome
    }

    /// Calls an operation of the endpoint table. Returns the status and the body.
    pub fn call(&mut self, method: &str, path: &str, arguments: Value) -> (u16, Value) {
        let request = build(
            &endpoint(method, path),
            &self.config,
            &JsonArguments(arguments),
            &MemberSession::default(),
        );
        self.send(&request.unwrap())
    }

    pub fn send(&mut self, request: &OutgoingRequest<String>) -> (u16, Value) {
        self.sent += 1;
        let response = handled(&self.emulator, &message_of(request), self.now);
        assert_ne!(classify(response.status), ResponseKind::Redirect);
        (
            response.status,
            serde_json::from_slice(&response.body).unwrap(),
        )
    }

    /// Sends a POST request to a control endpoint of the emulator.
    pub fn control(&mut self, path: &str, body: &Value) -> Value {
        self.ask_emulator("POST", path, body.to_string())
    }

    /// Sends a GET request to a control endpoint of the emulator.
    pub fn read_control(&mut self, path: &str) -> Value {
        self.ask_emulator("GET", path, String::new())
    }

    fn ask_emulator(&mut self, method: &str, path: &str, body: String) -> Value {
        let message = Request {
            method: method.to_owned(),
            path: path.to_owned(),
            body: body.into_bytes(),
            ..Request::default()
        };
        let response = handled(&self.emulator, &message, self.now);
        assert_eq!(
            response.status,
            200,
            "{}",
            String::from_utf8_lossy(&response.body)
        );
        serde_json::from_slice(&response.body).unwrap()
    }

    /// Checks a session JWT.
    pub fn check(&mut self, token: &str, max_token_age: Option<f64>) -> Result<Value, ClientError> {
        self.check_as(
            TokenKind::Session,
            token,
            &Requirement::Nothing,
            max_token_age,
        )
    }

    /// Checks a token of any kind. Fetches the keys and policies that the check needs.
    pub fn check_as(
        &mut self,
        kind: TokenKind,
        token: &str,
        requirement: &Requirement,
        max_token_age: Option<f64>,
    ) -> Result<Value, ClientError> {
        let times = Times {
            max_token_age,
            ..Times::default()
        };
        let question = TokenCheck {
            token,
            kind,
            requirement,
            times,
        };
        let accepted = self.run(async |core| core.check(&question).await);
        match accepted {
            Ok(accepted) => Ok(serde_json::from_str(accepted.json()).unwrap()),
            Err(LoadFailure {
                error: Error::Client(error) | Error::Caused(error, _),
                ..
            }) => Err(error),
            Err(failure) => panic!("{failure:?}"),
        }
    }

    /// Reads a response to an introspection.
    pub fn introspected(&self, answer: &str) -> Result<Value, ClientError> {
        let issuer = self.config.issuer.clone();
        let checked = with_state(|state| {
            introspected(
                state,
                &issuer,
                answer,
                &Requirement::Nothing,
                LookupContext::at(0.0),
            )
        });
        match checked? {
            Checked::Done(accepted) => Ok(serde_json::from_str(accepted.json()).unwrap()),
            Checked::Needed(needs) => panic!("{needs:?}"),
        }
    }

    /// Stores a newer key set of a project.
    pub fn store_keys(&self, issuer: &Issuer, keys: JwkSet) {
        let (source, now) = (self.config.source, self.now as f64);
        with_state(|state| state.keys_from(issuer, source).store(keys, now));
    }

    /// The number of cached tokens.
    pub fn remembered(&mut self) -> usize {
        let (issuer, source) = (self.config.issuer.clone(), self.config.source);
        with_state(|state| state.keys_from(&issuer, source).verified().count())
    }

    /// Stores a newer policy of the project, which grants no permissions.
    pub fn revoke_all(&mut self) {
        self.now += 1;
        let (issuer, now) = (self.config.issuer.clone(), self.now as f64);
        let nothing = Policy::read(r#"{"policy":{}}"#).unwrap();
        let of = (&issuer, self.config.source);
        with_state(|state| state.policies().store(of, None, nothing, now));
    }

    /// Requests the key set of the product's project.
    pub fn keys_from(&mut self, product: Product) -> JwkSet {
        let settings = Settings::from_seed([1; 32]);
        let project_id = match product {
            Product::Consumer => settings.consumer.project_id,
            Product::B2b => settings.b2b.project_id,
        };
        let config = Config {
            issuer: Issuer {
                product,
                project_id,
                ..self.config.issuer.clone()
            },
            ..self.config.clone()
        };
        let (status, set) = self.send(&key_set_request(&config).unwrap());
        assert_eq!(status, 200);
        JwkSet::parse(&set.to_string()).unwrap()
    }
}

/// The platform of one flow.
struct ScriptedPlatform {
    emulator: Arc<Mutex<Emulator>>,
    now: i64,
    sent: AtomicUsize,
    policies: HashMap<String, Value>,
    faults: Faults,
}

impl Platform for ScriptedPlatform {
    fn send(
        &self,
        request: OutgoingRequest<String>,
        _timeout_ms: u32,
    ) -> Pending<Result<Answer, RequestError>> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        Box::pin(ready(self.answer(&request)))
    }

    fn now(&self) -> f64 {
        self.now as f64
    }

    fn sleep(&self, _milliseconds: u32) -> Pending<()> {
        Box::pin(ready(()))
    }
}

impl ScriptedPlatform {
    fn answer(&self, request: &OutgoingRequest<String>) -> Result<Answer, RequestError> {
        let url = &request.url;
        let (fault, prepared) = if url.contains("/jwks/") {
            (self.faults.keys, None)
        } else if url.contains("/rbac/") {
            let policy = self.policies.get(url);
            (self.faults.policies, Some(policy))
        } else {
            (self.faults.sessions, None)
        };
        match (fault, prepared) {
            (Some(Fault::Status(status, error_type)), _) => Ok(Answer {
                status,
                text: serde_json::json!({ "status_code": status, "error_type": error_type })
                    .to_string(),
                ..Answer::default()
            }),
            (Some(Fault::Raw(status, text)), _) => Ok(Answer {
                status,
                text: text.to_owned(),
                ..Answer::default()
            }),
            (Some(Fault::Unanswered(reason)), _) => Err(RequestError {
                method: request.method.word(),
                url: request.shown_url().to_owned(),
                reason,
                message: reason.word().to_owned(),
                retry_after: None,
                status_code: None,
                request_id: None,
                attempts: 1,
            }),
            (None, Some(policy)) => Ok(Answer {
                status: 200,
                text: policy.expect("a policy for the URL").to_string(),
                ..Answer::default()
            }),
            (None, None) => {
                let response = handled(&self.emulator, &message_of(request), self.now);
                Ok(Answer {
                    status: response.status,
                    text: String::from_utf8(response.body).unwrap(),
                    ..Answer::default()
                })
            }
        }
    }
}

fn handled(emulator: &Mutex<Emulator>, message: &Request, now: i64) -> stytch_emulator::Response {
    emulator.lock().unwrap().handle(message, UnixSeconds(now))
}

fn message_of(request: &OutgoingRequest<String>) -> Request {
    let (path, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
    let headers = request.headers.iter();
    Request {
        method: request.method.word().to_owned(),
        path: path
            .trim_start_matches("https://test.stytch.com")
            .to_owned(),
        query: query.to_owned(),
        headers: headers
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        body: text_of(request).into_bytes(),
    }
}

/// The body of a request. Empty if the request does not have a body.
pub fn text_of(request: &OutgoingRequest<String>) -> String {
    match &request.body {
        Some(Body::Json(text) | Body::Form(text)) => text.clone(),
        None => String::new(),
    }
}

pub fn endpoint(method: &str, path: &str) -> Endpoint {
    (0..)
        .map_while(Endpoint::in_row)
        .find(|row| row.method.word() == method && row.path == path)
        .unwrap_or_else(|| panic!("no row for {method} {path}"))
}

/// The first argument of a call. `Null` stands for a call without an argument.
pub struct JsonArguments(pub Value);

impl JsonArguments {
    fn rest(&self, taken: &[&str]) -> serde_json::Map<String, Value> {
        let fields = self.0.as_object().unwrap().clone();
        fields
            .into_iter()
            .filter(|(name, _)| !taken.contains(&name.as_str()))
            .collect()
    }
}

impl Arguments for JsonArguments {
    type Json = String;

    fn is_absent(&self) -> bool {
        self.0.is_null()
    }

    fn text(&self, name: &str) -> Result<Option<String>, NotText> {
        let Some(value) = self.0.get(name) else {
            return Ok(None);
        };
        let text = value.as_str().ok_or(NotText)?;
        Ok(Some(text.to_owned()))
    }

    fn pairs_without(
        &self,
        taken: &[&str],
        _longest: u32,
    ) -> Result<Vec<(String, String)>, ClientError> {
        let text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        Ok(self
            .rest(taken)
            .iter()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect())
    }

    fn json_without(&self, taken: &[&str]) -> Result<String, ClientError> {
        Ok(Value::Object(self.rest(taken)).to_string())
    }
}
