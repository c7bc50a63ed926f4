//! Permission checks of valid tokens, by the project's policy and the organization's policy.

use serde_json::{Value, json};
use stytch_edge::{
    client::{ClientError, Requirement},
    session::{AuthorizationCheck, Product, TokenKind},
};

use crate::{session_checks::token, shell::Shell};

const HOST: &str = "https://test.stytch.com/v1";

fn policy() -> Value {
    json!({"policy": {
        "roles": [{"role_id": "editor", "permissions": [{"resource_id": "documents", "actions": ["write"]}]}],
        "scopes": [{"scope": "write:documents", "permissions": [{"resource_id": "documents", "actions": ["*"]}]}],
    }})
}

fn requirement(action: &str, organization_id: Option<&str>) -> Requirement {
    Requirement::Permission(AuthorizationCheck {
        resource_id: "documents".to_owned(),
        action: action.to_owned(),
        organization_id: organization_id.map(str::to_owned),
    })
}

fn user(shell: &mut Shell, roles: Value) -> String {
    let session = json!({"id": "session-test-1", "roles": roles});
    token(
        shell,
        json!({"claims": {"https://stytch.com/session": session}}),
    )
}

fn member(shell: &mut Shell, roles: Value) -> String {
    let claims = json!({
        "https://stytch.com/session": {"id": "session-test-1", "roles": roles},
        "https://stytch.com/organization": {"organization_id": "organization-test-1", "slug": "acme"},
    });
    token(shell, json!({ "claims": claims }))
}

fn ask(shell: &mut Shell, token: &str, requirement: &Requirement) -> Result<Value, ClientError> {
    shell.check_as(TokenKind::Session, token, requirement, None)
}

fn word(result: Result<Value, ClientError>) -> &'static str {
    let error = result.unwrap_err();
    assert_eq!(error.reason.unwrap().word(), error.code.word());
    error.code.word()
}

#[test]
fn a_role_of_a_user_grants_its_actions() {
    let mut shell = Shell::new(Product::Consumer);
    shell
        .policies
        .insert(format!("{HOST}/rbac/policy"), policy());
    let editor = user(&mut shell, json!(["stytch_user", "editor"]));
    assert!(ask(&mut shell, &editor, &requirement("write", None)).is_ok());
    let refused = ask(&mut shell, &editor, &requirement("delete", None));
    assert_eq!(word(refused), "invalid_permissions");
    let without_roles = user(&mut shell, json!([]));
    assert_eq!(
        word(ask(&mut shell, &without_roles, &requirement("write", None))),
        "invalid_permissions"
    );
}

#[test]
fn fetches_a_policy_at_most_once_in_300_seconds() {
    let mut shell = Shell::new(Product::Consumer);
    shell
        .policies
        .insert(format!("{HOST}/rbac/policy"), policy());
    let editor = user(&mut shell, json!(["editor"]));
    for _ in 0..3 {
        ask(&mut shell, &editor, &requirement("write", None)).unwrap();
    }
    assert_eq!(shell.sent, 2, "keys and policy");
    shell.now += 299;
    ask(&mut shell, &editor, &requirement("write", None)).unwrap();
    assert_eq!(shell.sent, 2);
    shell.now += 1;
    let editor = user(&mut shell, json!(["editor"]));
    ask(&mut shell, &editor, &requirement("write", None)).unwrap();
    assert_eq!(shell.sent, 3);
}

#[test]
fn a_role_of_the_organization_grants_its_actions_to_a_member() {
    let mut shell = Shell::new(Product::B2b);
    shell
        .policies
        .insert(format!("{HOST}/b2b/rbac/policy"), policy());
    let own = json!({"org_policy": {"roles": [{"role_id": "auditor", "permissions": [{"resource_id": "documents", "actions": ["read"]}]}]}});
    let url = format!("{HOST}/b2b/rbac/organizations/organization-test-1");
    shell.policies.insert(url, own);
    let auditor = member(&mut shell, json!(["auditor"]));
    let here = Some("organization-test-1");
    assert!(ask(&mut shell, &auditor, &requirement("read", here)).is_ok());
    assert_eq!(
        word(ask(&mut shell, &auditor, &requirement("write", here))),
        "invalid_permissions"
    );
    let editor = member(&mut shell, json!(["editor"]));
    assert!(ask(&mut shell, &editor, &requirement("write", here)).is_ok());
}

#[test]
fn refuses_members_of_other_organizations_without_a_request() {
    let mut shell = Shell::new(Product::B2b);
    let editor = member(&mut shell, json!(["editor"]));
    for elsewhere in [Some("organization-test-2"), Some(""), None] {
        let refused = ask(&mut shell, &editor, &requirement("write", elsewhere));
        assert_eq!(word(refused), "tenancy_mismatch");
    }
    assert_eq!(shell.sent, 1, "only the key set");
}

#[test]
fn checks_a_token_before_its_permissions() {
    let mut shell = Shell::new(Product::Consumer);
    let editor = user(&mut shell, json!(["editor"]));
    shell.now += 10_000;
    let error = ask(&mut shell, &editor, &requirement("write", None)).unwrap_err();
    assert_eq!(error.code.word(), "jwt_invalid");
    assert_eq!(shell.sent, 1, "only the key set");
}

#[test]
fn a_scope_of_a_connected_app_grants_its_actions() {
    let mut shell = Shell::new(Product::Consumer);
    shell
        .policies
        .insert(format!("{HOST}/rbac/policy"), policy());
    let mut ask = |scope: &str| {
        let claims = json!({"https://stytch.com/session": null, "client_id": "c", "scope": scope});
        let token = token(&mut shell, json!({ "claims": claims }));
        shell.check_as(
            TokenKind::ConnectedApp,
            &token,
            &requirement("delete", None),
            None,
        )
    };
    assert!(ask(" openid  write:documents ").is_ok());
    assert_eq!(word(ask("openid editor")), "invalid_permissions");
    assert_eq!(word(ask("")), "invalid_permissions");
}
