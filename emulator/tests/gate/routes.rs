//! The gate: each implemented route accepts the valid requests that the description allows, refuses the others, and
//! every answer has the form that the description has for it. A refused call does not change the state.

use std::sync::LazyLock;

use serde_json::Value;
use stytch_emulator::Request;

use super::conforms::{any_faults, refusal_faults, success_faults};
use super::description::{OPERATIONS, Operation, Place};
use super::requests::{
    Arguments, additions, build, build_form, full, minimal, valid, with_word, words, wrong_values,
};
use super::world::{SEEDED, SETTINGS, request};
use super::world_passwords::companions;

/// The state before each call.
static STATE: LazyLock<Value> = LazyLock::new(|| SEEDED.state());

/// The routes whose answer to an empty request is not 501.
pub fn implemented() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().filter(|operation| {
        let request = request(&operation.route(), None, &Value::Null);
        SEEDED.clone().send(&request).status != 501
    })
}

#[test]
fn the_gate_finds_exactly_the_routes_of_the_coverage_table() {
    assert_eq!(OPERATIONS.len(), 187);
    let table = include_str!("../../coverage.yaml");
    let rows = table
        .lines()
        .filter(|line| line.starts_with("  ") && line.contains(" /v1/"));
    let mut rows: Vec<&str> = rows
        .filter_map(|line| line.trim().split(':').next())
        .collect();
    let mut found: Vec<String> = implemented().map(Operation::route).collect();
    rows.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, rows);
}

#[test]
fn each_route_accepts_valid_calls_and_answers_as_described() {
    let mut report = Report::default();
    for operation in implemented() {
        let smallest = minimal(operation, &SEEDED);
        report.accepted(operation, "smallest", build(operation, &smallest));
        report.accepted(
            operation,
            "full",
            build(operation, &full(operation, &SEEDED)),
        );
        for parameter in additions(operation) {
            let mut arguments = smallest.clone();
            arguments.extend([valid(operation, parameter, &SEEDED)]);
            report.accepted(operation, &parameter.name, build(operation, &arguments));
        }
        if operation.has_form {
            report.accepted(operation, "form", build_form(operation, &smallest));
        }
    }
    report.finish(170);
}

#[test]
fn each_route_refuses_a_call_without_a_required_field_and_keeps_the_state() {
    let mut report = Report::default();
    for operation in implemented() {
        let smallest = minimal(operation, &SEEDED);
        for (name, parameter) in smallest.keys().zip(named(operation, &smallest)) {
            if parameter == Place::Path || is_accepted_without(operation, name) {
                continue;
            }
            let mut arguments = smallest.clone();
            arguments.remove(name);
            report.refused(
                operation,
                &format!("without {name}"),
                build(operation, &arguments),
            );
            if operation.has_form {
                let form = build_form(operation, &arguments);
                report.refused(operation, &format!("form without {name}"), form);
            }
            arguments.insert(name.clone(), Value::Null);
            if parameter == Place::Body {
                report.refused(
                    operation,
                    &format!("null {name}"),
                    build(operation, &arguments),
                );
            }
        }
    }
    report.finish(48);
}

#[test]
fn each_route_refuses_a_field_of_a_wrong_type_and_keeps_the_state() {
    let mut report = Report::default();
    for operation in implemented() {
        let smallest = minimal(operation, &SEEDED);
        for field in operation.fields() {
            for (path, value) in wrong_values(&field.name, field.schema) {
                let mut arguments = smallest.clone();
                let name = format!("{path} in {} = {value}", field.name);
                arguments.insert(field.name.clone(), value);
                report.refused(operation, &name, build(operation, &arguments));
            }
        }
    }
    report.finish(712);
}

#[test]
fn each_route_accepts_every_described_word_and_refuses_others_with_a_described_error() {
    let mut report = Report::default();
    for operation in implemented() {
        let smallest = minimal(operation, &SEEDED);
        for field in operation.fields() {
            let send = |word: &str| {
                let mut arguments = smallest.clone();
                arguments.insert(field.name.clone(), with_word(field.schema, word));
                arguments.extend(companions(&field.name, word));
                SEEDED.clone().send(&build(operation, &arguments))
            };
            for word in words(field.schema) {
                let response = send(word);
                let faults = any_faults(operation, &response);
                let is_refused = response.status >= 400 && !needs_more(word);
                let refused = is_refused.then(|| "the word is refused".to_owned());
                let faults: Vec<String> = faults.into_iter().chain(refused).collect();
                report.add(
                    operation,
                    &format!("{} = {word}", field.name),
                    &faults,
                    &response.body,
                );
            }
            if words(field.schema).next().is_some() && field.schema.get("anyOf").is_none() {
                let response = send("unknown-word");
                let faults = refusal_faults(operation, &response);
                report.add(
                    operation,
                    &format!("{} = unknown-word", field.name),
                    &faults,
                    &response.body,
                );
            }
        }
    }
    report.finish(20);
}

/// Whether the setting needs another setting, so that a call with this setting alone is refused.
fn needs_more(word: &str) -> bool {
    word == "RESTRICTED"
}

#[test]
fn each_route_refuses_unknown_ids_wrong_credentials_and_the_other_product() {
    let mut report = Report::default();
    for operation in implemented() {
        let smallest = minimal(operation, &SEEDED);
        let mut places = smallest.keys().zip(named(operation, &smallest));
        if let Some((name, _)) = places.find(|(_, place)| *place == Place::Path) {
            for unknown in ["unknown-1", "%", "a/b", "\u{1f600}", " "] {
                let mut arguments = smallest.clone();
                arguments.insert(name.clone(), unknown.into());
                let request = build(operation, &arguments);
                report.refused(operation, &format!("{name} = {unknown}"), request);
            }
        }
        let valid = build(operation, &smallest);
        if valid.headers.is_empty() || operation.path.contains("/jwks/") {
            continue;
        }
        for header in ["", "Basic", "Basic !", "Basic YTpi", "Bearer x"] {
            let mut request = valid.clone();
            request.headers[0].1 = header.into();
            report.refused(operation, &format!("Authorization: {header}"), request);
        }
        let shared = [
            "/v1/m2m/",
            "/v1/connected_apps/",
            "/v1/debug/",
            "/v1/projects/",
        ];
        let is_shared = shared
            .iter()
            .any(|prefix| operation.path.starts_with(prefix));
        if !is_shared && !is_of_fraud_prevention(operation) {
            let other = if operation.is_b2b() {
                &SETTINGS.consumer
            } else {
                &SETTINGS.b2b
            };
            let mut request = valid;
            request.headers[0] = request_header(other);
            report.refused(operation, "the other product", request);
        }
    }
    report.finish(200);
}

/// Whether projects of both products call the route, to prevent fraud.
fn is_of_fraud_prevention(operation: &Operation) -> bool {
    let tags = [
        "/fingerprint/",
        "/rules/",
        "/verdict_reasons/",
        "/email/risk",
    ];
    tags.iter().any(|tag| operation.path.contains(tag))
}

/// Required fields whose absence is accepted on purpose, each with a reason.
const ACCEPTED_WITHOUT: [(&str, &str, &str); 1] = [(
    "m2mClientsCreate",
    "scopes",
    "The SDKs always send it. No source says that the API refuses a client without scopes.",
)];

fn is_accepted_without(operation: &Operation, name: &str) -> bool {
    let mut rows = ACCEPTED_WITHOUT.iter();
    rows.any(|(id, field, _)| operation.id == *id && *field == name)
}

/// What was sent, and what was wrong with the answers.
#[derive(Default)]
struct Report {
    sent: usize,
    faults: Vec<String>,
}

impl Report {
    fn accepted(&mut self, operation: &Operation, name: &str, request: Request) {
        let response = SEEDED.clone().send(&request);
        let faults = success_faults(operation, &response);
        self.add(operation, name, &faults, &response.body);
    }

    fn refused(&mut self, operation: &Operation, name: &str, request: Request) {
        let mut world = SEEDED.clone();
        let response = world.send(&request);
        let mut faults = refusal_faults(operation, &response);
        if faults.is_empty() && world.state() != *STATE {
            faults.push("the state has changed".to_owned());
        }
        self.add(operation, name, &faults, &response.body);
    }

    fn add(&mut self, operation: &Operation, name: &str, faults: &[String], body: &[u8]) {
        self.sent += 1;
        let body = String::from_utf8_lossy(body);
        let body: String = body.chars().take(300).collect();
        for fault in faults {
            self.faults.push(format!(
                "{} ({name}): {fault}\n    {body}",
                operation.route()
            ));
        }
    }

    #[track_caller]
    fn finish(self, at_least: usize) {
        assert!(
            self.faults.is_empty(),
            "{} faults:\n{}",
            self.faults.len(),
            self.faults.join("\n")
        );
        assert!(self.sent >= at_least, "only {} calls were sent", self.sent);
    }
}

/// The places of the arguments, in their order.
fn named<'a>(
    operation: &'a Operation,
    arguments: &'a Arguments,
) -> impl Iterator<Item = Place> + 'a {
    arguments.keys().map(|name| {
        let mut parameters = operation.parameters.iter();
        parameters
            .find(|parameter| parameter.name == *name)
            .unwrap()
            .place
    })
}

fn request_header(credentials: &stytch_emulator::Credentials) -> (String, String) {
    request("GET /", Some(credentials), &Value::Null)
        .headers
        .remove(0)
}
