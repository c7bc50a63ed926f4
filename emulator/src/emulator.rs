//! The emulator: the order in which a call is checked, and where faults and the request log come in.
//!
//! Route, verb, credentials, product, JSON come first, here; then fields, lookups and state, in the operations. A call
//! wrong in two ways is refused for the earlier one, so that a test sees the error it would see from the API.

use crate::b2b::B2b;
use crate::call::{Call, PathParams, Reply};
use crate::clock::UnixSeconds;
use crate::consumer::Consumer;
use crate::control::{self, Control};
use crate::credentials::{self, Settings, SetupError};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::message::{Delivery, Request, Response};
use crate::outbox::Outbox;
use crate::product::Product;
use crate::project::Project;
use crate::route::{self, Caller, Route};
use crate::routes::ROUTES;
use crate::shapes;
use crate::state::{Projects, State};

/// A Stytch API with two projects, one of each product. A clone is a second one with the same past: tests clone one
/// that has its keys, as making keys is the only slow thing here.
#[derive(Clone)]
pub struct Emulator {
    settings: Settings,
    state: State,
    control: Control,
}

impl Emulator {
    /// Makes an emulator without users, with a signing key for each project. The same settings, seed and requests
    /// give the same answers, byte for byte.
    pub fn new(settings: Settings, seed: [u8; 32]) -> Result<Self, SetupError> {
        settings.judge()?;
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

    /// Answers one request. `now` is the caller's clock; the emulator's own may have been moved ahead of it.
    pub fn handle(&mut self, request: &Request, now: UnixSeconds) -> Response {
        let now = self.control.clock(now);
        if request.path.starts_with(control::PREFIX) {
            return control::handle(&mut self.control, &mut self.state, request, now);
        }
        let response = match self.control.faults.strike(&request.path) {
            Some(fault) => match fault.delay_ms() {
                Some(delay_ms) => Response {
                    delivery: Delivery::Late(delay_ms),
                    ..self.answer(request, now)
                },
                None => fault.response(&self.state.ids.id("request-id")),
            },
            None => self.answer(request, now),
        };
        self.control.requests.record(request, &response);
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
            Caller::Anyone => route.product(),
            Caller::Client => self.product_of(&path_params)?,
            Caller::Project | Caller::EitherProject => {
                credentials::judge(request.header("authorization"), &self.settings)?
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

    /// The product of the project that a path names.
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
