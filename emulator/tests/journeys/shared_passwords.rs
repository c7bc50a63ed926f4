//! Passwords that all members with one email address share: discovery, resets, and the requirement of a reset.

use serde_json::{Value, json};

use crate::stand::{Answer, Stand};

const DISCOVER: &str = "POST /v1/b2b/passwords/discovery/authenticate";
const START: &str = "POST /v1/b2b/passwords/discovery/email/reset/start";
const RESET: &str = "POST /v1/b2b/passwords/discovery/email/reset";
const REQUIRE: &str = "POST /v1/b2b/passwords/email/require_reset";
const USE: &str = "POST /v1/b2b/passwords/authenticate";
const MIGRATE: &str = "POST /v1/b2b/passwords/migrate";
const EXCHANGE: &str = "POST /v1/b2b/discovery/intermediate_sessions/exchange";
const EMAIL: &str = "eve@acme.example";
const GOOD: &str = "violet-harbour-lantern-41";
const NEW: &str = "seven quiet otters under ice";

fn stand() -> Stand {
    let mut stand = Stand::new();
    let config = json!({ "product": "b2b", "cross_org_passwords": true });
    stand.open("POST /_emulator/password_config", config).ok();
    stand
}

fn token(stand: &mut Stand) -> String {
    stand.b2b(START, json!({ "email_address": EMAIL })).ok();
    stand.mail()["token"].as_str().unwrap().to_owned()
}

fn reset(stand: &mut Stand, password: &str) -> Answer {
    let token = token(stand);
    stand.b2b(
        RESET,
        json!({ "password_reset_token": token, "password": password }),
    )
}

fn discover(stand: &mut Stand, password: &str) -> Answer {
    let body = json!({ "email_address": EMAIL, "password": password });
    stand.b2b(DISCOVER, body)
}

fn enter(stand: &mut Stand, organization: &str, password: &str) -> Answer {
    let body =
        json!({ "organization_id": organization, "email_address": EMAIL, "password": password });
    stand.b2b(USE, body)
}

#[test]
fn a_project_without_shared_passwords_refuses_the_routes() {
    let mut stand = Stand::new();
    let email = json!({ "email_address": EMAIL });
    let password = json!({ "email_address": EMAIL, "password": GOOD });
    let token = json!({ "password_reset_token": "A".repeat(44), "password": GOOD });
    for (route, body) in [
        (START, email.clone()),
        (REQUIRE, email),
        (DISCOVER, password),
        (RESET, token),
    ] {
        stand
            .b2b(route, body)
            .refused(400, "cross_org_passwords_not_enabled");
    }
}

#[test]
fn a_user_discovers_organizations_with_a_password() {
    let mut stand = stand();
    let acme = stand.organization("acme");
    discover(&mut stand, GOOD).refused(404, "member_password_not_found");
    let token = token(&mut stand);
    let mail = stand.mail();
    assert_eq!(mail["kind"], "reset_password");
    let mut body = json!({ "password_reset_token": token, "password": "weak" });
    stand.b2b(RESET, body.clone()).refused(400, "weak_password");
    stand
        .b2b("POST /v1/b2b/passwords/email/reset", body.clone())
        .refused(401, "unable_to_auth_password_reset_token");
    body["password"] = json!(GOOD);
    let done = stand.b2b(RESET, body.clone()).ok();
    assert_eq!(done.text("/email_address"), EMAIL);
    assert_eq!(stand.mail()["used"], true);
    stand
        .b2b(RESET, body)
        .refused(401, "unable_to_auth_password_reset_token");

    // The email proves the address, so the user can be the first member of an organization.
    let create = json!({
        "intermediate_session_token": done.text("/intermediate_session_token"), "organization_name": "Globex",
    });
    let created = stand
        .b2b("POST /v1/b2b/discovery/organizations/create", create)
        .ok();
    assert_eq!(created.body["member_authenticated"], true);
    discover(&mut stand, NEW).refused(401, "unauthorized_credentials");
    let found = discover(&mut stand, GOOD).ok();
    let organizations = found.body["discovered_organizations"].as_array().unwrap();
    assert_eq!(organizations.len(), 1);
    let exchange = json!({
        "intermediate_session_token": found.text("/intermediate_session_token"),
        "organization_id": created.text("/organization/organization_id"),
    });
    let member = stand.b2b(EXCHANGE, exchange).ok();
    assert_eq!(member.body["member_authenticated"], true);
    let factor = &member.body["member_session"]["authentication_factors"][0];
    assert_eq!(factor["type"], "password");
    // A password alone does not prove the address to another organization.
    let found = discover(&mut stand, GOOD).ok();
    stand.log_in_member(&acme, "admin@acme.example");
    let exchange = json!({
        "intermediate_session_token": found.text("/intermediate_session_token"), "organization_id": acme,
    });
    let waiting = stand.b2b(EXCHANGE, exchange).ok();
    assert_eq!(waiting.body["member_authenticated"], false);
    assert!(waiting.body["primary_required"].is_object());
}

#[test]
fn all_members_with_an_address_share_the_password() {
    let mut stand = stand();
    let organizations = ["acme", "globex"].map(|name| stand.organization(name));
    let mut ids = Vec::new();
    for organization in &organizations {
        let body = json!({
            "organization_id": organization, "email_address": EMAIL, "hash_type": "sha_1",
            "hash": "98decc62ece399a22ed30d490ef333be7fde7385",
        });
        let done = stand.b2b(MIGRATE, body).ok();
        ids.push(done.text("/member/member_password_id"));
    }
    assert_eq!(ids[0], ids[1]);
    let mut sessions = Vec::new();
    for organization in &organizations {
        let done = enter(&mut stand, organization, "correct horse battery").ok();
        sessions.push(done.text("/session_token"));
    }
    let delete = format!(
        "DELETE /v1/b2b/organizations/{}/members/passwords/{}",
        organizations[0], ids[0]
    );
    stand
        .b2b(&delete, Value::Null)
        .refused(400, "cross_org_passwords_enabled");
    reset(&mut stand, GOOD).ok();
    for (organization, session) in organizations.iter().zip(&sessions) {
        enter(&mut stand, organization, "correct horse battery")
            .refused(401, "unauthorized_credentials");
        enter(&mut stand, organization, GOOD).ok();
        stand
            .b2b(
                "POST /v1/b2b/sessions/authenticate",
                json!({ "session_token": session }),
            )
            .refused(404, "session_not_found");
    }

    let member = json!({ "email_address": EMAIL, "organization_id": organizations[1] });
    let required = stand.b2b(REQUIRE, member).ok();
    assert_eq!(
        required.body["organization"]["organization_id"],
        json!(organizations[1])
    );
    for organization in &organizations {
        enter(&mut stand, organization, GOOD).refused(400, "member_reset_password");
    }
    discover(&mut stand, GOOD).refused(400, "member_reset_password");
    let body = json!({
        "organization_id": organizations[0], "email_address": EMAIL, "existing_password": GOOD, "new_password": NEW,
    });
    stand
        .b2b("POST /v1/b2b/passwords/existing_password/reset", body)
        .refused(400, "cannot_reset_password_with_existing_password");
    let snapshot = stand.emulator.snapshot();
    stand.emulator.restore(&snapshot).unwrap();
    reset(&mut stand, NEW).ok();
    enter(&mut stand, &organizations[1], NEW).ok();
}

#[test]
fn the_password_of_a_single_member_is_deleted_instead() {
    let mut stand = stand();
    let acme = stand.organization("acme");
    stand
        .b2b(REQUIRE, json!({ "email_address": EMAIL }))
        .refused(404, "member_password_not_found");
    let member = stand.log_in_member(&acme, EMAIL);
    reset(&mut stand, GOOD).ok();
    enter(&mut stand, &acme, GOOD).ok();
    let body = |member_id: &str| json!({ "email_address": EMAIL, "organization_id": acme, "member_id": member_id });
    let other = stand.log_in_member(&acme, "admin@acme.example");
    stand
        .b2b(REQUIRE, body(&other.text("/member_id")))
        .refused(404, "member_not_found");
    let done = stand.b2b(REQUIRE, body(&member.text("/member_id"))).ok();
    assert_eq!(done.body["member"]["member_password_id"], "");
    enter(&mut stand, &acme, GOOD).refused(404, "member_password_not_found");
}

#[test]
fn wrong_passwords_lock_the_address_and_a_link_is_bound_to_its_verifier() {
    let mut stand = stand();
    reset(&mut stand, GOOD).ok();
    for _ in 0..10 {
        discover(&mut stand, NEW).refused(401, "unauthorized_credentials");
    }
    discover(&mut stand, GOOD).refused(429, "user_lock_limit_reached");
    stand.later(3600);
    discover(&mut stand, GOOD).ok();

    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    stand
        .b2b(
            START,
            json!({ "email_address": EMAIL, "pkce_code_challenge": challenge }),
        )
        .ok();
    let token = stand.mail()["token"].clone();
    let mut body = json!({ "password_reset_token": token, "password": NEW });
    stand
        .b2b(RESET, body.clone())
        .refused(400, "pkce_expected_code_verifier");
    stand.later(1800);
    body["pkce_code_verifier"] = json!("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    stand
        .b2b(RESET, body.clone())
        .refused(401, "unable_to_auth_password_reset_token");
    stand.later(-1);
    stand.b2b(RESET, body).ok();
    discover(&mut stand, NEW).ok();
}
