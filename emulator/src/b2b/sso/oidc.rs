//! OpenID Connect connections: their data and their routes.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::connection::identity_provider;
use super::saml::reply;
use super::{Connection, Protocol};
use crate::b2b::B2b;
use crate::call::{Call, Reply};
use crate::errors::{self, ErrorRow, Failure};
use crate::fields::Fields;
use crate::identity_provider::IdentityProvider;
use crate::ids::Ids;
use crate::merge::Object;
use crate::redirects::{self, OriginKind};

/// The part of an SSO connection that only OpenID Connect has. Unset strings are empty.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Oidc {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) issuer: String,
    pub(crate) authorization_url: String,
    pub(crate) token_url: String,
    pub(crate) userinfo_url: String,
    pub(crate) jwks_url: String,
    pub(crate) identity_provider: String,
    pub(crate) custom_scopes: String,
    pub(crate) attribute_mapping: Option<Object>,
}

impl Oidc {
    pub(crate) fn is_active(&self) -> bool {
        let needed = [
            &self.client_id,
            &self.client_secret,
            &self.issuer,
            &self.authorization_url,
            &self.token_url,
            &self.userinfo_url,
            &self.jwks_url,
        ];
        needed.iter().all(|text| !text.is_empty())
    }

    /// Returns the members of the API's form that only OpenID Connect has.
    pub(super) fn view(&self, redirect_url: &str) -> Value {
        let mut view = json!(self);
        if let Value::Object(members) = &mut view {
            members.insert("redirect_url".into(), json!(redirect_url));
        }
        view
    }

    /// Sets the URLs that the call does not have to the published URLs of the issuer.
    fn discover(&mut self, provider: &IdentityProvider, fields: &Fields) {
        let [authorization, token, userinfo, jwks] = provider.oidc_urls();
        let urls = [
            (
                "authorization_url",
                &mut self.authorization_url,
                authorization,
            ),
            ("token_url", &mut self.token_url, token),
            ("userinfo_url", &mut self.userinfo_url, userinfo),
            ("jwks_url", &mut self.jwks_url, jwks),
        ];
        for (name, value, published) in urls {
            if !fields.has(name) {
                *value = published;
            }
        }
    }

    /// Changes the values that the call has, and the URLs that a new issuer publishes. Returns a warning if they cannot be read.
    pub(super) fn configure(&mut self, fields: &Fields) -> Result<Option<&'static str>, Failure> {
        let issuer = self.issuer.clone();
        self.update(fields)?;
        if self.issuer == issuer {
            return Ok(None);
        }
        let Some(provider) = IdentityProvider::of_url(&self.issuer) else {
            return Ok(Some(WARNING));
        };
        self.discover(&provider, fields);
        Ok(None)
    }

    /// Changes the values that the call has.
    fn update(&mut self, fields: &Fields) -> Result<(), Failure> {
        let texts = [
            ("client_id", &mut self.client_id),
            ("client_secret", &mut self.client_secret),
            ("custom_scopes", &mut self.custom_scopes),
        ];
        for (name, value) in texts {
            if let Some(text) = fields.text(name)? {
                text.clone_into(value);
            }
        }
        let urls: [(&str, &mut String, &'static ErrorRow); 5] = [
            ("issuer", &mut self.issuer, &errors::OIDC_ISSUER_INVALID),
            (
                "authorization_url",
                &mut self.authorization_url,
                &errors::OIDC_AUTHORIZATION_URL_INVALID,
            ),
            (
                "token_url",
                &mut self.token_url,
                &errors::OIDC_TOKEN_URL_INVALID,
            ),
            (
                "userinfo_url",
                &mut self.userinfo_url,
                &errors::OIDC_USERINFO_URL_INVALID,
            ),
            (
                "jwks_url",
                &mut self.jwks_url,
                &errors::OIDC_JWKS_URL_INVALID,
            ),
        ];
        for (name, value, malformed) in urls {
            if let Some(url) = fields.text(name)? {
                if redirects::origin_kind(url) != OriginKind::Secure {
                    return Err(malformed.failure());
                }
                url.clone_into(value);
            }
        }
        if let Some(name) = identity_provider(fields)? {
            self.identity_provider = name;
        }
        if let Some(mapping) = fields.object("attribute_mapping")? {
            self.attribute_mapping = Some(mapping.clone());
        }
        Ok(())
    }
}

/// `POST /v1/b2b/sso/oidc/{organization_id}`. The connection is pending until the identity provider is configured.
pub(crate) fn create(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let name = call.fields.text("display_name")?.unwrap_or_default();
    let identity_provider = identity_provider(&call.fields)?;
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let oidc = Oidc {
        identity_provider: identity_provider.unwrap_or_else(|| "generic".to_owned()),
        ..Oidc::default()
    };
    let connection = Connection {
        organization_id: organization.organization_id.clone(),
        connection_id: ids.id("oidc-connection"),
        display_name: name.to_owned(),
        protocol: Protocol::Oidc(oidc),
    };
    Ok(reply(b2b, call, connection))
}

/// `PUT /v1/b2b/sso/oidc/{organization_id}/connections/{connection_id}`. If the issuer changes, the URLs that the call does
/// not have come from the configuration that the issuer publishes. The emulator can read it only if it is the issuer.
pub(crate) fn update(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let id = &organization.organization_id;
    let unknown = &errors::OIDC_CONNECTION_NOT_FOUND;
    let connections = &b2b.connections;
    let connection = connections.find(id, call.path_param("connection_id"), unknown)?;
    let mut connection = connection.clone();
    let Protocol::Oidc(oidc) = &mut connection.protocol else {
        return Err(unknown.failure());
    };
    let warning = oidc.configure(fields)?;
    connection.rename(fields)?;
    Ok(reply(b2b, call, connection).and(json!({ "warning": warning })))
}

const WARNING: &str =
    "The configuration of the issuer could not be read, so its URLs must be set explicitly.";
