//! Chooses between the two implementations for wasm, for each modulus.
//!
//! [`fused`] is faster. It computes with moduli of 2048 bits only, and only in engines whose
//! multiply-add is fused. [`simd`] computes all others.

use alloc::boxed::Box;

use crate::{LOW_BYTES, fused, simd};

/// Compares `base^exponent mod n` with an expected number, for many bases. See
/// [`simd::Congruence`].
#[derive(Debug, Clone)]
pub struct Congruence(Implementation);

#[derive(Debug, Clone)]
enum Implementation {
    Fused(Box<fused::Congruence>),
    Simd(simd::Congruence),
}

impl Congruence {
    /// The same as [`simd::Congruence::new`].
    pub fn new(n: &[u8], exponent: u32, upper: &[u8]) -> Option<Self> {
        let implementation = match fused::Congruence::new(n, exponent, upper) {
            Some(congruence) => Implementation::Fused(Box::new(congruence)),
            None => Implementation::Simd(simd::Congruence::new(n, exponent, upper)?),
        };
        Some(Self(implementation))
    }

    /// The length in bytes of the modulus and of each base.
    pub fn byte_length(&self) -> usize {
        match &self.0 {
            Implementation::Fused(congruence) => congruence.byte_length(),
            Implementation::Simd(congruence) => congruence.byte_length(),
        }
    }

    /// The same as [`simd::Congruence::holds_vartime`].
    pub fn holds_vartime(&self, base: &[u8], low: &[u8; LOW_BYTES]) -> bool {
        match &self.0 {
            Implementation::Fused(congruence) => congruence.holds_vartime(base, low),
            Implementation::Simd(congruence) => congruence.holds_vartime(base, low),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_fused_multiply_add_for_moduli_of_2048_bits_only() {
        let is_fused = |n: &[u8]| {
            let upper = vec![0; n.len() - LOW_BYTES];
            let congruence = Congruence::new(n, 3, &upper).unwrap();
            assert_eq!(congruence.byte_length(), n.len());
            let (zero, one) = (vec![0; n.len()], [&upper[..], &[0; 31], &[1]].concat());
            assert!(congruence.holds_vartime(&zero, &[0; LOW_BYTES]));
            assert!(!congruence.holds_vartime(&one, &[0; LOW_BYTES]));
            matches!(congruence.0, Implementation::Fused(_))
        };
        assert!(is_fused(&[0xff; 256]));
        assert!(is_fused(&[&[0x80][..], &[1; 255]].concat()));
        assert!(!is_fused(&[&[0x7f][..], &[0xff; 255]].concat()));
        assert!(!is_fused(&[0xff; 255]));
        assert!(!is_fused(&[0xff; 257]));
        assert!(!is_fused(&[0xff; 384]));
        assert!(!is_fused(&[0xff; 512]));
        assert!(Congruence::new(&[0xfe; 256], 3, &[0; 224]).is_none());
        assert!(Congruence::new(&[0xff; 256], 4, &[0; 224]).is_none());
    }
}
