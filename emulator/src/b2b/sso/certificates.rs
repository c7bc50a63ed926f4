//! The certificates and private keys of SAML connections.
//!
//! Knows only RSA. Certificates are X.509 (RFC 5280) in PEM, private keys PKCS #1 (RFC 8017, appendix A.1.2) in PEM.

use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::DecodePublicKey as _;
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde::{Deserialize, Serialize};
use x509_cert::Certificate;
use x509_cert::der::{Decode as _, Encode as _};

use super::pem;
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::keys::Material;

/// A certificate in the JSON form of the API.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredCertificate {
    pub(crate) certificate_id: String,
    /// The certificate in PEM.
    pub(crate) certificate: String,
    issuer: String,
    created_at: UnixSeconds,
    expires_at: UnixSeconds,
    updated_at: UnixSeconds,
}

/// A private key in the JSON form of the API.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredPrivateKey {
    pub(crate) private_key_id: String,
    /// The key in PEM.
    pub(crate) private_key: String,
    created_at: UnixSeconds,
}

impl StoredCertificate {
    /// Reads a certificate of an identity provider.
    ///
    /// Returns `invalid_x509_certificate` if it is not an X.509 certificate of an RSA key in PEM.
    pub(crate) fn of_identity_provider(
        ids: &mut Ids,
        text: &str,
        now: UnixSeconds,
    ) -> Result<Self, Failure> {
        let malformed = || errors::INVALID_X509_CERTIFICATE.failure();
        let der = pem::decode(pem::CERTIFICATE, text).ok_or_else(malformed)?;
        public_key(&der).ok_or_else(malformed)?;
        let id = ids.id("saml-verification-key");
        Self::of_der(id, &der, now).ok_or_else(malformed)
    }

    /// Creates the certificate of a key with which the API signs SAML requests.
    pub(crate) fn of_signing_key(
        ids: &mut Ids,
        key: RsaPrivateKey,
        now: UnixSeconds,
    ) -> Result<Self, Failure> {
        let failed = || errors::SAML_SIGNING_PRIVATE_KEY_INVALID.failure();
        let material = Material::new(key).map_err(|_| failed())?;
        let id = ids.id("saml-signing-key");
        Self::of_der(id, material.certificate(), now).ok_or_else(failed)
    }

    fn of_der(certificate_id: String, der: &[u8], now: UnixSeconds) -> Option<Self> {
        let certificate = Certificate::from_der(der).ok()?.tbs_certificate;
        let end = certificate.validity.not_after.to_unix_duration();
        Some(Self {
            certificate_id,
            certificate: pem::encode(pem::CERTIFICATE, der),
            issuer: certificate.issuer.to_string(),
            created_at: now,
            expires_at: UnixSeconds(i64::try_from(end.as_secs()).ok()?),
            updated_at: now,
        })
    }
}

impl StoredPrivateKey {
    /// Reads a key with which encrypted SAML responses are decrypted.
    ///
    /// Returns `saml_signing_private_key_invalid` if it is not an RSA key of PKCS #1 in PEM.
    pub(crate) fn of_decryption(
        ids: &mut Ids,
        text: &str,
        now: UnixSeconds,
    ) -> Result<Self, Failure> {
        private_key(text)?;
        Ok(Self {
            private_key_id: ids.id("saml-encryption-key"),
            private_key: text.to_owned(),
            created_at: now,
        })
    }
}

/// Reads a private key of PKCS #1 in PEM.
///
/// Returns `saml_signing_private_key_format_not_supported` for a key in another form, and
/// `saml_signing_private_key_invalid` for any other text.
pub(crate) fn private_key(text: &str) -> Result<RsaPrivateKey, Failure> {
    let is_of_another_form = ["PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY"]
        .iter()
        .any(|label| pem::decode(label, text).is_some());
    if is_of_another_form {
        return Err(errors::SAML_SIGNING_PRIVATE_KEY_FORMAT.failure());
    }
    let der = pem::decode(pem::RSA_PRIVATE_KEY, text);
    let key = der.and_then(|der| RsaPrivateKey::from_pkcs1_der(&der).ok());
    key.ok_or_else(|| errors::SAML_SIGNING_PRIVATE_KEY_INVALID.failure())
}

/// Returns the RSA key of a certificate in DER, or `None` if the certificate is malformed or has another kind of key.
pub(crate) fn public_key(der: &[u8]) -> Option<RsaPublicKey> {
    let certificate = Certificate::from_der(der).ok()?.tbs_certificate;
    let info = certificate.subject_public_key_info.to_der().ok()?;
    RsaPublicKey::from_public_key_der(&info).ok()
}
