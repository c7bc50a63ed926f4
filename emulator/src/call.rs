//! One call, taken apart for the operation that answers it, and the reply that operation gives.

use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::fields::Fields;
use crate::merge::Object;
use crate::message::{Request, Response};
use crate::product::Product;

/// What an operation sees of a request.
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    /// The `{placeholders}` of the route's path, decoded.
    pub(crate) path_params: PathParams,
    pub(crate) fields: Fields,
    /// The project that calls. A route without credentials is asked on behalf of the product its path belongs to.
    pub(crate) product: Product,
    pub(crate) now: UnixSeconds,
}

impl Call<'_> {
    /// A path parameter; empty if the route has none of this name.
    pub(crate) fn path_param(&self, name: &str) -> &str {
        let found = self.path_params.iter().find(|(key, _)| *key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// A query parameter that is there and not empty.
    pub(crate) fn query_param(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.request.query.as_bytes());
        let found = pairs.find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.into_owned())
            .filter(|value| !value.is_empty())
    }
}

/// The placeholders of a path, with what stood there.
pub(crate) type PathParams = Vec<(&'static str, String)>;

/// A success: a status, and what stands in the body beside `status_code` and `request_id`.
pub(crate) struct Reply {
    status: u16,
    body: Value,
}

impl Reply {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, body }
    }

    pub(crate) fn created(body: Value) -> Self {
        Self { status: 201, body }
    }

    /// The same reply with these members behind the ones it has.
    pub(crate) fn and(mut self, more: Value) -> Self {
        if let (Value::Object(body), Value::Object(more)) = (&mut self.body, more) {
            body.extend(more);
        }
        self
    }

    pub(crate) fn into_response(self, request_id: &str) -> Response {
        let mut envelope = Object::new();
        envelope.insert("status_code".into(), json!(self.status));
        envelope.insert("request_id".into(), json!(request_id));
        if let Value::Object(body) = self.body {
            envelope.extend(body);
        }
        Response::json(self.status, &Value::Object(envelope))
    }
}
