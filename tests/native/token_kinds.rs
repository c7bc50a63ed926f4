//! Every kind of token in every check: session JWTs of users and of members, Connected App tokens of users and of members,
//! and M2M tokens. All tokens are signed by the keys of the project, so only their kind can be the reason of a refusal.

use serde_json::{Value, json};
use stytch_edge::{
    client::{Requirement, ServiceRequirement},
    session::{Product, TokenKind},
};

use crate::{session_checks::token, shell::Shell};

const SESSION: &str = "https://stytch.com/session";
const ORGANIZATION: &str = "https://stytch.com/organization";

/// For each kind of token: its name, its claims, the kind that accepts it, and the product. `None` stands for both products.
pub fn kinds() -> [(&'static str, Value, TokenKind, Option<Product>); 5] {
    let session = json!({"id": "session-test-1"});
    let organization = json!({"organization_id": "organization-test-1", "slug": "acme"});
    [
        (
            "session of a user",
            json!({SESSION: session, ORGANIZATION: null}),
            TokenKind::Session,
            Some(Product::Consumer),
        ),
        (
            "session of a member",
            json!({SESSION: session, ORGANIZATION: organization}),
            TokenKind::Session,
            Some(Product::B2b),
        ),
        (
            "app of a user",
            json!({SESSION: null, ORGANIZATION: null, "client_id": "c", "scope": "openid"}),
            TokenKind::ConnectedApp,
            Some(Product::Consumer),
        ),
        (
            "app of a member",
            json!({SESSION: null, ORGANIZATION: organization, "client_id": "c", "scope": "openid"}),
            TokenKind::ConnectedApp,
            Some(Product::B2b),
        ),
        (
            "M2M client",
            json!({SESSION: null, ORGANIZATION: null, "scope": "openid"}),
            TokenKind::Machine,
            None,
        ),
    ]
}

#[test]
fn accepts_each_kind_only_in_its_own_check() {
    let (mut tried, mut accepted) = (0, Vec::new());
    for product in [Product::Consumer, Product::B2b] {
        let mut shell = Shell::new(product);
        for (name, claims, kind, owner) in kinds() {
            let token = token(&mut shell, json!({ "claims": claims }));
            for checked_kind in [
                TokenKind::Session,
                TokenKind::ConnectedApp,
                TokenKind::Machine,
            ] {
                for requirement in [
                    Requirement::Nothing,
                    Requirement::Resource(ServiceRequirement::default()),
                ] {
                    // A session JWT does not have scopes, so a service never accepts it.
                    let is_service =
                        requirement != Requirement::Nothing && checked_kind == TokenKind::Session;
                    tried += 1;
                    match shell.check_as(checked_kind, &token, &requirement, None) {
                        Ok(_) => {
                            assert_eq!(checked_kind, kind, "{name} at {product:?}");
                            assert!(owner.is_none_or(|owner| owner == product), "{name}");
                            accepted.push((name, product));
                        }
                        Err(error) => {
                            let fits =
                                checked_kind == kind && owner.is_none_or(|owner| owner == product);
                            assert!(!fits || is_service, "{name} at {product:?}");
                            let words = (error.code.word(), error.reason.unwrap().word());
                            assert_eq!(words, ("jwt_invalid", "wrong_token_kind"), "{name}");
                        }
                    }
                }
            }
        }
    }
    assert_eq!((tried, accepted.len()), (60, 10));
}

#[test]
fn accepts_only_introspections_of_the_products_connected_apps() {
    let (mut tried, mut accepted) = (0, Vec::new());
    for product in [Product::Consumer, Product::B2b] {
        let shell = Shell::new(product);
        for (name, mut claims, ..) in kinds() {
            let claims = claims.as_object_mut().unwrap();
            claims.retain(|_, value| !value.is_null());
            claims.extend([("active".to_owned(), json!(true))]);
            let answer = json!(claims).to_string();
            let said = shell.introspected(&answer);
            tried += 1;
            match said {
                Ok(_) => accepted.push((name, product)),
                Err(error) => assert_eq!(error.reason.unwrap().word(), "wrong_token_kind"),
            }
        }
    }
    assert_eq!(tried, 10);
    let expected = [
        ("app of a user", Product::Consumer),
        ("app of a member", Product::B2b),
    ];
    assert_eq!(accepted, expected);
}
