//! One call of an API operation, from a caller's arguments to what the API said.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    arguments::{JsArguments, config_of, host_of, member_session},
    failure,
    load::not_crossed,
    tasks,
};
use stytch_edge::{
    client::{
        AnswerKind, ClientError, Config, OutgoingRequest, build, classify, decimal,
        endpoint::Endpoint,
    },
    wasm::{Answer, exchange, unanswered},
};

/// Calls the operation in `row` of the endpoint table. Gives the first step of a task
/// (see [`super::tasks`]) whose value is the API's answer.
#[wasm_bindgen]
pub fn call(
    config: &JsValue,
    host: &JsValue,
    row: usize,
    data: JsValue,
    options: &JsValue,
) -> JsValue {
    let (config, request) = match prepared(config, row, data, options) {
        Ok(prepared) => prepared,
        Err(failure) => return tasks::finished(Err(failure)),
    };
    let (host, timeout_ms) = (host_of(host), config.timeout_ms);
    let task = async move {
        let answer = exchange(&host, &request, timeout_ms)
            .await
            .map_err(|error| failure::request_error(&error))?;
        read(&request, &answer)
    };
    tasks::begin(timeout_ms, Box::pin(task))
}

fn prepared(
    config: &JsValue,
    row: usize,
    data: JsValue,
    options: &JsValue,
) -> Result<(Box<Config>, OutgoingRequest<JsValue>), JsValue> {
    let config = config_of(config).ok_or_else(not_crossed)?;
    let request = request(&config, row, data, options)
        .map_err(|error| failure::client_error(&error, &JsValue::UNDEFINED))?;
    Ok((config, request))
}

fn request(
    config: &Config,
    row: usize,
    data: JsValue,
    options: &JsValue,
) -> Result<OutgoingRequest<JsValue>, ClientError> {
    let endpoint = Endpoint::in_row(row)
        .ok_or_else(|| ClientError::invalid_argument("there is no such operation"))?;
    build(
        &endpoint,
        config,
        &JsArguments::new(data)?,
        &member_session(options)?,
    )
}

/// The body as the runtime's own JSON parser reads it.
pub(crate) fn read(
    request: &OutgoingRequest<JsValue>,
    answer: &Answer,
) -> Result<JsValue, JsValue> {
    let refused = |what: &str| {
        let what = [
            "was answered with status ",
            &decimal(answer.status.into()),
            " and ",
            what,
        ]
        .concat();
        failure::request_error(&unanswered(request, &what))
    };
    let body = parse(&answer.text).map_err(|_| refused("a body that is not JSON"))?;
    match classify(answer.status) {
        AnswerKind::ApiError if body.is_object() => Err(failure::api_error(answer.status, &body)),
        AnswerKind::ApiError => Err(refused("a body that is no error of the API")),
        AnswerKind::Success | AnswerKind::Redirect => Ok(body),
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = JSON)]
    fn parse(text: &JsValue) -> Result<JsValue, JsValue>;
}
