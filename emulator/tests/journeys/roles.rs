//! `authorization_check`: the actions that the roles of a session allow, in a project and in an organization.

use serde_json::{Value, json};

use crate::stand::{Answer, Stand, open_jwt};

const CHECK: &str = "POST /v1/sessions/authenticate";
const MEMBER_CHECK: &str = "POST /v1/b2b/sessions/authenticate";

#[test]
fn decides_the_check_of_a_user_by_the_current_roles() {
    let mut stand = Stand::new();
    stand.set_up_roles("consumer");
    let session = stand.log_in("ada@example.com");
    let token = session.text("/session_token");
    let update = format!("PUT /v1/users/{}", session.text("/user_id"));
    let check = |stand: &mut Stand, check: Value| {
        let body = json!({ "session_token": token, "authorization_check": check });
        stand.consumer(CHECK, body)
    };
    let before = stand
        .consumer(CHECK, json!({ "session_token": token }))
        .ok();
    assert!(
        before.body.get("verdict").is_none(),
        "a verdict without an authorization_check"
    );
    stand.later(60);
    check(&mut stand, documents("read")).refused(403, "consumer_session_authorization_error");

    let roles = json!({ "roles": ["reader", "editor"] });
    stand.consumer(&update, roles).ok();
    let allowed = check(&mut stand, documents("read")).ok();
    let verdict = json!({ "authorized": true, "granting_roles": ["reader", "editor"] });
    assert_eq!(allowed.body["verdict"], verdict);
    let held = json!(["stytch_user", "reader", "editor"]);
    assert_eq!(allowed.body["session"]["roles"], held);
    let (_, claims) = open_jwt(&allowed.text("/session_jwt"));
    assert_eq!(claims["https://stytch.com/session"]["roles"], held);
    let by_wildcard = check(&mut stand, documents("burn")).ok();
    assert_eq!(
        by_wildcard.body["verdict"]["granting_roles"],
        json!(["editor"])
    );

    stand.consumer(&update, json!({ "roles": ["reader"] })).ok();
    for elsewhere in [
        documents("write"),
        json!({ "resource_id": "document", "action": "read" }),
        json!({ "resource_id": "*", "action": "read" }),
    ] {
        check(&mut stand, elsewhere).refused(403, "consumer_session_authorization_error");
    }
    check(&mut stand, json!({ "action": "read" })).refused(400, "empty_rbac_resource_id");
    check(&mut stand, json!({ "resource_id": "documents" })).refused(400, "invalid_argument");
    check(&mut stand, json!("documents")).refused(400, "invalid_argument");
}

#[test]
fn a_refused_check_does_not_extend_the_session() {
    let mut stand = Stand::new();
    let session = stand.log_in("ada@example.com");
    let body = json!({
        "session_token": session.text("/session_token"),
        "session_duration_minutes": 600,
        "session_custom_claims": { "a": 1 },
        "authorization_check": documents("read"),
    });
    stand.later(60);
    stand
        .consumer(CHECK, body)
        .refused(403, "consumer_session_authorization_error");
    let list = format!("GET /v1/sessions?user_id={}", session.text("/user_id"));
    let list = stand.consumer(&list, Value::Null).ok();
    assert_eq!(list.body["sessions"][0], session.body["session"]);
}

#[test]
fn decides_the_check_of_a_member_in_its_own_organization() {
    let mut stand = Stand::new();
    stand.set_up_roles("b2b");
    let (acme, other) = (stand.organization("acme"), stand.organization("other"));
    let member = json!({ "email_address": "ada@acme.example", "roles": ["editor"] });
    stand
        .b2b("POST /v1/b2b/organizations/acme/members", member)
        .ok();
    let editor = stand.log_in_member(&acme, "ada@acme.example");
    let plain = stand.log_in_member(&acme, "bob@acme.example");
    let (_, claims) = open_jwt(&editor.text("/session_jwt"));
    let held = json!(["stytch_member", "editor"]);
    assert_eq!(claims["https://stytch.com/session"]["roles"], held);

    let check = |stand: &mut Stand, who: &Answer, organization: &str| {
        let mut check = documents("write");
        check["organization_id"] = json!(organization);
        let jwt = who.text("/session_jwt");
        stand.b2b(
            MEMBER_CHECK,
            json!({ "session_jwt": jwt, "authorization_check": check }),
        )
    };
    for organization in [acme.as_str(), "acme"] {
        let allowed = check(&mut stand, &editor, organization).ok();
        let verdict = json!({ "authorized": true, "granting_roles": ["editor"] });
        assert_eq!(allowed.body["verdict"], verdict);
    }
    check(&mut stand, &plain, &acme).refused(403, "session_authorization_error");
    for organization in [other.as_str(), "nowhere"] {
        check(&mut stand, &editor, organization)
            .refused(403, "session_authorization_tenancy_error");
    }
    check(&mut stand, &editor, "").refused(400, "invalid_organization_id");
}

#[test]
fn custom_roles_apply_only_in_their_organization() {
    let mut stand = Stand::new();
    stand.set_up_roles("b2b");
    stand.organization("acme");
    stand.organization("other");
    let (route, members) = (
        "/v1/b2b/rbac/organizations/acme",
        "POST /v1/b2b/organizations/acme/members",
    );
    let empty = stand.b2b(&format!("GET {route}"), Value::Null).ok();
    assert_eq!(empty.body["org_policy"], json!({ "roles": [] }));
    let archivist = json!({ "role_id": "archivist", "description": "Keeps it", "permissions": [{ "resource_id": "documents", "actions": ["write"] }] });
    let policy = json!({ "org_policy": { "roles": [archivist] } });
    let put = stand.b2b(&format!("PUT {route}"), policy.clone()).ok();
    assert_eq!(put.body["org_policy"], policy["org_policy"]);
    let read = stand.b2b(&format!("GET {route}"), Value::Null).ok();
    assert_eq!(read.body["org_policy"], policy["org_policy"]);
    let organization = stand.b2b("GET /v1/b2b/organizations/acme", Value::Null);
    assert_eq!(
        organization.body["organization"]["custom_roles"],
        json!([archivist])
    );
    let project = stand.b2b("GET /v1/b2b/rbac/policy", Value::Null).ok();
    assert!(!project.body.to_string().contains("archivist"));

    let member = json!({ "email_address": "ada@acme.example", "roles": ["archivist"] });
    let elsewhere = stand.b2b("POST /v1/b2b/organizations/other/members", member.clone());
    elsewhere.refused(400, "invalid_rbac_role_id");
    stand.b2b(members, member).ok();
    let session = stand.log_in_member("acme", "ada@acme.example");
    let mut check = documents("write");
    check["organization_id"] = json!("acme");
    let body =
        json!({ "session_token": session.text("/session_token"), "authorization_check": check });
    let allowed = stand.b2b(MEMBER_CHECK, body.clone()).ok();
    assert_eq!(
        allowed.body["verdict"]["granting_roles"],
        json!(["archivist"])
    );

    let none = json!({ "org_policy": { "roles": [] } });
    stand.b2b(&format!("PUT {route}"), none).ok();
    stand
        .b2b(MEMBER_CHECK, body)
        .refused(403, "session_authorization_error");
}

fn documents(action: &str) -> Value {
    json!({ "resource_id": "documents", "action": action })
}
