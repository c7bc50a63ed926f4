//! One call of an API operation, from a caller's arguments to the API's response.

use js_sys::{Array, Reflect};
use stytch_edge::{
    client::{
        ClientError, Config, MemberSession, OutgoingRequest, ResponseKind, build, classify,
        endpoint::Endpoint,
    },
    flow::{CallLimits, Exchange, Head, Sending},
    wasm::{self, Answer, exchange, unanswered},
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    arguments::JsArguments,
    failure::Failure,
    options::Asked,
    platform::{Host, core, network_of},
    registry::with_config,
    tasks::{self, Done, Outcome, Returned},
};

/// Calls the operation in `row` of the endpoint table with a caller's object. `options` is JSON text of [`Asked`]: the
/// session of the member whose permissions are used. Returns the body of the response.
#[wasm_bindgen]
pub fn call(
    client: usize,
    host: Host,
    row: usize,
    data: JsValue,
    options: Option<Vec<u8>>,
) -> Returned {
    with_config(client, |config| {
        let member = Asked::read(options.as_deref())?.member()?;
        let request = request(&config, row, data, &member)?;
        let timeout_ms = config.time_limit_ms();
        Ok(tasks::begin(timeout_ms, async move {
            let mut call = Call {
                network: network_of(&host),
                request: &request,
                answer: None,
                body: Err(JsValue::UNDEFINED),
            };
            let limits = CallLimits::of_method(timeout_ms);
            let core = core(config, host);
            let attempts = core.attempt(&request, &limits, &mut call).await?;
            call.result(attempts)
        }))
    })
}

fn request(
    config: &Config,
    row: usize,
    data: JsValue,
    member: &MemberSession,
) -> Result<OutgoingRequest<JsValue>, ClientError> {
    let endpoint = Endpoint::in_row(row)
        .ok_or_else(|| ClientError::invalid_argument(format!("unknown operation {row}")))?;
    let operation = || [endpoint.method.word(), " ", endpoint.path].concat();
    build(
        &endpoint,
        config,
        &JsArguments::new(data, operation)?,
        member,
    )
}

/// A request and its last response.
struct Call<'a> {
    network: wasm::Host,
    request: &'a OutgoingRequest<JsValue>,
    answer: Option<Answer>,
    /// The body, parsed with the runtime's JSON parser.
    body: Result<JsValue, JsValue>,
}

impl Exchange for Call<'_> {
    fn send(&mut self, timeout_ms: u32) -> Sending<'_> {
        Box::pin(async move {
            let answer = exchange(&self.network, self.request, timeout_ms).await;
            let answer = answer.map_err(|error| *error)?;
            let head = Head {
                status: answer.status,
                retry_after: answer.retry_after,
            };
            self.body = parse(&answer.text);
            self.answer = Some(answer);
            Ok(head)
        })
    }

    fn request_id(&self) -> Option<String> {
        let body = self.body.as_ref().ok()?;
        Reflect::get(body, &"request_id".into()).ok()?.as_string()
    }
}

impl Call<'_> {
    /// The result of the call. Every response of the API is an object.
    fn result(self, attempts: u32) -> Outcome {
        let Some(answer) = self.answer else {
            return Err(Failure::internal("the request was not sent"));
        };
        let status = answer.status;
        let refused = |what: &str| {
            let what = format!("was answered with status {status} and {what}");
            let error = unanswered(self.request, &what);
            let mut error = error.of_response(status, answer.retry_after);
            (error.status_code, error.attempts) = (Some(status), attempts);
            Failure::from(error)
        };
        let body = self.body.map_err(|_| refused("a body that is not JSON"))?;
        let is_object = body.is_object() && !Array::is_array(&body);
        match classify(status) {
            ResponseKind::ApiError if is_object => Err(Failure::Stytch { status, body }),
            ResponseKind::ApiError => Err(refused("a body that is not an error of the API")),
            _ if is_object => Ok(Done::Value(body)),
            _ => Err(refused("a body that is not a JSON object")),
        }
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = JSON)]
    fn parse(text: &JsValue) -> Result<JsValue, JsValue>;
}
