//! Builds the requests that flows send: for key sets, policies, sessions, introspections and M2M tokens.
//!
//! Each request uses a row of the endpoint table, like every other request. This module defines the arguments.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    Arguments, ClientError, Config, MemberSession, NotText, OutgoingRequest, build,
    endpoint::Endpoint,
};
use crate::{
    generated::endpoints::rows,
    session::{AuthorizationCheck, Product},
};

/// Builds the request for the project's key set, from the API or from the configured URL.
///
/// The request has no headers: the keys are public, so the secret is not needed, and a header of ours would cause a
/// CORS preflight in browsers.
///
/// # Errors
/// [`ClientError`] with `invalid_argument` if the project's id cannot be part of a path.
pub fn key_set_request(config: &Config) -> Result<OutgoingRequest<String>, ClientError> {
    let row = match config.issuer.product {
        Product::Consumer => rows::CONSUMER_SESSIONS_GET_JWKS,
        Product::B2b => rows::B2B_SESSIONS_GET_JWKS,
    };
    let project = ("project_id".to_owned(), config.issuer.project_id.clone());
    let mut request = request(config, row, vec![project], None)?;
    request.headers.clear();
    request.max_response_bytes = MAX_KEY_SET_BYTES;
    if let Some(url) = &config.jwks_url {
        request.url.clone_from(url);
    }
    Ok(request)
}

/// Builds the request for the project that the credentials belong to. The response's date is needed, too.
///
/// # Errors
/// [`ClientError`] with `invalid_argument` if the endpoint table does not have the operation.
pub fn whoami_request(config: &Config) -> Result<OutgoingRequest<String>, ClientError> {
    let endpoint = Endpoint::of_operation("debug.whoami");
    let mut request = build_request(config, endpoint, NOTHING)?;
    request.needs_date = true;
    Ok(request)
}

/// Builds the request for the policy of the project, or of one of its organizations.
///
/// # Errors
/// [`ClientError`] with `invalid_argument` if the client has no secret, or if the organization's identifier cannot be
/// part of a path.
pub fn policy_request(
    config: &Config,
    organization_id: Option<&str>,
) -> Result<OutgoingRequest<String>, ClientError> {
    if config.secret.is_empty() || !cfg!(feature = "api") {
        return Err(ClientError::needs_secret());
    }
    let (row, path) = match (config.issuer.product, organization_id) {
        (Product::Consumer, _) => (rows::CONSUMER_RBAC_POLICY, Vec::new()),
        (Product::B2b, None) => (rows::B2B_RBAC_POLICY, Vec::new()),
        (Product::B2b, Some(id)) => (
            rows::B2B_RBAC_ORGANIZATIONS_GET_ORG_POLICY,
            vec![("organization_id".to_owned(), id.to_owned())],
        ),
    };
    let mut request = request(config, row, path, None)?;
    request.max_response_bytes = MAX_POLICY_BYTES;
    Ok(request)
}

/// The arguments of `sessions.authenticate`. Absent fields are not sent.
#[derive(Default, Serialize)]
pub struct AuthenticateSession<'a> {
    /// The session token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_token: Option<&'a str>,
    /// A JWT of the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_jwt: Option<&'a str>,
    /// The new remaining duration of the session in minutes, as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_duration_minutes: Option<&'a RawValue>,
    /// The custom claims to set, as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_custom_claims: Option<&'a RawValue>,
    /// The permission that the session must have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_check: Option<&'a AuthorizationCheck>,
}

/// Builds the request that authenticates a session.
///
/// # Errors
/// [`ClientError`] with `invalid_argument` if the arguments cannot be written as JSON.
pub fn session_request(
    config: &Config,
    question: &AuthenticateSession<'_>,
) -> Result<OutgoingRequest<String>, ClientError> {
    let row = match config.issuer.product {
        Product::Consumer => rows::CONSUMER_SESSIONS_AUTHENTICATE,
        Product::B2b => rows::B2B_SESSIONS_AUTHENTICATE,
    };
    let json = serde_json::to_string(question).map_err(|_| {
        ClientError::invalid_argument("the arguments of sessions.authenticate must be JSON values")
    })?;
    request(config, row, Vec::new(), Some(json))
}

/// Builds the request that authenticates the token of a log-in. `json` is its body.
///
/// # Errors
/// [`ClientError`] with `invalid_argument` if the endpoint table does not have the row.
#[cfg(feature = "api")]
pub fn log_in_request(
    config: &Config,
    row: &super::TokenType,
    json: String,
) -> Result<OutgoingRequest<String>, ClientError> {
    let fields = Fields {
        texts: Vec::new(),
        json: Some(json),
    };
    build_request(config, Endpoint::at(row.endpoint), fields)
}

/// Builds the request that revokes a session. `json` is its body.
///
/// # Errors
/// [`ClientError`] with `invalid_argument` if the endpoint table does not have the row.
#[cfg(feature = "api")]
pub fn revoke_request(
    config: &Config,
    json: String,
) -> Result<OutgoingRequest<String>, ClientError> {
    let endpoint = Endpoint::at(match config.issuer.product {
        Product::Consumer => "POST /v1/sessions/revoke",
        Product::B2b => "POST /v1/b2b/sessions/revoke",
    });
    let fields = Fields {
        texts: Vec::new(),
        json: Some(json),
    };
    build_request(config, endpoint, fields)
}

/// Builds the request that introspects the token of a Connected App (RFC 7662). `fields` are the fields of the form
/// except `project_id`.
///
/// # Errors
/// [`ClientError`] with `invalid_argument` if a field is too long.
pub fn introspection_request(
    config: &Config,
    fields: Vec<(String, String)>,
) -> Result<OutgoingRequest<String>, ClientError> {
    oauth_request(config, rows::IDP_INTROSPECT, fields)
}

/// Builds the request that exchanges the credentials of an M2M client for a token. `fields` are the fields of the form
/// except `project_id`.
///
/// # Errors
/// [`ClientError`] with `invalid_argument` if a field is too long.
pub fn token_request(
    config: &Config,
    fields: Vec<(String, String)>,
) -> Result<OutgoingRequest<String>, ClientError> {
    oauth_request(config, rows::M2M_TOKEN, fields)
}

fn oauth_request(
    config: &Config,
    row: &'static str,
    mut fields: Vec<(String, String)>,
) -> Result<OutgoingRequest<String>, ClientError> {
    fields.push(("project_id".to_owned(), config.issuer.project_id.clone()));
    request(config, row, fields, None)
}

fn request(
    config: &Config,
    row: &'static str,
    texts: Vec<(String, String)>,
    json: Option<String>,
) -> Result<OutgoingRequest<String>, ClientError> {
    build_request(config, Endpoint::read(row), Fields { texts, json })
}

fn build_request(
    config: &Config,
    endpoint: Option<Endpoint>,
    fields: Fields,
) -> Result<OutgoingRequest<String>, ClientError> {
    let endpoint = endpoint
        .ok_or_else(|| ClientError::invalid_argument("the endpoint table has no such row"))?;
    build(&endpoint, config, &fields, &MemberSession::default())
}

/// The arguments of the requests in this module.
struct Fields {
    /// The arguments for the path, the query or a form.
    texts: Vec<(String, String)>,
    /// The JSON body.
    json: Option<String>,
}

const NOTHING: Fields = Fields {
    texts: Vec::new(),
    json: None,
};

impl Arguments for Fields {
    type Json = String;

    fn is_absent(&self) -> bool {
        self.texts.is_empty() && self.json.is_none()
    }

    fn text(&self, name: &str) -> Result<Option<String>, NotText> {
        let found = self.texts.iter().find(|(known, _)| *known == name);
        Ok(found.map(|(_, text)| text.clone()))
    }

    fn pairs_without(
        &self,
        taken: &[&str],
        longest: u32,
    ) -> Result<Vec<(String, String)>, ClientError> {
        let rest = self.texts.iter();
        let rest = rest.filter(|(name, _)| !taken.contains(&name.as_str()));
        rest.map(|(name, text)| {
            if text.len() > longest as usize {
                let message = format!("{name} must have at most {longest} bytes");
                return Err(ClientError::invalid_argument(message));
            }
            Ok((name.clone(), text.clone()))
        })
        .collect()
    }

    fn json_without(&self, _: &[&str]) -> Result<String, ClientError> {
        Ok(self.json.clone().unwrap_or_default())
    }
}

/// The length limit of a key set: 256 KiB. A key of Stytch has about 2 KB.
const MAX_KEY_SET_BYTES: u32 = 256 << 10;

/// The length limit of a policy: 4 MiB.
const MAX_POLICY_BYTES: u32 = 4 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn config(product: Product) -> Config {
        let text = str::to_owned;
        let urls = (
            text("https://a.b/"),
            text("https://a.b"),
            text("https://c.d"),
        );
        Config::new(product, (text("p/"), text("s")), urls)
    }

    #[test]
    fn requests_keys_without_headers() {
        for (product, path) in [
            (Product::Consumer, "/v1/sessions/jwks/p%2F"),
            (Product::B2b, "/v1/b2b/sessions/jwks/p%2F"),
        ] {
            let request = key_set_request(&config(product)).unwrap();
            assert_eq!(request.url, format!("https://a.b{path}"));
            assert!(request.headers.is_empty() && request.body.is_none());
            assert_eq!(request.max_response_bytes, 262_144);
            assert_eq!(request.operation, "sessions.getJWKS");
            assert!(request.is_safe_to_repeat);
        }
        let elsewhere = Config {
            jwks_url: Some("https://keys.example/set".to_owned()),
            ..config(Product::B2b)
        };
        let request = key_set_request(&elsewhere).unwrap();
        assert_eq!(request.url, "https://keys.example/set");
        assert_eq!(request.path_template, "/v1/b2b/sessions/jwks/{project_id}");
    }

    #[test]
    fn requests_the_project_of_the_credentials_with_the_secret() {
        let request = whoami_request(&config(Product::B2b)).unwrap();
        assert_eq!(request.url, "https://a.b/v1/debug/whoami");
        let basic = ("Authorization", "Basic cC86cw==".to_owned());
        assert!(request.headers.contains(&basic) && request.body.is_none());
        assert!(request.is_safe_to_repeat && request.needs_date);
    }

    #[test]
    fn requests_policies_only_with_a_secret() {
        let url = |product, id| policy_request(&config(product), id).map(|request| request.url);
        let host = "https://a.b/v1";
        assert_eq!(
            url(Product::Consumer, None),
            Ok(format!("{host}/rbac/policy"))
        );
        assert_eq!(
            url(Product::B2b, None),
            Ok(format!("{host}/b2b/rbac/policy"))
        );
        assert_eq!(
            url(Product::B2b, Some("a/b")),
            Ok(format!("{host}/b2b/rbac/organizations/a%2Fb"))
        );
        assert!(url(Product::B2b, Some("..")).is_err());
        let request = policy_request(&config(Product::B2b), None).unwrap();
        let basic = ("Authorization", "Basic cC86cw==".to_owned());
        assert!(request.headers.contains(&basic));
        assert_eq!(request.max_response_bytes, 4_194_304);
        let without = Config {
            secret: crate::client::Secret::new(""),
            ..config(Product::Consumer)
        };
        assert!(policy_request(&without, None).is_err());
    }

    #[test]
    fn names_an_argument_that_is_missing_or_invalid_in_a_path() {
        let row = rows::B2B_RBAC_ORGANIZATIONS_GET_ORG_POLICY;
        let long = "a".repeat(4096);
        for (id, expected) in [
            (None, "organization_id is required"),
            (Some(""), "organization_id must not be empty"),
            (Some("."), r#"organization_id must not be "." or "..""#),
            (Some(".."), r#"organization_id must not be "." or "..""#),
            (
                Some("a\u{fffd}"),
                "organization_id must not contain unpaired surrogates or U+FFFD",
            ),
            (Some(&*long), ""),
        ] {
            let texts = id.map(|id| ("organization_id".to_owned(), id.to_owned()));
            let texts = texts.into_iter().collect();
            let error = request(&config(Product::B2b), row, texts, None).err();
            let message = error.map(|error| error.message.clone());
            assert_eq!(message.unwrap_or_default(), expected);
        }
    }

    #[test]
    fn writes_only_the_present_arguments_of_a_session_request() {
        let check = AuthorizationCheck {
            resource_id: "r\"".to_owned(),
            action: "a".to_owned(),
            organization_id: None,
        };
        let question = AuthenticateSession {
            session_jwt: Some("a.b.c"),
            authorization_check: Some(&check),
            ..AuthenticateSession::default()
        };
        let request = session_request(&config(Product::Consumer), &question).unwrap();
        let Some(crate::client::Body::Json(body)) = request.body else {
            panic!()
        };
        let written: serde_json::Value = serde_json::from_str(&body).unwrap();
        let expected = serde_json::json!({
            "session_jwt": "a.b.c", "authorization_check": {"resource_id": "r\"", "action": "a"},
        });
        assert_eq!(written, expected);
    }
}
