//! Writes `src/generated/`: the endpoint table, as Rust.
//!
//! Knows the names of `client::endpoint`. A row's number is what the JS facade calls it by, so both come from one run.

use super::HEADER;
use super::model::{Base, Endpoint, Payload, Verb};

/// `src/generated/endpoints.rs`.
pub fn write(endpoints: &[Endpoint]) -> String {
    let count = endpoints.len();
    let rows: String = endpoints
        .iter()
        .enumerate()
        .map(|(number, endpoint)| row(number, endpoint))
        .collect();
    format!(
        "// {HEADER}

//! Every request the API takes, one a row.
//!
//! The facade in `pkg/generated` calls a row by its number, which is written before it.

use crate::client::endpoint::{{Base, Endpoint, Method, Payload}};

/// The endpoints, sorted by path, then by method.
#[rustfmt::skip]
pub static ENDPOINTS: [Endpoint; {count}] = [
{rows}];
"
    )
}

/// `src/generated/mod.rs`.
pub fn module() -> String {
    format!(
        "// {HEADER}

//! What follows from the description of the API in `api/`. Data only: nothing here decides anything.

pub mod endpoints;
"
    )
}

fn row(number: usize, endpoint: &Endpoint) -> String {
    let Endpoint {
        path,
        member_session_headers,
        basic_auth,
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
    };
    let payload = match endpoint.payload {
        Payload::Query => "Query",
        Payload::Json => "Json",
        Payload::Form => "Form",
    };
    format!(
        "    /* {number:>3} */ Endpoint {{ method: Method::{method}, path: {path:?}, base: Base::{base}, \
         payload: Payload::{payload}, member_session_headers: {member_session_headers}, basic_auth: {basic_auth} }},\n"
    )
}
