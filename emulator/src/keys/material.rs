//! A private key that is ready to sign, and its certificate.
//!
//! Preparing a key needs an RSA signature for the certificate, which takes milliseconds in WebAssembly. A test suite
//! creates many emulators with the same keys, so prepared keys are kept for the lifetime of the process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rsa::pkcs1v15::{Signature, SigningKey as Rs256};
use rsa::sha2::{Digest as _, Sha256};
use rsa::traits::PublicKeyParts as _;
use rsa::RsaPrivateKey;
use x509_cert::builder::{Builder as _, CertificateBuilder, Error, Profile};
use x509_cert::der::asn1::GeneralizedTime;
use x509_cert::der::{DateTime, Encode as _};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::{Time, Validity};

/// A prepared key. A clone shares the key.
#[derive(Clone)]
pub(super) struct Material(Arc<Prepared>);

pub(super) struct Prepared {
    pub(super) signer: Rs256<Sha256>,
    /// The certificate for `x5c`, in DER.
    pub(super) certificate: Vec<u8>,
}

impl Material {
    /// Prepares a key, or returns the prepared key of an earlier call.
    pub(super) fn of(private: RsaPrivateKey) -> Result<Self, Error> {
        let digest: [u8; 32] = Sha256::digest(private.n().to_bytes_be()).into();
        let prepared = || PREPARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = prepared().get(&digest) {
            return Ok(known.clone());
        }
        let signer = Rs256::new(private);
        let certificate = self_signed(&signer)?;
        let material = Self(Arc::new(Prepared { signer, certificate }));
        let mut prepared = prepared();
        if prepared.len() >= MAX_PREPARED {
            prepared.clear();
        }
        prepared.insert(digest, material.clone());
        Ok(material)
    }
}

impl std::ops::Deref for Material {
    type Target = Prepared;

    fn deref(&self) -> &Prepared {
        &self.0
    }
}

/// Returns the certificate. Its dates are fixed, because the preparation of a key does not read the clock.
fn self_signed(signer: &Rs256<Sha256>) -> Result<Vec<u8>, Error> {
    let day = |year| DateTime::new(year, 1, 1, 0, 0, 0).map(GeneralizedTime::from_date_time);
    let validity = Validity {
        not_before: Time::GeneralTime(day(2020)?),
        not_after: Time::GeneralTime(day(2099)?),
    };
    let key = SubjectPublicKeyInfoOwned::from_key(signer.as_ref().to_public_key())?;
    let name: Name = "CN=stytch-emulator".parse()?;
    let serial = SerialNumber::from(1_u32);
    let builder = CertificateBuilder::new(Profile::Root, serial, validity, name, key, signer)?;
    Ok(builder.build::<Signature>()?.to_der()?)
}

static PREPARED: Mutex<BTreeMap<[u8; 32], Material>> = Mutex::new(BTreeMap::new());
const MAX_PREPARED: usize = 64;
