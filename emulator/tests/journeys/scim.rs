//! SCIM connections: their tokens, and the requests of a directory that change members.

use serde_json::{Value, json};
use stytch_emulator::Request;

use super::stand::{Answer, Stand, request};

/// A directory that sends requests to a connection.
struct Directory {
    organization_id: String,
    connection_id: String,
    bearer_token: String,
}

impl Directory {
    fn new(stand: &mut Stand, organization_id: &str) -> Self {
        let route = format!("POST /v1/b2b/scim/{organization_id}/connection");
        let created = stand
            .b2b(&route, json!({ "identity_provider": "okta" }))
            .ok();
        Self {
            organization_id: organization_id.to_owned(),
            connection_id: created.text("/connection/connection_id"),
            bearer_token: created.text("/connection/bearer_token"),
        }
    }

    /// Sends a request: the method, and the path below the base URL.
    fn send(&self, stand: &mut Stand, call: &str, body: Value) -> Answer {
        stand.send(self.request(call, body))
    }

    fn request(&self, call: &str, body: Value) -> Request {
        let (method, path) = call.split_once(' ').unwrap();
        let route = format!("{method} /v1/b2b/scim/{}{path}", self.connection_id);
        let mut request = request(&route, None, body);
        let header = format!("Bearer {}", self.bearer_token);
        request.headers.push(("Authorization".into(), header));
        request
    }

    fn user(&self, stand: &mut Stand, email: &str) -> String {
        let name = json!({ "givenName": "Ada", "familyName": "Lovelace" });
        let user = json!({ "userName": email, "externalId": "00u1", "name": name, "emails": [{ "value": email, "primary": true, "type": "work" }] });
        let created = self.send(stand, "POST /Users", user).ok();
        assert_eq!(created.status, 201);
        created.text("/id")
    }

    fn group(&self, stand: &mut Stand, name: &str, members: &[&str]) -> String {
        let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
        let group = json!({ "displayName": name, "members": members });
        self.send(stand, "POST /Groups", group).ok().text("/id")
    }

    fn api(&self, path: &str) -> String {
        format!("/v1/b2b/scim/{}/connection{path}", self.organization_id)
    }

    fn member(&self, stand: &mut Stand, id: &str) -> Value {
        let path = "GET /v1/b2b/organizations/members/dangerously_get";
        let route = format!("{path}/{id}?include_deleted=true");
        stand.b2b(&route, Value::Null).ok().body["member"].take()
    }
}

fn stand() -> (Stand, Directory) {
    let mut stand = Stand::new();
    stand.set_up_roles("b2b");
    let acme = stand.organization("acme");
    let directory = Directory::new(&mut stand, &acme);
    (stand, directory)
}

fn has_role(member: &Value, role_id: &str) -> bool {
    let mut roles = member["roles"].as_array().unwrap().iter();
    roles.any(|role| role["role_id"] == role_id)
}

#[test]
fn an_organization_has_one_connection_whose_token_is_returned_once() {
    let (mut stand, directory) = stand();
    let route = format!("POST {}", directory.api(""));
    stand
        .b2b(&route, json!({}))
        .refused(400, "active_scim_connection_exists");
    stand
        .b2b(&route, json!({ "identity_provider": "x" }))
        .refused(400, "invalid_scim_idp");
    let read = stand
        .b2b(&format!("GET {}", directory.api("")), Value::Null)
        .ok();
    let connection = &read.body["connection"];
    assert_eq!(connection.get("bearer_token"), None);
    let last_four = connection["bearer_token_last_four"].as_str().unwrap();
    assert!(directory.bearer_token.ends_with(last_four) && last_four.len() == 4);
    assert_eq!(directory.bearer_token.len(), 48);
    let organization = format!("GET /v1/b2b/organizations/{}", directory.organization_id);
    let organization = stand.b2b(&organization, Value::Null).ok();
    let listed = &organization.body["organization"]["scim_active_connection"];
    assert_eq!(listed["connection_id"], directory.connection_id);
    let entra = json!({ "identity_provider": "microsoft-entra" });
    let own = directory.api(&format!("/{}", directory.connection_id));
    let updated = stand.b2b(&format!("PUT {own}"), entra).ok();
    assert!(
        updated
            .text("/connection/base_url")
            .ends_with("?aadOptscim062020")
    );
    stand.b2b(&format!("DELETE {own}"), Value::Null).ok();
    stand
        .b2b(&format!("DELETE {own}"), Value::Null)
        .refused(400, "no_active_scim_connection");
    let refused = directory.send(&mut stand, "GET /Users", Value::Null);
    assert_eq!(
        (refused.status, &refused.body["status"]),
        (401, &json!("401"))
    );
    let read = stand
        .b2b(&format!("GET {}", directory.api("")), Value::Null)
        .ok();
    assert_eq!(read.body["connection"], Value::Null);
}

#[test]
fn two_tokens_are_valid_during_a_rotation() {
    let (mut stand, mut directory) = stand();
    let own = directory.api(&format!("/{}/rotate", directory.connection_id));
    for name in ["complete", "cancel"] {
        stand
            .b2b(&format!("POST {own}/{name}"), json!({}))
            .refused(400, "scim_connection_not_rotating_token");
    }
    let old = directory.bearer_token.clone();
    let mut status = |stand: &mut Stand, token: &str| {
        directory.bearer_token = token.to_owned();
        directory.send(stand, "GET /Users", Value::Null).status
    };
    let start = format!("POST {own}/start");
    let next = stand
        .b2b(&start, json!({}))
        .ok()
        .text("/connection/next_bearer_token");
    assert_eq!(
        [status(&mut stand, &old), status(&mut stand, &next)],
        [200, 200]
    );
    let snapshot = stand.emulator.snapshot();
    stand.b2b(&format!("POST {own}/cancel"), json!({})).ok();
    assert_eq!(
        [status(&mut stand, &old), status(&mut stand, &next)],
        [200, 401]
    );
    stand.emulator.restore(&snapshot).unwrap();
    stand.b2b(&format!("POST {own}/complete"), json!({})).ok();
    assert_eq!(
        [status(&mut stand, &old), status(&mut stand, &next)],
        [401, 200]
    );
    assert_eq!(
        [status(&mut stand, ""), status(&mut stand, "x")],
        [401, 401]
    );
}

#[test]
fn a_user_of_the_directory_becomes_a_member() {
    let (mut stand, directory) = stand();
    let id = directory.user(&mut stand, "Ada@acme.example");
    let member = directory.member(&mut stand, &id);
    assert_eq!(member["email_address"], "ada@acme.example");
    assert_eq!(
        (&member["name"], &member["status"]),
        (&json!("Ada Lovelace"), &json!("active"))
    );
    let registration = &member["scim_registration"];
    assert_eq!(registration["connection_id"], directory.connection_id);
    assert_eq!(registration["external_id"], "00u1");
    let attributes = &registration["scim_attributes"];
    assert_eq!(attributes["name"]["given_name"], "Ada");
    assert_eq!(attributes["emails"][0]["value"], "Ada@acme.example");
    let again = json!({ "userName": "ADA@acme.example" });
    let refused = directory.send(&mut stand, "POST /Users", again);
    assert_eq!(
        (refused.status, &refused.body["scimType"]),
        (409, &json!("uniqueness"))
    );
    let nameless = directory.send(&mut stand, "POST /Users", json!({ "externalId": "1" }));
    assert_eq!(
        (nameless.status, &nameless.body["scimType"]),
        (400, &json!("invalidValue"))
    );
    // An earlier member with the same address is linked.
    let known = stand.log_in_member(&directory.organization_id, "grace@acme.example");
    assert_eq!(
        directory.user(&mut stand, "grace@acme.example"),
        known.text("/member_id")
    );
}

#[test]
fn a_deactivated_user_loses_the_sessions_and_can_return() {
    let (mut stand, directory) = stand();
    let session = stand.log_in_member(&directory.organization_id, "ada@acme.example");
    let id = directory.user(&mut stand, "ada@acme.example");
    let change = |active: Value| json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{ "op": "Replace", "path": "active", "value": active }] });
    let patch = format!("PATCH /{USERS}/{id}");
    directory
        .send(&mut stand, &patch, change(json!("False")))
        .ok();
    assert_eq!(directory.member(&mut stand, &id)["status"], "deleted");
    let authenticate = json!({ "session_token": session.text("/session_token") });
    stand
        .b2b("POST /v1/b2b/sessions/authenticate", authenticate)
        .refused(404, "session_not_found");
    directory.send(&mut stand, &patch, change(json!(true))).ok();
    assert_eq!(directory.member(&mut stand, &id)["status"], "active");
    let deleted = directory.send(&mut stand, &format!("DELETE /{USERS}/{id}"), Value::Null);
    assert_eq!(deleted.status, 204);
    assert_eq!(directory.member(&mut stand, &id)["status"], "deleted");
    let gone = directory.send(&mut stand, &format!("GET /{USERS}/{id}"), Value::Null);
    assert_eq!(gone.status, 404);
}

#[test]
fn a_changed_address_must_be_free() {
    let (mut stand, directory) = stand();
    let id = directory.user(&mut stand, "ada@acme.example");
    directory.user(&mut stand, "grace@acme.example");
    let put = |email: &str| json!({ "userName": "ada", "emails": [{ "value": email }] });
    let route = format!("PUT /{USERS}/{id}");
    let before = directory.member(&mut stand, &id);
    let refused = directory.send(&mut stand, &route, put("grace@acme.example"));
    assert_eq!(
        (refused.status, &refused.body["scimType"]),
        (409, &json!("uniqueness"))
    );
    assert_eq!(directory.member(&mut stand, &id), before);
    directory
        .send(&mut stand, &route, put("eve@acme.example"))
        .ok();
    let after = directory.member(&mut stand, &id);
    assert_eq!(after["email_address"], "eve@acme.example");
    assert_eq!(after["name"], "");
}

#[test]
fn groups_assign_roles() {
    let (mut stand, directory) = stand();
    let ada = directory.user(&mut stand, "ada@acme.example");
    let eve = directory.user(&mut stand, "eve@acme.example");
    let group = directory.group(&mut stand, "Staff", &[&ada]);
    let own = format!(
        "PUT {}",
        directory.api(&format!("/{}", directory.connection_id))
    );
    let roles = |role: &str, group: &str| json!({ "scim_group_implicit_role_assignments": [{ "role_id": role, "group_id": group }] });
    stand
        .b2b(&own, roles("editor", "unknown"))
        .refused(400, "scim_group_role_assignment_group_does_not_exist");
    stand
        .b2b(
            &own,
            json!({ "scim_group_implicit_role_assignments": [{ "role_id": "editor" }] }),
        )
        .refused(400, "scim_group_role_assignment_does_not_contain_group_id");
    stand
        .b2b(&own, roles("unknown", &group))
        .refused(400, "invalid_rbac_role_id");
    let updated = stand.b2b(&own, roles("editor", &group)).ok();
    let row = &updated.body["connection"]["scim_group_implicit_role_assignments"][0];
    assert_eq!(row["group_name"], "Staff");
    let member = directory.member(&mut stand, &ada);
    assert!(
        has_role(&member, "editor") && !has_role(&directory.member(&mut stand, &eve), "editor")
    );
    let source = &member["roles"][1]["sources"][0];
    assert_eq!(source["type"], "scim_connection_group");
    assert_eq!(source["details"]["group_id"], group);
    assert_eq!(
        member["scim_registration"]["scim_attributes"]["groups"][0]["display"],
        "Staff"
    );
    let patch = format!("PATCH /Groups/{group}");
    let operations = json!({ "Operations": [
        { "op": "add", "path": "members", "value": [{ "value": eve }] },
        { "op": "remove", "path": format!("members[value eq \"{ada}\"]") },
    ] });
    directory.send(&mut stand, &patch, operations).ok();
    assert!(!has_role(&directory.member(&mut stand, &ada), "editor"));
    assert!(has_role(&directory.member(&mut stand, &eve), "editor"));
    let unknown =
        json!({ "Operations": [{ "op": "add", "path": "members", "value": [{ "value": "x" }] }] });
    assert_eq!(directory.send(&mut stand, &patch, unknown).status, 400);
    let listed = format!(
        "GET {}?limit=1",
        directory.api(&format!("/{}", directory.connection_id))
    );
    let listed = stand.b2b(&listed, Value::Null).ok();
    assert_eq!(listed.text("/scim_groups/0/group_name"), "Staff");
    directory
        .send(&mut stand, &format!("DELETE /Groups/{group}"), Value::Null)
        .ok();
    assert!(!has_role(&directory.member(&mut stand, &eve), "editor"));
}

#[test]
fn lists_are_filtered_and_have_pages() {
    let (mut stand, directory) = stand();
    for name in ["a", "b", "c"] {
        directory.user(&mut stand, &format!("{name}@acme.example"));
    }
    let mut list =
        |query: &str| directory.send(&mut stand, &format!("GET /Users?{query}"), Value::Null);
    let found = list("filter=userName%20eq%20%22B%40acme.example%22").ok();
    assert_eq!(found.body["totalResults"], 1);
    assert_eq!(found.text("/Resources/0/userName"), "b@acme.example");
    let page = list("startIndex=2&count=1&attributes=userName").ok();
    assert_eq!(
        (&page.body["totalResults"], &page.body["itemsPerPage"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(page.text("/Resources/0/userName"), "b@acme.example");
    assert_eq!(page.body["Resources"][0].get("emails"), None);
    let malformed = list("filter=userName");
    assert_eq!(
        (malformed.status, &malformed.body["scimType"]),
        (400, &json!("invalidFilter"))
    );
    assert_eq!(list("count=x").status, 400);
}

#[test]
fn a_connection_reaches_only_its_own_directory() {
    let (mut stand, acme) = stand();
    let globex = stand.organization("globex");
    let globex = Directory::new(&mut stand, &globex);
    let ada = acme.user(&mut stand, "ada@acme.example");
    assert_eq!(
        globex
            .send(&mut stand, &format!("GET /{USERS}/{ada}"), Value::Null)
            .status,
        404
    );
    let foreign = json!({ "displayName": "Staff", "members": [{ "value": ada }] });
    assert_eq!(globex.send(&mut stand, "POST /Groups", foreign).status, 400);
    let mut stolen = acme.request("GET /Users", Value::Null);
    stolen.path = stolen
        .path
        .replace(&acme.connection_id, &globex.connection_id);
    assert_eq!(stand.send(stolen).status, 401);
    let config = acme
        .send(&mut stand, "GET /ServiceProviderConfig", Value::Null)
        .ok();
    assert_eq!(config.body["patch"]["supported"], true);
    let types = acme
        .send(&mut stand, "GET /ResourceTypes", Value::Null)
        .ok();
    assert_eq!(types.text("/Resources/1/endpoint"), "/Groups");
    // A snapshot contains the directory.
    let snapshot = stand.emulator.snapshot();
    acme.send(&mut stand, &format!("DELETE /{USERS}/{ada}"), Value::Null)
        .ok();
    stand.emulator.restore(&snapshot).unwrap();
    acme.send(&mut stand, &format!("GET /{USERS}/{ada}"), Value::Null)
        .ok();
}

#[test]
fn malformed_bodies_are_refused_in_the_form_of_scim() {
    let (mut stand, directory) = stand();
    let mut request = directory.request("POST /Users", Value::Null);
    request.body = b"{".to_vec();
    let refused = stand.send(request);
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.body["schemas"][0],
        "urn:ietf:params:scim:api:messages:2.0:Error"
    );
    assert_eq!(
        directory.send(&mut stand, "PATCH /Users", json!({})).status,
        405
    );
    assert_eq!(
        directory
            .send(&mut stand, "GET /Unknown", Value::Null)
            .status,
        404
    );
}

/// The path of users, which must not be followed by a slash in a text.
const USERS: &str = "Users";
