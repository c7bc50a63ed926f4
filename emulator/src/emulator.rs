//! The emulator: the order in which a call is validated, the faults and the request log.
//!
//! This module validates the route, the method, the credentials, the product and the JSON, in this order. The
//! operations then validate the fields, look up objects and check the state. If a call has two errors, the earlier one
//! is reported, as the API does.

use crate::b2b::B2b;
use crate::call::{Call, PathParams, Reply};
use crate::clock::UnixSeconds;
use crate::consumer::Consumer;
use crate::control::{self, Control};
use crate::credentials::{self, Settings, SetupError};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::message::{Request, Response};
use crate::outbox::Outbox;
use crate::product::Product;
use crate::project::Project;
use crate::route::{self, Caller, Route};
use crate::routes::ROUTES;
use crate::shapes;
use crate::state::{Projects, State};

/// An emulated Stytch API with two projects, one of each product.
///
/// A clone is independent and starts with the same state. Generating the signing keys is the only slow operation, so
/// tests generate them once and clone the emulator.
#[derive(Clone)]
pub struct Emulator {
    settings: Settings,
    state: State,
    control: Control,
}

impl Emulator {
    /// Creates an emulator without users and with one signing key per project. The same settings, seed and requests
    /// return the same responses, byte for byte.
    ///
    /// Returns an error if the settings are invalid or a key cannot be generated.
    pub fn new(settings: Settings, seed: [u8; 32]) -> Result<Self, SetupError> {
        settings.validate()?;
        let mut ids = Ids::new(seed);
        let mut project = |product, credentials| {
            Project::new(product, credentials, &mut ids).map_err(|_| SetupError::Keys)
        };
        let consumer = Consumer::new(project(Product::Consumer, &settings.consumer)?);
        let b2b = B2b::new(project(Product::B2b, &settings.b2b)?);
        Ok(Self {
            settings,
            state: State {
                projects: Projects { consumer, b2b },
                ids,
                outbox: Outbox::default(),
            },
            control: Control::default(),
        })
    }

    /// Answers one request. `now` is the caller's clock. The emulator's own time can differ: see
    /// `/_emulator/clock`.
    pub fn handle(&mut self, request: &Request, now: UnixSeconds) -> Response {
        let clock = &self.control.clock;
        self.state.projects.shift_tokens(clock.token_shift_seconds(now));
        if request.path.starts_with(control::PREFIX) {
            return control::handle(&mut self.control, &mut self.state, request, now);
        }
        let now = clock.time(now);
        let response = match self.control.faults.consume(&request.path) {
            Some(fault) => {
                let replacement = fault.replacement(|| self.state.ids.id("request-id"));
                fault.apply(replacement.unwrap_or_else(|| self.answer(request, now)))
            }
            None => self.answer(request, now),
        };
        self.control.requests.record(request, &response, now);
        response
    }

    fn answer(&mut self, request: &Request, now: UnixSeconds) -> Response {
        let request_id = self.state.ids.id("request-id");
        match self.operate(request, now) {
            Ok(reply) => reply.into_response(&request_id),
            Err(failure) => Response::json(failure.status(), &failure.body(&request_id)),
        }
    }

    fn operate(&mut self, request: &Request, now: UnixSeconds) -> Result<Reply, Failure> {
        let (route, path_params) = route::find(ROUTES, &request.method, &request.path)?;
        let answer = self.perform(route, path_params, request, now);
        match route.caller {
            Caller::Client => answer.map_err(Failure::in_oauth2_form),
            _ => answer,
        }
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
            Caller::Client => self.product_of(&path_params)?,
            Caller::Project | Caller::EitherProject => {
                credentials::authenticate(request.header("authorization"), &self.settings)?
            }
        };
        route.admit(product)?;
        let fields = match request.method.as_str() {
            "GET" => Fields::default(),
            _ if route.caller == Caller::Client && request.has_form() => {
                Fields::parse_form(&request.body)?
            }
            _ => Fields::parse(&request.body)?,
        };
        (route.operation)(
            &mut self.state,
            &Call {
                request,
                path_params,
                fields,
                product,
                now,
            },
        )
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
