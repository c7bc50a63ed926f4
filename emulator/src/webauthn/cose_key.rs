//! Public keys in the form of COSE (RFC 9053), and the signatures that they verify: ES256, RS256 and EdDSA.

use ed25519_dalek::{Signature as EdSignature, VerifyingKey as EdKey};
use minicbor::Decoder;
use minicbor::data::Type;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature as EcSignature, VerifyingKey as EcKey};
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::sha2::{Digest as _, Sha256};
use rsa::{BigUint, RsaPublicKey};

pub(super) enum PublicKey {
    Es256(EcKey),
    Rs256(RsaPublicKey),
    EdDsa(EdKey),
}

/// The members of a COSE key, by their labels.
#[derive(Default)]
struct Members<'a> {
    kty: i64,
    alg: i64,
    /// `crv` of curves, by the label -1.
    curve: i64,
    /// `n` of RSA, by the label -1.
    minus_one: &'a [u8],
    /// `x` of curves, `e` of RSA.
    minus_two: &'a [u8],
    /// `y` of curves.
    minus_three: &'a [u8],
}

impl PublicKey {
    /// Returns `None` if the key is malformed or of another algorithm.
    pub(super) fn parse(cose: &[u8]) -> Option<Self> {
        let members = Members::read(cose)?;
        match (members.kty, members.alg) {
            (EC2, -7) if members.curve == P256 => {
                let coordinates = [members.minus_two, members.minus_three];
                let fit = coordinates.iter().all(|bytes| bytes.len() == 32);
                let point = [&[4], members.minus_two, members.minus_three].concat();
                fit.then(|| Self::es256(&point)).flatten()
            }
            (RSA, -257) => {
                let [n, e] = [members.minus_one, members.minus_two].map(BigUint::from_bytes_be);
                let key = RsaPublicKey::new(n, e).ok()?;
                let bits = members.minus_one.len().saturating_mul(8);
                (bits >= 2048).then_some(Self::Rs256(key))
            }
            (OKP, -8) if members.curve == ED25519 => {
                let bytes = members.minus_two.try_into().ok()?;
                Some(Self::EdDsa(EdKey::from_bytes(bytes).ok()?))
            }
            _ => None,
        }
    }

    /// Returns the key at an uncompressed point of the curve P-256 (SEC 1, section 2.3.3).
    pub(super) fn es256(point: &[u8]) -> Option<Self> {
        Some(Self::Es256(EcKey::from_sec1_bytes(point).ok()?))
    }

    /// The algorithm of COSE.
    pub(super) fn alg(&self) -> i64 {
        match self {
            Self::Es256(_) => -7,
            Self::Rs256(_) => -257,
            Self::EdDsa(_) => -8,
        }
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Es256(key) => EcSignature::from_der(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Self::Rs256(key) => {
                let digest = Sha256::digest(message);
                key.verify(Pkcs1v15Sign::new::<Sha256>(), &digest, signature)
                    .is_ok()
            }
            Self::EdDsa(key) => EdSignature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
        }
    }
}

impl<'a> Members<'a> {
    /// Reads a map of definite length. CTAP 2 requires this form.
    fn read(cose: &'a [u8]) -> Option<Self> {
        let mut decoder = Decoder::new(cose);
        let mut members = Self::default();
        for _ in 0..decoder.map().ok()?? {
            let label = decoder.i64().ok()?;
            match (label, decoder.datatype().ok()?) {
                (-3..=-1, Type::Bytes) => {
                    let bytes = decoder.bytes().ok()?;
                    match label {
                        -1 => members.minus_one = bytes,
                        -2 => members.minus_two = bytes,
                        _ => members.minus_three = bytes,
                    }
                }
                (1, _) => members.kty = decoder.i64().ok()?,
                (3, _) => members.alg = decoder.i64().ok()?,
                (-1, _) => members.curve = decoder.i64().ok()?,
                _ => decoder.skip().ok()?,
            }
        }
        (decoder.position() == cose.len()).then_some(members)
    }
}

const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;
const P256: i64 = 1;
const ED25519: i64 = 6;
