//! Members' passwords: in one organization, and shared between organizations.

use serde_json::json;
use stytch_edge::b2b;

use super::stand::{FIRST_PASSWORD, Members, SECOND_PASSWORD, ok, refused, token_for};

const EMAIL: &str = "rosalind@acme.example";

#[test]
fn a_member_chooses_a_password_forgets_it_and_chooses_another() {
    let members = Members::new();
    let organization_id = members.organization(Default::default());
    let member_id = members.member(&organization_id, EMAIL);
    let passwords = members.client.passwords();
    let reset = |password: &str| {
        let start = b2b::PasswordsEmailResetStartRequest {
            organization_id: organization_id.clone(),
            email_address: EMAIL.into(),
            ..Default::default()
        };
        ok(passwords.email().reset_start(&start));
        let reset = b2b::PasswordsEmailResetRequest {
            password_reset_token: token_for(&members.platform, EMAIL),
            password: password.into(),
            ..Default::default()
        };
        assert_eq!(ok(passwords.email().reset(&reset)).member_id, member_id);
        let again = passwords.email();
        refused(again.reset(&reset), "unable_to_auth_password_reset_token");
    };
    let with = |password: &str| b2b::PasswordsAuthenticateRequest {
        organization_id: organization_id.clone(),
        email_address: EMAIL.into(),
        password: password.into(),
        ..Default::default()
    };
    reset(FIRST_PASSWORD);
    let before = ok(passwords.authenticate(&with(FIRST_PASSWORD)));
    reset(SECOND_PASSWORD);
    refused(
        members.authenticate(&before.session_token),
        "session_not_found",
    );
    let first = with(FIRST_PASSWORD);
    refused(passwords.authenticate(&first), "unauthorized_credentials");
    let login = ok(passwords.authenticate(&with(SECOND_PASSWORD)));
    let session = (
        login.member_session,
        &*login.session_token,
        &*login.session_jwt,
    );
    members.is_logged_in(session, &member_id, &["password"]);
}

#[test]
fn a_user_chooses_one_password_for_all_organizations_and_enters_one() {
    let members = Members::new();
    let shared = json!({"product": "b2b", "cross_org_passwords": true});
    members
        .platform
        .control("POST", "/_emulator/password_config", &shared);
    let organization_id = members.organization(Default::default());
    // A password alone does not prove the address to an organization: an earlier log-in did.
    let member_id = members.magic_link(&organization_id, EMAIL).member_id;
    let discovery = members.client.passwords().discovery();
    let start = b2b::PasswordsDiscoveryEmailResetStartRequest {
        email_address: EMAIL.into(),
        ..Default::default()
    };
    ok(discovery.email().reset_start(&start));
    let reset = b2b::PasswordsDiscoveryEmailResetRequest {
        password_reset_token: token_for(&members.platform, EMAIL),
        password: FIRST_PASSWORD.into(),
        ..Default::default()
    };
    ok(discovery.email().reset(&reset));
    let with = |password: &str| b2b::PasswordsDiscoveryAuthenticateRequest {
        email_address: EMAIL.into(),
        password: password.into(),
    };
    let wrong = with(SECOND_PASSWORD);
    refused(discovery.authenticate(&wrong), "unauthorized_credentials");
    let found = ok(discovery.authenticate(&with(FIRST_PASSWORD)));
    let organizations = &found.discovered_organizations;
    let login = members.join(
        &found.intermediate_session_token,
        &organization_id,
        organizations,
    );
    let session = (
        login.member_session,
        &*login.session_token,
        &*login.session_jwt,
    );
    members.is_logged_in(session, &member_id, &["password"]);
}
