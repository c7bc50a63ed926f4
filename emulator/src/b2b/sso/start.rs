//! The start of a log-in with SSO: the browser is sent to the identity provider.

use super::connection::{Connection, Protocol};
use super::logins::{LoginRequest, Targets};
use crate::b2b::B2b;
use crate::call::{Call, Reply};
use crate::errors::{self, ErrorRow, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::links;
use crate::merge::Object;
use crate::message::Response;
use crate::redirects::{self, OriginKind};
use crate::saml::request::AuthnRequest;

/// `GET /v1/public/sso/start`. The log-in must be completed at the identity provider within 10 minutes.
pub(crate) fn start(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let connection_id = call.query_param("connection_id");
    let connection_id = connection_id.ok_or(&errors::MISSING_SSO_CONNECTION_LOCATOR)?;
    let targets = Targets {
        login_url: redirect_url(call, "login_redirect_url", &errors::INVALID_LOGIN_SSO_URL)?,
        signup_url: redirect_url(call, "signup_redirect_url", &errors::INVALID_SIGNUP_SSO_URL)?,
        code_challenge: code_challenge(call)?,
    };
    let known = b2b.connections.get(&connection_id);
    let known = known.ok_or(&errors::SSO_CONNECTION_NOT_FOUND)?;
    let used = b2b.used_connection(known)?;
    let state = ids.opaque_token();
    let request_id = format!("_{}", ids.bearer_token());
    let callback = used.callback_url(&call.request.origin());
    let (url, params) = match &used.protocol {
        Protocol::Saml(saml) => {
            let request = AuthnRequest {
                id: request_id.clone(),
                issuer: callback.clone(),
                acs_url: callback,
                destination: saml.idp_sso_url.clone(),
                nameid_format: saml.nameid_format.clone(),
                issued_at: call.now.rfc3339(),
            };
            let mut params = vec![
                ("SAMLRequest", request.encode()),
                ("RelayState", state.clone()),
            ];
            saml.sign_request(&mut params)?;
            (&saml.idp_sso_url, params)
        }
        Protocol::Oidc(oidc) => {
            let scopes = match oidc.custom_scopes.replace("%20", " ") {
                scopes if scopes.is_empty() => "openid email profile".to_owned(),
                scopes => scopes,
            };
            let params = vec![
                ("response_type", "code".to_owned()),
                ("client_id", oidc.client_id.clone()),
                ("redirect_uri", callback),
                ("scope", scopes),
                ("state", state.clone()),
                ("nonce", request_id.clone()),
            ];
            (&oidc.authorization_url, params)
        }
        Protocol::External(_) => return Err(errors::SSO_CONNECTION_NOT_FOUND.failure()),
    };
    let params: Vec<(&str, &str)> = params
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let location = redirects::link(url, &params);
    let request = LoginRequest {
        connection_id,
        request_id,
        targets,
        expires_at: call.now.plus_minutes(LIFETIME_MINUTES),
    };
    b2b.logins.put_request(state, request);
    Ok(Reply::other(Response::redirect(location)))
}

impl B2b {
    /// Returns the connection whose identity provider is used: that of an external connection, or the connection itself.
    /// It must be active.
    pub(super) fn used_connection(&self, connection: &Connection) -> Result<Connection, Failure> {
        let (used, inactive) = match &connection.protocol {
            Protocol::External(external) => (
                self.connections.get(&external.external_connection_id),
                &errors::EXTERNAL_CONNECTION_NOT_ACTIVE,
            ),
            _ => (Some(connection), &errors::SSO_CONNECTION_NOT_FOUND),
        };
        let used = used.filter(|used| used.is_active());
        used.cloned().ok_or_else(|| inactive.failure())
    }
}

/// Reads a redirect URL of the query.
fn redirect_url(call: &Call, name: &str, malformed: &'static ErrorRow) -> Result<String, Failure> {
    let Some(url) = call.query_param(name) else {
        return Ok(redirects::DEFAULT.to_owned());
    };
    match redirects::origin_kind(&url) {
        _ if url.contains('#') => Err(malformed.failure()),
        OriginKind::Malformed => Err(malformed.failure()),
        OriginKind::Secure => Ok(url),
        OriginKind::Insecure => Err(errors::NO_MATCH_FOR_SSO_URL.failure()),
    }
}

fn code_challenge(call: &Call) -> Result<Option<String>, Failure> {
    let name = "pkce_code_challenge";
    let mut fields = Object::new();
    fields.insert(name.to_owned(), call.query_param(name).into());
    links::code_challenge(&Fields::from(fields), name)
}

const LIFETIME_MINUTES: i64 = 10;
