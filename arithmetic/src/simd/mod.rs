//! Powers by Montgomery multiplication (P. L. Montgomery, "Modular multiplication without
//! trial division", 1985), laid out for wasm SIMD.
//!
//! Knows odd moduli and public exponents; knows nothing of RSA padding or keys.
//! Unlike the usual loop, which finds the multiple of `n` digit by digit, each
//! waiting for the one before, this one finds it whole: `m = t * n' mod R`, the lower
//! half of a product, and then needs only the upper half of `m * n`. That is as many
//! products, and all columns are independent of each other.
//!
//! Numbers are residues between `-0.6 n` and `0.6 n`, in digits of which not even the
//! form is unique: [`R`](Modulus) is at least `2^16 n`, so that they stay so small by
//! themselves, and nothing is compared or subtracted before the end.

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
use crate::{LOW_BYTES, can_be_asked};

/// The question whether `base^exponent mod n` is a number whose upper bytes are known and
/// whose last [`LOW_BYTES`] are not, to be asked of many bases.
///
/// A Montgomery product of two numbers lacks a factor `R`. So `base^(e-1)`, multiplied
/// together without any, is `y = base^(e-1) * R^(2-e)`; and with `scale = -R^(2-e)`,
/// `y * base + expected * scale` is a multiple of `n` if and only if `base^e` is what is
/// expected. That spares two products and a reduction of what asks for the power itself.
#[derive(Debug, Clone)]
pub struct Congruence {
    n: Vec<u8>,
    modulus: Modulus,
    /// `e - 1`.
    exponent: u32,
    scale: Multiplicand,
    /// `scale` times what is known of the number, by columns.
    known: Vec<[Column; 4]>,
}

/// An odd `n` with the constants that Montgomery arithmetic needs. `R` is 2 to the number
/// of bits in `16 * blocks` digits.
#[derive(Debug, Clone)]
struct Modulus {
    blocks: usize,
    n: Multiplicand,
    /// `-n^-1 mod R`.
    negated_inverse: Multiplicand,
}

impl Congruence {
    /// Takes the modulus, big-endian and without leading zeros, and the upper bytes of the
    /// number. `None` if the modulus is even or longer than [`MOST_BYTES`](crate::MOST_BYTES),
    /// the exponent even or below 3, or the number not as long as the modulus or not below it.
    pub fn new(n: &[u8], exponent: u32, upper: &[u8]) -> Option<Self> {
        if !can_be_asked(n, exponent, upper) {
            return None;
        }
        Self::with(n, exponent, &[upper, &[0; LOW_BYTES]].concat())
    }

    /// The same, of all bytes of the number.
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

    /// How many bytes the modulus has, and each base.
    pub fn byte_length(&self) -> usize {
        self.n.len()
    }

    /// Whether the power of `base` ends in `low` and is above it what it was said to be. A
    /// base that is not below the modulus, or not as long, has no such power. The bits of
    /// the exponent decide the time this takes, which is fine for a public one.
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
    /// `factor`, which is `base`, becomes `base^exponent` times `R^(1 - exponent)`.
    fn raise(&self, factor: &mut Factor, base: &Multiplier, exponent: u32, space: &mut Workspace) {
        for bit in (0..exponent.checked_ilog2().unwrap_or(0)).rev() {
            self.square(factor, space);
            if (exponent >> bit) & 1 == 1 {
                self.multiply(factor, base, space);
            }
        }
    }

    /// How many vectors of eight digits a number has.
    fn vectors(&self) -> usize {
        self.blocks * 2
    }
}

/// So many times eight digits have room for the last bytes.
const LOW_VECTORS: usize = (LOW_BYTES * 8).div_ceil(8 * digits::BITS as usize);

#[cfg(test)]
mod tests;
