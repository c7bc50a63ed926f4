//! The emulator: the order in which a call is validated, the faults and the request log.
//!
//! This module validates the route, the method, the credentials, the product and the JSON, in this order. The
//! operations then validate the fields, look up objects and check the state. If a call has two errors, the earlier one
//! is reported, as the API does.

use std::sync::Arc;

use serde_json::json;

use crate::b2b;
use crate::browser;
use crate::browser_routes::BROWSER_ROUTES;
use crate::call::{Call, PathParams, Reply};
use crate::clock::UnixSeconds;
use crate::control::clock::StartClock;
use crate::control::{self, Control};
use crate::credentials::{self, Settings, SetupError};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::fraud;
use crate::given::SeedError;
use crate::ids::{Environment, Ids};
use crate::keys::Supply;
use crate::message::{MAX_BODY_BYTES, Request, Response};
use crate::outside_routes::OUTSIDE_ROUTES;
use crate::product::Product;
use crate::project::Project;
use crate::route::{self, Caller, Route};
use crate::routes::ROUTES;
use crate::sandbox;
use crate::sdk::{self, Meaning};
use crate::seed::{Content, Fresh, Seed};
use crate::shapes;
use crate::snapshot::{RestoreError, Snapshot};
use crate::state::State;
use crate::webhooks::{self, Secret, WebhookMessage};

/// An emulated Stytch API with two projects, one of each product.
///
/// A clone is independent and starts with the same state.
#[derive(Clone)]
pub struct Emulator {
    settings: Settings,
    state: State,
    control: Control,
    start: Arc<Start>,
    /// The number of resets and restores.
    replaced: u64,
    /// The number of the newest webhook at the last of them.
    replaced_at: u64,
}

/// The state to which a reset returns.
struct Start {
    settings: Settings,
    state: State,
    clock: StartClock,
}

impl Emulator {
    /// Creates an emulator without users and with one generated signing key per project. The same settings, seed and
    /// requests return the same responses, byte for byte.
    ///
    /// Returns an error if the settings are invalid or a key cannot be generated.
    pub fn new(settings: Settings, seed: [u8; 32]) -> Result<Self, SetupError> {
        settings.validate()?;
        let mut ids = Ids::new(seed);
        let mut project = |product, credentials| {
            Project::new(product, credentials, (None, Supply::Generated), &mut ids)
                .map_err(|_| SetupError::Keys)
        };
        let consumer = project(Product::Consumer, &settings.consumer)?;
        let b2b = project(Product::B2b, &settings.b2b)?;
        let state = State::new(consumer, b2b, ids);
        Ok(Self::started(
            settings,
            state,
            StartClock::default(),
            UnixSeconds(0),
        ))
    }

    /// Creates an emulator with the content of a seed. `now` is the caller's clock.
    ///
    /// Returns an error that names the member of the seed that is invalid.
    pub fn from_seed(seed: &Seed, fresh: &Fresh, now: UnixSeconds) -> Result<Self, SeedError> {
        let Content {
            settings,
            state,
            clock,
        } = Content::of(seed, fresh, now)?;
        Ok(Self::started(settings, state, clock, now))
    }

    fn started(settings: Settings, state: State, clock: StartClock, now: UnixSeconds) -> Self {
        Self {
            control: Control::new(clock.at(now), clock.clone()),
            start: Arc::new(Start {
                settings: settings.clone(),
                state: state.clone(),
                clock,
            }),
            settings,
            replaced: 0,
            replaced_at: state.webhooks.last_number(),
            state,
        }
    }

    /// Returns the credentials of the two projects.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns to the state at the start. Faults and the request log are removed, and the clock is set as at the start.
    pub fn reset(&mut self, now: UnixSeconds) {
        // A restore can have changed the credentials.
        self.settings = self.start.settings.clone();
        self.state = self.start.state.clone();
        self.control = Control::new(self.start.clock.at(now), self.start.clock.clone());
        self.count_replacement();
    }

    /// Returns the largest body of a request with this path, in bytes. The emulator refuses a larger body. A server
    /// should stop reading after one byte more.
    ///
    /// A snapshot can be larger than the requests of the API.
    pub fn max_body_bytes(path: &str) -> usize {
        if control::serves(path) {
            control::MAX_BODY_BYTES
        } else {
            MAX_BODY_BYTES
        }
    }

    /// Answers one request. `now` is the caller's clock. The emulator's own time can differ: see
    /// `/_emulator/clock`.
    pub fn handle(&mut self, request: &Request, now: UnixSeconds) -> Response {
        let clock = &self.control.clock;
        self.state
            .projects
            .shift_tokens(clock.token_shift_seconds(now));
        self.state.expire(clock.time(now));
        if control::serves(&request.path) {
            if request.body.len() > control::MAX_BODY_BYTES {
                return control::too_large();
            }
            let webhooks = &mut self.state.webhooks;
            return webhooks::answer(webhooks, request, now)
                .or_else(|| self.answer_whole(request, now))
                .unwrap_or_else(|| {
                    control::handle(&mut self.control, &mut self.state, request, now)
                });
        }
        let now = clock.time(now);
        let response = match self.control.faults.consume(&request.path) {
            Some(fault) => {
                let replacement = fault.replacement(|| self.state.ids.id("request-id"));
                fault.apply(replacement.unwrap_or_else(|| self.answer(request, now)))
            }
            None => self.answer(request, now),
        };
        self.state.record_changes(now);
        self.control.requests.record(request, &response, now);
        response
    }

    /// Returns the webhooks with a number greater than `number`, oldest first; at most the last 1,000. They are signed at
    /// the time `now`, which is the caller's clock.
    pub fn webhooks_after(&self, number: u64, now: UnixSeconds) -> Vec<WebhookMessage> {
        self.state.webhooks.after(number, now)
    }

    /// Returns the number of the newest webhook; 0 if there is none. It becomes smaller if an older state is restored.
    pub fn last_webhook(&self) -> u64 {
        self.state.webhooks.last_number()
    }

    /// Returns the number of resets and restores, and the number of the newest webhook at the last of them. A sender must
    /// continue after that number if the first number has changed: the numbers of webhooks are those of the state.
    pub fn webhook_start(&self) -> (u64, u64) {
        (self.replaced, self.replaced_at)
    }

    fn count_replacement(&mut self) {
        self.replaced = self.replaced.saturating_add(1);
        self.replaced_at = self.state.webhooks.last_number();
    }

    /// Signs a webhook again. A receiver refuses a signature that is more than five minutes old.
    pub fn sign_webhook(&self, message: &mut WebhookMessage, now: UnixSeconds) {
        let webhooks = &self.state.webhooks;
        message.headers = webhooks.headers(&message.id, &message.body, now);
    }

    /// Returns the secret that signs the webhooks, in the form `whsec_…`.
    pub fn webhook_secret(&self) -> String {
        self.state.webhooks.secret()
    }

    /// Replaces the secret that signs the webhooks: `whsec_` and 24 to 64 bytes in Base64. By default, it is drawn from
    /// the seed.
    pub fn set_webhook_secret(&mut self, secret: &str) -> Result<(), SetupError> {
        let secret = Secret::parse(secret).ok_or(SetupError::WebhookSecret)?;
        self.state.webhooks.set_secret(secret);
        Ok(())
    }

    /// Returns the complete state as JSON: the credentials, both projects with their private keys, the random number
    /// generator, the outbox and the clock. The request log and the faults are not part of it.
    pub fn snapshot(&self) -> String {
        let clock = self.control.clock.clone();
        Snapshot::new(&self.settings, clock, &self.state).write()
    }

    /// Replaces the state with that of a snapshot. The emulator then returns the same responses, byte for byte, as the
    /// emulator that wrote the snapshot. The request log and the faults stay unchanged.
    ///
    /// If the snapshot is malformed, returns an error, and the state stays unchanged.
    pub fn restore(&mut self, snapshot: &str) -> Result<(), RestoreError> {
        let snapshot = Snapshot::read(snapshot)?;
        self.settings = snapshot.settings;
        self.state = snapshot.state;
        self.control.clock = snapshot.clock;
        self.count_replacement();
        Ok(())
    }

    /// Makes the present state, without the clock, the state to which a reset returns.
    pub fn start_here(&mut self) {
        self.start = Arc::new(Start {
            settings: self.settings.clone(),
            state: self.state.clone(),
            clock: self.start.clock.clone(),
        });
    }

    /// Answers the control routes that read or replace the complete emulator. Returns `None` for any other call.
    fn answer_whole(&mut self, request: &Request, now: UnixSeconds) -> Option<Response> {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/_emulator/reset") => {
                self.reset(now);
                let clock = self.control.clock.as_json(now);
                Some(Response::json(200, &json!({ "clock": clock })))
            }
            ("GET", "/_emulator/snapshot.json") => {
                let json_type = "application/json; charset=utf-8";
                Some(Response::new(200, json_type, self.snapshot()))
            }
            ("POST", "/_emulator/restore") => {
                let restored = match std::str::from_utf8(&request.body) {
                    Ok(text) => self.restore(text).map_err(|error| error.to_string()),
                    Err(_) => Err("the snapshot is not UTF-8".to_owned()),
                };
                Some(match restored {
                    Ok(()) => {
                        if request.query == "start=true" {
                            self.start_here();
                        }
                        Response::json(200, &json!({}))
                    }
                    Err(error) => Response::json(400, &json!({ "error": error })),
                })
            }
            _ => None,
        }
    }

    fn answer(&mut self, request: &Request, now: UnixSeconds) -> Response {
        let mut request_id = self.state.ids.id("request-id");
        if fraud::serves(&request.path) {
            let environment = self.state.ids.environment().name();
            request_id = request_id.replacen(&format!("-{environment}-"), "-fraud-", 1);
        }
        match self.operate(request, now) {
            Ok(reply) => reply.into_response(&request_id),
            Err(failure) => {
                let failure = match fraud::serves(&request.path) {
                    true => failure.in_fraud_form(),
                    false => failure,
                };
                Response::json(failure.status(), &failure.body(&request_id))
            }
        }
    }

    fn operate(&mut self, request: &Request, now: UnixSeconds) -> Result<Reply, Failure> {
        let outside = route::find_outside(OUTSIDE_ROUTES, &request.method, &request.path);
        if let Some(found) = outside {
            return self.operate_for_outside(found, request, now);
        }
        if request.is_of_browser_sdk() {
            return self.operate_for_sdk(request, now);
        }
        let for_browsers = route::find_for_browsers(BROWSER_ROUTES, &request.method, &request.path);
        let (route, path_params) = match for_browsers {
            Some(found) => found,
            None => route::find(ROUTES, &request.method, &request.path)?,
        };
        let answer = self.perform(route, path_params, request, now);
        match route.caller {
            Caller::Client => answer.map_err(Failure::in_oauth2_form),
            _ => answer,
        }
    }

    /// Answers a call of a route that the description of the API does not have.
    fn operate_for_outside(
        &mut self,
        found: Result<(&Route, PathParams), Failure>,
        request: &Request,
        now: UnixSeconds,
    ) -> Result<Reply, Failure> {
        let (route, path_params) = found?;
        let answer = self.perform(route, path_params, request, now);
        match route.caller {
            Caller::Directory => {
                answer.or_else(|failure| Ok(b2b::scim::protocol::refusal(&failure)))
            }
            _ => answer,
        }
    }

    fn operate_for_sdk(&mut self, request: &Request, now: UnixSeconds) -> Result<Reply, Failure> {
        let known = (&self.settings, &self.state.projects);
        let reply = match sdk::read(request, known, now)? {
            Meaning::Answered(reply) => reply,
            Meaning::Server(meant) => {
                let call = Call {
                    request: &meant.request,
                    path_params: meant.path_params,
                    fields: meant.fields,
                    product: Product::Consumer,
                    now,
                };
                self.run(meant.route, &call)?
            }
        };
        Ok(sdk::converted(reply))
    }

    fn perform(
        &mut self,
        route: &Route,
        path_params: PathParams,
        request: &Request,
        now: UnixSeconds,
    ) -> Result<Reply, Failure> {
        let product = match route.caller {
            Caller::Public => route.product(),
            Caller::Browser => browser::of_query(&request.query, &self.settings)?,
            Caller::Client => self.product_of(&path_params)?,
            Caller::Project | Caller::EitherProject => {
                credentials::authenticate(request.header("authorization"), &self.settings)?
            }
            Caller::Directory => route.product(),
            Caller::PublicToken => {
                let mut pairs = form_urlencoded::parse(request.query.as_bytes());
                let token = pairs.find(|(name, _)| name == "public_token");
                let token = token
                    .map(|(_, token)| token.into_owned())
                    .unwrap_or_default();
                match crate::browser::product_of(&token, &self.settings)? {
                    Product::B2b => Product::Consumer,
                    Product::Consumer => return Err(errors::INVALID_B2B_ENDPOINT.failure()),
                }
            }
        };
        route.admit(product)?;
        // No source says what the API answers. The same error as for other bodies that cannot be read is plausible.
        if request.body.len() > MAX_BODY_BYTES {
            return Err(
                errors::BAD_REQUEST.with_message("The request body must not have more than 1 MiB.")
            );
        }
        let fields = match request.method.as_str() {
            "GET" => Fields::default(),
            _ if route.accepts_forms() && request.has_form() => Fields::parse_form(&request.body)?,
            _ => Fields::parse(&request.body)?,
        };
        let call = Call {
            request,
            path_params,
            fields,
            product,
            now,
        };
        self.run(route, &call)
    }

    /// Runs the operation of a route, unless the call contains a sandbox value.
    fn run(&mut self, route: &Route, call: &Call) -> Result<Reply, Failure> {
        let answer = match self.state.ids.environment() {
            Environment::Test => sandbox::answer(self.state.projects.of(call.product), call),
            Environment::Live => None,
        };
        answer.unwrap_or_else(|| {
            let called = (route.method, route.path);
            b2b::authorization::check(&self.state.projects.b2b, call, called)?;
            (route.operation)(&mut self.state, call)
        })
    }

    /// Returns the product of the project in the path.
    fn product_of(&self, path_params: &PathParams) -> Result<Product, Failure> {
        let asked = path_params.iter().find(|(name, _)| *name == "project_id");
        let asked = asked.map_or("", |(_, id)| id.as_str());
        if !shapes::is_id("project", asked) {
            return Err(errors::INVALID_PROJECT_ID.failure());
        }
        [Product::Consumer, Product::B2b]
            .into_iter()
            .find(|product| self.state.projects.of(*product).id == asked)
            .ok_or_else(|| errors::PROJECT_NOT_FOUND.failure())
    }
}
