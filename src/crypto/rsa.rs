//! RSA public keys, which verify PKCS#1 v1.5 signatures over SHA-256.
//!
//! This module does not know where keys come from or what the message means. It never parses the
//! padding: it builds the expected block and requires the power of the signature to equal the block
//! in every bit (RFC 8017, section 8.2.2, step 4). This rules out the forgeries that lenient parsers
//! have accepted (Bleichenbacher 2006, CVE-2006-4339). Except for the hash, the block is the same
//! for each message, so it is computed once per key.

use std::{error::Error, fmt};

use sha2::{Digest, Sha256};
use stytch_edge_arithmetic::{Congruence, LOW_BYTES};

/// An RSA public key within this crate's bounds: an odd modulus of 2048 to 4096 bits and an odd
/// exponent from 3 to 2^32 - 1.
#[derive(Debug, Clone)]
pub struct RsaPublicKey {
    congruence: Congruence,
}

/// The reason why a modulus and an exponent are not a usable RSA public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyRejected {
    /// The modulus has fewer than 2048 or more than 4096 bits, or is even.
    Modulus,
    /// The exponent is even, below 3, or does not fit in 32 bits.
    Exponent,
}

impl fmt::Display for KeyRejected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Modulus => "the modulus must be odd and have 2048 to 4096 bits",
            Self::Exponent => "the exponent must be odd, at least 3, and fit in 32 bits",
        })
    }
}

impl Error for KeyRejected {}

impl RsaPublicKey {
    /// Creates a key from the modulus `n` and the exponent `e`, both as big-endian bytes.
    ///
    /// # Errors
    /// [`KeyRejected::Modulus`] or [`KeyRejected::Exponent`] if the number is out of bounds.
    pub fn new(n: &[u8], e: &[u8]) -> Result<Self, KeyRejected> {
        let n = without_leading_zeros(n);
        if !(MIN_BITS..=MAX_BITS).contains(&bit_length(n)) {
            return Err(KeyRejected::Modulus);
        }
        let exponent = without_leading_zeros(e);
        if exponent.len() > 4 {
            return Err(KeyRejected::Exponent);
        }
        let exponent = exponent
            .iter()
            .fold(0u32, |sum, byte| (sum << 8) | u32::from(*byte));
        if exponent < 3 || exponent % 2 == 0 {
            return Err(KeyRejected::Exponent);
        }
        let congruence = Congruence::new(n, exponent, &block_above_the_hash(n.len()));
        let congruence = congruence.ok_or(KeyRejected::Modulus)?;
        Ok(Self { congruence })
    }

    /// Returns whether this key made `signature` over `message`.
    ///
    /// The signature must have the length of the modulus, and its value must be below the modulus
    /// (RFC 8017, section 5.2.2). Otherwise `s + n` would be a second signature for the same
    /// message.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        if signature.len() != self.congruence.byte_length() {
            return false;
        }
        let hash = Sha256::digest(message).into();
        self.congruence.holds_vartime(signature, &hash)
    }
}

/// Returns the EMSA-PKCS1-v1_5 block `00 01 FF … FF 00 DigestInfo hash` (RFC 8017, section 9.2)
/// without the hash, which is the last [`LOW_BYTES`] of `length`.
fn block_above_the_hash(length: usize) -> Vec<u8> {
    let mut block = vec![0xff; length.saturating_sub(TAIL.len() + LOW_BYTES)];
    if let [first, second, ..] = block.as_mut_slice() {
        (*first, *second) = (0x00, 0x01);
    }
    block.extend_from_slice(&TAIL);
    block
}

fn without_leading_zeros(mut bytes: &[u8]) -> &[u8] {
    while let [0, rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

fn bit_length(bytes: &[u8]) -> usize {
    match bytes {
        [first, rest @ ..] => rest.len() * 8 + (8 - first.leading_zeros() as usize),
        [] => 0,
    }
}

const MIN_BITS: usize = 2048;
const MAX_BITS: usize = 4096;

/// The last byte of the padding, and the DER encoding of `DigestInfo` for SHA-256 up to the hash
/// (RFC 8017, section 9.2, note 1).
const TAIL: [u8; 20] = [
    0x00, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
    0x05, 0x00, 0x04, 0x20,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_even_moduli_and_moduli_outside_2048_to_4096_bits() {
        let odd = |bytes: usize| {
            let mut n = vec![0xff; bytes];
            n[0] = 0x80;
            n
        };
        let e = [1, 0, 1];
        assert_eq!(
            RsaPublicKey::new(&odd(128), &e).err(),
            Some(KeyRejected::Modulus)
        );
        assert_eq!(
            RsaPublicKey::new(&odd(513), &e).err(),
            Some(KeyRejected::Modulus)
        );
        assert_eq!(RsaPublicKey::new(&[], &e).err(), Some(KeyRejected::Modulus));
        let mut even = odd(256);
        even[255] = 0xfe;
        assert_eq!(
            RsaPublicKey::new(&even, &e).err(),
            Some(KeyRejected::Modulus)
        );
        assert!(RsaPublicKey::new(&odd(256), &e).is_ok());
        assert!(RsaPublicKey::new(&odd(512), &e).is_ok());
    }

    #[test]
    fn refuses_exponents_that_are_even_below_3_or_above_32_bits() {
        let n = vec![0xff; 256];
        for e in [&[][..], &[0], &[1], &[2], &[1, 0, 0], &[1, 0, 0, 0, 1]] {
            assert_eq!(
                RsaPublicKey::new(&n, e).err(),
                Some(KeyRejected::Exponent),
                "{e:?}"
            );
        }
        assert!(RsaPublicKey::new(&n, &[3]).is_ok());
        assert!(RsaPublicKey::new(&n, &[0, 0xff, 0xff, 0xff, 0xff]).is_ok());
    }
}
