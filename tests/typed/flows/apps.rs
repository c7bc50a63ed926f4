//! Connected Apps: consent, tokens, and their end.

use stytch_edge::{
    IntrospectTokenOptions, b2b, consumer,
    shared::{ClientType, ConnectedAppResource, ConnectedAppsClientsCreateRequest},
};

use super::stand::{Members, Users, ok, refused, send_form, text, token_for};

const CALLBACK: &str = "https://app.example/callback";

#[test]
fn a_connected_app_acts_for_a_user_until_the_user_revokes_it() {
    let users = Users::new();
    let user_id = users.user("ada@example.com");
    let app = App::create(&users.client.connected_app(), ClientType::ThirdParty);
    let scopes = vec!["openid".into(), "offline_access".into()];
    let authorize = consumer::IDPOAuthAuthorizeRequest {
        consent_granted: true,
        user_id: Some(user_id.clone()),
        scopes,
        ..app.request()
    };
    let idp = users.client.idp();
    let denied = consumer::IDPOAuthAuthorizeRequest {
        consent_granted: false,
        ..authorize.clone()
    };
    let denied = ok(idp.oauth().authorize(&denied));
    assert_eq!(denied.authorization_code, None);
    assert!(denied.redirect_uri.contains("error=access_denied"));
    let code = ok(idp.oauth().authorize(&authorize))
        .authorization_code
        .unwrap();
    let send = |route: &str, form: &[(&str, &str)]| {
        send_form(&users.platform, "consumer", route, &app.signed(form))
    };
    let grant = grant(&code);
    let tokens = send("token", &grant);
    let local = IntrospectTokenOptions::default();
    let access_token = text(&tokens["access_token"]);
    let claims = ok(idp.introspect_token_local(&access_token, &local));
    assert_eq!(
        (claims.subject, &*claims.scope),
        (user_id.clone(), "openid offline_access")
    );
    let refresh_token = text(&tokens["refresh_token"]);
    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &refresh_token),
    ];
    let network = consumer::IntrospectTokenRequest {
        token: text(&send("token", &refresh)["access_token"]),
        client_id: app.client_id.clone(),
        client_secret: Some(app.client_secret.clone()),
        ..Default::default()
    };
    let claims = ok(idp.introspect_token_network(&network, None));
    assert_eq!(claims.subject, user_id);
    let listed = consumer::UsersConnectedAppsRequest { user_id };
    let listed = ok(users.client.users().connected_apps(&listed)).connected_apps;
    assert_eq!(listed[0].connected_app_id, app.client_id);

    let revoke = consumer::UsersRevokeRequest {
        user_id: claims.subject,
        connected_app_id: app.client_id.clone(),
    };
    ok(users.client.users().revoke(&revoke));
    assert_eq!(
        send("introspect", &[("token", &network.token)])["active"],
        false
    );
    assert_eq!(send("token", &refresh)["error"], "invalid_grant");
    assert_eq!(send("token", &grant)["error"], "invalid_grant");
}

#[test]
fn a_first_party_app_exchanges_its_token_for_a_session_of_the_user() {
    let users = Users::new();
    let send = consumer::MagicLinksEmailLoginOrCreateRequest {
        email: "grace@example.com".into(),
        ..Default::default()
    };
    ok(users.client.magic_links().email().login_or_create(&send));
    let open = consumer::MagicLinksAuthenticateRequest {
        token: token_for(&users.platform, "grace@example.com"),
        session_duration_minutes: Some(60),
        ..Default::default()
    };
    let login = ok(users.client.magic_links().authenticate(&open));
    let app = App::create(&users.client.connected_app(), ClientType::FirstParty);
    let authorize = consumer::IDPOAuthAuthorizeRequest {
        consent_granted: true,
        session_token: Some(login.session_token),
        scopes: vec!["full_access".into()],
        ..app.request()
    };
    let authorized = ok(users.client.idp().oauth().authorize(&authorize));
    let code = authorized.authorization_code.unwrap();
    let tokens = send_form(
        &users.platform,
        "consumer",
        "token",
        &app.signed(&grant(&code)),
    );
    let exchange = consumer::SessionsExchangeAccessTokenRequest {
        access_token: text(&tokens["access_token"]),
        session_duration_minutes: Some(60),
        ..Default::default()
    };
    let sessions = users.client.sessions();
    let exchanged = ok(sessions.exchange_access_token(&exchange));
    let session = (
        exchanged.session,
        &*exchanged.session_token,
        &*exchanged.session_jwt,
    );
    users.stays_and_ends(session, &login.user_id, &["oauth"]);
    // A session JWT is not an access token.
    let foreign = consumer::SessionsExchangeAccessTokenRequest {
        access_token: login.session_jwt,
        ..exchange
    };
    refused(
        sessions.exchange_access_token(&foreign),
        "idp_access_token_not_found",
    );
}

#[test]
fn an_organization_allows_an_app_for_its_members_and_forbids_it() {
    let members = Members::new();
    let organization_id = members.organization(Default::default());
    let member_id = members.member(&organization_id, "ada@acme.example");
    let app = App::create(&members.client.connected_app(), ClientType::FirstParty);
    let authorize = b2b::IDPOAuthAuthorizeRequest {
        consent_granted: true,
        client_id: app.client_id.clone(),
        redirect_uri: CALLBACK.into(),
        response_type: "code".into(),
        scopes: vec!["openid".into()],
        organization_id: Some(organization_id.clone()),
        member_id: Some(member_id.clone()),
        ..Default::default()
    };
    let idp = members.client.idp();
    let code = ok(idp.oauth().authorize(&authorize))
        .authorization_code
        .unwrap();
    let tokens = send_form(
        &members.platform,
        "b2b",
        "token",
        &app.signed(&grant(&code)),
    );
    let access_token = text(&tokens["access_token"]);
    let claims = ok(idp.introspect_token_local(&access_token, &IntrospectTokenOptions::default()));
    assert_eq!(claims.subject, member_id);
    assert_eq!(claims.organization.organization_id, organization_id);
    let update = b2b::OrganizationsUpdateRequest {
        organization_id,
        first_party_connected_apps_allowed_type: Some(
            b2b::PartyConnectedAppsAllowedType::NotAllowed,
        ),
        ..Default::default()
    };
    ok(members.client.organizations().update(&update, None));
    let oauth = idp.oauth();
    refused(
        oauth.authorize(&authorize),
        "connected_app_not_allowed_for_org",
    );
}

/// The credentials of an app.
struct App {
    client_id: String,
    client_secret: String,
}

impl App {
    fn create(apps: &ConnectedAppResource, client_type: ClientType) -> Self {
        let request = ConnectedAppsClientsCreateRequest {
            full_access_allowed: Some(client_type == ClientType::FirstParty),
            client_type,
            redirect_urls: Some(vec![CALLBACK.into()]),
            ..Default::default()
        };
        let app = ok(apps.clients().create(&request)).connected_app;
        Self {
            client_id: app.client_id,
            client_secret: app.client_secret.unwrap(),
        }
    }

    fn request(&self) -> consumer::IDPOAuthAuthorizeRequest {
        consumer::IDPOAuthAuthorizeRequest {
            client_id: self.client_id.clone(),
            redirect_uri: CALLBACK.into(),
            response_type: "code".into(),
            ..Default::default()
        }
    }

    /// A form with the credentials.
    fn signed<'a>(&'a self, form: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let credentials = [
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.client_secret.as_str()),
        ];
        [form, &credentials].concat()
    }
}

fn grant(code: &str) -> [(&str, &str); 3] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
    ]
}
