//! A client on a scripted platform: arguments are serde_json values, the network is the emulator's
//! handler, the clock is a number.

use std::{
    collections::HashMap,
    future::{Future, pending, ready},
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
        AnswerKind, Arguments, Asking, Body, Checked, ClientError, Config, Demand, MemberSession,
        OutgoingRequest, Reason, RequestError, build, classify, endpoint::Endpoint, introspected,
        key_set_request,
    },
    flow::{
        Answer, Core, Error, LoadFailure, OwnKeys, Pending, Platform, Times, TokenQuestion,
        source_of, with_state,
    },
    jwt::JwkSet,
    session::{Issuer, Policy, Product, TokenKind},
};
use stytch_emulator::{Emulator, Request, Settings, UnixSeconds};

pub const NOW: i64 = 1_800_000_000;

/// One emulator with its keys, which the tests clone.
static EMULATOR: LazyLock<Emulator> =
    LazyLock::new(|| Emulator::new(Settings::from_seed([1; 32]), [2; 32]).unwrap());

pub struct Shell {
    pub emulator: Arc<Mutex<Emulator>>,
    pub config: Config,
    pub now: i64,
    /// How many requests were sent to the API.
    pub sent: usize,
    /// What the API answers to requests for policies, by URL.
    pub policies: HashMap<String, Value>,
    /// What goes wrong.
    pub faults: Faults,
}

/// What the network answers in place of the emulator.
#[derive(Clone, Default)]
pub struct Faults {
    pub keys: Option<Fault>,
    pub policies: Option<Fault>,
    pub sessions: Option<Fault>,
}

/// A response of the API that is a refusal, or none.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    Status(u16, &'static str),
    Unanswered(Reason),
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
        // State of its own, whichever thread runs the test.
        config.source = source_of(OwnKeys {
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

    /// Runs a flow, which waits for nothing.
    pub fn run<T>(&mut self, flow: impl AsyncFnOnce(&Core) -> T) -> T {
        let stage = Arc::new(Stage {
            emulator: self.emulator.clone(),
            now: self.now,
            sent: AtomicUsize::new(0),
            policies: self.policies.clone(),
            faults: self.faults.clone(),
        });
        let core = Core::new(stage.clone(), Arc::new(self.config.clone()));
        let mut context = Context::from_waker(Waker::noop());
        let outcome = match pin!(flow(&core)).poll(&mut context) {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => panic!("it waits for something"),
        };
        self.sent += stage.sent.load(Ordering::Relaxed);
        outcome
    }

    /// Calls an operation of the table; gives the status and the body.
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
        assert_ne!(classify(response.status), AnswerKind::Redirect);
        (
            response.status,
            serde_json::from_slice(&response.body).unwrap(),
        )
    }

    /// Pulls one of the emulator's own levers.
    pub fn lever(&mut self, path: &str, body: &Value) -> Value {
        self.ask_emulator("POST", path, body.to_string())
    }

    /// Reads one of the emulator's own pages.
    pub fn page(&mut self, path: &str) -> Value {
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
        self.check_as(TokenKind::Session, token, &Demand::Nothing, max_token_age)
    }

    /// Checks a token of any kind, and fetches what turns out to be needed for it.
    pub fn check_as(
        &mut self,
        kind: TokenKind,
        token: &str,
        demand: &Demand,
        max_token_age: Option<f64>,
    ) -> Result<Value, ClientError> {
        let times = Times {
            max_token_age,
            ..Times::default()
        };
        let question = TokenQuestion {
            token,
            kind,
            demand,
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

    /// What the API's answer to an introspection says.
    pub fn introspected(&self, answer: &str) -> Result<Value, ClientError> {
        let issuer = self.config.issuer.clone();
        let checked = with_state(|scopes| {
            introspected(scopes, &issuer, answer, &Demand::Nothing, Asking::at(0.0))
        });
        match checked? {
            Checked::Done(accepted) => Ok(serde_json::from_str(accepted.json()).unwrap()),
            Checked::Needed(needs) => panic!("{needs:?}"),
        }
    }

    /// Has a newer key set of a project arrive.
    pub fn store_keys(&self, issuer: &Issuer, keys: JwkSet) {
        let (source, now) = (self.config.source, self.now as f64);
        with_state(|scopes| scopes.keys_from(issuer, source).store(keys, now));
    }

    /// How many tokens are remembered.
    pub fn remembered(&mut self) -> usize {
        let (issuer, source) = (self.config.issuer.clone(), self.config.source);
        with_state(|scopes| scopes.keys_from(&issuer, source).verified().count())
    }

    /// A newer policy of the project, which allows nothing to anybody.
    pub fn revoke_all(&mut self) {
        self.now += 1;
        let (issuer, now) = (self.config.issuer.clone(), self.now as f64);
        let nothing = Policy::read(r#"{"policy":{}}"#).unwrap();
        let of = (&issuer, self.config.source);
        with_state(|scopes| scopes.policies().store(of, None, nothing, now));
    }

    /// The key set of a product's project.
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

/// The place where one flow runs.
struct Stage {
    emulator: Arc<Mutex<Emulator>>,
    now: i64,
    sent: AtomicUsize,
    policies: HashMap<String, Value>,
    faults: Faults,
}

impl Platform for Stage {
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
        Box::pin(pending())
    }
}

impl Stage {
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
            }),
            (Some(Fault::Unanswered(reason)), _) => Err(RequestError {
                method: request.method.word(),
                url: request.shown_url().to_owned(),
                reason,
                message: reason.word().to_owned(),
            }),
            (None, Some(policy)) => Ok(Answer {
                status: 200,
                text: policy.expect("a policy to answer with").to_string(),
            }),
            (None, None) => {
                let response = handled(&self.emulator, &message_of(request), self.now);
                Ok(Answer {
                    status: response.status,
                    text: String::from_utf8(response.body).unwrap(),
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

/// The body as it goes over the wire, empty if there is none.
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

/// A call's first argument; `Null` stands for a call without one.
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

    fn text(&self, name: &str) -> Option<String> {
        self.0.get(name)?.as_str().map(str::to_owned)
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
