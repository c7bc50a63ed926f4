//! Log-ins of users by links, codes, passwords and authenticator apps, and the impersonation of a user.

use serde_json::json;
use stytch_edge::consumer;
use stytch_emulator::UnixSeconds;

use super::stand::{
    FIRST_PASSWORD, SECOND_PASSWORD, Users, codes_for, impersonation_token, ok, refused, token_for,
};
use crate::{devices::authenticator_app, test_platform::NOW};

#[test]
fn a_user_logs_in_with_a_magic_link() {
    let users = Users::new();
    let magic_links = users.client.magic_links();
    let request = consumer::MagicLinksEmailLoginOrCreateRequest {
        email: "ada@example.com".into(),
        ..Default::default()
    };
    let sent = ok(magic_links.email().login_or_create(&request));
    let request = consumer::MagicLinksAuthenticateRequest {
        token: token_for(&users.platform, "ada@example.com"),
        session_duration_minutes: Some(60),
        ..Default::default()
    };
    let login = ok(magic_links.authenticate(&request));
    let session = (login.session, &*login.session_token, &*login.session_jwt);
    users.stays_and_ends(session, &sent.user_id, &["magic_link"]);
    refused(
        magic_links.authenticate(&request),
        "unable_to_auth_magic_link",
    );
}

#[test]
fn a_user_logs_in_with_a_passcode_by_sms() {
    let users = Users::new();
    let request = consumer::OTPsSmsLoginOrCreateRequest {
        phone_number: "+15005550911".into(),
        ..Default::default()
    };
    let sent = ok(users.client.otps().sms().login_or_create(&request));
    authenticates_a_passcode(&users, "+15005550911", &sent.phone_id, &sent.user_id);
}

#[test]
fn a_user_logs_in_with_a_passcode_by_whatsapp() {
    let users = Users::new();
    let request = consumer::OTPsWhatsAppLoginOrCreateRequest {
        phone_number: "+15005550912".into(),
        ..Default::default()
    };
    let sent = ok(users.client.otps().whatsapp().login_or_create(&request));
    authenticates_a_passcode(&users, "+15005550912", &sent.phone_id, &sent.user_id);
}

#[test]
fn a_user_logs_in_with_a_passcode_by_email() {
    let users = Users::new();
    let request = consumer::OTPsEmailLoginOrCreateRequest {
        email: "otto@example.com".into(),
        ..Default::default()
    };
    let sent = ok(users.client.otps().email().login_or_create(&request));
    authenticates_a_passcode(&users, "otto@example.com", &sent.email_id, &sent.user_id);
}

fn authenticates_a_passcode(users: &Users, to: &str, method_id: &str, user_id: &str) {
    let (code, wrong) = codes_for(&users.platform, to);
    let mut request = consumer::OTPsAuthenticateRequest {
        method_id: method_id.into(),
        code: wrong,
        session_duration_minutes: Some(60),
        ..Default::default()
    };
    let otps = users.client.otps();
    refused(otps.authenticate(&request), "otp_code_not_found");
    request.code = code;
    let login = ok(otps.authenticate(&request));
    let session = (login.session, &*login.session_token, &*login.session_jwt);
    users.stays_and_ends(session, user_id, &["otp"]);
    refused(otps.authenticate(&request), "unable_to_auth_otp_code");
}

#[test]
fn a_user_chooses_a_password_forgets_it_and_chooses_another() {
    let users = Users::new();
    let passwords = users.client.passwords();
    let email = || "rosalind@example.com".to_owned();
    let create = consumer::PasswordsCreateRequest {
        email: email(),
        password: FIRST_PASSWORD.into(),
        ..Default::default()
    };
    let user_id = ok(passwords.create(&create)).user_id;
    let with = |password: &str| consumer::PasswordsAuthenticateRequest {
        email: email(),
        password: password.into(),
        session_duration_minutes: Some(60),
        ..Default::default()
    };
    let before = ok(passwords.authenticate(&with(FIRST_PASSWORD)));
    let start = consumer::PasswordsEmailResetStartRequest {
        email: email(),
        ..Default::default()
    };
    ok(passwords.email().reset_start(&start));
    let reset = consumer::PasswordsEmailResetRequest {
        token: token_for(&users.platform, &email()),
        password: SECOND_PASSWORD.into(),
        ..Default::default()
    };
    assert_eq!(ok(passwords.email().reset(&reset)).user_id, user_id);
    let again = passwords.email();
    refused(again.reset(&reset), "unable_to_auth_password_reset_token");
    refused(
        users.authenticate(&before.session_token),
        "session_not_found",
    );
    let first = with(FIRST_PASSWORD);
    refused(passwords.authenticate(&first), "unauthorized_credentials");
    let login = ok(passwords.authenticate(&with(SECOND_PASSWORD)));
    let session = (login.session, &*login.session_token, &*login.session_jwt);
    users.stays_and_ends(session, &user_id, &["password"]);
}

#[test]
fn a_user_confirms_a_session_with_an_authenticator_app_and_comes_back_with_a_recovery_code() {
    let users = Users::new();
    let create = consumer::PasswordsCreateRequest {
        email: "joan@example.com".into(),
        password: FIRST_PASSWORD.into(),
        session_duration_minutes: Some(60),
        ..Default::default()
    };
    let first = ok(users.client.passwords().create(&create));
    let totps = users.client.totps();
    let create = consumer::TOTPsCreateRequest {
        user_id: first.user_id.clone(),
        ..Default::default()
    };
    let app = ok(totps.create(&create));
    let code = authenticator_app::code(&app.secret, UnixSeconds(NOW));
    let with = |totp_code: &str| consumer::TOTPsAuthenticateRequest {
        user_id: first.user_id.clone(),
        totp_code: totp_code.into(),
        session_token: Some(first.session_token.clone()),
        ..Default::default()
    };
    let wrong = if code == "000000" { "000001" } else { "000000" };
    refused(
        totps.authenticate(&with(wrong)),
        "unable_to_authenticate_totp",
    );
    let login = ok(totps.authenticate(&with(&code)));
    let session = (login.session, &*login.session_token, &*login.session_jwt);
    users.stays_and_ends(session, &first.user_id, &["password", "totp"]);
    let recover = consumer::TOTPsRecoverRequest {
        user_id: first.user_id.clone(),
        recovery_code: app.recovery_codes[0].clone(),
        session_duration_minutes: Some(60),
        ..Default::default()
    };
    let login = ok(totps.recover(&recover));
    let session = (login.session, &*login.session_token, &*login.session_jwt);
    users.stays_and_ends(session, &first.user_id, &["recovery_codes"]);
    refused(
        totps.recover(&recover),
        "unable_to_authenticate_recovery_code",
    );
}

#[test]
fn an_employee_impersonates_a_user() {
    let users = Users::new();
    let user_id = users.user("eve@example.com");
    let subject = json!({"product": "consumer", "user_id": user_id});
    let request = consumer::ImpersonationAuthenticateRequest {
        impersonation_token: impersonation_token(&users.platform, &subject),
    };
    let impersonation = users.client.impersonation();
    let login = ok(impersonation.authenticate(&request));
    let session = (login.session, &*login.session_token, &*login.session_jwt);
    users.stays_and_ends(session, &user_id, &["impersonated"]);
    let again = impersonation.authenticate(&request);
    refused(again, "unable_to_auth_impersonation_token");
}
