//! Passwords of members: log-in, the settings of the organization, second factors, resets and the lock.

use serde_json::{Value, json};

use crate::stand::{Answer, Stand};

const USE: &str = "POST /v1/b2b/passwords/authenticate";
const START: &str = "POST /v1/b2b/passwords/email/reset/start";
const RESET: &str = "POST /v1/b2b/passwords/email/reset";
const CHANGE: &str = "POST /v1/b2b/passwords/existing_password/reset";
const IN_SESSION: &str = "POST /v1/b2b/passwords/session/reset";
const MIGRATE: &str = "POST /v1/b2b/passwords/migrate";
const CHECK: &str = "POST /v1/b2b/passwords/strength_check";
const EMAIL: &str = "eve@acme.example";
/// The password `correct horse battery`, and its SHA-1.
const MIGRATED: &str = "correct horse battery";
const SHA_1: &str = "98decc62ece399a22ed30d490ef333be7fde7385";
const GOOD: &str = "violet-harbour-lantern-41";
const NEW: &str = "seven quiet otters under ice";

fn migrate(stand: &mut Stand, organization: &str, more: Value) -> Answer {
    let mut body = json!({
        "organization_id": organization, "email_address": EMAIL, "hash": SHA_1, "hash_type": "sha_1",
    });
    extend(&mut body, more);
    stand.b2b(MIGRATE, body)
}

fn extend(body: &mut Value, more: Value) {
    let more = more.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(more);
}

fn enter(stand: &mut Stand, organization: &str, password: &str) -> Answer {
    let body =
        json!({ "organization_id": organization, "email_address": EMAIL, "password": password });
    stand.b2b(USE, body)
}

fn reset_token(stand: &mut Stand, organization: &str, more: Value) -> String {
    let mut body = json!({ "organization_id": organization, "email_address": EMAIL });
    extend(&mut body, more);
    stand.b2b(START, body).ok();
    stand.mail()["token"].as_str().unwrap().to_owned()
}

fn is_live(stand: &mut Stand, session_token: &str) -> bool {
    let body = json!({ "session_token": session_token });
    stand.b2b("POST /v1/b2b/sessions/authenticate", body).status == 200
}

fn change(stand: &mut Stand, organization: &str, settings: Value) {
    let path = format!("PUT /v1/b2b/organizations/{organization}");
    stand.b2b(&path, settings).ok();
}

#[test]
fn a_migrated_member_logs_in_with_the_password() {
    let mut stand = Stand::new();
    stand.set_up_roles("b2b");
    let acme = stand.organization("acme");
    let more = json!({
        "name": "Eve", "roles": ["editor"], "external_id": "eve-1", "trusted_metadata": { "plan": "pro" },
        "mfa_phone_number": "+15005550006", "set_phone_number_verified": true,
    });
    let done = migrate(&mut stand, &acme, more).ok();
    assert_eq!(done.body["member_created"], true);
    let member = &done.body["member"];
    assert_eq!(member["email_address_verified"], true);
    assert_eq!(member["status"], "active");
    assert_eq!(member["mfa_phone_number_verified"], true);
    assert_eq!(member["roles"][1]["role_id"], "editor");
    assert!(
        member["member_password_id"]
            .as_str()
            .unwrap()
            .starts_with("member-password-test-")
    );
    migrate(&mut stand, &acme, json!({})).refused(400, "password_already_exists");

    enter(&mut stand, &acme, NEW).refused(401, "unauthorized_credentials");
    let done = enter(&mut stand, &acme, MIGRATED).ok();
    assert_eq!(done.body["member_authenticated"], true);
    let factor = &done.body["member_session"]["authentication_factors"][0];
    assert_eq!(factor["type"], "password");
    assert!(is_live(&mut stand, &done.text("/session_token")));
    // The password belongs to one organization.
    let globex = stand.organization("globex");
    enter(&mut stand, &globex, MIGRATED).refused(404, "member_not_found");
    let body = json!({ "email_address": EMAIL });
    let members = format!("POST /v1/b2b/organizations/{globex}/members");
    stand.b2b(&members, body).ok();
    enter(&mut stand, &globex, MIGRATED).refused(404, "member_password_not_found");
}

#[test]
fn the_settings_of_the_organization_apply() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let done = migrate(
        &mut stand,
        &acme,
        json!({ "mfa_phone_number": "+15005550006" }),
    )
    .ok();
    let restricted =
        json!({ "auth_methods": "RESTRICTED", "allowed_auth_methods": ["magic_link"] });
    change(&mut stand, &acme, restricted);
    let refusal = "operation_restricted_by_organization_auth_methods";
    enter(&mut stand, &acme, MIGRATED).refused(400, refusal);
    let body = json!({ "organization_id": acme, "email_address": EMAIL });
    stand.b2b(START, body).refused(400, refusal);
    let member = format!(
        "PUT /v1/b2b/organizations/{acme}/members/{}",
        done.text("/member_id")
    );
    stand.b2b(&member, json!({ "is_breakglass": true })).ok();
    enter(&mut stand, &acme, MIGRATED).ok();

    let settings = json!({ "auth_methods": "ALL_ALLOWED", "mfa_policy": "REQUIRED_FOR_ALL" });
    change(&mut stand, &acme, settings);
    let waiting = enter(&mut stand, &acme, MIGRATED).ok();
    assert_eq!(waiting.body["member_authenticated"], false);
    assert_eq!(waiting.body["session_token"], "");
    assert!(!waiting.text("/intermediate_session_token").is_empty());
    // The number is not verified, so it receives no code.
    assert_eq!(
        waiting.body["mfa_required"]["secondary_auth_initiated"],
        Value::Null
    );
}

#[test]
fn a_log_in_that_needs_a_second_factor_sends_a_code() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    change(
        &mut stand,
        &acme,
        json!({ "mfa_policy": "REQUIRED_FOR_ALL" }),
    );
    let phone = json!({ "mfa_phone_number": "+15005550006", "set_phone_number_verified": true });
    migrate(&mut stand, &acme, phone).ok();
    for (route, body) in [
        (USE, json!({ "password": MIGRATED })),
        (
            CHANGE,
            json!({ "existing_password": MIGRATED, "new_password": NEW }),
        ),
    ] {
        let mut body = body;
        extend(
            &mut body,
            json!({ "organization_id": acme, "email_address": EMAIL }),
        );
        let waiting = stand.b2b(route, body).ok();
        assert_eq!(
            waiting.body["mfa_required"]["secondary_auth_initiated"],
            "sms_otp"
        );
        assert_eq!(waiting.body["member_session"], Value::Null);
        let message = stand.mail();
        assert_eq!(
            (&message["channel"], &message["to"]),
            (&json!("sms"), &json!("+15005550006"))
        );
    }
    let token = reset_token(&mut stand, &acme, json!({}));
    let body = json!({ "password_reset_token": token, "password": GOOD });
    let waiting = stand.b2b(RESET, body).ok();
    assert_eq!(waiting.body["member_authenticated"], false);
    // The password is set, although the log-in is not complete.
    enter(&mut stand, &acme, GOOD).ok();
}

#[test]
fn a_reset_by_email_verifies_a_new_member_and_ends_the_sessions() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let join = json!({ "organization_id": acme, "email_address": EMAIL });
    stand
        .b2b("POST /v1/b2b/magic_links/email/login_or_signup", join)
        .ok();
    let token = reset_token(&mut stand, &acme, json!({}));
    let mail = stand.mail();
    let url = mail["url"].as_str().unwrap();
    assert!(
        url.contains("slug=acme&stytch_token_type=multi_tenant_passwords&token="),
        "{url}"
    );
    let mut body = json!({ "password_reset_token": token, "password": "weak" });
    stand.b2b(RESET, body.clone()).refused(400, "weak_password");
    body["password"] = json!(GOOD);
    let done = stand.b2b(RESET, body.clone()).ok();
    assert_eq!(done.body["member"]["status"], "active");
    assert_eq!(done.body["member"]["email_address_verified"], true);
    assert!(!done.text("/member/member_password_id").is_empty());
    stand
        .b2b(RESET, body)
        .refused(401, "unable_to_auth_password_reset_token");
    let first = done.text("/session_token");
    let read = format!("GET /v1/b2b/organizations/{acme}/member?email_address={EMAIL}");
    let read = stand.b2b(&read, Value::Null).ok();
    assert_eq!(read.body["member"], done.body["member"]);

    // RFC 7636, appendix B.
    let challenge = json!({ "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" });
    let token = reset_token(&mut stand, &acme, challenge);
    let snapshot = stand.emulator.snapshot();
    stand.emulator.restore(&snapshot).unwrap();
    let mut body = json!({ "password_reset_token": token, "password": NEW });
    stand
        .b2b(RESET, body.clone())
        .refused(400, "pkce_expected_code_verifier");
    body["code_verifier"] = json!("wrong");
    stand.b2b(RESET, body.clone()).refused(400, "pkce_mismatch");
    assert!(is_live(&mut stand, &first));
    body["code_verifier"] = json!("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let second = stand.b2b(RESET, body).ok().text("/session_token");
    assert!(!is_live(&mut stand, &first) && is_live(&mut stand, &second));
    enter(&mut stand, &acme, GOOD).refused(401, "unauthorized_credentials");

    let token = reset_token(
        &mut stand,
        &acme,
        json!({ "reset_password_expiration_minutes": 5 }),
    );
    stand.later(300);
    let body = json!({ "password_reset_token": token, "password": GOOD });
    stand
        .b2b(RESET, body)
        .refused(401, "unable_to_auth_password_reset_token");
    enter(&mut stand, &acme, NEW).ok();
}

#[test]
fn the_password_can_be_replaced_by_itself_and_in_a_session() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    migrate(&mut stand, &acme, json!({})).ok();
    let first = enter(&mut stand, &acme, MIGRATED)
        .ok()
        .text("/session_token");
    let body = json!({
        "organization_id": acme, "email_address": EMAIL, "existing_password": MIGRATED, "new_password": GOOD,
    });
    let second = stand.b2b(CHANGE, body.clone()).ok().text("/session_token");
    assert!(!is_live(&mut stand, &first) && is_live(&mut stand, &second));
    stand
        .b2b(CHANGE, body)
        .refused(401, "unauthorized_credentials");

    let third = enter(&mut stand, &acme, GOOD).ok().text("/session_token");
    let globex = stand.organization("globex");
    let mut body = json!({ "organization_id": globex, "session_token": third, "password": NEW });
    stand
        .b2b(IN_SESSION, body.clone())
        .refused(403, "session_authorization_tenancy_error");
    body["organization_id"] = json!(acme);
    stand.later(301);
    stand
        .b2b(IN_SESSION, body.clone())
        .refused(400, "session_too_old_to_reset_password");
    stand.later(-1);
    let done = stand.b2b(IN_SESSION, body).ok();
    assert_eq!(done.text("/session_token"), third);
    assert!(!is_live(&mut stand, &second) && is_live(&mut stand, &third));
    enter(&mut stand, &acme, NEW).ok();
}

#[test]
fn ten_wrong_passwords_lock_the_member_for_an_hour() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    migrate(&mut stand, &acme, json!({})).ok();
    for _ in 0..9 {
        enter(&mut stand, &acme, NEW).refused(401, "unauthorized_credentials");
    }
    enter(&mut stand, &acme, MIGRATED).ok();
    for _ in 0..10 {
        enter(&mut stand, &acme, NEW).refused(401, "unauthorized_credentials");
    }
    enter(&mut stand, &acme, MIGRATED).refused(429, "user_lock_limit_reached");
    let read = format!("GET /v1/b2b/organizations/{acme}/member?email_address={EMAIL}");
    let locked = stand.b2b(&read, Value::Null).ok();
    assert_eq!(locked.body["member"]["is_locked"], true);
    stand.later(3600);
    enter(&mut stand, &acme, MIGRATED).ok();
}

#[test]
fn a_deleted_password_and_a_new_address_end_the_password() {
    let mut stand = Stand::new();
    let acme = stand.organization("acme");
    let member = migrate(&mut stand, &acme, json!({})).ok();
    let path = format!("/v1/b2b/organizations/{acme}/members");
    let id = member.text("/member/member_password_id");
    let left = stand
        .b2b(&format!("DELETE {path}/passwords/{id}"), Value::Null)
        .ok();
    assert_eq!(left.body["member"]["member_password_id"], "");
    enter(&mut stand, &acme, MIGRATED).refused(404, "member_password_not_found");
    migrate(&mut stand, &acme, json!({})).ok();
    enter(&mut stand, &acme, MIGRATED).ok();

    let token = reset_token(&mut stand, &acme, json!({}));
    let update = format!("PUT {path}/{}", member.text("/member_id"));
    for address in ["other@acme.example", EMAIL] {
        stand.b2b(&update, json!({ "email_address": address })).ok();
    }
    enter(&mut stand, &acme, MIGRATED).refused(404, "member_password_not_found");
    let body = json!({ "password_reset_token": token, "password": NEW });
    stand
        .b2b(RESET, body)
        .refused(401, "unable_to_auth_password_reset_token");
    let snapshot: Value = serde_json::from_str(&stand.emulator.snapshot()).unwrap();
    let b2b = &snapshot["state"]["projects"]["b2b"];
    assert_eq!(b2b["project"]["passwords"], json!([]));
}

#[test]
fn the_strength_check_has_the_feedback_of_one_policy() {
    let mut stand = Stand::new();
    let body = json!({ "password": "Password123!", "email_address": EMAIL });
    let weak = stand.b2b(CHECK, body.clone()).ok();
    assert_eq!(weak.body["valid_password"], false);
    assert_eq!(weak.body["breached_password"], true);
    assert!(
        !weak.body["zxcvbn_feedback"]["suggestions"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert_eq!(weak.body["luds_feedback"], Value::Null);
    let luds =
        json!({ "product": "b2b", "validation_policy": "LUDS", "check_breach_on_creation": false });
    stand.open("POST /_emulator/password_config", luds).ok();
    let strong = stand.b2b(CHECK, body).ok();
    assert_eq!(strong.body["valid_password"], true);
    assert_eq!(strong.body["zxcvbn_feedback"], Value::Null);
    assert_eq!(strong.body["luds_feedback"]["missing_complexity"], 0);
}
