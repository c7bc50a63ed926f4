//! What stands below `/_emulator`, beside the API: the outbox for people, and the levers for tests.
//!
//! None of it asks for credentials. The server listens on loopback only.

pub(crate) mod faults;
pub(crate) mod outbox;
mod outbox_page;
mod policies;
mod requests;
mod tokens;

use serde_json::{Value, json};

use crate::Emulator;
use crate::clock::UnixSeconds;
use crate::fields::Fields;
use crate::keys::SigningKey;
use crate::message::{Request, Response};
use crate::routes::Product;
use faults::Faults;
use outbox::Outbox;
use requests::RequestLog;

/// Paths that begin with this are the emulator's own.
pub(crate) const PREFIX: &str = "/_emulator/";

/// The emulator's state that is not the API's.
#[derive(Clone, Default)]
pub(crate) struct Control {
    pub(crate) outbox: Outbox,
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

/// Why a lever did not move, in words. It becomes a 400 with an `error`.
type Refusal = String;
type Lever = fn(&mut Emulator, &Fields, UnixSeconds) -> Result<Value, Refusal>;

static LEVERS: [(&str, &str, Lever); 6] = [
    ("POST", "/_emulator/clock", advance_clock),
    ("POST", "/_emulator/faults", faults::add),
    ("DELETE", "/_emulator/faults", faults::clear),
    ("POST", "/_emulator/policies", policies::set),
    ("POST", "/_emulator/tokens", tokens::mint),
    ("POST", "/_emulator/keys/rotate", rotate_keys),
];

/// Answers a request below [`PREFIX`].
pub(crate) fn handle(emulator: &mut Emulator, request: &Request, now: UnixSeconds) -> Response {
    let control = &emulator.control;
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/_emulator/outbox") => return outbox_page::render(&control.outbox, now),
        ("GET", "/_emulator/outbox.json") => return Response::json(200, &control.outbox.as_json()),
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
    match lever(emulator, &fields, now) {
        Ok(answer) => Response::json(200, &answer),
        Err(refusal) => Response::json(400, &json!({ "error": refusal })),
    }
}

fn advance_clock(
    emulator: &mut Emulator,
    fields: &Fields,
    now: UnixSeconds,
) -> Result<Value, Refusal> {
    let seconds = fields
        .value("advance_seconds")
        .and_then(Value::as_i64)
        .filter(|seconds| *seconds >= 0);
    let seconds = seconds.ok_or("advance_seconds must be a whole number, not negative")?;
    let control = &mut emulator.control;
    control.ahead_seconds = control.ahead_seconds.saturating_add(seconds);
    Ok(json!({ "now": now.plus_seconds(seconds) }))
}

fn rotate_keys(emulator: &mut Emulator, fields: &Fields, _: UnixSeconds) -> Result<Value, Refusal> {
    let product = read_product(fields)?;
    let mut ids = emulator.ids.clone();
    let keys = &mut emulator.project_mut(product).keys;
    keys.rotate(&mut ids)
        .map_err(|_| "the key could not be made")?;
    let kid = keys.current().kid.clone();
    emulator.ids = ids;
    Ok(json!({ "kid": kid }))
}

fn read_product(fields: &Fields) -> Result<Product, Refusal> {
    let name = fields.value("product").and_then(Value::as_str);
    let product = [Product::Consumer, Product::B2b]
        .into_iter()
        .find(|product| Some(product.name()) == name);
    product.ok_or_else(|| "product must be consumer or b2b".to_owned())
}
