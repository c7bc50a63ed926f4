//! The control routes of the webhooks.
//!
//! - `GET /_emulator/webhooks.json?after=<number>` returns the secret and the last 1,000 events, signed at the time of the
//!   call: `{ "secret": "whsec_...", "webhooks": [{ "number", "id", "type", "headers": {}, "body": "exact text" }] }`.
//! - `DELETE /_emulator/webhooks.json` removes all events. The numbers of later events continue.

use serde_json::{Value, json};

use super::{WebhookMessage, Webhooks};
use crate::clock::UnixSeconds;
use crate::message::{Request, Response};

/// Answers a call of the two routes, or returns `None`. `now` is the caller's clock, because receivers compare the
/// time of a signature with their own clock.
pub(crate) fn answer(
    webhooks: &mut Webhooks,
    request: &Request,
    now: UnixSeconds,
) -> Option<Response> {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/_emulator/webhooks.json") => Some(page(webhooks, &request.query, now)),
        ("DELETE", "/_emulator/webhooks.json") => {
            webhooks.events.clear();
            Some(Response::json(200, &json!({ "webhooks": [] })))
        }
        _ => None,
    }
}

fn page(webhooks: &Webhooks, query: &str, now: UnixSeconds) -> Response {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let after = pairs.find(|(key, _)| key == "after");
    let Ok(after) = after.map_or(Ok(0), |(_, value)| value.parse()) else {
        return Response::json(400, &json!({ "error": "after must be a whole number" }));
    };
    let messages: Vec<Value> = webhooks.after(after, now).iter().map(view).collect();
    let body = json!({ "secret": webhooks.secret.text(), "webhooks": messages });
    Response::json(200, &body)
}

fn view(message: &WebhookMessage) -> Value {
    let headers = message.headers.iter();
    let headers: serde_json::Map<String, Value> = headers
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    json!({
        "number": message.number,
        "id": message.id,
        "type": message.event_type,
        "headers": headers,
        "body": message.body,
    })
}
