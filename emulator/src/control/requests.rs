//! The request log: the calls that reached the API. The log does not contain secrets, queries and bodies.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::json;

use crate::credentials;
use crate::message::{Delivery, Request, Response};

#[derive(Clone, Serialize)]
struct Entry {
    number: u64,
    method: String,
    path: String,
    status: u16,
    credentials: &'static str,
    user_agent: String,
}

#[derive(Clone, Default)]
pub(crate) struct RequestLog {
    entries: VecDeque<Entry>,
    counted: u64,
}

impl RequestLog {
    /// Records a call to the API. Requests outside of `/v1/` are not calls to the API.
    pub(crate) fn record(&mut self, request: &Request, response: &Response) {
        if !request.path.starts_with("/v1/") {
            return;
        }
        let unanswered = matches!(response.delivery, Delivery::Hangs | Delivery::Closes);
        self.counted = self.counted.saturating_add(1);
        self.entries.push_back(Entry {
            number: self.counted,
            method: request.method.clone(),
            path: request.path.clone(),
            status: if unanswered { 0 } else { response.status },
            credentials: credentials::kind(request.header("authorization")),
            user_agent: request.header("user-agent").unwrap_or_default().to_owned(),
        });
        if self.entries.len() > MAX_ENTRIES {
            self.entries.pop_front();
        }
    }

    /// Returns the entries with a number greater than `after`, oldest first.
    pub(crate) fn page(&self, query: &str) -> Response {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let after = pairs
            .find(|(key, _)| key == "after")
            .map_or(Ok(0), |(_, value)| value.parse::<u64>());
        let Ok(after) = after else {
            return Response::json(400, &json!({ "error": "after must be a whole number" }));
        };
        let shown: Vec<&Entry> = self
            .entries
            .iter()
            .filter(|entry| entry.number > after)
            .collect();
        Response::json(200, &json!({ "requests": shown }))
    }
}

const MAX_ENTRIES: usize = 10_000;
