//! The accounts at SSO connections, the directory of a SCIM connection, and locks.

use serde_json::{Value, json};

use super::{Stand, error_of};
use crate::clock::UnixSeconds;

const SEED: &str = r#"
random_seed: 1
consumer:
  users:
    - { user_id: user-test-ada, email: ada@example.com, password: pass of ada, is_locked: true }
    - user_id: user-test-bob
      email: bob@example.com
      password: pass of bob
      is_locked: true
      lock_created_at: 2033-05-18T03:00:00Z
      lock_expires_at: 2033-05-18T03:34:20Z
b2b:
  policy:
    roles: [{ role_id: editor, permissions: [] }]
  organizations:
    - organization_id: organization-test-acme
      organization_name: Acme
      oidc_connections:
        - { connection_id: oidc-connection-test-1, client_id: id, client_secret: secret, issuer: "http://127.0.0.1:4010/_emulator/idp/2" }
      scim_connection:
        connection_id: scim-connection-test-1
        bearer_token: bearer-of-scim-1
        users:
          - { userName: eve@acme.example, externalId: eve-1, name: { givenName: Eve, familyName: Adams } }
          - { userName: new, emails: [{ value: new@acme.example, primary: true }], title: Clerk }
        groups:
          - { id: scim-group-test-1, displayName: Editors, members: [{ value: member-test-eve }] }
        scim_group_implicit_role_assignments:
          - { role_id: editor, group_id: scim-group-test-1 }
      members:
        - member_id: member-test-eve
          email_address: eve@acme.example
          is_locked: true
          sso_registrations:
            - { connection_id: oidc-connection-test-1, external_id: subject-eve, registration_id: oidc-member-registration-test-1, sso_attributes: { groups: [a] } }
"#;

fn member(stand: &mut Stand, id: &str) -> Value {
    let route = format!("GET /v1/b2b/organizations/members/dangerously_get/{id}");
    let (status, answer) = stand.call(&route, Value::Null);
    assert_eq!(status, 200, "{answer}");
    answer["member"].clone()
}

#[test]
fn a_member_has_the_seeded_account_at_a_connection() {
    let mut stand = Stand::of(SEED);
    let eve = member(&mut stand, "member-test-eve");
    let account = json!({
        "connection_id": "oidc-connection-test-1", "external_id": "subject-eve",
        "registration_id": "oidc-member-registration-test-1", "sso_attributes": { "groups": ["a"] },
    });
    assert_eq!(eve["sso_registrations"], json!([account]));
}

#[test]
fn the_users_of_a_directory_are_members_and_groups_assign_roles() {
    let mut stand = Stand::of(SEED);
    let eve = member(&mut stand, "member-test-eve");
    let registration = &eve["scim_registration"];
    assert_eq!(registration["external_id"], "eve-1");
    assert_eq!(registration["connection_id"], "scim-connection-test-1");
    assert_eq!(
        registration["scim_attributes"]["groups"][0]["display"],
        "Editors"
    );
    assert_eq!(eve["name"], "Eve Adams");
    let roles = eve["roles"].as_array().unwrap();
    assert!(
        roles.iter().any(|role| role["role_id"] == "editor"),
        "{roles:?}"
    );

    let route = "GET /v1/b2b/scim/organization-test-acme/connection";
    let connection = &stand.call(route, Value::Null).1["connection"];
    let assignment =
        json!({ "role_id": "editor", "group_id": "scim-group-test-1", "group_name": "Editors" });
    assert_eq!(
        connection["scim_group_implicit_role_assignments"],
        json!([assignment])
    );
    assert_eq!(connection["bearer_token_last_four"], "im-1");
    let route = "GET /v1/b2b/scim/organization-test-acme/connection/scim-connection-test-1";
    let groups = &stand.call(route, Value::Null).1["scim_groups"];
    assert_eq!(groups[0]["group_id"], "scim-group-test-1");

    let bearer = "Bearer bearer-of-scim-1".to_owned();
    let route = "GET /v1/b2b/scim/scim-connection-test-1/Users";
    let (_, list) = stand.send(route, bearer, Value::Null);
    assert_eq!(list["totalResults"], 2);
    let new = list["Resources"][1]["id"].as_str().unwrap().to_owned();
    let new = member(&mut stand, &new);
    assert_eq!(new["email_address"], "new@acme.example");
    assert_eq!(
        new["scim_registration"]["scim_attributes"]["title"],
        "Clerk"
    );
}

#[test]
fn a_locked_user_and_member_cannot_log_in_until_the_lock_ends() {
    let mut stand = Stand::of(SEED);
    let log_in = |stand: &mut Stand, name: &str| {
        let body = json!({ "email": format!("{name}@example.com"), "password": format!("pass of {name}") });
        let (status, answer) = stand.call("POST /v1/passwords/authenticate", body);
        (status, answer["error_type"].as_str().map(str::to_owned))
    };
    let refused =
        |answer: (u16, Option<String>)| answer.1.as_deref() == Some("user_lock_limit_reached");
    assert!(refused(log_in(&mut stand, "ada")));
    assert!(refused(log_in(&mut stand, "bob")));
    let (_, bob) = stand.call("GET /v1/users/user-test-bob", Value::Null);
    assert_eq!(bob["lock_created_at"], "2033-05-18T03:00:00Z");
    assert_eq!(bob["lock_expires_at"], "2033-05-18T03:34:20Z");
    let eve = member(&mut stand, "member-test-eve");
    assert_eq!(
        (&eve["is_locked"], &eve["lock_expires_at"]),
        (&json!(true), &json!("2033-05-18T04:33:20Z"))
    );

    stand.now = UnixSeconds(stand.now.0 + 60);
    assert_eq!(log_in(&mut stand, "bob").0, 200);
    assert!(refused(log_in(&mut stand, "ada")));
    let (_, bob) = stand.call("GET /v1/users/user-test-bob", Value::Null);
    assert_eq!(
        (&bob["is_locked"], &bob["lock_created_at"]),
        (&json!(false), &Value::Null)
    );
    stand.now = UnixSeconds(stand.now.0 + 3600);
    assert_eq!(log_in(&mut stand, "ada").0, 200);
    assert_eq!(member(&mut stand, "member-test-eve")["is_locked"], false);
}

#[test]
fn errors_name_the_registration_or_resource() {
    let organization =
        |more: &str| format!("b2b: {{ organizations: [{{ organization_name: A, {more} }}] }}");
    let member = |more: &str| {
        organization(&format!(
            "members: [{{ email_address: a@b.example, {more} }}]"
        ))
    };
    let scim = |more: &str| organization(&format!("scim_connection: {{ {more} }}"));
    let path = "b2b.organizations[0]";
    let table = [
        (
            member("sso_registrations: [{ connection_id: x, external_id: other }]"),
            ".members[0].sso_registrations[0].connection_id: must be",
        ),
        (
            member("scim_registration: {}"),
            ".members[0].scim_registration: follows from",
        ),
        (
            member("lock_expires_at: 2033-05-18T04:00:00Z"),
            ".members[0].is_locked: must be true",
        ),
        (
            member("is_locked: true, lock_expires_at: 2033-05-18T03:00:00Z"),
            ".members[0].lock_expires_at: must be in the future",
        ),
        (
            scim("users: [{ userName: x }]"),
            ".scim_connection.users[0]: ",
        ),
        (scim("users: [{}]"), ".scim_connection.users[0]: "),
        (
            scim("groups: [{ id: x, displayName: Group }]"),
            ".scim_connection.groups[0].id: must be",
        ),
        (
            scim("groups: [{ displayName: Group, members: [{ value: x }] }]"),
            ".scim_connection.groups[0]: ",
        ),
        (
            scim(
                "groups: [{ id: scim-group-test-1, displayName: Group }, { id: scim-group-test-1, displayName: Other }]",
            ),
            ".scim_connection.groups[1].id: is the id",
        ),
        (
            scim("scim_group_implicit_role_assignments: [{ role_id: x, group_id: other }]"),
            ".scim_connection: ",
        ),
        (scim("spare: 1"), ".scim_connection.spare: is not a known"),
    ];
    for (seed, message) in table {
        let error = error_of(&seed);
        assert!(error.starts_with(&format!("{path}{message}")), "{error}");
    }
}
