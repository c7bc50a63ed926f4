//! Users: created, read, updated and deleted.

use serde_json::{Value, json};

use crate::stand::Stand;

#[test]
fn creates_reads_updates_and_deletes_a_user() {
    let mut stand = Stand::new();
    let body = json!({
        "email": "Ada@Example.com",
        "phone_number": "+15005550006",
        "name": { "first_name": "Ada" },
        "trusted_metadata": { "plan": "free", "seats": 1 },
        "external_id": "ada.1",
    });
    let created = stand.consumer("POST /v1/users", body);
    assert_eq!(created.status, 201);
    assert_eq!(
        created.body["user"]["emails"][0]["email_id"],
        created.body["email_id"]
    );
    assert_eq!(
        created.body["user"]["emails"][0],
        json!({ "email_id": created.body["email_id"], "email": "ada@example.com", "verified": false })
    );
    assert_eq!(created.text("/status"), "active");

    let path = format!("/v1/users/{}", created.text("/user_id"));
    let read = stand.consumer(&format!("GET {path}"), Value::Null).ok();
    assert_eq!(
        read.body["name"],
        json!({ "first_name": "Ada", "middle_name": "", "last_name": "" })
    );
    assert_eq!(read.body["roles"], json!(["stytch_user"]));
    assert_eq!(
        (&read.body["password"], &read.body["providers"]),
        (&Value::Null, &json!([]))
    );

    stand.set_up_roles("consumer");
    let change = json!({ "name": { "last_name": "Lovelace" }, "trusted_metadata": { "plan": "paid", "seats": null }, "roles": ["editor"] });
    let changed = stand.consumer(&format!("PUT {path}"), change).ok();
    assert_eq!(changed.body["user"]["name"]["first_name"], "Ada");
    assert_eq!(changed.body["user"]["name"]["last_name"], "Lovelace");
    assert_eq!(
        changed.body["user"]["trusted_metadata"],
        json!({ "plan": "paid" })
    );
    assert_eq!(
        changed.body["user"]["roles"],
        json!(["stytch_user", "editor"])
    );
    assert_eq!(changed.body["emails"], created.body["user"]["emails"]);

    let by_external_id = stand.consumer("GET /v1/users/ada.1", Value::Null).ok();
    assert_eq!(by_external_id.body["user_id"], created.body["user_id"]);
    let deleted = stand.consumer(&format!("DELETE {path}"), json!({})).ok();
    assert_eq!(deleted.body["user_id"], created.body["user_id"]);
    stand
        .consumer(&format!("GET {path}"), Value::Null)
        .refused(404, "user_not_found");
}

#[test]
fn deleting_a_user_revokes_its_sessions_and_removes_its_links() {
    let mut stand = Stand::new();
    let session = stand.log_in("ada@example.com");
    let token = stand.link_for("ada@example.com");
    stand
        .consumer(
            &format!("DELETE /v1/users/{}", session.text("/user_id")),
            Value::Null,
        )
        .ok();
    let check = json!({ "session_token": session.text("/session_token") });
    stand
        .consumer("POST /v1/sessions/authenticate", check)
        .refused(404, "session_not_found");
    stand
        .consumer(
            "POST /v1/magic_links/authenticate",
            json!({ "token": token }),
        )
        .refused(404, "magic_link_not_found");
}

#[test]
fn refuses_values_that_another_user_has() {
    let mut stand = Stand::new();
    let ada =
        json!({ "email": "ada@example.com", "phone_number": "+15005550006", "external_id": "ada" });
    stand.consumer("POST /v1/users", ada).ok();
    let bob = stand
        .consumer("POST /v1/users", json!({ "email": "bob@example.com" }))
        .ok()
        .text("/user_id");
    let mut create = |body: Value| stand.consumer("POST /v1/users", body);
    create(json!({ "email": "ADA@example.com" })).refused(400, "duplicate_email");
    create(json!({ "phone_number": "+15005550006" })).refused(400, "duplicate_phone_number");
    create(json!({ "email": "eve@example.com", "external_id": "ada" }))
        .refused(400, "duplicate_user_external_id");
    let taken = json!({ "external_id": "ada" });
    stand
        .consumer(&format!("PUT /v1/users/{bob}"), taken)
        .refused(400, "duplicate_user_external_id");
}

#[test]
fn malformed_fields_have_their_own_errors() {
    let mut stand = Stand::new();
    let mut create = |body: Value| stand.consumer("POST /v1/users", body);
    create(json!({})).refused(400, "invalid_create_user_request");
    create(json!({ "email": "nonsense" })).refused(400, "invalid_email");
    create(json!({ "phone_number": "555" })).refused(400, "invalid_phone_number");
    let many: Value = (0..21)
        .map(|number| (number.to_string(), json!(1)))
        .collect();
    create(json!({ "email": "ada@example.com", "trusted_metadata": many }))
        .refused(400, "metadata_too_many_keys");
    create(json!({ "email": "ada@example.com", "roles": "admin" }))
        .refused(400, "invalid_argument");
    stand
        .consumer("GET /v1/users/a%2Fb", Value::Null)
        .refused(400, "invalid_user_id");
    stand
        .consumer("GET /v1/users/", Value::Null)
        .refused(404, "route_not_found");
}

#[test]
fn a_refused_update_leaves_the_user_unchanged() {
    let mut stand = Stand::new();
    let id = stand
        .consumer("POST /v1/users", json!({ "email": "ada@example.com" }))
        .ok()
        .text("/user_id");
    let change =
        json!({ "name": { "first_name": "Eve" }, "trusted_metadata": { "a": "x".repeat(5000) } });
    stand
        .consumer(&format!("PUT /v1/users/{id}"), change)
        .refused(400, "metadata_too_large");
    assert_eq!(
        stand
            .consumer(&format!("GET /v1/users/{id}"), Value::Null)
            .ok()
            .body["name"],
        Value::Null
    );
}
