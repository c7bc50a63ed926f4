//! Log-ins of users and members with accounts at OAuth providers.

use stytch_edge::{b2b, consumer};

use super::{
    browser::Browser,
    stand::{Members, Users, ok, refused},
};
use crate::{
    devices::browser::{ORIGIN, param},
    test_platform::TestPlatform,
};

const GOOGLE: &str = "/v1/public/oauth/google/start";
const GITHUB: &str = "/v1/public/oauth/github/start";
const MICROSOFT: &str = "/v1/b2b/public/oauth/microsoft/start";
const DISCOVERY: &str = "/v1/b2b/public/oauth/microsoft/discovery/start";

/// Opens a start URL, logs in at the provider's page with an account, and returns the token of the application.
fn token(platform: &TestPlatform, path: &str, query: &str, account: &[(&str, &str)]) -> String {
    let product = if path.contains("/b2b/") {
        "b2b"
    } else {
        "consumer"
    };
    let public_token = platform.public_token(product);
    let browser = Browser(platform);
    let page = browser.open(&format!(
        "{ORIGIN}{path}?public_token={public_token}{query}"
    ));
    let state = param(&page.url, "state");
    let form = [&[("state", state.as_str())], account].concat();
    param(&browser.post(&page, &form).url, "token")
}

#[test]
fn a_user_logs_in_with_google_and_comes_back() {
    let users = Users::new();
    let account = [("email_address", "ola@example.com"), ("name", "Ola")];
    let log_in = || consumer::OAuthAuthenticateRequest {
        token: token(&users.platform, GOOGLE, "", &account),
        session_duration_minutes: Some(60),
        ..Default::default()
    };
    let oauth = users.client.oauth();
    let request = log_in();
    let login = ok(oauth.authenticate(&request));
    let session = (
        login.user_session,
        &*login.session_token,
        &*login.session_jwt,
    );
    users.stays_and_ends(session, &login.user_id, &["oauth"]);
    refused(oauth.authenticate(&request), "oauth_token_not_found");
    let back = ok(oauth.authenticate(&log_in()));
    assert_eq!(back.user_id, login.user_id);
    assert_eq!(back.provider_subject, login.provider_subject);
    assert_eq!(back.user.providers.len(), 1);
}

#[test]
fn a_user_adds_an_account_at_github_and_logs_in_with_it() {
    let users = Users::new();
    let user_id = users.user("ada@example.com");
    let oauth = users.client.oauth();
    let attach = consumer::OAuthAttachRequest {
        provider: "github".into(),
        user_id: Some(user_id.clone()),
        ..Default::default()
    };
    let attach_token = ok(oauth.attach(&attach)).oauth_attach_token;
    // The account has another email address: without the attach token it would be another user.
    let account = [("email_address", "other@example.com"), ("subject", "s-1")];
    let log_in = |query: &str| consumer::OAuthAuthenticateRequest {
        token: token(&users.platform, GITHUB, query, &account),
        session_duration_minutes: Some(60),
        ..Default::default()
    };
    let added = log_in(&format!("&oauth_attach_token={attach_token}"));
    assert_eq!(ok(oauth.authenticate(&added)).user_id, user_id);
    refused(oauth.authenticate(&added), "oauth_token_not_found");
    let login = ok(oauth.authenticate(&log_in("")));
    let session = (
        login.user_session,
        &*login.session_token,
        &*login.session_jwt,
    );
    users.stays_and_ends(session, &user_id, &["oauth"]);
}

#[test]
fn a_member_logs_in_to_an_organization_with_microsoft() {
    let members = Members::new();
    let organization_id = members.organization(Default::default());
    let member_id = members.member(&organization_id, "mary@acme.example");
    let account = [("email_address", "mary@acme.example")];
    let query = format!("&organization_id={organization_id}");
    let request = b2b::OAuthAuthenticateRequest {
        oauth_token: token(&members.platform, MICROSOFT, &query, &account),
        ..Default::default()
    };
    let login = ok(members.client.oauth().authenticate(&request));
    let session = (
        login.member_session,
        &*login.session_token,
        &*login.session_jwt,
    );
    members.is_logged_in(session, &member_id, &["oauth"]);
    let provider = b2b::OrganizationsMembersOAuthProvidersProviderInformationRequest {
        organization_id,
        member_id,
        ..Default::default()
    };
    let of_members = members.client.organizations().members();
    let stored = ok(of_members.oauth_providers().microsoft(&provider));
    let values = login.provider_values.unwrap();
    assert_eq!(Some(stored.access_token), values.access_token);
    let oauth = members.client.oauth();
    refused(oauth.authenticate(&request), "oauth_token_not_found");
}

#[test]
fn a_user_discovers_an_organization_with_microsoft_and_joins_it() {
    let members = Members::new();
    let organization_id = members.organization(Default::default());
    let member_id = members.member(&organization_id, "kay@acme.example");
    let account = [("email_address", "kay@acme.example")];
    let request = b2b::OAuthDiscoveryAuthenticateRequest {
        discovery_oauth_token: token(&members.platform, DISCOVERY, "", &account),
        ..Default::default()
    };
    let discovery = members.client.oauth().discovery();
    let found = ok(discovery.authenticate(&request));
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
    members.is_logged_in(session, &member_id, &["oauth"]);
    refused(discovery.authenticate(&request), "oauth_token_not_found");
}
