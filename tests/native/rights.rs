//! The explanations of `explain` for a session or for claims. Each decision of `explain` equals the decision of the check
//! of a token with the same roles.

use serde_json::{Value, json};
use stytch_edge::{
    client::{ClientError, ClientErrorCode, Requirement},
    session::{AuthorizationCheck, Product, TokenKind},
};

use crate::{session_checks::token, shell::Shell};

const HOST: &str = "https://test.stytch.com/v1";

fn role(name: &str, actions: &[&str]) -> Value {
    json!({"role_id": name, "permissions": [{"resource_id": "documents", "actions": actions}]})
}

fn shell(product: Product) -> Shell {
    let mut shell = Shell::new(product);
    let project = json!({"policy": {
        "roles": [role("editor", &["write", "read"]), role("owner", &["*"])],
        "scopes": [{"scope": "write:documents", "permissions": [{"resource_id": "documents", "actions": ["write"]}]}],
    }});
    let organization = json!({"org_policy": {"roles": [role("auditor", &["audit"])]}});
    let b2b = if product == Product::B2b { "b2b/" } else { "" };
    for (path, policy) in [
        (format!("{HOST}/{b2b}rbac/policy"), project),
        (
            format!("{HOST}/b2b/rbac/organizations/organization-test-1"),
            organization,
        ),
    ] {
        shell.policies.insert(path, policy);
    }
    shell
}

fn question(action: &str, organization_id: Option<&str>) -> AuthorizationCheck {
    AuthorizationCheck {
        resource_id: "documents".to_owned(),
        action: action.to_owned(),
        organization_id: organization_id.map(str::to_owned),
    }
}

fn ask(
    shell: &mut Shell,
    held: &Value,
    question: &AuthorizationCheck,
) -> Result<Value, ClientError> {
    let held = held.to_string();
    let explained = shell.run(async |core| match core.explain(&held, question) {
        Err(error) if error.code == ClientErrorCode::JwksUnavailable => {
            let organization_id = HERE.filter(|_| core.config.issuer.product == Product::B2b);
            core.load_policies(organization_id).await.unwrap();
            core.explain(&held, question)
        }
        explained => explained,
    });
    Ok(serde_json::from_str(&explained?).unwrap())
}

fn member(roles: Value) -> Value {
    json!({"roles": roles, "organization_id": "organization-test-1", "member_id": "m"})
}

const HERE: Option<&str> = Some("organization-test-1");

#[test]
fn names_the_role_that_grants_the_permission_and_its_policy() {
    let mut shell = shell(Product::B2b);
    let explained = ask(
        &mut shell,
        &member(json!(["stytch_member", "owner", "editor"])),
        &question("write", HERE),
    );
    assert_eq!(
        explained.unwrap(),
        json!({"allowed": true, "resource_id": "documents", "action": "write", "granted_by": "project",
            "role_id": "editor", "actions": ["write", "read"]})
    );
    let explained = ask(
        &mut shell,
        &member(json!(["auditor"])),
        &question("audit", HERE),
    );
    assert_eq!(
        explained.unwrap(),
        json!({"allowed": true, "resource_id": "documents", "action": "audit", "granted_by": "organization",
            "role_id": "auditor", "actions": ["audit"]})
    );
}

#[test]
fn names_the_scope_that_grants_the_permission() {
    let claims =
        json!({"scope": "openid write:documents", "organization_id": "organization-test-1"});
    let explained = ask(&mut shell(Product::B2b), &claims, &question("write", HERE));
    assert_eq!(
        explained.unwrap(),
        json!({"allowed": true, "resource_id": "documents", "action": "write", "granted_by": "project",
            "scope": "write:documents", "actions": ["write"]})
    );
}

#[test]
fn lists_the_roles_held_the_undefined_roles_and_the_roles_that_would_allow_the_action() {
    let mut shell = shell(Product::B2b);
    let explained = ask(
        &mut shell,
        &member(json!(["editor", "auditr"])),
        &question("audit", HERE),
    );
    assert_eq!(
        explained.unwrap(),
        json!({"allowed": false, "resource_id": "documents", "action": "audit", "reason": "invalid_permissions",
            "held": ["editor", "auditr"], "not_in_policy": ["auditr"], "would_allow": ["owner", "auditor"]})
    );
}

#[test]
fn reports_another_organization_without_loading_a_policy() {
    let mut shell = shell(Product::B2b);
    let explained = ask(
        &mut shell,
        &member(json!(["owner"])),
        &question("write", Some("organization-test-2")),
    );
    assert_eq!(
        explained.unwrap(),
        json!({"allowed": false, "resource_id": "documents", "action": "write", "reason": "tenancy_mismatch",
            "organization_id": "organization-test-1", "asked_organization_id": "organization-test-2"})
    );
    assert_eq!(shell.sent, 0);
}

#[test]
fn rejects_values_that_are_not_a_session_or_claims_of_the_product() {
    let user = json!({"roles": ["owner"], "user_id": "u"});
    let held = [
        (json!({}), [false, false]),
        (user.clone(), [true, false]),
        (json!({"session": user}), [false, false]),
        (member(json!(["owner"])), [false, true]),
        (json!({"roles": "owner"}), [false, false]),
        (json!({"roles": null}), [false, false]),
        (json!({"roles": ["owner", 1]}), [false, false]),
        (member(json!(["owner", null])), [false, false]),
        (
            json!({"roles": ["owner"], "organization_id": ""}),
            [false, false],
        ),
        (
            json!({"roles": ["owner"], "organization_id": 1}),
            [false, false],
        ),
        (
            json!({"roles": ["owner"], "organization_id": null}),
            [false, false],
        ),
        (
            json!({"roles": ["owner"], "scope": "openid"}),
            [false, false],
        ),
        (json!({"scope": "openid"}), [true, false]),
        (
            json!({"scope": "openid", "organization_id": "organization-test-1"}),
            [false, true],
        ),
        (
            json!({"scope": "openid", "organization_id": {}}),
            [false, false],
        ),
        (json!({"scope": ["openid"]}), [false, false]),
        (
            json!({"client_id": "m2m-client-test-1", "scopes": ["read:a"]}),
            [false, false],
        ),
        (json!([]), [false, false]),
        (json!("owner"), [false, false]),
        (json!(null), [false, false]),
    ];
    for (held, is_valid) in held {
        for (product, is_valid) in [Product::Consumer, Product::B2b].into_iter().zip(is_valid) {
            let here = HERE.filter(|_| product == Product::B2b);
            let answer = ask(&mut shell(product), &held, &question("write", here));
            match answer {
                Ok(_) => assert!(is_valid, "{product:?} accepted {held}"),
                Err(error) => {
                    assert!(!is_valid, "{product:?} refused {held}");
                    assert_eq!(error.code.word(), "invalid_argument");
                }
            }
        }
    }
}

#[test]
fn decides_as_the_check_of_the_token_does() {
    let mut decided = 0;
    for roles in [&["editor"][..], &["owner", "x"], &["auditor"], &[]] {
        for action in ["write", "read", "audit", "*", ""] {
            for organization in [HERE, Some("organization-test-2")] {
                let mut shell = shell(Product::B2b);
                let claims = json!({
                    "https://stytch.com/session": {"id": "session-test-1", "roles": roles},
                    "https://stytch.com/organization": {"organization_id": "organization-test-1", "slug": "a"},
                });
                let token = token(&mut shell, json!({ "claims": claims }));
                let question = question(action, organization);
                let nothing = &Requirement::Nothing;
                let session = shell.check_as(TokenKind::Session, &token, nothing, None);
                let explained = ask(&mut shell, &session.unwrap(), &question).unwrap();
                let requirement = Requirement::Permission(question);
                let checked = shell.check_as(TokenKind::Session, &token, &requirement, None);
                assert_eq!(explained["allowed"], checked.is_ok(), "{roles:?} {action}");
                if let Err(refused) = checked {
                    assert_eq!(explained["reason"], refused.code.word());
                }
                decided += 1;
            }
        }
    }
    assert_eq!(decided, 40);
}
