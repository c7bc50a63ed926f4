//! Calls with a member session in a header, which may do only what the member's roles allow.

use serde_json::{Value, json};

use crate::stand::{Answer, SETTINGS, Stand, request};

const ORGANIZATION: &str = "/v1/b2b/organizations/acme";

#[test]
fn an_update_needs_the_action_of_each_field() {
    let mut stand = stand();
    let namer = custom_role(&mut stand, "stytch.organization", "update.info.name");
    let update = format!("PUT {ORGANIZATION}");
    as_member(
        &mut stand,
        &namer,
        &update,
        json!({ "organization_name": "New" }),
    )
    .ok();
    let both = json!({ "organization_name": "Newer", "mfa_policy": "OPTIONAL" });
    as_member(&mut stand, &namer, &update, both).refused(403, "session_authorization_error");
    let metadata = json!({ "trusted_metadata": { "a": 1 } });
    as_member(&mut stand, &namer, &update, metadata).refused(401, "cannot_update_trusted_metadata");
    let organization = stand.b2b(&format!("GET {ORGANIZATION}"), Value::Null).ok();
    assert_eq!(
        organization.body["organization"]["organization_name"],
        "New"
    );
    let delete = format!("DELETE {ORGANIZATION}");
    as_member(&mut stand, &namer, &delete, Value::Null).refused(403, "session_authorization_error");
}

#[test]
fn a_member_may_change_itself_by_the_permissions_on_self() {
    let mut stand = stand();
    let ada = stand.log_in_member("acme", "ada@acme.example");
    let bob = stand.log_in_member("acme", "bob@acme.example");
    let put = |member: &Answer| format!("PUT {ORGANIZATION}/members/{}", member.text("/member_id"));
    let name = json!({ "name": "Ada" });
    as_member(&mut stand, &ada, &put(&ada), name.clone()).ok();
    as_member(&mut stand, &ada, &put(&bob), name).refused(403, "session_authorization_error");
    let roles = json!({ "roles": ["stytch_admin"] });
    as_member(&mut stand, &ada, &put(&ada), roles.clone())
        .refused(403, "session_authorization_error");
    stand.b2b(&put(&ada), roles).ok();
    let address = json!({ "email_address": "new@acme.example" });
    as_member(&mut stand, &ada, &put(&bob), address.clone()).ok();
    as_member(
        &mut stand,
        &ada,
        &put(&ada),
        json!({ "email_address": "a2@acme.example" }),
    )
    .refused(400, "member_cannot_update_their_email_address");
    let delete = put(&ada).replace("PUT", "DELETE");
    as_member(&mut stand, &bob, &delete, Value::Null).refused(403, "session_authorization_error");
    as_member(&mut stand, &ada, &delete, Value::Null).ok();
}

#[test]
fn a_session_reaches_only_its_own_organization() {
    let mut stand = stand();
    let other = stand.organization("other");
    let admin = custom_role(&mut stand, "stytch.member", "*");
    for (call, body) in [
        (
            "POST /v1/b2b/organizations/other/members",
            json!({ "email_address": "x@acme.example" }),
        ),
        (
            "POST /v1/b2b/magic_links/email/invite",
            json!({ "organization_id": other, "email_address": "x@acme.example" }),
        ),
        (
            "POST /v1/b2b/organizations/members/search",
            json!({ "organization_ids": ["acme", "other"] }),
        ),
    ] {
        as_member(&mut stand, &admin, call, body)
            .refused(403, "session_authorization_tenancy_error");
    }
    let own = json!({ "organization_ids": ["acme"] });
    as_member(
        &mut stand,
        &admin,
        "POST /v1/b2b/organizations/members/search",
        own,
    )
    .ok();
}

fn stand() -> Stand {
    let mut stand = Stand::new();
    stand.organization("acme");
    stand
}

/// Logs in a member with a custom role that has one permission.
fn custom_role(stand: &mut Stand, resource_id: &str, action: &str) -> Answer {
    let permission = json!({ "resource_id": resource_id, "actions": [action] });
    let role = json!({ "role_id": "custom", "description": "", "permissions": [permission] });
    let policy = json!({ "org_policy": { "roles": [role] } });
    stand
        .b2b("PUT /v1/b2b/rbac/organizations/acme", policy)
        .ok();
    let member = json!({ "email_address": "custom@acme.example", "roles": ["custom"] });
    stand
        .b2b(&format!("POST {ORGANIZATION}/members"), member)
        .ok();
    stand.log_in_member("acme", "custom@acme.example")
}

fn as_member(stand: &mut Stand, member: &Answer, call: &str, body: Value) -> Answer {
    let mut request = request(call, Some(&SETTINGS.b2b), body);
    let token = member.text("/session_token");
    request
        .headers
        .push(("X-Stytch-Member-Session".into(), token));
    stand.send(request)
}
