//! The description against tests/facts: what npm `stytch` offers is described, and nothing else, but for what is listed.
//!
//! Knows where the facts are and counts them. What is compared of an operation, a type and a name has a module each.

#![allow(clippy::unwrap_used)]

mod exports;
mod faults;
mod operations;
mod types;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use self::faults::{FAULTS, Fault};
use super::assemble;
use super::fixture::Project;
use super::source::Source;

#[test]
fn the_description_says_what_npm_stytch_offers() {
    assert_eq!(
        differences(&root().join("api")),
        Vec::<String>::new(),
        "the description differs from tests/facts"
    );
}

#[test]
fn no_operation_type_or_name_is_lost() {
    let facts = Facts::read();
    let api = assemble::api(&Source::read(&root().join("api")).unwrap()).unwrap();
    assert_eq!(
        (facts.operations.len(), api.operations().count()),
        (196, 196)
    );
    let mut requests: Vec<_> = facts
        .operations
        .values()
        .filter_map(|operation| operation.http.as_ref())
        .map(|http| (&http.method, &http.path))
        .collect();
    requests.sort();
    requests.dedup();
    assert_eq!((requests.len(), api.endpoints.len()), (187, 187));
    assert_eq!((facts.types.len(), facts.exports.len()), (620, 609));
    let described: usize = api.modules.values().map(|module| module.types.len()).sum();
    let expected = 620 - types::NOT_DESCRIBED.len() + types::BEYOND.len();
    assert_eq!(expected, described);
}

/// A test that compares nothing would pass, so each comparison is seen to fail.
#[test]
fn every_kind_of_difference_is_found() {
    for Fault { file, edits, says } in FAULTS {
        let project = Project::with(&root().join("api"));
        for (from, to) in edits {
            project.edit(&format!("api/{file}"), from, to);
        }
        let found = differences(&project.root.join("api"));
        assert!(found.iter().any(|text| text == says), "{says}: {found:#?}");
    }
}

/// Every difference between a description and the facts, as a text that begins with the place.
fn differences(api: &Path) -> Vec<String> {
    let source = Source::read(api).unwrap();
    let api = assemble::api(&source).unwrap();
    let facts = Facts::read();
    let mut found = operations::differences(&facts, &source, &api);
    found.extend(types::differences(&facts, &api));
    found.extend(exports::differences(&facts, &api));
    found
}

/// What tests/facts says; its README explains the words.
struct Facts {
    operations: BTreeMap<String, Operation>,
    types: BTreeMap<String, Type>,
    exports: Vec<String>,
    scalars: Scalars,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Operation {
    names: BTreeMap<String, String>,
    args: Vec<Argument>,
    returns: String,
    http: Option<Http>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Argument {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    optional: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Http {
    method: String,
    path: String,
    base: String,
    auth: String,
    #[serde(default)]
    path_params: Vec<String>,
    #[serde(default)]
    query: Vec<String>,
    #[serde(default)]
    body: Vec<String>,
    #[serde(default)]
    form: Vec<String>,
    #[serde(default)]
    member_session_headers: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Type {
    /// With a `?` behind the names of those that may be absent.
    fields: Option<BTreeMap<String, String>>,
    is: Option<String>,
    #[serde(rename = "extends")]
    _extends: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Scalars {
    numbers: BTreeMap<String, String>,
    timestamps: Vec<String>,
}

impl Facts {
    fn read() -> Self {
        Self {
            operations: read("operations"),
            types: read("types"),
            exports: read("exports"),
            scalars: read("scalars"),
        }
    }
}

fn read<T: DeserializeOwned>(name: &str) -> T {
    let text = fs::read_to_string(root().join(format!("tests/facts/{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
