//! The routes below `/_emulator`, which the API does not have: the outbox for people, and the levers for tests.
//!
//! None of it asks for credentials. The server listens on loopback only.

mod faults;
mod lever;
mod outbox_page;
mod policies;
mod requests;
mod tokens;

use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::fields::Fields;
use crate::keys::SigningKey;
use crate::message::{Request, Response};
use crate::state::State;
use faults::Faults;
use lever::{Refusal, read_product};
use requests::RequestLog;

/// Paths that begin with this are the emulator's own.
pub(crate) const PREFIX: &str = "/_emulator/";

/// The emulator's state that is not the API's.
#[derive(Clone, Default)]
pub(crate) struct Control {
    pub(crate) requests: RequestLog,
    pub(crate) faults: Faults,
    /// A key that no JWK set shows, made when it is first asked for.
    stranger: Option<SigningKey>,
    ahead_seconds: i64,
}

impl Control {
    /// The emulator's time, given the caller's.
    pub(crate) fn clock(&self, now: UnixSeconds) -> UnixSeconds {
        now.plus_seconds(self.ahead_seconds)
    }
}

type Lever = fn(&mut Control, &mut State, &Fields, UnixSeconds) -> Result<Value, Refusal>;

static LEVERS: [(&str, &str, Lever); 6] = [
    ("POST", "/_emulator/clock", |control, _, fields, now| {
        advance_clock(control, fields, now)
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
        "/_emulator/tokens",
        |control, state, fields, now| tokens::mint(state, &mut control.stranger, fields, now),
    ),
    ("POST", "/_emulator/keys/rotate", |_, state, fields, _| {
        rotate_keys(state, fields)
    }),
];

/// Answers a request below [`PREFIX`].
pub(crate) fn handle(
    control: &mut Control,
    state: &mut State,
    request: &Request,
    now: UnixSeconds,
) -> Response {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/_emulator/outbox") => return outbox_page::render(&state.outbox, now),
        ("GET", "/_emulator/outbox.json") => return Response::json(200, &state.outbox.as_json()),
        ("GET", "/_emulator/requests.json") => return control.requests.page(&request.query),
        _ => {}
    }
    let lever = LEVERS
        .iter()
        .find(|(method, path, _)| *method == request.method && *path == request.path);
    let Some((_, _, lever)) = lever else {
        return Response::json(
            404,
            &json!({ "error": "the emulator has nothing at this path, or not for this method" }),
        );
    };
    let Ok(fields) = Fields::parse(&request.body) else {
        return Response::json(400, &json!({ "error": "the body must be a JSON object" }));
    };
    match lever(control, state, &fields, now) {
        Ok(answer) => Response::json(200, &answer),
        Err(refusal) => Response::json(400, &json!({ "error": refusal })),
    }
}

fn advance_clock(
    control: &mut Control,
    fields: &Fields,
    now: UnixSeconds,
) -> Result<Value, Refusal> {
    let seconds = fields
        .value("advance_seconds")
        .and_then(Value::as_i64)
        .filter(|seconds| *seconds >= 0);
    let seconds = seconds.ok_or("advance_seconds must be a whole number, not negative")?;
    control.ahead_seconds = control.ahead_seconds.saturating_add(seconds);
    Ok(json!({ "now": now.plus_seconds(seconds) }))
}

fn rotate_keys(state: &mut State, fields: &Fields) -> Result<Value, Refusal> {
    let product = read_product(fields)?;
    let keys = &mut state.projects.of_mut(product).keys;
    keys.rotate(&mut state.ids)
        .map_err(|_| "the key could not be made")?;
    Ok(json!({ "kid": keys.current().kid }))
}
