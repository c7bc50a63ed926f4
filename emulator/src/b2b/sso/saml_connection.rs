//! The data of a SAML connection, and the values that an update accepts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1v15::SigningKey;
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding as _, Signer as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::certificates::{StoredCertificate, StoredPrivateKey, private_key};
use super::connection::identity_provider;
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::merge::Object;
use crate::redirects;
use crate::saml::EMAIL_ADDRESS;

/// The part of an SSO connection that only SAML has. Unset strings are empty.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Saml {
    pub(crate) idp_entity_id: String,
    pub(crate) idp_sso_url: String,
    pub(crate) attribute_mapping: Option<Object>,
    pub(crate) signing_private_key: Option<String>,
    pub(crate) signing_certificates: Vec<StoredCertificate>,
    pub(crate) verification_certificates: Vec<StoredCertificate>,
    pub(crate) encryption_private_keys: Vec<StoredPrivateKey>,
    pub(crate) connection_roles: Vec<Value>,
    pub(crate) group_roles: Vec<Value>,
    pub(crate) alternative_audience_uri: String,
    pub(crate) identity_provider: String,
    pub(crate) nameid_format: String,
    pub(crate) alternative_acs_url: String,
    pub(crate) idp_initiated_auth_disabled: bool,
    pub(crate) allow_gateway_callback: bool,
}

impl Saml {
    pub(super) fn new(identity_provider: Option<String>) -> Self {
        Self {
            idp_entity_id: String::new(),
            idp_sso_url: String::new(),
            attribute_mapping: None,
            signing_private_key: None,
            signing_certificates: Vec::new(),
            verification_certificates: Vec::new(),
            encryption_private_keys: Vec::new(),
            connection_roles: Vec::new(),
            group_roles: Vec::new(),
            alternative_audience_uri: String::new(),
            identity_provider: identity_provider.unwrap_or_else(|| "generic".to_owned()),
            nameid_format: EMAIL_ADDRESS.to_owned(),
            alternative_acs_url: String::new(),
            idp_initiated_auth_disabled: false,
            allow_gateway_callback: false,
        }
    }

    pub(crate) fn is_active(&self) -> bool {
        !self.idp_entity_id.is_empty()
            && !self.idp_sso_url.is_empty()
            && self.attribute_mapping.is_some()
            && !self.verification_certificates.is_empty()
    }

    /// Returns the members of the API's form that only SAML has.
    pub(super) fn view(&self, acs_url: &str) -> Value {
        json!({
            "attribute_mapping": self.attribute_mapping,
            "idp_entity_id": self.idp_entity_id,
            "idp_sso_url": self.idp_sso_url,
            "acs_url": acs_url,
            "audience_uri": acs_url,
            "signing_certificates": self.signing_certificates,
            "verification_certificates": self.verification_certificates,
            "encryption_private_keys": self.encryption_private_keys,
            "saml_connection_implicit_role_assignments": self.connection_roles,
            "saml_group_implicit_role_assignments": self.group_roles,
            "alternative_audience_uri": self.alternative_audience_uri,
            "identity_provider": self.identity_provider,
            "nameid_format": self.nameid_format,
            "alternative_acs_url": self.alternative_acs_url,
            "idp_initiated_auth_disabled": self.idp_initiated_auth_disabled,
            "allow_gateway_callback": self.allow_gateway_callback,
        })
    }

    /// Changes the values that the call has, except the role assignments, which need the policy.
    pub(super) fn update(
        &mut self,
        ids: &mut Ids,
        fields: &Fields,
        now: UnixSeconds,
    ) -> Result<(), Failure> {
        let texts = [
            ("idp_entity_id", &mut self.idp_entity_id),
            ("nameid_format", &mut self.nameid_format),
            (
                "alternative_audience_uri",
                &mut self.alternative_audience_uri,
            ),
            ("alternative_acs_url", &mut self.alternative_acs_url),
        ];
        for (name, value) in texts {
            if let Some(text) = fields.text(name)? {
                text.clone_into(value);
            }
        }
        let flags = [
            (
                "idp_initiated_auth_disabled",
                &mut self.idp_initiated_auth_disabled,
            ),
            ("allow_gateway_callback", &mut self.allow_gateway_callback),
        ];
        for (name, value) in flags {
            *value = fields.flag(name)?.unwrap_or(*value);
        }
        if let Some(name) = identity_provider(fields)? {
            self.identity_provider = name;
        }
        if let Some(url) = fields.text("idp_sso_url")? {
            self.set_sso_url(url)?;
        }
        if let Some(mapping) = fields.object("attribute_mapping")? {
            validate_mapping(mapping)?;
            self.attribute_mapping = Some(mapping.clone());
        }
        if let Some(text) = fields.text("x509_certificate")? {
            self.add_certificate(ids, text, now)?;
        }
        if let Some(text) = fields.text("signing_private_key")? {
            let key = private_key(text)?;
            let certificate = StoredCertificate::of_signing_key(ids, key, now)?;
            self.signing_private_key = Some(text.to_owned());
            self.signing_certificates = vec![certificate];
        }
        if let Some(text) = fields.text("saml_encryption_private_key")? {
            let key = StoredPrivateKey::of_decryption(ids, text, now)?;
            self.encryption_private_keys.push(key);
        }
        Ok(())
    }

    /// Signs a request of the redirect binding (SAML 2.0 bindings, section 3.4.4.1), if the connection has a key for it.
    pub(super) fn sign_request(
        &self,
        params: &mut Vec<(&'static str, String)>,
    ) -> Result<(), Failure> {
        let Some(text) = &self.signing_private_key else {
            return Ok(());
        };
        params.push(("SigAlg", RSA_SHA256.to_owned()));
        let mut signed = form_urlencoded::Serializer::new(String::new());
        signed.extend_pairs(params.iter().map(|(name, value)| (*name, value.as_str())));
        let key = SigningKey::<Sha256>::new(private_key(text)?);
        let signature = key.try_sign(signed.finish().as_bytes());
        let signature = signature.map_err(|_| &errors::SAML_SIGNING_PRIVATE_KEY_INVALID)?;
        params.push(("Signature", STANDARD.encode(signature.to_vec())));
        Ok(())
    }

    /// Sets the URL to which members are redirected.
    pub(super) fn set_sso_url(&mut self, url: &str) -> Result<(), Failure> {
        match redirects::origin_kind(url) {
            redirects::OriginKind::Secure => url.clone_into(&mut self.idp_sso_url),
            redirects::OriginKind::Insecure => {
                return Err(errors::SAML_IDP_SSO_URL_NOT_HTTPS.failure());
            }
            redirects::OriginKind::Malformed => {
                return Err(errors::SAML_IDP_SSO_URL_INVALID.failure());
            }
        }
        Ok(())
    }

    /// Adds a verification certificate. A certificate that the connection has already stays as it is.
    pub(super) fn add_certificate(
        &mut self,
        ids: &mut Ids,
        text: &str,
        now: UnixSeconds,
    ) -> Result<(), Failure> {
        let added = StoredCertificate::of_identity_provider(ids, text, now)?;
        let mut known = self.verification_certificates.iter();
        if known.any(|known| known.certificate == added.certificate) {
            return Ok(());
        }
        if self.verification_certificates.len() >= MAX_CERTIFICATES {
            return Err(errors::TOO_MANY_VERIFICATION_CERTIFICATES.failure());
        }
        self.verification_certificates.push(added);
        Ok(())
    }

    /// Returns an error if roles are assigned by groups, but no attribute has the groups.
    pub(super) fn validate_groups(&self) -> Result<(), Failure> {
        let mapping = self.attribute_mapping.as_ref();
        let has_groups = mapping.is_some_and(|mapping| mapping.contains_key("groups"));
        if !self.group_roles.is_empty() && !has_groups {
            return Err(errors::SAML_ATTRIBUTE_MAPPING_WITHOUT_GROUPS.failure());
        }
        Ok(())
    }
}

/// Returns an error unless the mapping has attributes for the email address and the name.
fn validate_mapping(mapping: &Object) -> Result<(), Failure> {
    let is_set = |name: &str| {
        let attribute = mapping.get(name).and_then(Value::as_str);
        attribute.is_some_and(|attribute| !attribute.is_empty())
    };
    if !mapping.values().all(Value::is_string) {
        return Err(errors::SAML_ATTRIBUTE_MAPPING_NESTED.failure());
    }
    if !is_set("email") {
        return Err(errors::SAML_EMAIL_MAPPING_REQUIRED.failure());
    }
    let has_name = is_set("full_name") || is_set("first_name") && is_set("last_name");
    if !has_name {
        return Err(errors::SAML_NAME_MAPPING_REQUIRED.failure());
    }
    Ok(())
}

const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const MAX_CERTIFICATES: usize = 5;
