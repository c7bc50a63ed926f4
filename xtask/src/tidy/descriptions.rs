//! Descriptions in `api/`: each thing that has a name has one, and it says more than the name does.
//!
//! Knows where OpenAPI keeps names and descriptions. Whether a sentence only repeats a name is `restating`'s business.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::restating::restates;
use super::source::Source;
use super::yaml::{self, Tree, Value};

/// Finds what is not described, or described by its own name.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut files = Files::new();
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| is_description(&source.path)) {
        match yaml::read(&source.text) {
            Ok(tree) => drop(files.insert(&source.path, tree)),
            Err(error) => findings.push(Finding::new(&source.path, 1, error)),
        }
    }
    for (path, tree) in files.iter().filter(|(path, _)| !path.ends_with(FIELDS)) {
        walk(&files, path, tree, "", &mut findings);
    }
    findings.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    findings.dedup();
    findings
}

type Files<'a> = BTreeMap<&'a str, Tree>;

fn is_description(path: &str) -> bool {
    path.starts_with("api/") && path.ends_with(".yaml") && path != "api/redocly.yaml"
}

/// Looks at a value and all below it; `inherited` is the name that it goes by where it has none of its own.
fn walk(files: &Files<'_>, path: &str, tree: &Tree, inherited: &str, findings: &mut Vec<Finding>) {
    match &tree.value {
        Value::List(items) => {
            for item in items {
                walk(files, path, item, inherited, findings);
            }
        }
        Value::Map(entries) => {
            let name = own_name(tree, inherited);
            // An operation's summary is a heading, which may be its name in words.
            findings.extend(
                tree.entry("description")
                    .and_then(|text| judge(path, text, &name)),
            );
            for (key, value) in entries {
                match key.as_str() {
                    "properties" => fields(files, path, value, findings),
                    key if carries(key) => walk(files, path, value, &name, findings),
                    key => walk(files, path, value, key, findings),
                }
            }
        }
        Value::Text(_) | Value::Other => {}
    }
}

/// The fields of an object, whose keys are names whatever they are.
fn fields(files: &Files<'_>, path: &str, properties: &Tree, findings: &mut Vec<Finding>) {
    let Value::Map(entries) = &properties.value else {
        return;
    };
    for (name, field) in entries {
        let reference = field.entry("$ref").and_then(Tree::as_text);
        match (field.entry("description"), reference) {
            (None, Some(reference)) => {
                let described = in_place(files, path, reference);
                findings.extend(described.and_then(|(path, text)| judge(path, text, name)));
            }
            // A value that is always the same speaks for itself.
            (None, None) if field.entry("const").is_none() => {
                let message = format!("`{name}` is not described");
                findings.push(Finding::new(path, field.line, message));
            }
            _ => {}
        }
        walk(files, path, field, name, findings);
    }
}

/// The description in a `fields.yaml` that a reference leads to, and its file.
fn in_place<'a>(files: &'a Files<'_>, from: &str, reference: &str) -> Option<(&'a str, &'a Tree)> {
    let (file, field) = reference.split_once("#/")?;
    let folder = from.rsplit_once('/')?.0;
    let path = match file.strip_prefix("../") {
        Some(elsewhere) => format!("api/{elsewhere}"),
        None => format!("{folder}/{file}"),
    };
    let (path, tree) = files.get_key_value(path.as_str())?;
    let description = tree.entry(field)?.entry("description")?;
    path.ends_with(FIELDS).then_some((*path, description))
}

fn judge(path: &str, description: &Tree, name: &str) -> Option<Finding> {
    let text = description.as_text()?;
    restates(text, name).then(|| {
        let message = format!("`{text}` only repeats the name `{name}`; say what is true of it");
        Finding::new(path, description.line, message)
    })
}

/// What a thing calls itself: an operation by its identifier, a parameter by its name, a class by both its names.
fn own_name(tree: &Tree, inherited: &str) -> String {
    let text = |key: &str| tree.entry(key).and_then(Tree::as_text);
    if let Some(id) = text("operationId") {
        return id.to_owned();
    }
    if let (Some(name), Some(_)) = (text("name"), text("in")) {
        return name.to_owned();
    }
    match text("class") {
        Some(class) => format!("{inherited} {class}"),
        None => inherited.to_owned(),
    }
}

/// Whether a key names nothing: what is below it goes by the name above, as an answer does by its operation's.
fn carries(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_digit()) || CARRIERS.contains(&key)
}

const CARRIERS: [&str; 10] = [
    "additionalProperties",
    "anyOf",
    "application/json",
    "application/x-www-form-urlencoded",
    "content",
    "items",
    "requestBody",
    "responses",
    "result",
    "schema",
];

/// Fields that are read wherever they are referred to. Their keys there tell them apart, and name nothing.
const FIELDS: &str = "/fields.yaml";

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, String)> {
        let findings = check(&[Source::new("api/consumer/things.yaml", text)]);
        let findings = findings.into_iter();
        findings
            .map(|finding| (finding.line, finding.message))
            .collect()
    }

    fn lines(text: &str) -> Vec<usize> {
        found(text).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn finds_names_in_place_of_descriptions() {
        let described = "components:\n  schemas:\n    Thing:\n      description: {}\n      properties:\n        \
                         thing_id: {type: string, description: Starts with thing-.}\n";
        assert_eq!(lines(&described.replace("{}", "What is painted.")), [0; 0]);
        assert_eq!(lines(&described.replace("{}", "A thing.")), [4]);
        assert_eq!(
            lines(
                &described
                    .replace("Starts with thing-.", "The thing's ID.")
                    .replace("{}", "Paint.")
            ),
            [6]
        );
    }

    #[test]
    fn knows_operations_parameters_and_classes_by_their_own_names() {
        let operation = "paths:\n  /v1/a:\n    post:\n      operationId: paintThing\n      summary: Paint a thing\n      \
                         description:\n        Paints things.\n";
        assert_eq!(lines(operation), [7]);
        assert_eq!(
            lines("a: {name: thing_id, in: path, description: The thing.}"),
            [1]
        );
        assert_eq!(
            lines("a: {name: thing_id, in: path, description: The tin.}"),
            [0; 0]
        );
        assert_eq!(
            lines("things: {class: PaintedThings, description: Painted things.}"),
            [1]
        );
    }

    #[test]
    fn finds_fields_without_a_description() {
        let bare = "A:\n  properties:\n    items: {type: string}\n    kind: {const: a}\n    other: {$ref: 'fields.yaml#/other'}\n";
        assert_eq!(found(bare), [(3, "`items` is not described".to_owned())]);
    }

    #[test]
    fn judges_a_shared_field_by_the_name_that_it_is_used_under() {
        let files = |description: &str| {
            [
                Source::new(
                    "api/b2b/fields.yaml",
                    &format!("a_member_id: {{description: {description}}}"),
                ),
                Source::new(
                    "api/b2b/a.yaml",
                    "A: {properties: {member_id: {$ref: 'fields.yaml#/a_member_id'}}}",
                ),
            ]
        };
        assert_eq!(check(&files("A member who logged in.")), []);
        let found = check(&files("A member's ID."));
        assert_eq!(
            found.first().map(|finding| finding.path.as_str()),
            Some("api/b2b/fields.yaml")
        );
    }

    #[test]
    fn reads_no_other_yaml() {
        let elsewhere = [Source::new("docs/a.yaml", "a: {description: A.}")];
        assert_eq!(check(&elsewhere), []);
    }
}
