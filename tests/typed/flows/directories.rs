//! A directory that pushes its users with SCIM.

use serde_json::json;
use stytch_edge::b2b;

use super::stand::{Members, ok, refused, send_scim, text};

#[test]
fn a_directory_adds_a_member_with_a_role_and_ends_the_session_when_the_person_leaves() {
    let members = Members::new();
    let organization_id = members.organization(Default::default());
    let scim = members.client.scim().connection();
    let create = b2b::SCIMConnectionCreateRequest {
        organization_id: organization_id.clone(),
        identity_provider: Some(b2b::ScimIdentityProvider::Okta),
        ..Default::default()
    };
    let connection = ok(scim.create(&create, None)).connection.unwrap();
    let (connection_id, bearer_token) = (connection.connection_id, connection.bearer_token);
    let push = |method: &str, path: &str, bearer_token: &str, body| {
        let path = format!("/v1/b2b/scim/{connection_id}{path}");
        send_scim(&members.platform, (method, &path), bearer_token, &body)
    };
    let user = json!({"userName": "lin@acme.example", "active": true});
    let (status, user) = push("POST", "/Users", &bearer_token, user);
    assert_eq!(status, 201);
    let member = members.read(&organization_id, "lin@acme.example");
    assert!(!member.is_admin);
    assert_eq!(
        member.scim_registration.unwrap().connection_id,
        connection_id
    );

    let id = text(&user["id"]);
    let group = json!({"displayName": "Staff", "members": [{"value": id}]});
    assert_eq!(push("POST", "/Groups", &bearer_token, group).0, 201);
    let read = b2b::SCIMConnectionGetGroupsRequest {
        organization_id: organization_id.clone(),
        connection_id: connection_id.clone(),
        ..Default::default()
    };
    let groups = ok(scim.get_groups(&read, None)).scim_groups;
    let role = b2b::SCIMGroupImplicitRoleAssignments {
        role_id: "stytch_admin".into(),
        group_id: groups[0].group_id.clone(),
        ..Default::default()
    };
    let update = b2b::SCIMConnectionUpdateRequest {
        organization_id: organization_id.clone(),
        connection_id: connection_id.clone(),
        scim_group_implicit_role_assignments: Some(vec![role]),
        ..Default::default()
    };
    ok(scim.update(&update, None));
    assert!(members.read(&organization_id, "lin@acme.example").is_admin);

    let login = members.magic_link(&organization_id, "lin@acme.example");
    let session = (
        login.member_session,
        &*login.session_token,
        &*login.session_jwt,
    );
    members.is_logged_in(session, &member.member_id, &["magic_link"]);
    let leave = json!({"Operations": [{"op": "replace", "path": "active", "value": false}]});
    let path = ["", "Users", &id].join("/");
    assert_eq!(push("PATCH", &path, "wrong", leave.clone()).0, 401);
    ok(members.authenticate(&login.session_token));
    assert_eq!(push("PATCH", &path, &bearer_token, leave).0, 200);
    refused(
        members.authenticate(&login.session_token),
        "session_not_found",
    );
    let get = b2b::OrganizationsMembersDangerouslyGetRequest {
        member_id: member.member_id,
        include_deleted: Some(true),
    };
    let of_organizations = members.client.organizations().members();
    let left = ok(of_organizations.dangerously_get(&get));
    assert_eq!(left.member.status, "deleted");
}
