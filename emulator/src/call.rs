//! One call, parsed for the operation that answers it, and the reply that the operation returns.

use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::merge::Object;
use crate::message::{Request, Response};
use crate::product::Product;

/// The data that an operation receives about a request.
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    /// The decoded values of the `{placeholders}` in the route's path.
    pub(crate) path_params: PathParams,
    pub(crate) fields: Fields,
    /// The product of the calling project. For a route without credentials, the product that the path belongs to.
    pub(crate) product: Product,
    pub(crate) now: UnixSeconds,
}

impl Call<'_> {
    /// Returns a path parameter, or an empty string if the route does not have it.
    pub(crate) fn path_param(&self, name: &str) -> &str {
        let found = self.path_params.iter().find(|(key, _)| *key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// Returns a query parameter, or `None` if it is missing or empty.
    pub(crate) fn query_param(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.request.query.as_bytes());
        let found = pairs.find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.into_owned())
            .filter(|value| !value.is_empty())
    }
}

impl Call<'_> {
    /// Returns a query parameter that is `true` or `false`. If it is missing, returns `false`. Stytch's client for Python
    /// sends `True`, so the case does not matter.
    pub(crate) fn query_flag(&self, name: &str) -> Result<bool, Failure> {
        let value = self.query_param(name);
        match value.map(|value| value.to_ascii_lowercase()).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(errors::INVALID_ARGUMENT
                .with_message(format!("The parameter {name} must be true or false."))),
        }
    }
}

/// The placeholders of a path and their values.
pub(crate) type PathParams = Vec<(&'static str, String)>;

/// A success: the status, and the body without `status_code` and `request_id`.
pub(crate) struct Reply {
    /// A response that is not in the form of the API. It replaces the other members.
    other: Option<Response>,
    status: u16,
    body: Value,
    is_in_data: bool,
    /// The URL of a redirect.
    location: Option<String>,
}

impl Reply {
    /// A response that is not in the form of the API: a page, a redirect, or a response of SCIM.
    pub(crate) fn other(response: Response) -> Self {
        Self {
            other: Some(response),
            ..Self::ok(Value::Null)
        }
    }

    pub(crate) fn ok(body: Value) -> Self {
        Self::with_status(200, body)
    }

    pub(crate) fn created(body: Value) -> Self {
        Self::with_status(201, body)
    }

    /// Sends the browser to another URL.
    pub(crate) fn redirect(url: String) -> Self {
        Self {
            location: Some(url.clone()),
            ..Self::with_status(302, json!({ "redirect_url": url }))
        }
    }

    fn with_status(status: u16, body: Value) -> Self {
        Self {
            other: None,
            status,
            body,
            is_in_data: false,
            location: None,
        }
    }

    /// Returns a member of the body.
    pub(crate) fn member(&self, name: &str) -> Option<&Value> {
        self.body.get(name)
    }

    /// Puts the complete body into the member `data`, as the routes of the browser SDKs do.
    pub(crate) fn in_data(mut self) -> Self {
        self.is_in_data = true;
        self
    }

    /// Appends these members to the body.
    pub(crate) fn and(mut self, more: Value) -> Self {
        if let (Value::Object(body), Value::Object(more)) = (&mut self.body, more) {
            body.extend(more);
        }
        self
    }

    pub(crate) fn into_response(self, request_id: &str) -> Response {
        if let Some(response) = self.other {
            return response;
        }
        let mut envelope = Object::new();
        envelope.insert("status_code".into(), json!(self.status));
        envelope.insert("request_id".into(), json!(request_id));
        if let Value::Object(body) = self.body {
            envelope.extend(body);
        }
        let body = Value::Object(envelope);
        let mut response = if self.is_in_data {
            Response::json(self.status, &json!({ "data": body }))
        } else {
            Response::json(self.status, &body)
        };
        let location = self.location.map(|url| ("location".to_owned(), url));
        response.headers.extend(location);
        response
    }
}
