//! A shell around the client room, as the wasm room is one: arguments are
//! serde_json values, the network is the emulator's handler, the clock is a number.

use std::{collections::HashMap, sync::LazyLock};

use serde_json::Value;
use stytch_edge::{
    client::{
        AnswerKind, Arguments, Asking, Body, CacheLimits, CheckRequest, Checked, ClientError,
        Config, Demand, KeySource, Lifetimes, Loaded, Loading, MemberSession, Need,
        OutgoingRequest, Scopes, Secret, build, check, classify, endpoint::Endpoint,
        key_set_request,
    },
    jwt::JwkSet,
    session::{CheckOptions, Issuer, Policy, Product, TokenKind},
};
use stytch_emulator::{Emulator, Request, Settings, UnixSeconds};

pub const NOW: i64 = 1_800_000_000;

/// One emulator with its keys, which the tests clone.
static EMULATOR: LazyLock<Emulator> =
    LazyLock::new(|| Emulator::new(Settings::from_seed([1; 32]), [2; 32]).unwrap());

pub struct Shell {
    pub emulator: Emulator,
    pub config: Config,
    pub scopes: Scopes,
    pub now: i64,
    /// How many requests were sent to the API.
    pub sent: usize,
    /// How many tokens checks may remember.
    pub cache: CacheLimits,
    /// What the API answers to requests for policies, by URL.
    pub policies: HashMap<String, Value>,
}

impl Shell {
    pub fn new(product: Product) -> Self {
        let settings = Settings::from_seed([1; 32]);
        let credentials = match product {
            Product::Consumer => settings.consumer,
            Product::B2b => settings.b2b,
        };
        let config = Config {
            product,
            project_id: credentials.project_id,
            secret: Secret::new(credentials.secret),
            base_url: "https://test.stytch.com/".to_owned(),
            origin: "https://test.stytch.com".to_owned(),
            fraud_origin: "https://telemetry.stytch.com".to_owned(),
            timeout_ms: 30_000,
        };
        Self {
            emulator: EMULATOR.clone(),
            config,
            scopes: Scopes::new(),
            now: NOW,
            sent: 0,
            cache: CacheLimits::default(),
            policies: HashMap::new(),
        }
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
        let (path, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
        let message = Request {
            method: request.method.word().to_owned(),
            path: path
                .trim_start_matches("https://test.stytch.com")
                .to_owned(),
            query: query.to_owned(),
            headers: request
                .headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            body: text_of(request).into_bytes(),
        };
        let response = self.emulator.handle(&message, UnixSeconds(self.now));
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
        let response = self.emulator.handle(&message, UnixSeconds(self.now));
        assert_eq!(
            response.status,
            200,
            "{}",
            String::from_utf8_lossy(&response.body)
        );
        serde_json::from_slice(&response.body).unwrap()
    }

    /// Checks a session JWT as the wasm room does.
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
        let now = self.now as f64;
        let issuer = self.config.issuer();
        let request = CheckRequest {
            issuer: &issuer,
            token,
            kind,
            demand,
            options: CheckOptions {
                now,
                clock_tolerance: 0.0,
                max_token_age,
            },
            cache: self.cache,
            asking: Asking::at(now),
        };
        self.until_done(|scopes| check(scopes, &request))
    }

    /// Repeats a check until nothing is needed any more.
    pub fn until_done(
        &mut self,
        check: impl Fn(&mut Scopes) -> Result<Checked, ClientError>,
    ) -> Result<Value, ClientError> {
        for _ in 0..3 {
            match check(&mut self.scopes)? {
                Checked::Done(json) | Checked::Ageing(json) => {
                    return Ok(serde_json::from_str(&json).unwrap());
                }
                Checked::Needed(needs) => needs.into_iter().for_each(|need| self.fetch(need)),
            }
        }
        panic!("everything was fetched")
    }

    /// How many tokens are remembered.
    pub fn remembered(&mut self) -> usize {
        let issuer = self.config.issuer();
        self.scopes.keys_of(&issuer).verified().count()
    }

    /// A newer policy of the project, which allows nothing to anybody.
    pub fn revoke_all(&mut self) {
        self.now += 1;
        let (issuer, now) = (self.config.issuer(), self.now as f64);
        let nothing = Policy::read(r#"{"policy":{}}"#).unwrap();
        let of = (&issuer, KeySource::default());
        self.scopes.policies().store(of, None, nothing, now);
    }

    /// The key set of a product's project.
    pub fn keys_from(&mut self, product: Product) -> JwkSet {
        let settings = Settings::from_seed([1; 32]);
        let project_id = match product {
            Product::Consumer => settings.consumer.project_id,
            Product::B2b => settings.b2b.project_id,
        };
        let owner = Issuer {
            product,
            project_id,
            base_url: String::new(),
        };
        let (status, set) = self.send(&key_set_request(&owner, &self.config.origin, None));
        assert_eq!(status, 200);
        JwkSet::parse(&set.to_string()).unwrap()
    }

    pub fn fetch(&mut self, need: Need) {
        let what = match need {
            Need::Seed | Need::KeysUnderWay => panic!("nobody brought keys or fetches them"),
            Need::Keys => Loaded::Keys(None),
            Need::Policy(organization_id) => Loaded::Policy(organization_id),
        };
        let of = (self.config.issuer(), KeySource::default());
        let is_policy = matches!(what, Loaded::Policy(_));
        let (now, lifetimes) = (self.now as f64, Lifetimes::default());
        let loading = Loading::begin(&mut self.scopes, what, of, lifetimes, now);
        let request = loading.request(&self.config).unwrap();
        let answer = if is_policy {
            self.sent += 1;
            let policy = self.policies.get(&request.url);
            policy.expect("a policy to answer with").clone()
        } else {
            self.send(&request).1
        };
        let entry = loading.arrived(&mut self.scopes, &answer.to_string());
        assert!(entry.is_some(), "{answer}");
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
