//! Compares the description with `tests/facts`: it describes exactly the API of npm `stytch`, with the listed exceptions.
//!
//! Reads the facts and counts them. Operations, types and exported names are compared in one module each.

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
fn the_description_agrees_with_npm_stytch() {
    assert_eq!(
        differences(&root().join("api")),
        Vec::<String>::new(),
        "the description differs from tests/facts"
    );
}

#[test]
fn compares_every_operation_type_and_name() {
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

/// A comparison that compares nothing would pass, so each comparison is made to fail here.
#[test]
fn reports_every_kind_of_difference() {
    for Fault {
        file,
        edits,
        difference,
    } in FAULTS
    {
        let project = Project::with(&root().join("api"));
        for (from, to) in edits {
            project.edit(&format!("api/{file}"), from, to);
        }
        let found = differences(&project.root.join("api"));
        assert!(
            found.iter().any(|text| text == difference),
            "{difference}: {found:#?}"
        );
    }
}

/// Every difference between a description and the facts, as a text that begins with the name of the method or type.
fn differences(api: &Path) -> Vec<String> {
    let source = Source::read(api).unwrap();
    let api = assemble::api(&source).unwrap();
    let facts = Facts::read();
    let mut found = operations::differences(&facts, &source, &api);
    found.extend(types::differences(&facts, &api));
    found.extend(exports::differences(&facts, &api));
    found
}

/// The content of `tests/facts`. Its README explains the fields.
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
    /// Names that end in `?` are optional.
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
