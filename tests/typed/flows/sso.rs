//! Log-ins by SSO, with a browser at the identity providers of the emulator.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use stytch_edge::b2b;

use super::{
    browser::{Browser, Page},
    stand::{Members, ok, refused},
};
use crate::devices::browser::{ORIGIN, hidden, param};

const EMAIL: &str = "ada@acme.example";
const NAME: &str = "Ada <O'Neil> & Co";

#[test]
fn a_user_joins_by_saml_and_comes_back_without_a_role() {
    let members = Members::new();
    let organization_id = members.organization(b2b::OrganizationsCreateRequest {
        sso_jit_provisioning: Some("ALL_ALLOWED".into()),
        ..Default::default()
    });
    let connection_id = saml_connection(&members, &organization_id);
    let browser = Browser(&members.platform);
    let in_groups = |groups| {
        let user = [("email", EMAIL), ("name", NAME), ("groups", groups)];
        browser.submit(&start(&members, &connection_id), &user)
    };
    let signed = in_groups("staff, admins");
    refuses_forgeries(&browser, &signed);
    let request = request_of(&browser.submit(&signed, &[]), "/signup");
    browser
        .submit(&signed, &[])
        .refused(400, "unsolicited_saml_response");
    let login = ok(members.client.sso().authenticate(&request));
    let sso = members.client.sso();
    refused(sso.authenticate(&request), "sso_token_not_found");
    let session = login.member_session.unwrap();
    assert_eq!(session.roles, ["stytch_member", "stytch_admin"]);
    let factor = session.authentication_factors[0].saml_sso_factor.as_ref();
    assert_eq!(factor.unwrap().provider_id, connection_id);
    let session = (Some(session), &*login.session_token, &*login.session_jwt);
    members.is_logged_in(session, &login.member_id, &["sso"]);
    let member = members.read(&organization_id, EMAIL);
    assert_eq!((&*member.name, &*member.status), (NAME, "active"));
    assert_eq!(registrations(&member), [(&*connection_id, EMAIL)]);

    // The user has left the group of the administrators.
    let again = in_groups("staff");
    let request = request_of(&browser.submit(&again, &[]), "/login");
    let back = ok(members.client.sso().authenticate(&request));
    assert_eq!(
        back.member_session.as_ref().unwrap().roles,
        ["stytch_member"]
    );
    let session = (
        back.member_session,
        &*back.session_token,
        &*back.session_jwt,
    );
    members.is_logged_in(session, &login.member_id, &["sso"]);
    assert_eq!(registrations(&back.member), [(&*connection_id, EMAIL)]);
}

#[test]
fn a_member_logs_in_by_openid_connect_and_a_stranger_does_not() {
    let members = Members::new();
    let organization_id = members.organization(b2b::OrganizationsCreateRequest {
        sso_jit_provisioning: Some("NOT_ALLOWED".into()),
        ..Default::default()
    });
    let member_id = members.member(&organization_id, EMAIL);
    let connection_id = oidc_connection(&members, &organization_id);
    let browser = Browser(&members.platform);
    let stranger = [("email", "eve@acme.example")];
    let stranger = browser.submit(&start(&members, &connection_id), &stranger);
    stranger.refused(400, "invalid_connection_for_jit_provisioning");
    let page = start(&members, &connection_id);
    for (forged, error_type) in [
        ("state", "unsolicited_oidc_response"),
        ("client_id", "oidc_auth_code_error"),
        ("nonce", "oidc_invalid_id_token"),
    ] {
        let answer = browser.submit(&page, &[("email", EMAIL), (forged, "other")]);
        answer.refused(400, error_type);
    }
    let user = [("email", EMAIL), ("name", NAME), ("sub", "00u1")];
    let request = request_of(&browser.submit(&page, &user), "/login");
    browser
        .submit(&page, &user)
        .refused(400, "unsolicited_oidc_response");
    let sso = members.client.sso();
    let login = ok(sso.authenticate(&request));
    refused(sso.authenticate(&request), "sso_token_not_found");
    let session = login.member_session.unwrap();
    let factor = session.authentication_factors[0].oidc_sso_factor.as_ref();
    assert_eq!(factor.unwrap().external_id, "00u1");
    let session = (Some(session), &*login.session_token, &*login.session_jwt);
    members.is_logged_in(session, &member_id, &["sso"]);
    let member = members.read(&organization_id, EMAIL);
    assert_eq!((&*member.name, &*member.status), (NAME, "active"));
    assert_eq!(registrations(&member), [(&*connection_id, "00u1")]);

    let delete = b2b::SSODeleteConnectionRequest {
        organization_id,
        connection_id: connection_id.clone(),
    };
    ok(sso.delete_connection(&delete, None));
    start(&members, &connection_id).refused(404, "sso_connection_not_found");
}

/// Creates a SAML connection to the first identity provider, whose group `admins` has a role, and returns its id.
fn saml_connection(members: &Members, organization_id: &str) -> String {
    let saml = members.client.sso().saml();
    let create = b2b::SSOSAMLCreateConnectionRequest {
        organization_id: organization_id.into(),
        identity_provider: Some(b2b::SsoIdentityProvider::Okta),
        ..Default::default()
    };
    let created = ok(saml.create_connection(&create, None))
        .connection
        .unwrap();
    let update = b2b::SSOSAMLUpdateByURLRequest {
        organization_id: organization_id.into(),
        connection_id: created.connection_id.clone(),
        metadata_url: format!("{ORIGIN}/_emulator/idp/1/metadata"),
    };
    ok(saml.update_by_u_r_l(&update, None));
    let mapping = json!({"email": "email", "full_name": "name", "groups": "groups"});
    let admins = b2b::SAMLGroupImplicitRoleAssignment {
        role_id: "stytch_admin".into(),
        group: "admins".into(),
    };
    let update = b2b::SSOSAMLUpdateConnectionRequest {
        organization_id: organization_id.into(),
        connection_id: created.connection_id,
        attribute_mapping: mapping.as_object().cloned(),
        saml_group_implicit_role_assignments: Some(vec![admins]),
        ..Default::default()
    };
    let updated = ok(saml.update_connection(&update, None))
        .connection
        .unwrap();
    assert_eq!(updated.status, "active");
    updated.connection_id
}

/// Creates an OpenID Connect connection to the second identity provider, and returns its id.
fn oidc_connection(members: &Members, organization_id: &str) -> String {
    let oidc = members.client.sso().oidc();
    let create = b2b::SSOOIDCCreateConnectionRequest {
        organization_id: organization_id.into(),
        identity_provider: Some(b2b::SsoIdentityProvider::Generic),
        ..Default::default()
    };
    let created = ok(oidc.create_connection(&create, None))
        .connection
        .unwrap();
    let update = b2b::SSOOIDCUpdateConnectionRequest {
        organization_id: organization_id.into(),
        connection_id: created.connection_id,
        issuer: Some(format!("{ORIGIN}/_emulator/idp/2")),
        client_id: Some("acme".into()),
        client_secret: Some("client secret".into()),
        ..Default::default()
    };
    let updated = ok(oidc.update_connection(&update, None))
        .connection
        .unwrap();
    assert_eq!(updated.status, "active");
    updated.connection_id
}

/// Opens the start URL of a connection. Returns the page of the identity provider.
fn start(members: &Members, connection_id: &str) -> Page {
    let public_token = members.platform.public_token("b2b");
    let targets = "login_redirect_url=https://app.example/login&signup_redirect_url=https://app.example/signup";
    Browser(&members.platform).open(&format!(
        "{ORIGIN}/v1/public/sso/start?connection_id={connection_id}&public_token={public_token}&{targets}"
    ))
}

/// The API refuses the SAML response of another person, of another identity provider and for another application.
fn refuses_forgeries(browser: &Browser, signed: &Page) {
    let response = hidden(signed.response.as_ref().unwrap(), "SAMLResponse");
    let xml = String::from_utf8(STANDARD.decode(response).unwrap()).unwrap();
    let tampered = STANDARD.encode(xml.replace(EMAIL, "eve@acme.example"));
    let forged = browser.submit(signed, &[("SAMLResponse", &tampered)]);
    forged.refused(400, "invalid_signature_saml_response");
    let attribute = |name: &str| {
        let (_, rest) = xml.split_once(&format!(" {name}=\"")).unwrap();
        rest.split_once('"').unwrap().0
    };
    let acs_url = attribute("Destination");
    let sign = |provider: u8, audience: &str| {
        let page = browser.open(&format!("{ORIGIN}/_emulator/idp/{provider}/saml"));
        let form = [
            ("acs_url", acs_url),
            ("audience", audience),
            ("in_response_to", attribute("InResponseTo")),
            ("email", EMAIL),
        ];
        let signed_by_it = browser.submit(&page, &form);
        let response = hidden(signed_by_it.response.as_ref().unwrap(), "SAMLResponse");
        browser.submit(signed, &[("SAMLResponse", &response)])
    };
    sign(2, acs_url).refused(400, "saml_certificate_mismatch");
    sign(1, "https://other.example").refused(400, "invalid_audience_saml_response");
}

/// The request with the token in the URL of the application at which the browser has arrived.
#[track_caller]
fn request_of(page: &Page, path: &str) -> b2b::SSOAuthenticateRequest {
    let start = format!("https://app.example{path}?stytch_token_type=sso&token=");
    assert!(page.url.starts_with(&start), "{}", page.url);
    b2b::SSOAuthenticateRequest {
        sso_token: param(&page.url, "token"),
        ..Default::default()
    }
}

/// The connection and the external ID of each registration of a member.
fn registrations(member: &b2b::Member) -> Vec<(&str, &str)> {
    let registrations = member.sso_registrations.iter();
    registrations
        .map(|known| (known.connection_id.as_str(), known.external_id.as_str()))
        .collect()
}
