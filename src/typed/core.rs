//! A call of an operation, from a typed request to a typed response. All generated methods use it.

use std::sync::Arc;

use serde_json::Value;

use super::{
    ApiError, Error, Result,
    arguments::JsonArguments,
    config::Checked,
    hooks::WithHooks,
    json::{FromJson, ToJson},
};
use crate::{
    client::{
        ClientError, MemberSession, RequestError, ResponseKind, ShownRequest, build, classify,
        endpoint::Endpoint,
    },
    flow::{self, CallLimits, Platform},
    generated::b2b::Authorization,
};

/// The client of flows, with typed calls.
#[derive(Clone)]
pub(crate) struct Core {
    pub(super) flow: flow::Core,
}

impl Core {
    pub(super) fn new(platform: Arc<dyn Platform>, checked: Checked) -> Self {
        let platform = WithHooks::around(platform, checked.hooks);
        Self {
            flow: flow::Core::new(platform, Arc::new(checked.config)),
        }
    }

    pub(super) fn project_id(&self) -> &str {
        &self.flow.config.issuer.project_id
    }

    /// Calls the operation in row `row` of the endpoint table. `member` is the session of a member on whose behalf the
    /// call is made.
    pub(crate) async fn call<T: FromJson>(
        &self,
        row: usize,
        request: Option<&(dyn ToJson + Sync)>,
        member: Option<&Authorization>,
    ) -> Result<T> {
        self.send(Endpoint::in_row(row), request, member).await
    }

    /// The same for an endpoint. `None` fails: the operation does not exist.
    pub(super) async fn send<T: FromJson>(
        &self,
        endpoint: Option<Endpoint>,
        request: Option<&(dyn ToJson + Sync)>,
        member: Option<&Authorization>,
    ) -> Result<T> {
        let (response, body) = self
            .exchange(endpoint, request.and_then(ToJson::to_json), member)
            .await?;
        let request_id = body.get("request_id").and_then(Value::as_str);
        let request_id = request_id.map(str::to_owned);
        T::from_json(body).map_err(|unexpected| {
            let mut error = response.unusable(&format!(
                "was answered with a body that does not match its documented type: {unexpected}"
            ));
            error.request_id = request_id;
            error.into()
        })
    }

    /// The part of a call that does not depend on its types. It is separate so that it is compiled only once.
    async fn exchange(
        &self,
        endpoint: Option<Endpoint>,
        request: Option<Value>,
        member: Option<&Authorization>,
    ) -> Result<(Response, Value)> {
        let endpoint =
            endpoint.ok_or_else(|| ClientError::invalid_argument("unknown operation"))?;
        let fields = match request {
            Some(Value::Object(fields)) => Some(fields),
            _ => None,
        };
        let config = &self.flow.config;
        let request = build(
            &endpoint,
            config,
            &JsonArguments(fields),
            &member_session(member)?,
        )?;
        let limits = CallLimits::of_method(config.time_limit_ms());
        let (answer, attempts) = self.flow.send(&request, &limits).await?;
        let response = Response {
            request: ShownRequest::of(&request).after(attempts),
            status: answer.status,
            retry_after: answer.retry_after,
        };
        let body = response.read(&answer.text)?;
        Ok((response, body))
    }
}

/// A response, without its body.
struct Response {
    request: ShownRequest,
    status: u16,
    retry_after: Option<u32>,
}

impl Response {
    /// Returns the body of a successful response.
    fn read(&self, text: &str) -> Result<Value> {
        let status = self.status;
        let refused = |what: &str| {
            let what = format!("was answered with status {status} and {what}");
            Error::from(self.unusable(&what))
        };
        let kind = classify(status);
        if kind == ResponseKind::Redirect {
            let what = "was answered with a redirect, which is not followed";
            return Err(self.unusable(what).into());
        }
        let body = serde_json::from_str(text);
        let is_limited = status == 429 && !matches!(body, Ok(Value::Object(_)));
        if is_limited {
            return Err(self.unusable("was answered with status 429").into());
        }
        let body = body.map_err(|_| refused("a body that is not JSON"))?;
        match (kind, body) {
            (ResponseKind::ApiError, Value::Object(details)) => {
                Err(Error::Api(Box::new(ApiError::new(status, details))))
            }
            (ResponseKind::ApiError, _) => Err(refused("a body that is not an error of the API")),
            (_, body) => Ok(body),
        }
    }

    /// The error for an unusable response. `what` is the predicate of the message.
    fn unusable(&self, what: &str) -> RequestError {
        let error = self.request.answered(self.status, what);
        error.of_response(self.status, self.retry_after)
    }
}

/// The session of a member. An [`Authorization`] without a session is rejected: otherwise the call would have the rights of
/// the project instead of the member's.
fn member_session(member: Option<&Authorization>) -> Result<MemberSession> {
    let Some(member) = member else {
        return Ok(MemberSession::default());
    };
    let named = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let (session_token, session_jwt) = (named(&member.session_token), named(&member.session_jwt));
    if session_token.is_none() && session_jwt.is_none() {
        let message = "authorization must contain a session_token or a session_jwt";
        return Err(ClientError::invalid_argument(message).into());
    }
    Ok(MemberSession {
        session_token,
        session_jwt,
    })
}
