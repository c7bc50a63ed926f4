//! This crate's RS256 as an algorithm of jwt-compact (RFC 7518, section 3.3).
//!
//! Verify-only: its signing key is a type without values. jwt-compact's
//! `Validator` is not used, because it reads claims before the signature, knows
//! no `crit`, and takes `exp == now` for valid; the jwt room does these itself.

use alloc::{borrow::Cow, vec::Vec};

use jwt_compact::{Algorithm, AlgorithmSignature};

use crate::crypto::RsaPublicKey;

/// RSASSA-PKCS1-v1_5 using SHA-256.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rs256;

/// The bytes of a signature, as long as they happen to be: the key knows which
/// length is right.
pub(super) struct Rs256Signature(Vec<u8>);

/// There is no signing key, and so no way to call [`Rs256::sign`].
#[derive(Debug)]
pub(super) enum NoSigningKey {}

impl Algorithm for Rs256 {
    type SigningKey = NoSigningKey;
    type VerifyingKey = RsaPublicKey;
    type Signature = Rs256Signature;

    fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed("RS256")
    }

    fn sign(&self, signing_key: &NoSigningKey, _message: &[u8]) -> Rs256Signature {
        match *signing_key {}
    }

    fn verify_signature(
        &self,
        signature: &Rs256Signature,
        verifying_key: &RsaPublicKey,
        message: &[u8],
    ) -> bool {
        verifying_key.verifies(message, &signature.0)
    }
}

impl From<Vec<u8>> for Rs256Signature {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl AlgorithmSignature for Rs256Signature {
    fn try_from_slice(slice: &[u8]) -> anyhow::Result<Self> {
        Ok(Self(slice.to_vec()))
    }

    fn as_bytes(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.0)
    }
}
