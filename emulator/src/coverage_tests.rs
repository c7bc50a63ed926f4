//! Compares the route table with `emulator/coverage.yaml`, and checks the errors of routes that are not in the table.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use crate::generated::routes::DESCRIBED;
use crate::route;
use crate::routes::ROUTES;

/// The number of routes. It may rise, but never fall.
const IMPLEMENTED: usize = 190;

/// The routes that Stytch documents, and that the description in `api/` does not have, because no SDK has a method for
/// them.
const UNDESCRIBED: [(&str, &str); 3] = [
    ("POST", "/v1/public/{project_id}/oauth2/revoke"),
    ("GET", "/v1/public/{project_id}/oauth2/userinfo"),
    ("POST", "/v1/public/{project_id}/oauth2/userinfo"),
];

#[test]
fn the_coverage_table_has_exactly_the_rows_of_the_route_table() {
    let covered = DESCRIBED.iter().filter(|(_, _, covered)| *covered);
    let covered: BTreeSet<_> = covered.map(|(method, path, _)| (*method, *path)).collect();
    let mut rows: BTreeSet<_> = ROUTES.iter().map(|row| (row.method, row.path)).collect();
    assert_eq!(rows.len(), ROUTES.len(), "a route has two rows");
    for row in UNDESCRIBED {
        assert!(rows.remove(&row), "{row:?} is not a route");
    }
    assert_eq!(rows, covered, "change emulator/coverage.yaml as well");
}

#[test]
fn the_number_of_routes_never_falls() {
    assert_eq!(
        ROUTES.len(),
        IMPLEMENTED,
        "raise IMPLEMENTED for a new route; a route must not disappear"
    );
    assert_eq!(DESCRIBED.len(), 187);
}

#[test]
fn each_route_of_the_api_is_either_implemented_or_answered_with_501() {
    for (method, template, covered) in DESCRIBED {
        let path = template.replace(['{', '}'], "x");
        let found = route::find(ROUTES, method, &path);
        match found {
            Ok((row, _)) => assert_eq!((covered, row.path), (true, template)),
            Err(failure) => {
                assert_eq!((covered, failure.status()), (false, 501), "{method} {path}");
                let body = failure.body("request-id");
                assert_eq!(
                    body.get("error_type").unwrap(),
                    "not_implemented_by_emulator"
                );
                let text = body.to_string();
                assert!(
                    text.contains(&format!("the route {method} {template}.")),
                    "{text}"
                );
                assert!(text.contains("/docs/reference/emulator.md\""), "{text}");
            }
        }
    }
}

#[test]
fn a_wrong_method_and_an_unknown_path_have_errors_of_their_own() {
    for (method, path, status) in [
        ("POST", "/v1/b2b/organizations/x", 405),
        ("DELETE", "/v1/users/search/", 404),
        ("PATCH", "/v1/users", 405),
        ("HEAD", "/v1/sessions", 405),
        ("GET", "/v1/passwords", 405),
        ("POST", "/v1/b2b/passwords", 404),
        ("POST", "/v1/users/", 404),
        ("POST", "/v2/users", 404),
        ("POST", "", 404),
        ("", "/v1/users", 405),
    ] {
        let failure = route::find(ROUTES, method, path).err().unwrap();
        assert_eq!(failure.status(), status, "{method} {path}");
    }
}
