//! The control routes below `/_emulator`, which the Stytch API does not have: the page at `/`, and routes with which the
//! page and tests read and change the emulator.
//!
//! They do not require credentials, because the server listens on loopback only.

mod arguments;
pub(crate) mod clock;
mod devices;
mod faults;
mod identity_providers;
mod impersonation_tokens;
mod masked;
mod outside;
mod password_config;
mod policies;
mod provider_page;
mod rate_limits;
mod requests;
mod state_json;
mod tokens;
mod unlock;

use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::fields::Fields;
use crate::keys::{Material, SigningKey};
use crate::message::{Request, Response};
use crate::oauth::flow;
use crate::page;
use crate::state::State;
use arguments::{Refusal, read_product};
use clock::{Clock, StartClock};
use faults::Faults;
use requests::RequestLog;

/// The prefix of all control routes.
const PREFIX: &str = "/_emulator/";

/// The largest body of a request, in bytes.
pub(crate) const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;

/// Whether a request with this path is not for the API: it is for the page or a control route.
pub(crate) fn serves(path: &str) -> bool {
    path == "/" || path.starts_with(PREFIX)
}

/// The emulator's own state, which is not part of the emulated API.
#[derive(Clone, Default)]
pub(crate) struct Control {
    pub(crate) requests: RequestLog,
    pub(crate) faults: Faults,
    /// A key that is not in a JWK set. Its id is drawn when it is first used.
    unlisted_key: Option<SigningKey>,
    pub(crate) clock: Clock,
    /// The clock to which `{ "reset": true }` returns.
    start: StartClock,
}

impl Control {
    pub(crate) fn new(clock: Clock, start: StartClock) -> Self {
        Self {
            clock,
            start,
            ..Self::default()
        }
    }
}

type ControlRoute = fn(&mut Control, &mut State, &Fields, UnixSeconds) -> Result<Value, Refusal>;

static ROUTES: [(&str, &str, ControlRoute); 13] = [
    ("POST", "/_emulator/unlock", |_, state, fields, _| {
        unlock::unlock(&mut state.projects, fields)
    }),
    ("POST", "/_emulator/rate_limits", |_, state, fields, _| {
        rate_limits::set(&mut state.outbox, fields)
    }),
    (
        "POST",
        "/_emulator/impersonation_tokens",
        |control, state, fields, real| {
            impersonation_tokens::create(state, fields, control.clock.time(real))
        },
    ),
    (
        "POST",
        "/_emulator/fingerprints",
        |control, state, fields, real| devices::create(state, fields, control.clock.time(real)),
    ),
    (
        "POST",
        "/_emulator/external_sessions",
        |_, state, fields, _| outside::add_session(state, fields),
    ),
    (
        "POST",
        "/_emulator/trusted_token_profiles",
        |_, state, fields, _| outside::put_profile(state, fields),
    ),
    ("POST", "/_emulator/clock", |control, _, fields, real| {
        let start = control.start.at(real);
        clock::change(&mut control.clock, start, fields, real)
    }),
    ("POST", "/_emulator/faults", |control, _, fields, _| {
        faults::add(&mut control.faults, fields)
    }),
    ("DELETE", "/_emulator/faults", |control, _, _, _| {
        Ok(faults::clear(&mut control.faults))
    }),
    ("POST", "/_emulator/policies", |_, state, fields, _| {
        policies::set(&mut state.projects, fields)
    }),
    (
        "POST",
        "/_emulator/password_config",
        |_, state, fields, _| password_config::set(&mut state.projects, fields),
    ),
    (
        "POST",
        "/_emulator/tokens",
        |control, state, fields, real| {
            let now = control.clock.time(real);
            tokens::mint(state, &mut control.unlisted_key, fields, now)
        },
    ),
    ("POST", "/_emulator/keys/rotate", |_, state, fields, _| {
        rotate_keys(state, fields)
    }),
];

/// Answers a request that [`serves`] accepts. `real` is the caller's time, without the offset of the emulator's clock.
pub(crate) fn handle(
    control: &mut Control,
    state: &mut State,
    request: &Request,
    real: UnixSeconds,
) -> Response {
    let now = control.clock.time(real);
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", flow::PAGE) => return provider_page::show(state, request, now),
        ("POST", flow::PAGE) => return provider_page::answer(state, request, now),
        ("GET", "/_emulator/outbox") => return to_the_page("/#outbox"),
        ("GET", "/_emulator/state.json") => {
            return state_json::render(control, state, real, &request.origin());
        }
        ("GET", "/_emulator/outbox.json") => return Response::json(200, &state.outbox.as_json()),
        ("GET", "/_emulator/health") => return Response::json(200, &health(now)),
        ("GET", "/_emulator/clock") => return Response::json(200, &control.clock.as_json(real)),
        ("GET", "/_emulator/faults") => return Response::json(200, &faults::list(&control.faults)),
        ("GET", "/_emulator/requests.json") => return control.requests.page(&request.query),
        ("GET", "/_emulator/requests/counts.json") => {
            return control.requests.counts(&request.query);
        }
        ("GET", path) => {
            if let Some(file) = page::file(path) {
                return file;
            }
        }
        _ => {}
    }
    if let Some(response) = identity_providers::answer(state, request, now) {
        return response;
    }
    let route = ROUTES
        .iter()
        .find(|(method, path, _)| *method == request.method && *path == request.path);
    let Some((_, _, route)) = route else {
        return Response::json(
            404,
            &json!({ "error": format!("unknown control route {} {}", request.method, request.path) }),
        );
    };
    let Ok(fields) = Fields::parse(&request.body) else {
        return Response::json(
            400,
            &json!({ "error": "the request body must be a JSON object" }),
        );
    };
    match route(control, state, &fields, real) {
        Ok(answer) => Response::json(200, &answer),
        Err(refusal) => Response::json(400, &json!({ "error": refusal })),
    }
}

fn to_the_page(location: &str) -> Response {
    let mut response = Response::new(302, "text/plain; charset=utf-8", "");
    response.headers.push(("location".into(), location.into()));
    response
}

fn health(now: UnixSeconds) -> Value {
    json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION"), "now": now })
}

/// The response to a body of more than [`MAX_BODY_BYTES`].
pub(crate) fn too_large() -> Response {
    let error = format!("the request body must not have more than {MAX_BODY_BYTES} bytes");
    Response::json(413, &json!({ "error": error }))
}

fn rotate_keys(state: &mut State, fields: &Fields) -> Result<Value, Refusal> {
    let product = read_product(fields)?;
    let given = match fields.value("signing_key") {
        Some(jwk) => {
            Some(Material::of_jwk(jwk).map_err(|message| format!("signing_key {message}"))?)
        }
        None => None,
    };
    let keys = &mut state.projects.of_mut(product).keys;
    keys.rotate(given, &mut state.ids)
        .map_err(|_| "cannot generate the key")?;
    Ok(json!({ "kid": keys.current().kid }))
}
