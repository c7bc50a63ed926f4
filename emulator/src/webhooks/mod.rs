//! Webhooks: the events about changes of users, organizations and members, in the form in which Stytch sends them
//! through Svix.
//!
//! The stores record the changes, so an event exists for each change that a call makes, and for no other call. The
//! type of an event is `source.object_type.action`, and the source is always `direct`: a call of the API or an SDK.
//! Source: <https://stytch.com/docs/workspace-management/webhooks> and the examples in Stytch's list of event types at
//! Svix, which also have the member `vertical`. Assumption: a change that happens as a part of a log-in, such as the
//! verification of an email address, has an event too.
//!
//! The log keeps the last 1,000 events. It does not deliver them: the program does that in `deliver.rs`.

mod routes;
mod secret;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::ids::Ids;
use crate::merge::object;
use crate::product::Product;
use crate::store::{Action, Change};
pub(crate) use routes::answer;
pub(crate) use secret::Secret;

/// A webhook as the receiver gets it: a POST with these headers and this body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookMessage {
    /// The number of the event. The first event has the number 1.
    pub number: u64,
    /// The id of the message, which is also in the header `svix-id`. It is the same in each delivery.
    pub id: String,
    /// The type of the event, such as `direct.user.create`.
    pub event_type: String,
    /// `svix-id`, `svix-timestamp` and `svix-signature`.
    pub headers: [(&'static str, String); 3],
    /// The exact text of the body, which is JSON.
    pub body: String,
}

/// The events since the start, and the secret that signs them.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Webhooks {
    secret: Secret,
    /// The number of events since the start.
    counted: u64,
    events: VecDeque<Event>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    number: u64,
    id: String,
    r#type: String,
    body: String,
}

/// The project whose data has changed.
#[derive(Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) product: Product,
    pub(crate) project_id: &'a str,
}

impl Webhooks {
    /// Draws the secret.
    pub(crate) fn new(ids: &mut Ids) -> Self {
        Self {
            secret: Secret::draw(ids),
            counted: 0,
            events: VecDeque::new(),
        }
    }

    pub(crate) fn secret(&self) -> String {
        self.secret.text()
    }

    pub(crate) fn set_secret(&mut self, secret: Secret) {
        self.secret = secret;
    }

    /// Returns the number of the newest event; 0 if there is none.
    pub(crate) fn last_number(&self) -> u64 {
        self.counted
    }

    /// Records the event about a change. If the log exceeds `MAX_EVENTS`, the oldest event is removed.
    pub(crate) fn record(
        &mut self,
        change: Change,
        origin: Origin,
        ids: &mut Ids,
        now: UnixSeconds,
    ) {
        let (action, in_type) = match change.action {
            Action::Create => ("CREATE", "create"),
            Action::Update => ("UPDATE", "update"),
            Action::Delete => ("DELETE", "delete"),
        };
        let mut body = object(json!({
            "project_id": origin.project_id,
            "event_id": ids.id("webhook-event"),
            "action": action,
            "object_type": change.object_type,
            "source": "DIRECT",
            "id": change.id,
            "timestamp": now,
            "vertical": origin.product.name().to_uppercase(),
        }));
        if change.action != Action::Delete {
            body.insert(change.object_type.to_owned(), change.object);
        }
        self.counted = self.counted.saturating_add(1);
        self.events.push_back(Event {
            number: self.counted,
            id: ids.message_id(),
            r#type: format!("direct.{}.{in_type}", change.object_type),
            body: Value::Object(body).to_string(),
        });
        while self.events.len() > MAX_EVENTS {
            self.events.pop_front();
        }
    }

    /// Returns the events with a number greater than `number`, oldest first, signed at this time.
    pub(crate) fn after(&self, number: u64, now: UnixSeconds) -> Vec<WebhookMessage> {
        let events = self.events.iter().filter(|event| event.number > number);
        let message = |event: &Event| WebhookMessage {
            number: event.number,
            id: event.id.clone(),
            event_type: event.r#type.clone(),
            headers: self.headers(&event.id, &event.body, now),
            body: event.body.clone(),
        };
        events.map(message).collect()
    }

    /// Returns the headers of a message that is sent at this time.
    pub(crate) fn headers(
        &self,
        id: &str,
        body: &str,
        now: UnixSeconds,
    ) -> [(&'static str, String); 3] {
        let timestamp = now.0.to_string();
        let signature = self.secret.sign(&format!("{id}.{timestamp}.{body}"));
        [
            ("svix-id", id.to_owned()),
            ("svix-timestamp", timestamp),
            ("svix-signature", signature),
        ]
    }
}

const MAX_EVENTS: usize = 1000;
