//! What came of a service's requests, for the npm package: the one table of
//! [`client`](stytch_edge::client), row by row.

use wasm_bindgen::prelude::wasm_bindgen;

use stytch_edge::client::{Denial, Purpose, Reason, Trouble, outcome_of};

/// What a failed introspection says about the token, as JSON text: `status` of a verdict and `reason`. `http_status` is 0
/// if there was no response, and then `word` is the reason, else the `error_type`.
#[wasm_bindgen]
pub fn introspection_outcome(http_status: u16, word: &str) -> String {
    shown(Purpose::Introspection, http_status, word)
}

/// The same for a policy that could not be loaded.
#[wasm_bindgen]
pub fn policy_outcome(http_status: u16, word: &str) -> String {
    shown(Purpose::Policy, http_status, word)
}

fn shown(purpose: Purpose, http_status: u16, word: &str) -> String {
    let trouble = match http_status {
        0 if word == Reason::Timeout.word() => Trouble::Unanswered(Reason::Timeout),
        0 => Trouble::Unanswered(Reason::ApiUnavailable),
        status => Trouble::Status(status, word),
    };
    let (status, reason) = match outcome_of(purpose, trouble).denial {
        Denial::Unauthenticated(reason) => ("unauthenticated", reason),
        Denial::Forbidden(reason) => ("forbidden", reason),
        Denial::Unavailable(reason) => ("unavailable", reason),
    };
    [
        "{\"status\":\"",
        status,
        "\",\"reason\":\"",
        reason.word(),
        "\"}",
    ]
    .concat()
}
