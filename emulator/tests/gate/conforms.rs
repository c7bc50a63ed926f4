//! Compares a response with the description: status, required members, types, words, and no unknown members.
//!
//! As the description says, an optional member of a response can be absent or null.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;
use stytch_emulator::Response;

use super::description::{Operation, names, resolve};

/// The statuses of the publicly known error types. `None` if only the class 4xx is known.
static ERROR_TYPES: LazyLock<BTreeMap<&str, Option<u16>>> = LazyLock::new(|| {
    let lines = include_str!("error_types.txt").lines();
    let rows = lines.filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let (status, name) = row.split_once(' ').unwrap();
        (name, status.parse().ok())
    })
    .collect()
});

/// Error types of the emulator that are not in the public list, each with a reason.
const OWN_ERROR_TYPES: [(&str, u16, &str); 8] = [
    (
        "not_implemented_by_emulator",
        501,
        "The API has every route.",
    ),
    (
        "invalid_external_id",
        400,
        "Guessed from invalid_organization_external_id.",
    ),
    ("invalid_member_id", 400, "Guessed from invalid_user_id."),
    ("invalid_request", 400, "RFC 6749, section 5.2."),
    ("invalid_client", 401, "RFC 6749, section 5.2."),
    ("invalid_grant", 400, "RFC 6749, section 5.2."),
    ("invalid_scope", 400, "RFC 6749, section 5.2."),
    ("unsupported_grant_type", 400, "RFC 6749, section 5.2."),
];

/// Members of a response that the description does not have on purpose, each with a reason.
const UNDESCRIBED: [(&str, &str, &str); 4] = [
    (
        "b2bScimConnectionGetGroups",
        "/request_id",
        "Every response has it. The types of the SDKs leave it out.",
    ),
    (
        "b2bOrganizationsGetConnectedApp",
        "/request_id",
        "The types of the SDKs leave it out. Every other response has it.",
    ),
    (
        "m2mToken",
        "/status_code",
        "The clients remove it from the result.",
    ),
    (
        "m2mToken",
        "/request_id",
        "The clients remove it from the result.",
    ),
];

/// Returns what is wrong with the response to a valid call.
pub fn success_faults(operation: &Operation, response: &Response) -> Vec<String> {
    if response.status != operation.status {
        return vec![format!(
            "status {} instead of {}",
            response.status, operation.status
        )];
    }
    let Some(body) = json(response) else {
        return vec!["the body is not JSON".to_owned()];
    };
    let mut faults = faults(operation.success, &body, "");
    faults.retain(|fault| !is_undescribed(operation, fault));
    faults.extend(envelope_faults(response, &body));
    faults
}

/// Returns what is wrong with the response to a call that must be refused.
pub fn refusal_faults(operation: &Operation, response: &Response) -> Vec<String> {
    if !(400..500).contains(&response.status) {
        return vec![format!("status {} instead of 4xx", response.status)];
    }
    let Some(body) = json(response) else {
        return vec!["the body is not JSON".to_owned()];
    };
    let mut faults = faults(operation.refusal, &body, "");
    faults.extend(envelope_faults(response, &body));
    let error_type = body.get("error_type").or_else(|| body.get("error"));
    let error_type = error_type.and_then(Value::as_str).unwrap_or_default();
    let own = OWN_ERROR_TYPES
        .iter()
        .find(|(name, ..)| *name == error_type);
    let known = own.map(|(_, status, _)| Some(*status));
    match known.or_else(|| ERROR_TYPES.get(error_type).copied()) {
        None => faults.push(format!("unknown error type {error_type}")),
        Some(Some(status)) if status != response.status => {
            faults.push(format!(
                "{error_type} has status {} instead of {status}",
                response.status
            ));
        }
        Some(_) => {}
    }
    faults
}

/// Returns what is wrong with a response that may be a success or a refusal.
pub fn any_faults(operation: &Operation, response: &Response) -> Vec<String> {
    match response.status {
        200..300 => success_faults(operation, response),
        _ => refusal_faults(operation, response),
    }
}

fn is_undescribed(operation: &Operation, fault: &str) -> bool {
    UNDESCRIBED.iter().any(|(id, pointer, _)| {
        operation.id == *id && fault.starts_with(&format!("{pointer} is not described"))
    })
}

/// The members that every response has.
fn envelope_faults(response: &Response, body: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    if body["status_code"] != response.status {
        faults.push(format!("status_code is {}", body["status_code"]));
    }
    let id = body["request_id"].as_str().unwrap_or_default();
    if !id.starts_with("request-id-test-") && !id.starts_with("request-id-fraud-") {
        faults.push(format!("request_id is {id}"));
    }
    let content_type = "application/json; charset=utf-8";
    if !response
        .headers
        .iter()
        .any(|(name, value)| name == "content-type" && value == content_type)
    {
        faults.push("the content type is not JSON".to_owned());
    }
    faults
}

/// Returns every difference between a value and its schema, each with its JSON pointer.
pub fn faults(schema: &'static Value, value: &Value, at: &str) -> Vec<String> {
    let schema = resolve(schema);
    if let Some(variants) = schema["anyOf"].as_array() {
        let mut found = variants.iter().map(|variant| faults(variant, value, at));
        let first = found.next().unwrap_or_default();
        let fits = first.is_empty() || found.any(|faults| faults.is_empty());
        return if fits { Vec::new() } else { first };
    }
    let wrong = |what: &str| vec![format!("{at} is not {what}: {value}")];
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return wrong("a known word");
    }
    if schema
        .get("const")
        .is_some_and(|constant| constant != value)
    {
        return wrong(&schema["const"].to_string());
    }
    match schema["type"].as_str() {
        Some("object") => object_faults(schema, value, at),
        Some("array") => match value.as_array() {
            Some(items) => {
                let items = items.iter().enumerate();
                items
                    .flat_map(|(index, item)| {
                        faults(&schema["items"], item, &format!("{at}/{index}"))
                    })
                    .collect()
            }
            None => wrong("an array"),
        },
        Some("string") if !value.is_string() => wrong("a string"),
        Some("string") if schema["format"] == "date-time" && !is_timestamp(value) => {
            wrong("a timestamp")
        }
        Some("integer") if !value.is_i64() && !value.is_u64() => wrong("a whole number"),
        Some("number") if !value.is_number() => wrong("a number"),
        Some("boolean") if !value.is_boolean() => wrong("a boolean"),
        _ => Vec::new(),
    }
}

fn object_faults(schema: &'static Value, value: &Value, at: &str) -> Vec<String> {
    let Some(members) = value.as_object() else {
        return vec![format!("{at} is not an object: {value}")];
    };
    let required: Vec<&str> = names(&schema["required"]).collect();
    let missing = required.iter().filter(|name| !members.contains_key(**name));
    let mut found: Vec<String> = missing
        .map(|name| format!("{at}/{name} is missing"))
        .collect();
    for (name, member) in members {
        let inner = format!("{at}/{name}");
        let further = &schema["additionalProperties"];
        match schema["properties"].get(name) {
            Some(_) if member.is_null() && !required.contains(&name.as_str()) => {}
            Some(property) => found.extend(faults(property, member, &inner)),
            None if further.is_object() => found.extend(faults(further, member, &inner)),
            None if *further == true => {}
            None => found.push(format!("{inner} is not described: {member}")),
        }
    }
    found
}

fn is_timestamp(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok()
}

fn json(response: &Response) -> Option<Value> {
    serde_json::from_slice(&response.body).ok()
}

#[test]
fn each_kind_of_difference_is_found() {
    use serde_json::json;
    let schema: &'static Value = Box::leak(Box::new(json!({
        "type": "object",
        "required": ["id", "at"],
        "properties": {
            "id": { "type": "string", "enum": ["a", "b"] },
            "at": { "type": "string", "format": "date-time" },
            "count": { "type": "integer" },
            "tags": { "type": "array", "items": { "type": "boolean" } },
            "either": { "anyOf": [{ "type": "string" }, { "type": "number" }] },
        },
    })));
    let valid = json!({ "id": "a", "at": "2026-01-01T00:00:00Z", "count": null, "either": 1.5 });
    assert_eq!(faults(schema, &valid, ""), [""; 0]);
    for (pointer, value, found) in [
        ("id", json!("c"), "/id is not a known word"),
        ("id", json!(null), "/id is not a known word"),
        ("at", json!("yesterday"), "/at is not a timestamp"),
        ("at", json!(null), "/at is not a string"),
        ("count", json!(1.5), "/count is not a whole number"),
        ("tags", json!([true, 1]), "/tags/1 is not a boolean"),
        ("tags", json!({}), "/tags is not an array"),
        ("either", json!(true), "/either is not a string"),
        ("extra", json!(1), "/extra is not described"),
    ] {
        let mut broken = valid.clone();
        broken[pointer] = value;
        let faults = faults(schema, &broken, "");
        assert!(
            faults.len() == 1 && faults[0].starts_with(found),
            "{faults:?}"
        );
    }
    assert_eq!(
        faults(schema, &json!({ "id": "a" }), ""),
        ["/at is missing"]
    );
}
