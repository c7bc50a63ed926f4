//! Writes `src/generated/`: the endpoint table, in Rust.
//!
//! Knows the format that `client::endpoint` reads. The generated methods pass row numbers, so the table and the methods
//! must come from the same run.

use super::HEADER;
use super::model::{Api, Authorization, Base, Endpoint, Payload, Verb};

/// `src/generated/endpoints.rs`.
pub fn write(api: &Api) -> String {
    let rows: Vec<String> = api.endpoints.iter().map(row).collect();
    format!(
        "// {HEADER}

//! The requests of the API, one per row.
//!
//! The methods in `pkg/src/generated` pass the number of a row; the first row is 0. `client::endpoint` parses a row: method,
//! path and the name of the client method, then a word for each difference from the default. The default is the `auth` host,
//! HTTP Basic, no member session headers, arguments in the query for GET or in a JSON body for other methods, and a request
//! that is not safe to repeat.

/// The endpoints, sorted by path, then by method.
pub const ENDPOINTS: &str = \"\\
{}\";
{}",
        rows.join("\n"),
        rows_by_hand(api)
    )
}

/// `src/generated/mod.rs`.
pub fn module() -> String {
    format!(
        "// {HEADER}

//! Generated from the description of the API in `api/`. Contains data, types and methods, but no decisions.

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

/// The rows that hand-written code uses, as constants.
fn rows_by_hand(api: &Api) -> String {
    let constants: String = api
        .rows_by_hand(|_| true)
        .into_iter()
        .filter_map(|(id, number)| Some((id, api.endpoints.get(number)?)))
        .map(|(id, endpoint)| {
            let start = format!("    pub const {}: &str =", constant(id));
            let end = format!("\"{}\";", row(endpoint));
            // As rustfmt breaks lines.
            let between = match start.len() + 1 + end.len() > 100 {
                true => "\n        ",
                false => " ",
            };
            format!("    /// `{}`\n{start}{between}{end}\n", endpoint.route())
        })
        .collect();
    if constants.is_empty() {
        return String::new();
    }
    format!(
        "\n/// The rows that hand-written code uses, named after the `operationId`. They are texts of their own, so that a program\n\
         /// that uses only these does not contain the table.\npub mod rows {{\n{constants}}}\n"
    )
}

/// Converts `m2mToken` to the name of a Rust constant. An acronym such as `JWKS` counts as one word.
fn constant(operation_id: &str) -> String {
    let mut name = String::new();
    let mut was_lower = false;
    for letter in operation_id.chars() {
        if letter.is_uppercase() && was_lower {
            name.push('_');
        }
        was_lower = !letter.is_uppercase();
        name.push(letter.to_ascii_uppercase());
    }
    name
}

/// Method, path and the name of the client method, and a word for each property that differs from the default.
fn row(endpoint: &Endpoint) -> String {
    let base = match endpoint.base {
        Base::Auth => "",
        Base::Fraud => " fraud",
        Base::SamlShield => " saml_shield",
    };
    let payload = match (endpoint.verb, endpoint.payload) {
        (Verb::Get, Payload::Query) => "",
        (Verb::Get, Payload::Json) => " json",
        (_, Payload::Query) => " query",
        (_, Payload::Json) => "",
        (_, Payload::Form) => " form",
    };
    let authorization = match endpoint.authorization {
        Authorization::None => " open",
        Authorization::Basic => "",
        Authorization::Bearer => " bearer",
    };
    let member = match endpoint.member_session_headers {
        true => " member",
        false => "",
    };
    let retry = match endpoint.retry.is_safe {
        true => " retry",
        false => "",
    };
    let Endpoint { method_name, .. } = endpoint;
    let words = [base, payload, authorization, member, retry].concat();
    format!("{} {method_name}{words}", endpoint.route())
}
