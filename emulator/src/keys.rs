//! Signing keys: RSA 2048 with exponent 65537 for RS256 (RFC 7518, section 3.3), and the JWK set of their public keys.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rsa::pkcs1v15::{Signature, SigningKey as Rs256, VerifyingKey};
use rsa::sha2::{Digest as _, Sha256};
use rsa::signature::{SignatureEncoding as _, Signer as _, Verifier as _};
use rsa::traits::PublicKeyParts as _;
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};
use x509_cert::builder::{Builder as _, CertificateBuilder, Profile};
use x509_cert::der::Encode as _;
use x509_cert::der::asn1::GeneralizedTime;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::{Time, Validity};

use crate::errors::{self, Failure};
use crate::ids::Ids;

/// A private key and the JWK of its public key.
#[derive(Clone)]
pub(crate) struct SigningKey {
    pub(crate) kid: String,
    signer: Rs256<Sha256>,
    verifier: VerifyingKey<Sha256>,
    jwk: Value,
}

/// The current signing key, and the previous keys, which the JWK set still contains.
#[derive(Clone)]
pub(crate) struct SigningKeys {
    current: SigningKey,
    retired: Vec<SigningKey>,
}

impl SigningKeys {
    pub(crate) fn generate(ids: &mut Ids) -> Result<Self, Failure> {
        Ok(Self {
            current: SigningKey::generate(ids)?,
            retired: Vec::new(),
        })
    }

    /// Replaces the current key with a new one. Tokens that the old key signed still verify.
    pub(crate) fn rotate(&mut self, ids: &mut Ids) -> Result<(), Failure> {
        let old = std::mem::replace(&mut self.current, SigningKey::generate(ids)?);
        self.retired.insert(0, old);
        Ok(())
    }

    pub(crate) fn current(&self) -> &SigningKey {
        &self.current
    }

    pub(crate) fn by_kid(&self, kid: &str) -> Option<&SigningKey> {
        std::iter::once(&self.current)
            .chain(&self.retired)
            .find(|key| key.kid == kid)
    }

    /// Returns the `keys` of the JWK set (RFC 7517, section 5), newest first.
    pub(crate) fn jwk_set(&self) -> Vec<&Value> {
        std::iter::once(&self.current)
            .chain(&self.retired)
            .map(|key| &key.jwk)
            .collect()
    }
}

impl SigningKey {
    pub(crate) fn generate(ids: &mut Ids) -> Result<Self, Failure> {
        let kid = ids.id("jwk");
        let private =
            RsaPrivateKey::new(ids.rng(), 2048).map_err(|_| &errors::INTERNAL_SERVER_ERROR)?;
        let public = private.to_public_key();
        let signer = Rs256::new(private);
        let certificate =
            self_signed(&signer, &public).map_err(|_| &errors::INTERNAL_SERVER_ERROR)?;
        let jwk = jwk(&kid, &public, &certificate);
        Ok(Self {
            kid,
            verifier: VerifyingKey::new(public),
            signer,
            jwk,
        })
    }

    /// Returns the RS256 signature of these bytes. The signature has 256 bytes.
    pub(crate) fn sign(&self, signed: &[u8]) -> Result<Vec<u8>, Failure> {
        let signature = self
            .signer
            .try_sign(signed)
            .map_err(|_| &errors::INTERNAL_SERVER_ERROR)?;
        Ok(signature.to_vec())
    }

    pub(crate) fn verifies(&self, signed: &[u8], signature: &[u8]) -> bool {
        let signature = Signature::try_from(signature);
        signature.is_ok_and(|signature| self.verifier.verify(signed, &signature).is_ok())
    }
}

/// Returns a JWK with the members that the API sends. The API spells the thumbprint `x5tS256`; RFC 7517 spells it
/// `x5t#S256`.
fn jwk(kid: &str, public: &RsaPublicKey, certificate: &[u8]) -> Value {
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

/// Returns the certificate for `x5c`. Its dates are fixed, because key generation does not read the clock.
fn self_signed(
    signer: &Rs256<Sha256>,
    public: &RsaPublicKey,
) -> Result<Vec<u8>, x509_cert::builder::Error> {
    let day = |year| {
        x509_cert::der::DateTime::new(year, 1, 1, 0, 0, 0).map(GeneralizedTime::from_date_time)
    };
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
