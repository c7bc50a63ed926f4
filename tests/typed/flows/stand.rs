//! The clients of the flows, each with an emulator of its own, and the checks of the session of a log-in.

use std::{fmt::Debug, future::Future, sync::Arc};

use serde_json::{Value, json};
use stytch_edge::{B2bClient, Client, Error, Result, b2b, consumer, shared::AuthenticationFactor};
use stytch_emulator::{Request, Response};

use crate::test_platform::{TestPlatform, run};

pub const FIRST_PASSWORD: &str = "violet-harbour-lantern-41";
pub const SECOND_PASSWORD: &str = "walnut bicycles hum at dawn";

/// The client of a consumer project.
pub struct Users {
    pub platform: Arc<TestPlatform>,
    pub client: Client,
}

/// The client of a B2B project.
pub struct Members {
    pub platform: Arc<TestPlatform>,
    pub client: B2bClient,
}

/// A log-in: the session, the session token and the session JWT.
pub type LogIn<'a, Session> = (Option<Session>, &'a str, &'a str);

impl Users {
    pub fn new() -> Self {
        let platform = TestPlatform::new();
        let client = platform.client();
        Self { platform, client }
    }

    /// Creates a user with this email address, and returns its id.
    pub fn user(&self, email: &str) -> String {
        let request = consumer::UsersCreateRequest {
            email: Some(email.into()),
            ..Default::default()
        };
        ok(self.client.users().create(&request)).user_id
    }

    /// Asserts that the session belongs to the user, by these factors, and that it is valid locally and at the API until
    /// it is revoked.
    #[track_caller]
    pub fn stays_and_ends(
        &self,
        (session, token, jwt): LogIn<consumer::Session>,
        user_id: &str,
        factors: &[&str],
    ) {
        let session = session.unwrap();
        assert_eq!(session.user_id, user_id);
        assert_eq!(types(&session.authentication_factors), factors);
        let local = consumer::SessionsAuthenticateJwtLocalRequest {
            session_jwt: jwt.into(),
            ..Default::default()
        };
        let local = ok(self.client.sessions().authenticate_jwt_local(&local));
        assert_eq!(local.user_id, user_id);
        assert_eq!(ok(self.authenticate(token)).user.user_id, user_id);
        let revoke = consumer::SessionsRevokeRequest {
            session_token: Some(token.into()),
            ..Default::default()
        };
        ok(self.client.sessions().revoke(&revoke));
        refused(self.authenticate(token), "session_not_found");
    }

    /// Has the API authenticate a session.
    pub async fn authenticate(
        &self,
        token: &str,
    ) -> Result<consumer::SessionsAuthenticateResponse> {
        let request = consumer::SessionsAuthenticateRequest {
            session_token: Some(token.into()),
            ..Default::default()
        };
        self.client.sessions().authenticate(&request).await
    }
}

impl Members {
    pub fn new() -> Self {
        let platform = TestPlatform::new();
        let client = platform.b2b_client();
        Self { platform, client }
    }

    /// Creates an organization that members of acme.example may join, and returns its id.
    pub fn organization(&self, settings: b2b::OrganizationsCreateRequest) -> String {
        let request = b2b::OrganizationsCreateRequest {
            organization_name: "Acme".into(),
            email_allowed_domains: Some(vec!["acme.example".into()]),
            email_jit_provisioning: Some("RESTRICTED".into()),
            ..settings
        };
        let created = ok(self.client.organizations().create(&request));
        created.organization.organization_id
    }

    /// Creates a member, and returns its id.
    pub fn member(&self, organization_id: &str, email_address: &str) -> String {
        let request = b2b::OrganizationsMembersCreateRequest {
            organization_id: organization_id.into(),
            email_address: email_address.into(),
            ..Default::default()
        };
        ok(self.client.organizations().members().create(&request, None)).member_id
    }

    /// Reads a member by the email address.
    pub fn read(&self, organization_id: &str, email_address: &str) -> b2b::Member {
        let request = b2b::OrganizationsMembersGetRequest {
            organization_id: organization_id.into(),
            email_address: Some(email_address.into()),
            ..Default::default()
        };
        ok(self.client.organizations().members().get(&request)).member
    }

    /// Sends a magic link of an organization, and opens it.
    pub fn magic_link(
        &self,
        organization_id: &str,
        email_address: &str,
    ) -> b2b::MagicLinksAuthenticateResponse {
        let request = b2b::MagicLinksEmailLoginOrSignupRequest {
            organization_id: organization_id.into(),
            email_address: email_address.into(),
            ..Default::default()
        };
        ok(self.client.magic_links().email().login_or_signup(&request));
        let request = b2b::MagicLinksAuthenticateRequest {
            magic_links_token: token_for(&self.platform, email_address),
            ..Default::default()
        };
        let opened = ok(self.client.magic_links().authenticate(&request));
        let again = self.client.magic_links();
        refused(again.authenticate(&request), "unable_to_auth_magic_link");
        opened
    }

    /// Continues from discovery to an organization. The token of the discovery works once.
    pub fn join(
        &self,
        intermediate_session_token: &str,
        organization_id: &str,
        discovered: &[b2b::DiscoveredOrganization],
    ) -> b2b::DiscoveryIntermediateSessionsExchangeResponse {
        let organizations = discovered.iter().flat_map(|found| &found.organization);
        let mut ids = organizations.map(|organization| organization.organization_id.as_str());
        assert!(
            ids.any(|id| id == organization_id),
            "the organization is discovered"
        );
        let request = b2b::DiscoveryIntermediateSessionsExchangeRequest {
            intermediate_session_token: intermediate_session_token.into(),
            organization_id: organization_id.into(),
            ..Default::default()
        };
        ok(self
            .client
            .discovery()
            .intermediate_sessions()
            .exchange(&request))
    }

    /// Asserts that the session belongs to the member, by these factors, and that it is valid locally and at the API.
    #[track_caller]
    pub fn is_logged_in(
        &self,
        (session, token, jwt): LogIn<b2b::MemberSession>,
        member_id: &str,
        factors: &[&str],
    ) {
        let session = session.unwrap();
        assert_eq!(session.member_id, member_id);
        assert_eq!(types(&session.authentication_factors), factors);
        let local = b2b::SessionsAuthenticateJwtLocalRequest {
            session_jwt: jwt.into(),
            ..Default::default()
        };
        let local = ok(self.client.sessions().authenticate_jwt_local(&local));
        assert_eq!(local.member_id, member_id);
        assert_eq!(ok(self.authenticate(token)).member.member_id, member_id);
    }

    /// Has the API authenticate a session.
    pub async fn authenticate(&self, token: &str) -> Result<b2b::SessionsAuthenticateResponse> {
        let request = b2b::SessionsAuthenticateRequest {
            session_token: Some(token.into()),
            ..Default::default()
        };
        self.client.sessions().authenticate(&request).await
    }
}

/// Returns the result of a call that must succeed.
#[track_caller]
pub fn ok<T>(call: impl Future<Output = Result<T>>) -> T {
    run(call).unwrap()
}

/// Asserts that the API refuses a call with this error type.
#[track_caller]
pub fn refused<T: Debug>(call: impl Future<Output = Result<T>>, error_type: &str) {
    match run(call) {
        Err(Error::Api(error)) => assert_eq!(error.error_type.as_deref(), Some(error_type)),
        other => panic!("expected {error_type}, found {other:?}"),
    }
}

fn types(factors: &[AuthenticationFactor]) -> Vec<&str> {
    factors
        .iter()
        .map(|factor| factor.r#type.as_str())
        .collect()
}

/// Returns the token in the newest email to this address.
#[track_caller]
pub fn token_for(platform: &TestPlatform, address: &str) -> String {
    text(&message_to(platform, address)["token"])
}

/// Returns the code in the newest message to this address or phone number, and a wrong code.
#[track_caller]
pub fn codes_for(platform: &TestPlatform, to: &str) -> (String, String) {
    let code = text(&message_to(platform, to)["code"]);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    (code, wrong.into())
}

/// Returns the newest message to this email address or phone number.
#[track_caller]
fn message_to(platform: &TestPlatform, to: &str) -> Value {
    let outbox = platform.control("GET", "/_emulator/outbox.json", &json!({}));
    let mut messages = outbox["messages"].as_array().unwrap().iter();
    messages
        .find(|message| message["to"] == to)
        .unwrap()
        .clone()
}

/// Returns a token with which an employee impersonates the user or member.
pub fn impersonation_token(platform: &TestPlatform, subject: &Value) -> String {
    let created = platform.control("POST", "/_emulator/impersonation_tokens", subject);
    text(&created["impersonation_token"])
}

#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Sends a form to an OAuth 2.0 route of a product, as an app does, and returns the body.
pub fn send_form(
    platform: &TestPlatform,
    product: &str,
    route: &str,
    form: &[(&str, &str)],
) -> Value {
    let path = format!("/v1/public/{}/oauth2/{route}", platform.project_id(product));
    let request = crate::devices::browser::request("POST", &path, form);
    body(&platform.deliver(&request))
}

/// Sends a request of a directory with its bearer token, and returns the status and the body.
pub fn send_scim(
    platform: &TestPlatform,
    (method, path): (&str, &str),
    bearer_token: &str,
    body_sent: &Value,
) -> (u16, Value) {
    let response = platform.deliver(&Request {
        method: method.into(),
        path: path.into(),
        headers: vec![("Authorization".into(), format!("Bearer {bearer_token}"))],
        body: body_sent.to_string().into(),
        ..Request::default()
    });
    (response.status, body(&response))
}

fn body(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}
