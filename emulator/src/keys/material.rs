//! A private key that is ready to sign, and its certificate.
//!
//! Preparing a key needs RSA signatures, which take milliseconds in WebAssembly. A test suite creates many emulators with
//! the same keys, so prepared keys are kept for the lifetime of the process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rsa::pkcs1v15::{Signature, SigningKey as Rs256};
use rsa::sha2::{Digest as _, Sha256};
use rsa::traits::PublicKeyParts as _;
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};
use x509_cert::builder::{Builder as _, CertificateBuilder, Error, Profile};
use x509_cert::der::asn1::GeneralizedTime;
use x509_cert::der::{DateTime, Encode as _};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::{Time, Validity};

use super::{known, private_jwk};

/// A prepared key. A clone shares the key.
#[derive(Clone)]
pub(crate) struct Material(Arc<Prepared>);

struct Prepared {
    signer: Rs256<Sha256>,
    public: RsaPublicKey,
    /// Absent until the first use: most emulators are never asked for it.
    certificate: OnceLock<Vec<u8>>,
}

impl Material {
    /// Prepares a key, and signs a certificate with it.
    ///
    /// Returns an error if the key is too small to sign.
    pub(crate) fn new(private: RsaPrivateKey) -> Result<Self, Error> {
        let material = Self::without_certificate(private);
        let certificate = self_signed(&material.0.signer, &material.0.public)?;
        // Nothing else has set it, because the material is not shared yet.
        let _ = material.0.certificate.set(certificate);
        Ok(material)
    }

    /// Prepares a key that is known to be usable. Its certificate is signed when it is first used.
    fn without_certificate(private: RsaPrivateKey) -> Self {
        Self(Arc::new(Prepared {
            public: private.to_public_key(),
            signer: Rs256::new(private),
            certificate: OnceLock::new(),
        }))
    }

    /// Returns the known key with this number, or `None` if the list has no such number.
    pub(super) fn known(number: usize) -> Option<Self> {
        let name = Sha256::digest(format!("known key {number}")).into();
        prepared_before(name, || {
            known::private_key(number).map(Self::without_certificate)
        })
    }

    /// Reads a private JWK.
    ///
    /// Returns a message without a full stop if the JWK is not an RSA key of 2048 to 4096 bits.
    pub(crate) fn of_jwk(jwk: &Value) -> Result<Self, String> {
        let members = private_jwk::Members::read(jwk)?;
        let mut error = None;
        let prepare = || {
            let prepared = members
                .key()
                .and_then(|key| Self::new(key).map_err(|_| private_jwk::UNUSABLE.into()));
            prepared.map_err(|message| error = Some(message)).ok()
        };
        let prepared = prepared_before(members.digest(), prepare);
        prepared.ok_or_else(|| error.unwrap_or_else(|| private_jwk::UNUSABLE.into()))
    }

    /// Returns the known key of an identity provider. The first identity provider has the number 1.
    pub(crate) fn of_identity_provider(number: usize) -> Option<Self> {
        Self::known(known::of_identity_provider(number))
    }

    /// Returns the JWK of the private key, without a `kid`.
    pub(super) fn private_jwk(&self) -> Value {
        private_jwk::write(self.0.signer.as_ref())
    }

    pub(crate) fn signer(&self) -> &Rs256<Sha256> {
        &self.0.signer
    }

    pub(crate) fn public(&self) -> &RsaPublicKey {
        &self.0.public
    }

    /// Returns the JWK of the public key, with the members that the API sends.
    pub(crate) fn public_jwk(&self, kid: &str) -> Value {
        let (public, certificate) = (self.public(), self.certificate());
        json!({
            "kty": "RSA",
            "use": "sig",
            "key_ops": ["verify"],
            "alg": "RS256",
            "kid": kid,
            "x5c": [STANDARD.encode(certificate)],
            "x5tS256": URL_SAFE_NO_PAD.encode(Sha256::digest(certificate)),
            "n": URL_SAFE_NO_PAD.encode(public.n().to_bytes_be()),
            "e": URL_SAFE_NO_PAD.encode(public.e().to_bytes_be()),
        })
    }

    /// Returns the certificate for `x5c`, in DER.
    pub(crate) fn certificate(&self) -> &[u8] {
        let Prepared {
            signer,
            public,
            certificate,
        } = &*self.0;
        // A key that cannot sign has been refused by `new`, and the known keys can.
        certificate.get_or_init(|| self_signed(signer, public).unwrap_or_default())
    }
}

/// Returns the key that an earlier call prepared under this name, or prepares it.
fn prepared_before(name: [u8; 32], prepare: impl FnOnce() -> Option<Material>) -> Option<Material> {
    let lock = || PREPARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = lock().get(&name) {
        return Some(known.clone());
    }
    let material = prepare()?;
    let mut prepared = lock();
    if prepared.len() >= MAX_PREPARED {
        prepared.clear();
    }
    prepared.insert(name, material.clone());
    Some(material)
}

/// Returns the certificate. Its dates are fixed, because the preparation of a key does not read the clock.
fn self_signed(signer: &Rs256<Sha256>, public: &RsaPublicKey) -> Result<Vec<u8>, Error> {
    let day = |year| DateTime::new(year, 1, 1, 0, 0, 0).map(GeneralizedTime::from_date_time);
    let validity = Validity {
        not_before: Time::GeneralTime(day(2020)?),
        not_after: Time::GeneralTime(day(2099)?),
    };
    let key = SubjectPublicKeyInfoOwned::from_key(public.clone())?;
    let name: Name = "CN=stytch-emulator".parse()?;
    let serial = SerialNumber::from(1_u32);
    let builder = CertificateBuilder::new(Profile::Root, serial, validity, name, key, signer)?;
    Ok(builder.build::<Signature>()?.to_der()?)
}

static PREPARED: Mutex<BTreeMap<[u8; 32], Material>> = Mutex::new(BTreeMap::new());
const MAX_PREPARED: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_key_is_read_as_the_same_key() {
        let known = Material::known(3).unwrap();
        let read = Material::of_jwk(&known.private_jwk()).unwrap();
        assert_eq!(read.public().n(), known.public().n());
        assert_eq!(read.certificate(), known.certificate());
    }
}
