//! Authenticator apps and recovery codes of members: registration, log-in, replay, expiry, migration.

use serde_json::{Value, json};

use crate::devices::authenticator_app;
use crate::stand::{Answer, Stand};

const CREATE: &str = "POST /v1/b2b/totp";
const USE: &str = "POST /v1/b2b/totp/authenticate";
const MIGRATE: &str = "POST /v1/b2b/totp/migrate";
const RECOVER: &str = "POST /v1/b2b/recovery_codes/recover";

/// A member of an organization that requires MFA, whose log-in waits for a second factor.
struct Login {
    member: Value,
    token: String,
}

impl Login {
    fn start(stand: &mut Stand, organization_id: &str) -> Self {
        let pending = stand.log_in_member(organization_id, "ada@acme.example");
        assert_eq!(pending.body["member_authenticated"], false);
        let member_id = &pending.body["member_id"];
        Self {
            member: json!({ "organization_id": organization_id, "member_id": member_id }),
            token: pending.text("/intermediate_session_token"),
        }
    }

    fn with(&self, name: &str, value: &str) -> Value {
        let mut body = self.member.clone();
        body["intermediate_session_token"] = self.token.clone().into();
        body[name] = value.into();
        body
    }

    fn recovery_codes(&self, stand: &mut Stand) -> Answer {
        let [organization, member] =
            ["organization_id", "member_id"].map(|name| self.member[name].as_str().unwrap());
        let route = format!("GET /v1/b2b/recovery_codes/{organization}/{member}");
        stand.b2b(&route, Value::Null)
    }
}

fn strict_organization(stand: &mut Stand) -> String {
    let id = stand.organization("acme");
    let strict = json!({ "mfa_policy": "REQUIRED_FOR_ALL" });
    stand
        .b2b(&format!("PUT /v1/b2b/organizations/{id}"), strict)
        .ok();
    id
}

/// Registers an app in a log-in, and returns its secret and the recovery codes.
fn register(stand: &mut Stand, login: &Login) -> (String, Vec<Value>) {
    let created = stand
        .b2b(
            CREATE,
            login.with("intermediate_session_token", &login.token),
        )
        .ok();
    let secret = created.text("/secret");
    let code = authenticator_app::code(&secret, stand.now);
    stand.b2b(USE, login.with("code", &code)).ok();
    let codes = created.body["recovery_codes"].as_array().unwrap().clone();
    (secret, codes)
}

#[test]
fn the_first_code_completes_the_log_in_and_makes_the_app_active() {
    let mut stand = Stand::new();
    let id = strict_organization(&mut stand);
    let login = Login::start(&mut stand, &id);
    let created = stand
        .b2b(
            CREATE,
            login.with("intermediate_session_token", &login.token),
        )
        .ok();
    let secret = created.text("/secret");
    assert_eq!(secret.len(), 32);
    assert!(
        created
            .text("/qr_code")
            .starts_with("data:image/png;base64,iVBORw0KGgo")
    );
    assert_eq!(created.body["recovery_codes"].as_array().unwrap().len(), 10);
    // The registration is pending.
    assert_eq!(created.body["member"]["totp_registration_id"], "");
    login
        .recovery_codes(&mut stand)
        .refused(404, "recovery_codes_not_found");

    let code = authenticator_app::code(&secret, stand.now);
    let done = stand.b2b(USE, login.with("code", &code)).ok();
    let member = &done.body["member"];
    assert_eq!(
        (
            &member["totp_registration_id"],
            &member["mfa_enrolled"],
            &member["default_mfa_method"]
        ),
        (
            &created.body["totp_registration_id"],
            &json!(true),
            &json!("totp")
        )
    );
    let factor = &done.body["member_session"]["authentication_factors"][1];
    assert_eq!(factor["delivery_method"], "authenticator_app");
    let session = json!({ "session_token": done.body["session_token"] });
    stand
        .b2b("POST /v1/b2b/sessions/authenticate", session)
        .ok();
    let kept = login.recovery_codes(&mut stand).ok();
    assert_eq!(kept.body["recovery_codes"], created.body["recovery_codes"]);

    // The next log-in offers the app.
    let next = stand.log_in_member(&id, "ada@acme.example");
    let options = &next.body["mfa_required"]["member_options"];
    assert_eq!(
        options["totp_registration_id"],
        created.body["totp_registration_id"]
    );
}

#[test]
fn a_code_works_once_and_only_near_its_time() {
    let mut stand = Stand::new();
    let id = strict_organization(&mut stand);
    let login = Login::start(&mut stand, &id);
    let (secret, _) = register(&mut stand, &login);
    let login = Login::start(&mut stand, &id);
    let at =
        |stand: &Stand, seconds| authenticator_app::code(&secret, stand.now.plus_seconds(seconds));
    let used = at(&stand, 0);
    stand
        .b2b(USE, login.with("code", &used))
        .refused(400, "totp_code_already_authenticated");
    for offset in [-60, 60] {
        let code = at(&stand, offset);
        stand
            .b2b(USE, login.with("code", &code))
            .refused(401, "unable_to_authenticate_totp");
    }
    // The used codes are in the snapshot.
    let snapshot = stand.emulator.snapshot();
    stand.emulator.restore(&snapshot).unwrap();
    stand.later(30);
    stand
        .b2b(USE, login.with("code", &used))
        .refused(400, "totp_code_already_authenticated");
    let next = at(&stand, 30);
    stand.b2b(USE, login.with("code", &next)).ok();
}

#[test]
fn a_pending_app_expires_and_can_be_replaced() {
    let mut stand = Stand::new();
    let id = stand.organization("acme");
    let session = stand.log_in_member(&id, "ada@acme.example");
    let member = json!({ "organization_id": id, "member_id": session.body["member_id"] });
    let mut body = member.clone();
    body["expiration_minutes"] = 5.into();
    let first = stand.b2b(CREATE, body.clone()).ok().text("/secret");
    let second = stand.b2b(CREATE, body.clone()).ok().text("/secret");
    let attempt = |stand: &mut Stand, secret: &str| {
        let mut body = member.clone();
        body["session_token"] = session.body["session_token"].clone();
        body["code"] = authenticator_app::code(secret, stand.now).into();
        stand.b2b(USE, body)
    };
    attempt(&mut stand, &first).refused(401, "unable_to_authenticate_totp");
    stand.later(300);
    attempt(&mut stand, &second).refused(400, "expired_totp");
    let third = stand.b2b(CREATE, body.clone()).ok().text("/secret");
    attempt(&mut stand, &third).ok();
    stand
        .b2b(CREATE, body.clone())
        .refused(400, "active_totp_exists");
    let delete = format!(
        "DELETE /v1/b2b/organizations/{id}/members/{}/totp",
        session.text("/member_id")
    );
    stand.b2b(&delete, Value::Null).ok();
    attempt(&mut stand, &third).refused(404, "totp_not_found");
    body["expiration_minutes"] = 4.into();
    stand.b2b(CREATE, body).refused(400, "invalid_expiration");
}

#[test]
fn a_recovery_code_works_once() {
    let mut stand = Stand::new();
    let id = strict_organization(&mut stand);
    let login = Login::start(&mut stand, &id);
    let (_, codes) = register(&mut stand, &login);
    let code = codes[3].as_str().unwrap();
    let login = Login::start(&mut stand, &id);
    stand
        .b2b(RECOVER, login.with("recovery_code", "aaaa-bbbb-cccc"))
        .refused(401, "unable_to_authenticate_recovery_code");
    stand
        .b2b(RECOVER, login.with("recovery_code", "123456"))
        .refused(400, "totp_code_used_as_recovery_code");
    stand
        .b2b(USE, login.with("code", code))
        .refused(400, "recovery_code_used_as_totp_code");
    let done = stand.b2b(RECOVER, login.with("recovery_code", code)).ok();
    assert_eq!(done.body["recovery_codes_remaining"], 9);
    let factor = &done.body["member_session"]["authentication_factors"][1];
    assert_eq!(factor["type"], "recovery_codes");
    let left = login.recovery_codes(&mut stand).ok();
    let left = left.body["recovery_codes"].as_array().unwrap();
    assert!(left.len() == 9 && !left.contains(&codes[3]));
    let login = Login::start(&mut stand, &id);
    stand
        .b2b(RECOVER, login.with("recovery_code", code))
        .refused(401, "unable_to_authenticate_recovery_code");

    let rotate = "POST /v1/b2b/recovery_codes/rotate";
    let rotated = stand.b2b(rotate, login.member.clone()).ok();
    let old = codes[0].as_str().unwrap();
    stand
        .b2b(RECOVER, login.with("recovery_code", old))
        .refused(401, "unable_to_authenticate_recovery_code");
    let new = rotated.text("/recovery_codes/0");
    stand.b2b(RECOVER, login.with("recovery_code", &new)).ok();
}

#[test]
fn a_migrated_app_keeps_its_secret_and_recovery_codes() {
    let mut stand = Stand::new();
    let id = strict_organization(&mut stand);
    let login = Login::start(&mut stand, &id);
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let mut body = login.member.clone();
    body["secret"] = "not base32!".into();
    body["recovery_codes"] = json!(["an old code"]);
    stand
        .b2b(MIGRATE, body.clone())
        .refused(400, "invalid_argument");
    body["secret"] = secret.into();
    let migrated = stand.b2b(MIGRATE, body.clone()).ok();
    assert_eq!(migrated.body["recovery_codes"], json!(["an old code"]));
    stand.b2b(MIGRATE, body).refused(400, "active_totp_exists");
    let code = authenticator_app::code(secret, stand.now);
    stand.b2b(USE, login.with("code", &code)).ok();
    let login = Login::start(&mut stand, &id);
    let recovered = stand
        .b2b(RECOVER, login.with("recovery_code", "an old code"))
        .ok();
    assert_eq!(recovered.body["recovery_codes_remaining"], 0);
}

#[test]
fn a_log_in_that_is_not_complete_cannot_register_another_second_factor() {
    let mut stand = Stand::new();
    let id = strict_organization(&mut stand);
    let login = Login::start(&mut stand, &id);
    let (secret, _) = register(&mut stand, &login);
    let login = Login::start(&mut stand, &id);
    let send = "POST /v1/b2b/otps/sms/send";
    let number = login.with("mfa_phone_number", "+15005550006");
    stand
        .b2b(send, number.clone())
        .refused(400, "insufficient_factors");
    stand.later(60);
    let code = authenticator_app::code(&secret, stand.now);
    let session = stand.b2b(USE, login.with("code", &code)).ok();
    let mut number = login.member.clone();
    number["mfa_phone_number"] = "+15005550006".into();
    stand
        .b2b(send, number.clone())
        .refused(400, "insufficient_factors");
    number["session_token"] = session.body["session_token"].clone();
    stand.b2b(send, number).ok();
}

#[test]
fn secrets_and_codes_of_apps_do_not_appear_in_the_log_and_the_page() {
    let mut stand = Stand::new();
    let id = strict_organization(&mut stand);
    let login = Login::start(&mut stand, &id);
    let (secret, codes) = register(&mut stand, &login);
    for route in ["GET /_emulator/requests.json", "GET /_emulator/state.json"] {
        let shown = stand.open(route, Value::Null).ok().body.to_string();
        assert!(!shown.contains(&secret) && !shown.contains("data:image"));
        assert!(
            !codes
                .iter()
                .any(|code| shown.contains(code.as_str().unwrap()))
        );
    }
}
