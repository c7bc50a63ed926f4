//! Writes `src/generated/`: the endpoint table, as Rust.
//!
//! Knows the names of `client::endpoint`. A row's number is what the JS facade calls it by, so both come from one run.

use super::HEADER;
use super::model::{Api, Authorization, Base, Endpoint, Payload, Verb};

/// `src/generated/endpoints.rs`.
pub fn write(api: &Api) -> String {
    let count = api.endpoints.len();
    let rows: String = api
        .endpoints
        .iter()
        .enumerate()
        .map(|(number, endpoint)| row(number, endpoint))
        .collect();
    format!(
        "// {HEADER}

//! Every request the API takes, one a row.
//!
//! The facade in `pkg/generated` calls a row by its number, which is written before it.

use crate::client::endpoint::{{Authorization, Base, Endpoint, Method, Payload}};

/// The endpoints, sorted by path, then by method.
#[rustfmt::skip]
pub static ENDPOINTS: [Endpoint; {count}] = [
{rows}];
{}",
        rows_by_hand(api)
    )
}

/// `src/generated/mod.rs`.
pub fn module() -> String {
    format!(
        "// {HEADER}

//! What follows from the description of the API in `api/`. Data only: nothing here decides anything.

pub mod endpoints;

#[cfg(feature = \"client\")]
pub mod b2b;
#[cfg(feature = \"client\")]
pub mod consumer;
#[cfg(feature = \"client\")]
pub mod saml_shield;
#[cfg(feature = \"client\")]
pub mod shared;
"
    )
}

/// The rows that hand-written code calls, as constants.
fn rows_by_hand(api: &Api) -> String {
    let constants: String = api
        .rows_by_hand()
        .into_iter()
        .filter_map(|(id, row)| Some((id, row, api.endpoints.get(row)?.route())))
        .map(|(id, row, route)| {
            format!(
                "    /// `{route}`\n    pub const {}: usize = {row};\n",
                constant(id)
            )
        })
        .collect();
    if constants.is_empty() {
        return String::new();
    }
    format!(
        "\n/// The rows that hand-written methods call, by `operationId`.\npub mod rows {{\n{constants}}}\n"
    )
}

/// `m2mToken` as Rust spells a constant.
fn constant(operation_id: &str) -> String {
    let mut name = String::new();
    for letter in operation_id.chars() {
        if letter.is_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

fn row(number: usize, endpoint: &Endpoint) -> String {
    let Endpoint {
        path,
        member_session_headers,
        ..
    } = endpoint;
    let method = match endpoint.verb {
        Verb::Delete => "Delete",
        Verb::Get => "Get",
        Verb::Post => "Post",
        Verb::Put => "Put",
    };
    let base = match endpoint.base {
        Base::Auth => "Auth",
        Base::Fraud => "Fraud",
        Base::SamlShield => "SamlShield",
    };
    let authorization = match endpoint.authorization {
        Authorization::None => "None",
        Authorization::Basic => "Basic",
        Authorization::Bearer => "Bearer",
    };
    let payload = match endpoint.payload {
        Payload::Query => "Query",
        Payload::Json => "Json",
        Payload::Form => "Form",
    };
    format!(
        "    /* {number:>3} */ Endpoint {{ method: Method::{method}, path: {path:?}, base: Base::{base}, \
         payload: Payload::{payload}, authorization: Authorization::{authorization}, \
         member_session_headers: {member_session_headers} }},\n"
    )
}
