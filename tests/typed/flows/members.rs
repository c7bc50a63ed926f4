//! Log-ins of members by links and codes, discovery with second factors, and the impersonation of a member.

use serde_json::json;
use stytch_edge::b2b;
use stytch_emulator::UnixSeconds;

use super::stand::{Members, codes_for, impersonation_token, ok, refused, token_for};
use crate::{devices::authenticator_app, test_platform::NOW};

#[test]
fn a_member_logs_in_with_a_magic_link_and_logs_out() {
    let members = Members::new();
    let organization_id = members.organization(Default::default());
    let login = members.magic_link(&organization_id, "ada@acme.example");
    let session = (
        login.member_session,
        &*login.session_token,
        &*login.session_jwt,
    );
    members.is_logged_in(session, &login.member_id, &["magic_link"]);
    let member = members.read(&organization_id, "ada@acme.example");
    assert_eq!(
        (&member.member_id, &*member.status),
        (&login.member_id, "active")
    );
    let revoke = b2b::SessionsRevokeRequest {
        session_token: Some(login.session_token.clone()),
        ..Default::default()
    };
    ok(members.client.sessions().revoke(&revoke, None));
    refused(
        members.authenticate(&login.session_token),
        "session_not_found",
    );
}

#[test]
fn a_member_logs_in_with_a_passcode_by_email() {
    let members = Members::new();
    let organization_id = members.organization(Default::default());
    let email = members.client.otps().email();
    let send = b2b::OTPEmailLoginOrSignupRequest {
        organization_id: organization_id.clone(),
        email_address: "otto@acme.example".into(),
        ..Default::default()
    };
    let sent = ok(email.login_or_signup(&send));
    let (code, wrong) = codes_for(&members.platform, "otto@acme.example");
    let with = |code: String| b2b::OTPEmailAuthenticateRequest {
        organization_id: organization_id.clone(),
        email_address: "otto@acme.example".into(),
        code,
        ..Default::default()
    };
    refused(email.authenticate(&with(wrong)), "otp_code_not_found");
    let login = ok(email.authenticate(&with(code)));
    let session = (
        login.member_session,
        &*login.session_token,
        &*login.session_jwt,
    );
    members.is_logged_in(session, &sent.member_id, &["email_otp"]);
}

#[test]
fn a_user_discovers_no_organization_and_creates_one() {
    let members = Members::new();
    let magic_links = members.client.magic_links();
    let send = b2b::MagicLinksEmailDiscoverySendRequest {
        email_address: "zoe@zoe.example".into(),
        ..Default::default()
    };
    ok(magic_links.email().discovery().send(&send));
    let open = b2b::MagicLinksDiscoveryAuthenticateRequest {
        discovery_magic_links_token: token_for(&members.platform, "zoe@zoe.example"),
        ..Default::default()
    };
    let found = ok(magic_links.discovery().authenticate(&open));
    assert!(found.discovered_organizations.is_empty());
    let create = b2b::DiscoveryOrganizationsCreateRequest {
        intermediate_session_token: found.intermediate_session_token,
        organization_name: Some("Zoe".into()),
        ..Default::default()
    };
    let organizations = members.client.discovery().organizations();
    let login = ok(organizations.create(&create));
    let session = (
        login.member_session,
        &*login.session_token,
        &*login.session_jwt,
    );
    members.is_logged_in(session, &login.member_id, &["magic_link"]);
    refused(
        organizations.create(&create),
        "intermediate_session_not_found",
    );
    let member = members.read(&login.organization.organization_id, "zoe@zoe.example");
    assert_eq!((member.member_id, member.is_admin), (login.member_id, true));
}

#[test]
fn a_user_discovers_an_organization_that_requires_a_second_factor_by_sms_and_joins_it() {
    let members = Members::new();
    let organization_id = with_founder(&members);
    let joined = discover(&members, &organization_id, "grace@acme.example");
    assert!(!joined.member_authenticated && joined.session_token.is_empty());
    let sms = members.client.otps().sms();
    let send = b2b::OTPSmsSendRequest {
        organization_id: organization_id.clone(),
        member_id: joined.member_id.clone(),
        mfa_phone_number: Some("+15005550913".into()),
        intermediate_session_token: Some(joined.intermediate_session_token.clone()),
        ..Default::default()
    };
    ok(sms.send(&send));
    let (code, wrong) = codes_for(&members.platform, "+15005550913");
    let with = |code: &str| b2b::OTPSmsAuthenticateRequest {
        organization_id: organization_id.clone(),
        member_id: joined.member_id.clone(),
        code: code.into(),
        intermediate_session_token: Some(joined.intermediate_session_token.clone()),
        ..Default::default()
    };
    refused(sms.authenticate(&with(&wrong)), "otp_code_not_found");
    let login = ok(sms.authenticate(&with(&code)));
    let session = (
        login.member_session,
        &*login.session_token,
        &*login.session_jwt,
    );
    members.is_logged_in(session, &joined.member_id, &["email_otp", "otp"]);
    refused(
        sms.authenticate(&with(&code)),
        "intermediate_session_not_found",
    );
    let member = members.read(&organization_id, "grace@acme.example");
    assert!(member.mfa_phone_number_verified);
}

#[test]
fn a_user_joins_with_an_authenticator_app_and_comes_back_with_a_recovery_code() {
    let members = Members::new();
    let organization_id = with_founder(&members);
    let joined = discover(&members, &organization_id, "joan@acme.example");
    let create = b2b::TOTPsCreateRequest {
        organization_id: organization_id.clone(),
        member_id: joined.member_id.clone(),
        intermediate_session_token: Some(joined.intermediate_session_token.clone()),
        ..Default::default()
    };
    let totps = members.client.totps();
    let app = ok(totps.create(&create));
    let authenticate = b2b::TOTPsAuthenticateRequest {
        organization_id: organization_id.clone(),
        member_id: joined.member_id.clone(),
        code: authenticator_app::code(&app.secret, UnixSeconds(NOW)),
        intermediate_session_token: Some(joined.intermediate_session_token),
        ..Default::default()
    };
    let login = ok(totps.authenticate(&authenticate));
    let session = (
        login.member_session,
        &*login.session_token,
        &*login.session_jwt,
    );
    members.is_logged_in(session, &joined.member_id, &["email_otp", "totp"]);

    let back = discover(&members, &organization_id, "joan@acme.example");
    let options = back.mfa_required.unwrap().member_options.unwrap();
    assert_eq!(options.totp_registration_id, app.totp_registration_id);
    let recover = |intermediate_session_token: String| b2b::RecoveryCodesRecoverRequest {
        organization_id: organization_id.clone(),
        member_id: joined.member_id.clone(),
        recovery_code: app.recovery_codes[0].clone(),
        intermediate_session_token: Some(intermediate_session_token),
        ..Default::default()
    };
    let recovery_codes = members.client.recovery_codes();
    let login = ok(recovery_codes.recover(&recover(back.intermediate_session_token)));
    let session = (
        login.member_session,
        &*login.session_token,
        &*login.session_jwt,
    );
    members.is_logged_in(session, &joined.member_id, &["email_otp", "recovery_codes"]);
    let third = discover(&members, &organization_id, "joan@acme.example");
    let again = recover(third.intermediate_session_token);
    refused(
        recovery_codes.recover(&again),
        "unable_to_authenticate_recovery_code",
    );
}

#[test]
fn an_employee_impersonates_a_member() {
    let members = Members::new();
    let organization_id = members.organization(Default::default());
    let member_id = members.member(&organization_id, "eve@acme.example");
    let subject = json!({"product": "b2b", "member_id": member_id});
    let request = b2b::ImpersonationAuthenticateRequest {
        impersonation_token: impersonation_token(&members.platform, &subject),
    };
    let impersonation = members.client.impersonation();
    let login = ok(impersonation.authenticate(&request));
    let session = (
        login.member_session,
        &*login.session_token,
        &*login.session_jwt,
    );
    members.is_logged_in(session, &member_id, &["impersonated"]);
    let again = impersonation.authenticate(&request);
    refused(again, "unable_to_auth_impersonation_token");
}

/// Creates an organization that requires a second factor. It can be discovered, because a member has verified the domain.
fn with_founder(members: &Members) -> String {
    let organization_id = members.organization(b2b::OrganizationsCreateRequest {
        mfa_policy: Some("REQUIRED_FOR_ALL".into()),
        ..Default::default()
    });
    let founder = members.magic_link(&organization_id, "founder@acme.example");
    assert!(!founder.member_authenticated);
    organization_id
}

/// Logs in by discovery with a passcode, and continues to the organization.
fn discover(
    members: &Members,
    organization_id: &str,
    email_address: &str,
) -> b2b::DiscoveryIntermediateSessionsExchangeResponse {
    let discovery = members.client.otps().email().discovery();
    let send = b2b::OTPEmailDiscoverySendRequest {
        email_address: email_address.into(),
        ..Default::default()
    };
    ok(discovery.send(&send));
    let (code, wrong) = codes_for(&members.platform, email_address);
    let with = |code: String| b2b::OTPEmailDiscoveryAuthenticateRequest {
        email_address: email_address.into(),
        code,
    };
    refused(discovery.authenticate(&with(wrong)), "otp_code_not_found");
    let found = ok(discovery.authenticate(&with(code)));
    let organizations = &found.discovered_organizations;
    members.join(
        &found.intermediate_session_token,
        organization_id,
        organizations,
    )
}
