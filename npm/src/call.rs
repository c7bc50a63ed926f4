//! One call of an API operation, from a caller's arguments to the API's response.

use js_sys::Array;
use stytch_edge::{
    client::{
        ClientError, Config, MemberSession, OutgoingRequest, ResponseKind, build, classify,
        endpoint::Endpoint,
    },
    wasm::{Answer, exchange, unanswered},
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    arguments::JsArguments,
    failure::Failure,
    options::Asked,
    platform::{Host, network_of},
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
        let (network, timeout_ms) = (network_of(&host), config.timeout_ms);
        Ok(tasks::begin(timeout_ms, async move {
            let answer = exchange(&network, &request, timeout_ms).await;
            read(&request, &answer.map_err(|error| Failure::from(*error))?)
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

/// Parses the body with the runtime's JSON parser. Every response of the API is an object.
fn read(request: &OutgoingRequest<JsValue>, answer: &Answer) -> Outcome {
    let status = answer.status;
    let refused = |what: &str| {
        let what = format!("was answered with status {status} and {what}");
        let mut error = unanswered(request, &what).of_response(status, answer.retry_after);
        error.status_code = Some(status);
        Failure::from(error)
    };
    let body = parse(&answer.text).map_err(|_| refused("a body that is not JSON"))?;
    let is_object = body.is_object() && !Array::is_array(&body);
    match classify(status) {
        ResponseKind::ApiError if is_object => Err(Failure::Stytch { status, body }),
        ResponseKind::ApiError => Err(refused("a body that is not an error of the API")),
        _ if is_object => Ok(Done::Value(body)),
        _ => Err(refused("a body that is not a JSON object")),
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = JSON)]
    fn parse(text: &JsValue) -> Result<JsValue, JsValue>;
}
