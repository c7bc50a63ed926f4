//! This crate's RS256 as an `Algorithm` of jwt-compact (RFC 7518, section 3.3).
//!
//! It cannot sign: the type of its signing key has no values.

use std::borrow::Cow;

use jwt_compact::{Algorithm, AlgorithmSignature};

use crate::crypto::RsaPublicKey;

/// RSASSA-PKCS1-v1_5 using SHA-256.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rs256;

/// The bytes of a signature, of any length: the key checks the length.
pub(super) struct Rs256Signature(Vec<u8>);

/// A type without values, so that [`Rs256::sign`] cannot be called.
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
        #[cfg(test)]
        VERIFIED.set(VERIFIED.get() + 1);
        verifying_key.verifies(message, &signature.0)
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

#[cfg(test)]
std::thread_local! {
    static VERIFIED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Returns the number of signatures that this thread has verified since the last call.
#[cfg(test)]
pub(crate) fn signatures_verified() -> usize {
    VERIFIED.take()
}
