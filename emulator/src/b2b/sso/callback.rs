//! The return from an identity provider: its response becomes a token, with which the browser is sent to the application.

use rsa::RsaPublicKey;
use serde_json::{Value, json};

use super::certificates::public_key;
use super::connection::{Connection, Protocol};
use super::logins::{Identity, LoginRequest, SsoToken, Targets};
use super::oidc::Oidc;
use super::saml_connection::Saml;
use super::{openid, pem};
use crate::b2b::B2b;
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::merge::Object;
use crate::message::Response;
use crate::redirects;
use crate::saml::response::{self, Expected, VerifiedAssertion};
use crate::shapes;

/// `POST /v1/b2b/sso/callback/{connection_id}`: the assertion consumer service of a SAML connection.
pub(crate) fn saml(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let field = call.fields.text("SAMLResponse")?;
    let xml = response::decode(field.ok_or(&errors::MISSING_SAML_RESPONSE)?)?;
    let state = call
        .fields
        .text("RelayState")?
        .unwrap_or_default()
        .to_owned();
    let unknown = &errors::SAML_CONNECTION_NOT_FOUND;
    let used = b2b.connections.get(call.path_param("connection_id"));
    let used = used.filter(|used| used.is_active()).cloned();
    let used = used.ok_or(unknown)?;
    let Protocol::Saml(saml) = &used.protocol else {
        return Err(unknown.failure());
    };
    let request = request_of(b2b, &used, &state, call);
    if request.is_none() && saml.idp_initiated_auth_disabled {
        return Err(errors::SAML_IDP_INITIATED_AUTH_DISABLED.failure());
    }
    let assertion = verify(saml, &used, request.as_ref(), &xml, call)?;
    let key = format!("{} {}", used.connection_id, assertion.id);
    if b2b.logins.has_assertion(&key) {
        return Err(errors::DUPLICATE_SAML_RESPONSE.failure());
    }
    let expires_at = assertion.expires_at;
    let identity = saml.identity(assertion)?;
    let reply = accept(b2b, ids, (&used, &state, request), identity, call)?;
    b2b.logins.put_assertion(key, expires_at, call.now);
    Ok(reply)
}

/// `GET /v1/b2b/sso/callback/{connection_id}`: the redirect URL of an OpenID Connect connection.
pub(crate) fn oidc(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let state = call.query_param("state");
    let state = state.ok_or(&errors::MISSING_OIDC_STATE_PARAM)?;
    let unknown = &errors::OIDC_CONNECTION_NOT_FOUND;
    let used = b2b.connections.get(call.path_param("connection_id"));
    let used = used.filter(|used| used.is_active()).cloned();
    let used = used.ok_or(unknown)?;
    let Protocol::Oidc(oidc) = &used.protocol else {
        return Err(unknown.failure());
    };
    let request = request_of(b2b, &used, &state, call);
    let request = request.ok_or(&errors::UNSOLICITED_OIDC_RESPONSE)?;
    let code = call
        .query_param("code")
        .ok_or(&errors::OIDC_AUTH_CODE_ERROR)?;
    let callback = used.callback_url(&call.request.origin());
    let claims = openid::redeem(b2b, oidc, (&code, &callback), &request.request_id, call.now)?;
    let identity = oidc.identity(&claims)?;
    accept(b2b, ids, (&used, &state, Some(request)), identity, call)
}

/// Returns the request with this state, if it used this connection.
fn request_of(b2b: &B2b, used: &Connection, state: &str, call: &Call) -> Option<LoginRequest> {
    let request = b2b.logins.request(state, call.now)?;
    let connection = b2b.connections.get(&request.connection_id)?;
    let same = b2b.used_connection(connection).ok()?;
    (same.connection_id == used.connection_id).then(|| request.clone())
}

fn verify(
    saml: &Saml,
    used: &Connection,
    request: Option<&LoginRequest>,
    xml: &str,
    call: &Call,
) -> Result<VerifiedAssertion, Failure> {
    let certificates = saml.verification_certificates.iter();
    let key = |text: &str| public_key(&pem::decode(pem::CERTIFICATE, text)?);
    let keys: Vec<RsaPublicKey> = certificates
        .filter_map(|known| key(&known.certificate))
        .collect();
    let acs_url = used.callback_url(&call.request.origin());
    let with = |alternative: &'_ String| match alternative.is_empty() {
        true => vec![acs_url.clone()],
        false => vec![acs_url.clone(), alternative.clone()],
    };
    let (recipients, audiences) = (
        with(&saml.alternative_acs_url),
        with(&saml.alternative_audience_uri),
    );
    let recipients: Vec<&str> = recipients.iter().map(String::as_str).collect();
    let audiences: Vec<&str> = audiences.iter().map(String::as_str).collect();
    let expected = Expected {
        issuer: &saml.idp_entity_id,
        keys: &keys,
        audiences: &audiences,
        recipients: &recipients,
        in_response_to: request.map(|request| request.request_id.as_str()),
        now: call.now,
    };
    response::verify(xml, &expected)
}

/// Creates the token, and sends the browser to the application. The user must be a member or be able to join.
fn accept(
    b2b: &mut B2b,
    ids: &mut Ids,
    (used, state, request): (&Connection, &str, Option<LoginRequest>),
    identity: Identity,
    call: &Call,
) -> Result<Reply, Failure> {
    let own = request
        .as_ref()
        .map_or(&used.connection_id, |request| &request.connection_id);
    let connection = b2b.connections.get(own);
    let connection = connection.ok_or(&errors::SSO_CONNECTION_NOT_FOUND)?.clone();
    let is_member = b2b.sso_member(&connection, &identity).is_some();
    if !is_member {
        b2b.admit_by_sso(&connection)?;
    }
    let targets = request.map_or_else(Targets::default, |request| request.targets);
    let url = match is_member {
        true => targets.login_url,
        false => targets.signup_url,
    };
    let token = ids.opaque_token();
    let params = [("stytch_token_type", "sso"), ("token", token.as_str())];
    let location = redirects::link(&url, &params);
    let content = SsoToken {
        connection_id: connection.connection_id,
        identity,
        code_challenge: targets.code_challenge,
        expires_at: call.now.plus_minutes(TOKEN_MINUTES),
    };
    b2b.logins.put_token(token, content);
    b2b.logins.remove_request(state);
    Ok(Reply::other(Response::redirect(location)))
}

impl Default for Targets {
    fn default() -> Self {
        Self {
            login_url: redirects::DEFAULT.to_owned(),
            signup_url: redirects::DEFAULT.to_owned(),
            code_challenge: None,
        }
    }
}

impl Saml {
    /// Reads the user by the attribute mapping. The attribute `NameID` is the NameID of the subject.
    fn identity(&self, assertion: VerifiedAssertion) -> Result<Identity, Failure> {
        let mapped = |name: &str| -> Vec<String> {
            let mapping = self.attribute_mapping.as_ref();
            let attribute = mapping.and_then(|mapping| mapping.get(name)?.as_str());
            match attribute {
                None => Vec::new(),
                Some("NameID") => vec![assertion.name_id.clone()],
                Some(attribute) => assertion
                    .attributes
                    .get(attribute)
                    .cloned()
                    .unwrap_or_default(),
            }
        };
        let first = |name: &str| mapped(name).into_iter().next().unwrap_or_default();
        let email = first("email").to_lowercase();
        if !shapes::is_email(&email) {
            return Err(errors::INVALID_SAML_RESPONSE_EMAIL.failure());
        }
        let joined = format!("{} {}", first("first_name"), first("last_name"));
        let full_name = first("full_name");
        let name = if full_name.is_empty() {
            joined.trim().to_owned()
        } else {
            full_name
        };
        let attributes = assertion.attributes.iter();
        Ok(Identity {
            email_address: email,
            name,
            groups: mapped("groups"),
            attributes: attributes
                .map(|(name, values)| (name.clone(), json!(values)))
                .collect(),
            external_id: assertion.name_id,
        })
    }
}

impl Oidc {
    /// Reads the user from the claims.
    fn identity(&self, claims: &Object) -> Result<Identity, Failure> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("sub").is_empty() {
            return Err(errors::OIDC_RESPONSE_SUBJECT_MISSING.failure());
        }
        let email = text("email").to_lowercase();
        if !shapes::is_email(&email) {
            return Err(errors::OIDC_RESPONSE_EMAIL_MISSING.failure());
        }
        Ok(Identity {
            external_id: text("sub").to_owned(),
            email_address: email,
            name: text("name").to_owned(),
            groups: Vec::new(),
            attributes: claims.clone(),
        })
    }
}

const TOKEN_MINUTES: i64 = 5;
