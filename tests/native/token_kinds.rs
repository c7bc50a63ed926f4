//! Every kind of token at every check: sessions of users and of members, tokens of apps
//! that act for users and for members, and of programs. All of them are signed by the
//! keys of the project whose client checks them, so that nothing but their kind is wrong.

use serde_json::{Value, json};
use stytch_edge::{
    client::{Demand, ResourceDemand},
    session::{Product, TokenKind},
};

use crate::{session_checks::token, shell::Shell};

const SESSION: &str = "https://stytch.com/session";
const ORGANIZATION: &str = "https://stytch.com/organization";

/// What each kind claims, and where it is good.
fn kinds() -> [(&'static str, Value, TokenKind, Option<Product>); 5] {
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
            "program",
            json!({SESSION: null, ORGANIZATION: null, "scope": "openid"}),
            TokenKind::Machine,
            None,
        ),
    ]
}

#[test]
fn takes_each_kind_where_it_belongs_and_nowhere_else() {
    let (mut tried, mut taken) = (0, Vec::new());
    for product in [Product::Consumer, Product::B2b] {
        let mut shell = Shell::new(product);
        for (name, claims, kind, home) in kinds() {
            let token = token(&mut shell, json!({ "claims": claims }));
            for asked in [
                TokenKind::Session,
                TokenKind::ConnectedApp,
                TokenKind::Machine,
            ] {
                for demand in [Demand::Nothing, Demand::Resource(ResourceDemand::default())] {
                    // Nobody asks for a session's scopes.
                    let is_service = demand != Demand::Nothing && asked == TokenKind::Session;
                    tried += 1;
                    match shell.check_as(asked, &token, &demand, None) {
                        Ok(_) => {
                            assert_eq!(asked, kind, "{name} at {product:?}");
                            assert!(home.is_none_or(|home| home == product), "{name}");
                            taken.push((name, product));
                        }
                        Err(error) => {
                            let fits = asked == kind && home.is_none_or(|home| home == product);
                            assert!(!fits || is_service, "{name} at {product:?}");
                            let words = (error.code.word(), error.reason.unwrap().word());
                            assert_eq!(words, ("jwt_invalid", "wrong_token_kind"), "{name}");
                        }
                    }
                }
            }
        }
    }
    assert_eq!((tried, taken.len()), (60, 10));
}

#[test]
fn takes_of_what_the_api_says_an_app_of_the_product_alone() {
    let (mut tried, mut taken) = (0, Vec::new());
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
                Ok(_) => taken.push((name, product)),
                Err(error) => assert_eq!(error.reason.unwrap().word(), "wrong_token_kind"),
            }
        }
    }
    assert_eq!(tried, 10);
    let expected = [
        ("app of a user", Product::Consumer),
        ("app of a member", Product::B2b),
    ];
    assert_eq!(taken, expected);
}
