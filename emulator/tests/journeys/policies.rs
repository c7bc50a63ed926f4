//! Policies: the built-in roles, the configured roles, and the refusal of unknown roles.

use serde_json::{Value, json};

use crate::stand::Stand;

#[test]
fn a_policy_contains_the_built_in_and_the_configured_roles() {
    let mut stand = Stand::new();
    let consumer = stand.consumer("GET /v1/rbac/policy", Value::Null).ok();
    let built_in =
        json!({ "role_id": "stytch_user", "description": "Every user", "permissions": [] });
    let expected = json!({ "roles": [built_in], "resources": [], "scopes": [] });
    assert_eq!(consumer.body["policy"], expected);
    let b2b = stand.b2b("GET /v1/b2b/rbac/policy", Value::Null).ok().body;
    assert_eq!(
        ids(&b2b["policy"]["roles"], "role_id"),
        ["stytch_member", "stytch_admin"]
    );
    let own = json!([{ "resource_id": "stytch.self", "actions": ["*"] }]);
    assert_eq!(b2b["policy"]["roles"][0]["permissions"], own);
    assert_eq!(b2b["policy"]["resources"][1]["actions"][0], "create");

    stand.set_up_roles("b2b");
    let set = stand.b2b("GET /v1/b2b/rbac/policy", Value::Null).ok().body;
    assert_eq!(
        ids(&set["policy"]["roles"], "role_id"),
        ["stytch_member", "stytch_admin", "editor", "reader"]
    );
    let untouched = stand.consumer("GET /v1/rbac/policy", Value::Null).ok();
    assert_eq!(untouched.body["policy"], expected);

    let scope = json!({ "scope": "read:documents", "permissions": [{ "resource_id": "documents", "actions": ["read"] }] });
    let redefined = json!({ "role_id": "stytch_member", "permissions": [] });
    let policy = json!({ "product": "b2b", "roles": [redefined], "scopes": [scope] });
    stand.open("POST /_emulator/policies", policy).ok();
    let set = stand.b2b("GET /v1/b2b/rbac/policy", Value::Null).ok().body;
    assert_eq!(
        ids(&set["policy"]["roles"], "role_id"),
        ["stytch_admin", "stytch_member"]
    );
    assert_eq!(set["policy"]["roles"][1]["permissions"], json!([]));
    assert_eq!(ids(&set["policy"]["scopes"], "scope"), ["read:documents"]);
}

#[test]
fn refuses_a_malformed_policy_and_keeps_the_old_one() {
    let mut stand = Stand::new();
    stand.set_up_roles("consumer");
    for wrong in [
        json!({}),
        json!({ "product": "consumer", "roles": {} }),
        json!({ "product": "consumer", "roles": [{ "permissions": [] }] }),
        json!({ "product": "consumer", "resources": [{ "resource_id": "a" }] }),
    ] {
        let answer = stand.open("POST /_emulator/policies", wrong);
        assert_eq!(answer.status, 400, "{}", answer.body);
        assert!(answer.body["error"].is_string());
    }
    let policy = stand.consumer("GET /v1/rbac/policy", Value::Null).ok();
    assert_eq!(
        ids(&policy.body["policy"]["roles"], "role_id"),
        ["stytch_user", "editor", "reader"]
    );
}

#[test]
fn refuses_invalid_custom_roles() {
    let mut stand = Stand::new();
    stand.set_up_roles("b2b");
    stand.organization("acme");
    let role = |role_id: &str, resource: &str, actions: Value| json!({ "role_id": role_id, "permissions": [{ "resource_id": resource, "actions": actions }] });
    let valid = role("archivist", "documents", json!(["write", "*"]));
    let table = [
        (
            json!([role("", "documents", json!(["read"]))]),
            "empty_rbac_role_id",
        ),
        (
            json!([role("stytch_boss", "documents", json!(["read"]))]),
            "invalid_rbac_stytch_role_edit",
        ),
        (
            json!([role("editor", "documents", json!(["read"]))]),
            "rbac_role_duplicate",
        ),
        (json!([valid, valid]), "rbac_role_duplicate"),
        (
            json!([role("a", "planets", json!(["read"]))]),
            "invalid_permission_resource",
        ),
        (
            json!([role("a", "documents", json!(["burn"]))]),
            "invalid_permission_action",
        ),
        (
            json!([role("a", "documents", json!([]))]),
            "rbac_permission_missing_actions",
        ),
        (json!([{ "permissions": [] }]), "invalid_rbac_custom_role"),
        (json!("all"), "invalid_rbac_custom_role"),
    ];
    let put = "PUT /v1/b2b/rbac/organizations/acme";
    for (roles, error_type) in table {
        let policy = json!({ "org_policy": { "roles": roles } });
        stand.b2b(put, policy).refused(400, error_type);
    }
    stand.b2b(put, json!({})).refused(400, "invalid_argument");
    let nowhere = "PUT /v1/b2b/rbac/organizations/nowhere";
    let policy = json!({ "org_policy": { "roles": [valid] } });
    stand
        .b2b(nowhere, policy.clone())
        .refused(404, "organization_not_found");
    stand.b2b(put, policy).ok();
}

#[test]
fn refuses_to_assign_an_unknown_role() {
    let mut stand = Stand::new();
    stand.organization("acme");
    let created = stand.consumer(
        "POST /v1/users",
        json!({ "email": "ada@example.com", "roles": ["editor"] }),
    );
    created.refused(400, "invalid_rbac_role_id");
    let user = stand
        .consumer("POST /v1/users", json!({ "email": "ada@example.com" }))
        .ok();
    let update = format!("PUT /v1/users/{}", user.text("/user_id"));
    stand
        .consumer(
            &update,
            json!({ "roles": ["editor"], "name": { "first_name": "Ada" } }),
        )
        .refused(400, "invalid_rbac_role_id");
    let read = stand.consumer(&update.replace("PUT", "GET"), Value::Null);
    assert_eq!(
        read.ok().body["name"],
        Value::Null,
        "a refused update leaves the user unchanged"
    );
    let member = json!({ "email_address": "ada@acme.example", "roles": ["editor"] });
    stand
        .b2b("POST /v1/b2b/organizations/acme/members", member)
        .refused(400, "invalid_rbac_role_id");
    let implicit = json!({
        "organization_name": "implicit",
        "rbac_email_implicit_role_assignments": [{ "domain": "acme.example", "role_id": "editor" }],
    });
    stand
        .b2b("POST /v1/b2b/organizations", implicit)
        .refused(400, "invalid_rbac_role_id");
}

fn ids(list: &Value, name: &str) -> Vec<String> {
    let items = list.as_array().unwrap().iter();
    items
        .map(|item| item[name].as_str().unwrap().to_owned())
        .collect()
}
