//! The user search: filters, operators, pages, and refused searches.

use serde_json::{Value, json};

use crate::stand::{Answer, Stand};

/// Creates three users: Ada is verified and was created an hour before the others, Bob is pending and has a phone
/// number, and Cy is active.
fn three_users() -> Stand {
    let mut stand = Stand::new();
    stand.log_in("ada.lovelace@example.com");
    stand.later(3600);
    let bob = json!({ "email": "bob@work.example", "phone_number": "+15005550006", "create_user_as_pending": true });
    stand.consumer("POST /v1/users", bob).ok();
    let cy = json!({ "email": "cy@example.com", "name": { "first_name": "Cyril", "last_name": "Sneer" } });
    stand.consumer("POST /v1/users", cy).ok();
    stand
}

fn search(stand: &mut Stand, body: Value) -> Answer {
    stand.consumer("POST /v1/users/search", body)
}

/// Returns the email addresses of the users that match.
fn found(stand: &mut Stand, operator: &str, operands: Value) -> Vec<String> {
    let answer = search(
        stand,
        json!({ "query": { "operator": operator, "operands": operands } }),
    )
    .ok();
    let users = answer.body["results"].as_array().unwrap();
    users
        .iter()
        .map(|user| user["emails"][0]["email"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn each_filter_finds_the_matching_users() {
    let mut stand = three_users();
    let (ada, bob, cy) = (
        "ada.lovelace@example.com",
        "bob@work.example",
        "cy@example.com",
    );
    let ids: Vec<String> = search(&mut stand, json!({})).body["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["user_id"].as_str().unwrap().to_owned())
        .collect();
    let between = stand.now.plus_seconds(-60).rfc3339();
    let table: [(&str, Value, &[&str]); 14] = [
        ("user_id", json!([ids[0], ids[2]]), &[ada, cy]),
        (
            "email_address",
            json!(["BOB@work.example", "eve@example.com"]),
            &[bob],
        ),
        ("email_address_fuzzy", json!("exam"), &[ada, cy]),
        ("email_address_fuzzy", json!("love"), &[]),
        ("email_verified", json!(true), &[ada]),
        ("status", json!("pending"), &[bob]),
        ("phone_number", json!(["+15005550006"]), &[bob]),
        ("phone_number_fuzzy", json!("5550"), &[bob]),
        ("phone_verified", json!(false), &[bob]),
        ("full_name_fuzzy", json!("sne"), &[cy]),
        ("full_name_fuzzy", json!("cyril s"), &[cy]),
        ("created_at_less_than", json!(between), &[ada]),
        ("created_at_greater_than", json!(between), &[bob, cy]),
        ("totp_verified", json!(false), &[]),
    ];
    for (name, value, expected) in table {
        let operand = json!([{ "filter_name": name, "filter_value": value }]);
        assert_eq!(
            found(&mut stand, "AND", operand),
            expected,
            "{name} {value}"
        );
    }
}

#[test]
fn operators_combine_filters() {
    let mut stand = three_users();
    let operands = json!([
        { "filter_name": "status", "filter_value": "active" },
        { "filter_name": "email_verified", "filter_value": false },
    ]);
    assert_eq!(
        found(&mut stand, "AND", operands.clone()),
        ["cy@example.com"]
    );
    assert_eq!(found(&mut stand, "OR", operands).len(), 3);
    assert_eq!(
        found(&mut stand, "OR", json!([])).len(),
        3,
        "an operator without operands matches every user"
    );
}

#[test]
fn cursors_lead_to_the_last_page() {
    let mut stand = three_users();
    let first = search(&mut stand, json!({ "limit": 2 })).ok();
    assert_eq!(first.body["results"].as_array().unwrap().len(), 2);
    assert_eq!(first.body["results_metadata"]["total"], 3);
    let cursor = first.text("/results_metadata/next_cursor");
    let last = search(&mut stand, json!({ "limit": 2, "cursor": cursor })).ok();
    assert_eq!(last.body["results"].as_array().unwrap().len(), 1);
    assert_eq!(last.body["results_metadata"]["next_cursor"], Value::Null);
}

#[test]
fn refuses_malformed_searches() {
    let mut stand = three_users();
    for limit in [json!(0), json!(1001), json!("ten")] {
        search(&mut stand, json!({ "limit": limit })).refused(400, "user_search_invalid_limit");
    }
    search(&mut stand, json!({ "cursor": "nonsense" })).refused(400, "user_search_invalid_cursor");
    let table = [
        (
            json!({ "filter_name": "shoe_size", "filter_value": 5 }),
            "user_search_filter_name_not_recognized",
        ),
        (
            json!({ "filter_value": 5 }),
            "user_search_missing_filter_name",
        ),
        (
            json!({ "filter_name": 5, "filter_value": 5 }),
            "user_search_filter_name_must_be_string",
        ),
        (
            json!({ "filter_name": "status" }),
            "user_search_missing_filter_value",
        ),
        (
            json!({ "filter_name": "status", "filter_value": "asleep" }),
            "user_search_invalid_status_filter",
        ),
        (
            json!({ "filter_name": "user_id", "filter_value": "one" }),
            "user_search_expected_array_of_string",
        ),
        (
            json!({ "filter_name": "email_verified", "filter_value": "yes" }),
            "user_search_expected_bool",
        ),
        (
            json!({ "filter_name": "email_address_fuzzy", "filter_value": "ab" }),
            "user_search_email_address_fuzzy_too_short",
        ),
        (
            json!({ "filter_name": "created_at_less_than", "filter_value": "soon" }),
            "user_search_expected_timestamp",
        ),
    ];
    for (operand, error_type) in table {
        let query = json!({ "query": { "operator": "AND", "operands": [operand] } });
        search(&mut stand, query).refused(400, error_type);
    }
    let valid = json!({ "filter_name": "status", "filter_value": "active" });
    for operator in [json!("XOR"), Value::Null] {
        let query = json!({ "query": { "operator": operator, "operands": [valid] } });
        search(&mut stand, query).refused(400, "user_search_invalid_operator");
    }
}
