//! Modular exponentiation by Montgomery multiplication (P. L. Montgomery, "Modular
//! multiplication without trial division", 1985), arranged for wasm SIMD.
//!
//! Knows odd moduli and public exponents. Does not know RSA padding or keys.
//! The usual loop computes the multiple of `n` digit by digit, and each digit depends on
//! the one before. This implementation computes the whole multiple at once, as the lower
//! half of a product: `m = t * n' mod R`. It then needs only the upper half of `m * n`. The
//! number of multiplications is the same, and all columns are independent of each other.
//!
//! Numbers are residues between `-0.6 n` and `0.6 n`. The digits of a residue are not
//! unique. [`R`](Modulus) is at least `2^16 n`, so every reduction returns a residue in that
//! range without a comparison or subtraction. Only the last step compares.

mod product;

mod columns;
mod constants;
mod digits;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[path = "lanes_plain.rs"]
mod lanes;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[path = "lanes_wasm.rs"]
mod lanes;

use alloc::vec::Vec;

use self::{
    columns::Column,
    digits::{Factor, Multiplicand, Multiplier},
    product::Workspace,
};
use crate::{LOW_BYTES, is_supported};

/// Compares `base^exponent mod n` with an expected number, for many bases. The upper bytes of
/// the number are the same for all bases. Its last [`LOW_BYTES`] bytes are passed with each
/// base.
///
/// A Montgomery product divides the product of two numbers by `R`. If `base^(e-1)` is
/// computed without the usual factors `R`, then the result is `y = base^(e-1) * R^(2-e)`. With
/// `scale = -R^(2-e)`, `y * base + expected * scale` is a multiple of `n` if and only if
/// `base^e` is the expected number. This saves two multiplications and one reduction,
/// compared with computing the power itself.
#[derive(Debug, Clone)]
pub struct Congruence {
    n: Vec<u8>,
    modulus: Modulus,
    /// `e - 1`.
    exponent: u32,
    scale: Multiplicand,
    /// The columns of `scale` times the known part of the expected number.
    known: Vec<[Column; 4]>,
}

/// An odd `n` with the constants that Montgomery arithmetic needs. `R` is `2^b`, with `b` =
/// the number of bits in `16 * blocks` digits.
#[derive(Debug, Clone)]
struct Modulus {
    blocks: usize,
    n: Multiplicand,
    /// `-n^-1 mod R`.
    negated_inverse: Multiplicand,
}

impl Congruence {
    /// Accepts the modulus as big-endian bytes without leading zeros, and the upper bytes of
    /// the expected number. Returns `None` if the modulus is even or longer than
    /// [`MAX_BYTES`](crate::MAX_BYTES), if the exponent is even or below 3, or if the number
    /// is not as long as the modulus or not below it.
    pub fn new(n: &[u8], exponent: u32, upper: &[u8]) -> Option<Self> {
        if !is_supported(n, exponent, upper) {
            return None;
        }
        Self::with(n, exponent, &[upper, &[0; LOW_BYTES]].concat())
    }

    /// The same, with all bytes of the expected number. `low` is then added to them.
    fn with(n: &[u8], exponent: u32, known: &[u8]) -> Option<Self> {
        let modulus = Modulus::new(n)?;
        let vectors = modulus.vectors();
        let one = Factor::new(Multiplier::of_bytes(&[1], vectors));
        let mut space = Workspace::new(modulus.blocks);
        let mut power = one.clone();
        modulus.raise(&mut power, &one.split, exponent - 1, &mut space);
        let scale = Multiplicand::of(&power.split.negated());
        let known = modulus.product(&Multiplier::of_bytes(known, vectors), &scale);
        Some(Self {
            n: n.to_vec(),
            modulus,
            exponent: exponent - 1,
            scale,
            known,
        })
    }

    /// The length in bytes of the modulus and of each base.
    pub fn byte_length(&self) -> usize {
        self.n.len()
    }

    /// Whether `base^exponent mod n` consists of the upper bytes of the constructor and `low`.
    /// Returns `false` if `base` is not below the modulus or not as long as the modulus. The
    /// time depends on the bits of the exponent, which is public.
    pub fn holds_vartime(&self, base: &[u8], low: &[u8; LOW_BYTES]) -> bool {
        if base.len() != self.n.len() || base >= self.n.as_slice() {
            return false;
        }
        let modulus = &self.modulus;
        let mut space = Workspace::new(modulus.blocks);
        let base = Factor::new(Multiplier::of_bytes(base, modulus.vectors()));
        let mut power = base.clone();
        modulus.raise(&mut power, &base.split, self.exponent, &mut space);
        let low = Multiplier::of_bytes(low, LOW_VECTORS);
        let expected = (self.known.as_slice(), (&low, &self.scale));
        modulus.completes(&mut power, &base.whole, expected, &mut space)
    }
}

impl Modulus {
    /// Replaces `factor`, which must equal `base`, with `base^exponent * R^(1 - exponent)`.
    fn raise(&self, factor: &mut Factor, base: &Multiplier, exponent: u32, space: &mut Workspace) {
        for bit in (0..exponent.checked_ilog2().unwrap_or(0)).rev() {
            self.square(factor, space);
            if (exponent >> bit) & 1 == 1 {
                self.multiply(factor, base, space);
            }
        }
    }

    /// The number of vectors in a number. A vector holds eight digits.
    fn vectors(&self) -> usize {
        self.blocks * 2
    }
}

/// The number of vectors of eight digits that [`LOW_BYTES`] need.
const LOW_VECTORS: usize = (LOW_BYTES * 8).div_ceil(8 * digits::BITS as usize);

#[cfg(test)]
mod tests;
