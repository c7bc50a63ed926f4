//! The results of `rbac().can` and `rbac().explain` for sessions and for claims of Connected Apps.

use serde_json::{Value, json};
use stytch_edge::{Explanation, GrantedBy, b2b, consumer};

use crate::{
    checks::reason,
    test_platform::{TestPlatform, run},
};

/// The permission check for an action on documents.
pub fn may(action: &str) -> consumer::SessionsAuthorizationCheck {
    consumer::SessionsAuthorizationCheck {
        resource_id: "documents".to_owned(),
        action: action.to_owned(),
    }
}

fn may_in(action: &str, organization_id: &str) -> b2b::AuthorizationCheck {
    b2b::AuthorizationCheck {
        organization_id: organization_id.to_owned(),
        resource_id: "documents".to_owned(),
        action: action.to_owned(),
    }
}

/// Sets the project's policy: the scope `write:documents`, and roles that each allow one action on documents.
pub fn set_policy(platform: &TestPlatform, product: &str, roles: &[(&str, &str)]) {
    let permissions = |action| json!([{"resource_id": "documents", "actions": [action]}]);
    let roles = roles
        .iter()
        .map(|(role_id, action)| json!({"role_id": role_id, "permissions": permissions(*action)}));
    let roles: Vec<Value> = roles.collect();
    let scopes = json!([{"scope": "write:documents", "permissions": permissions("write")}]);
    let policy = json!({"product": product, "roles": roles, "scopes": scopes});
    platform.control("POST", "/_emulator/policies", &policy);
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn explains_permissions_of_a_user_and_of_a_connected_app() {
    let platform = TestPlatform::new();
    set_policy(&platform, "consumer", &[("editor", "write")]);
    let client = platform.client();
    let session = consumer::Session {
        roles: texts(&["stytch_user", "editor", "editr"]),
        ..Default::default()
    };
    let early = client.rbac().can(&session, &may("write")).unwrap_err();
    assert_eq!(reason(early), ("jwks_unavailable", "policy_unavailable"));
    run(client.load_policies()).unwrap();
    let explain = |action| client.rbac().explain(&session, &may(action)).unwrap();
    let granted = Explanation::GrantedByRole {
        role_id: "editor".to_owned(),
        granted_by: GrantedBy::Project,
        actions: texts(&["write"]),
    };
    assert_eq!(explain("write"), granted);
    let refused = Explanation::NotPermitted {
        held: session.roles.clone(),
        not_in_policy: texts(&["editr"]),
        would_allow: Vec::new(),
    };
    assert_eq!(explain("read"), refused);
    assert!(client.rbac().can(&session, &may("write")).unwrap());
    assert!(!client.rbac().can(&session, &may("read")).unwrap());

    let app = |scope: &str| consumer::IntrospectTokenClaims {
        scope: scope.to_owned(),
        ..Default::default()
    };
    let granted = Explanation::GrantedByScope {
        scope: "write:documents".to_owned(),
        granted_by: GrantedBy::Project,
        actions: texts(&["write"]),
    };
    let app_may = |scope| client.rbac().explain(&app(scope), &may("write")).unwrap();
    assert_eq!(app_may("openid write:documents"), granted);
    assert!(!app_may("openid editor").allowed());
    assert_eq!(platform.sent.lock().unwrap().len(), 1);
    platform.pass(301);
    let late = client.rbac().can(&session, &may("write")).unwrap_err();
    assert_eq!(reason(late).1, "policy_unavailable");
}

#[test]
fn explains_permissions_of_a_member_by_both_policies() {
    let platform = TestPlatform::new();
    set_policy(&platform, "b2b", &[("editor", "write")]);
    let client = platform.b2b_client();
    let request = b2b::OrganizationsCreateRequest {
        organization_name: "Acme".to_owned(),
        ..Default::default()
    };
    let made = run(client.organizations().create(&request)).unwrap();
    let here = made.organization.organization_id;
    run(client.load_policies(None)).unwrap();
    let member = |roles: &[&str]| b2b::MemberSession {
        organization_id: here.clone(),
        roles: texts(roles),
        ..Default::default()
    };
    let rbac = client.rbac();
    let check = |action| may_in(action, &here);
    assert!(rbac.can(&member(&["editor"]), &check("write")).unwrap());
    let unloaded = rbac.can(&member(&["auditor"]), &check("audit"));
    assert_eq!(reason(unloaded.unwrap_err()).1, "policy_unavailable");
    let auditor = json!({
        "role_id": "auditor", "permissions": [{"resource_id": "documents", "actions": ["audit"]}],
    });
    platform.answer(
        200,
        &json!({"org_policy": {"roles": [auditor]}}).to_string(),
    );
    let requests = platform.sent_during(|| run(client.load_policies(Some(&here))).unwrap());
    assert_eq!(requests, [format!("b2b/rbac/organizations/{here}")]);
    let granted = Explanation::GrantedByRole {
        role_id: "auditor".to_owned(),
        granted_by: GrantedBy::Organization,
        actions: texts(&["audit"]),
    };
    let explained = rbac.explain(&member(&["auditor"]), &check("audit"));
    assert_eq!(explained.unwrap(), granted);
    let missing = Explanation::NotPermitted {
        held: texts(&["editor"]),
        not_in_policy: Vec::new(),
        would_allow: texts(&["auditor"]),
    };
    let explained = rbac.explain(&member(&["editor"]), &check("audit"));
    assert_eq!(explained.unwrap(), missing);
    let elsewhere = Explanation::OtherOrganization {
        organization_id: here.clone(),
        asked_organization_id: "organization-test-2".to_owned(),
    };
    let there = may_in("write", "organization-test-2");
    assert_eq!(
        rbac.explain(&member(&["editor"]), &there).unwrap(),
        elsewhere
    );
    let app = b2b::IntrospectTokenClaims {
        scope: "write:documents".to_owned(),
        organization: b2b::OrganizationClaim {
            organization_id: here.clone(),
            ..Default::default()
        },
        ..Default::default()
    };
    assert!(rbac.can(&app, &check("write")).unwrap());
    assert!(!rbac.can(&app, &there).unwrap());
}

#[test]
fn load_policies_returns_a_refusal_and_an_unusable_response_as_errors() {
    let platform = TestPlatform::new();
    let client = platform.client();
    platform.answer(401, r#"{"error_type": "unauthorized_credentials"}"#);
    let error = run(client.load_policies()).unwrap_err();
    assert!(matches!(error, stytch_edge::Error::Api(error) if error.status_code == 401));
    platform.answer(200, r#"{"policy": 7}"#);
    let error = run(client.load_policies()).unwrap_err();
    assert!(matches!(error, stytch_edge::Error::Request(_)), "{error}");
}
