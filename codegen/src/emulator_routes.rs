//! Writes `emulator/src/generated/routes.rs`: every route of the API for the emulator, and which of them it implements.
//!
//! The emulator answers the other routes with an error of its own. It does not know the description.

use super::HEADER;
use super::coverage::Coverage;
use super::model::Api;

/// Writes the module.
pub fn write(api: &Api, coverage: &Coverage) -> String {
    let rows: String = api
        .endpoints
        .iter()
        .map(|endpoint| {
            let is_covered = coverage.row(&endpoint.route()).is_some();
            let (verb, path) = (endpoint.verb.word(), &endpoint.path);
            format!("    (\"{verb}\", \"{path}\", {is_covered}),\n")
        })
        .collect();
    let count = api.endpoints.len();
    format!(
        "// {HEADER}

//! The routes of the API, sorted by path, then by method. In this order, a path with a literal segment precedes a path
//! with a placeholder in the same position.

/// Method, path, and whether `emulator/coverage.yaml` has a row for the route.
#[rustfmt::skip] // One route per line.
pub(crate) static DESCRIBED: [(&str, &str, bool); {count}] = [
{rows}];
"
    )
}
