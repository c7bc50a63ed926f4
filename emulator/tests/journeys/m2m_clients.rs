//! Machine-to-machine clients: created, read, searched, updated and deleted.

use serde_json::{Value, json};

use crate::stand::Stand;

const CREATE: &str = "POST /v1/m2m/clients";
const SEARCH: &str = "POST /v1/m2m/clients/search";

#[test]
fn returns_the_secret_of_a_client_only_once() {
    let mut stand = Stand::new();
    let body = json!({ "scopes": ["read:users", "write:users"], "client_name": "Cron", "trusted_metadata": { "a": 1 } });
    let created = stand.consumer(CREATE, body).ok().body["m2m_client"].clone();
    let id = created["client_id"].as_str().unwrap();
    let secret = created["client_secret"].as_str().unwrap();
    assert!(id.starts_with("m2m-client-test-"));
    assert_eq!(secret.len(), 44);
    assert_eq!(created["client_secret_last_four"], secret[40..]);
    assert_eq!(created["status"], "active");

    let path = format!("/v1/m2m/clients/{id}");
    let read = stand.consumer(&format!("GET {path}"), Value::Null).ok();
    let mut expected = created.clone();
    expected.as_object_mut().unwrap().remove("client_secret");
    assert_eq!(read.body["m2m_client"], expected);
    assert_eq!(expected["next_client_secret_last_four"], Value::Null);

    let change =
        json!({ "status": "inactive", "scopes": ["read:users"], "trusted_metadata": { "b": 2 } });
    let changed = stand.consumer(&format!("PUT {path}"), change).ok();
    expected["status"] = json!("inactive");
    expected["scopes"] = json!(["read:users"]);
    expected["trusted_metadata"] = json!({ "a": 1, "b": 2 });
    assert_eq!(changed.body["m2m_client"], expected);

    let elsewhere = stand.b2b(&format!("GET {path}"), Value::Null);
    elsewhere.refused(404, "m2m_client_not_found");
    let deleted = stand.consumer(&format!("DELETE {path}"), json!({})).ok();
    assert_eq!(deleted.text("/client_id"), id);
    for call in ["GET", "PUT", "DELETE"] {
        let gone = stand.consumer(&format!("{call} {path}"), json!({}));
        gone.refused(404, "m2m_client_not_found");
    }
}

#[test]
fn both_products_accept_a_chosen_client_id_and_secret() {
    let mut stand = Stand::new();
    let body = json!({ "client_id": "cron-1", "client_secret": "correct horse", "scopes": [] });
    let consumer = stand.consumer(CREATE, body.clone()).ok();
    assert_eq!(consumer.text("/m2m_client/client_secret"), "correct horse");
    assert_eq!(consumer.text("/m2m_client/client_secret_last_four"), "orse");
    stand
        .consumer(CREATE, body.clone())
        .refused(400, "duplicate_m2m_client_id");
    stand.b2b(CREATE, body).ok();
    stand
        .open(CREATE, json!({}))
        .refused(400, "invalid_authorization_header");
}

#[test]
fn refuses_invalid_fields_of_a_client() {
    let mut stand = Stand::new();
    let table = [
        (
            json!({ "client_id": "a b" }),
            "m2m_client_invalid_client_id",
        ),
        (
            json!({ "client_secret": "short7!" }),
            "insecure_m2m_client_secret",
        ),
        (
            json!({ "client_secret": "aaaaaaaabbbb" }),
            "insecure_m2m_client_secret",
        ),
        (
            json!({ "client_secret": "abcdefgh".repeat(17) }),
            "client_secret_too_long",
        ),
        (
            json!({ "scopes": ["read users"] }),
            "invalid_m2m_client_scope",
        ),
        (json!({ "scopes": [""] }), "invalid_m2m_client_scope"),
        (json!({ "scopes": "read" }), "invalid_argument"),
    ];
    for (body, error_type) in table {
        stand.consumer(CREATE, body).refused(400, error_type);
    }
    let found = stand.consumer(SEARCH, json!({})).ok();
    assert_eq!(found.body["results_metadata"]["total"], 0);

    stand.consumer(CREATE, json!({ "client_id": "cron" })).ok();
    let change = json!({ "client_name": "New", "status": "asleep" });
    stand
        .consumer("PUT /v1/m2m/clients/cron", change)
        .refused(400, "m2m_client_invalid_status");
    let read = stand.consumer("GET /v1/m2m/clients/cron", Value::Null);
    assert_eq!(read.text("/m2m_client/client_name"), "");
}

#[test]
fn finds_clients_by_id_name_and_scope() {
    let mut stand = Stand::new();
    for (id, name, scopes) in [
        ("one", "Cron", json!(["read", "write"])),
        ("two", "Cron", json!(["read"])),
        ("three", "Worker", json!([])),
    ] {
        let body = json!({ "client_id": id, "client_name": name, "scopes": scopes });
        stand.consumer(CREATE, body).ok();
    }
    let mut found = |operator: &str, operands: Value| {
        let body = json!({ "query": { "operator": operator, "operands": operands } });
        let answer = stand.consumer(SEARCH, body).ok();
        assert!(answer.body["m2m_clients"][0].get("client_secret").is_none());
        let clients = answer.body["m2m_clients"].as_array().unwrap();
        let ids = clients.iter().map(|client| client["client_id"].as_str());
        ids.map(|id| id.unwrap().to_owned()).collect::<Vec<_>>()
    };
    let by = |name: &str, value: Value| json!({ "filter_name": name, "filter_value": value });
    let (cron, write) = (
        by("client_name", json!(["Cron"])),
        by("scopes", json!(["write"])),
    );
    let ids = by("client_id", json!(["three", "two", "unknown"]));
    assert_eq!(found("AND", json!([])), ["one", "two", "three"]);
    assert_eq!(found("AND", json!([ids])), ["two", "three"]);
    assert_eq!(found("AND", json!([cron, write])), ["one"]);
    assert_eq!(found("OR", json!([ids, write])), ["one", "two", "three"]);
    assert_eq!(found("AND", json!([by("scopes", json!(["rea"]))])), [""; 0]);

    let first = stand.consumer(SEARCH, json!({ "limit": 2 })).ok();
    assert_eq!(first.body["results_metadata"]["total"], 3);
    let cursor = first.text("/results_metadata/next_cursor");
    let second = stand.consumer(SEARCH, json!({ "cursor": cursor })).ok();
    assert_eq!(second.text("/m2m_clients/0/client_id"), "three");
    assert_eq!(second.body["results_metadata"]["next_cursor"], Value::Null);
    let crossed = stand.consumer("POST /v1/users/search", json!({ "cursor": cursor }));
    crossed.refused(400, "user_search_invalid_cursor");
}

#[test]
fn refuses_malformed_searches() {
    let mut stand = Stand::new();
    let table = [
        (json!({}), "m2m_search_missing_filter_name"),
        (
            json!({ "filter_name": "scopes" }),
            "m2m_search_missing_filter_value",
        ),
        (
            json!({ "filter_name": 5 }),
            "m2m_search_filter_name_must_be_string",
        ),
        (
            json!({ "filter_name": "status", "filter_value": ["active"] }),
            "m2m_search_filter_name_not_recognized",
        ),
        (
            json!({ "filter_name": "scopes", "filter_value": "read" }),
            "m2m_search_expected_array_of_strings",
        ),
    ];
    for (operand, error_type) in table {
        let body = json!({ "query": { "operator": "AND", "operands": [operand] } });
        stand.consumer(SEARCH, body).refused(400, error_type);
    }
}
