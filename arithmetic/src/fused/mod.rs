//! Modular exponentiation by Montgomery multiplication in floating-point numbers, for wasm with
//! relaxed SIMD, whose fused multiply-add computes the halves of a product of 51-bit digits.
//!
//! Knows odd moduli of 2048 bits and public exponents. Does not know RSA padding or keys.
//! Like [`simd`](crate::simd), it computes the whole multiple of `n` at once, as the lower half
//! of a product, `m = t * n' mod R`, and then the upper half of `m * n`. `R` is 2^2142.
//!
//! Numbers are residues between `-0.6 n` and `0.6 n`. `R` is at least `2^94 n`, and `m` is at
//! most slightly more than `R / 2` in absolute value, so every reduction returns a residue in
//! that range without a comparison or subtraction. Digit 41 of a residue is zero.
//!
//! Relaxed SIMD leaves open whether a multiply-add is fused. [`is_exact`] tests it.

mod product;

mod columns;
mod digits;

#[cfg(not(target_arch = "wasm32"))]
#[path = "lanes_plain.rs"]
mod lanes;
#[cfg(target_arch = "wasm32")]
#[path = "lanes_wasm.rs"]
mod lanes;

use self::{
    columns::Columns,
    digits::{Factor, Multiplicand, Multiplier, Settling},
    lanes::Floats,
    product::{AllColumns, Modulus, all_columns},
};
use crate::{LOW_BYTES, is_supported};

/// Compares `base^exponent mod n` with an expected number, for many bases. The upper bytes of
/// the number are the same for all bases. Its last [`LOW_BYTES`] bytes are passed with each
/// base. [`simd::Congruence`](crate::simd::Congruence) explains `scale`.
#[derive(Debug, Clone)]
pub struct Congruence {
    n: [u8; BYTES],
    modulus: Modulus,
    /// `e - 1`.
    exponent: u32,
    /// `-R^(2-e)`.
    scale: Multiplicand,
    /// The columns of `scale` times the known part of the expected number.
    known: AllColumns,
}

impl Congruence {
    /// Accepts the modulus as big-endian bytes without leading zeros, and the upper bytes of
    /// the expected number. Returns `None` if the modulus is even or does not have 2048 bits, if
    /// the exponent is even or below 3, if the number is not as long as the modulus or not below
    /// it, or if multiply-add is not fused.
    pub fn new(n: &[u8], exponent: u32, upper: &[u8]) -> Option<Self> {
        if !is_supported(n, exponent, upper) || !is_exact() {
            return None;
        }
        Self::with(n, exponent, &[upper, &[0; LOW_BYTES]].concat())
    }

    /// The same, with all bytes of the expected number. `low` is then added to them.
    fn with(n: &[u8], exponent: u32, known: &[u8]) -> Option<Self> {
        let n = n.try_into().ok()?;
        let modulus = Modulus::new(&n)?;
        let one = Multiplier::of_bytes(&[1]);
        let mut power = Factor::new(one.clone());
        modulus.raise(&mut power, &Multiplicand::of(&one, 1.0), exponent - 1);
        let scale = Multiplicand::of(&power.digits, -1.0);
        Some(Self {
            n,
            modulus,
            exponent: exponent - 1,
            known: all_columns(&Multiplier::of_bytes(known), &scale),
            scale,
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
        let mut power = Factor::new(Multiplier::of_bytes(base));
        let base = Multiplicand::of(&power.digits, 1.0);
        self.modulus.raise(&mut power, &base, self.exponent);
        let low = Multiplier::of_bytes(low);
        let low = low.digits().get(..LOW_DIGITS).unwrap_or_default();
        let expected = (&self.known, low, &self.scale);
        self.modulus.completes(&mut power, &base, expected)
    }
}

impl Modulus {
    /// Replaces `factor`, which must equal `base`, with `base^exponent * R^(1 - exponent)`.
    fn raise(&self, factor: &mut Factor, base: &Multiplicand, exponent: u32) {
        for bit in (0..exponent.checked_ilog2().unwrap_or(0)).rev() {
            self.square(factor);
            if (exponent >> bit) & 1 == 1 {
                self.multiply(factor, base);
            }
        }
    }
}

/// Whether this engine computes a multiply-add without rounding the product. An engine decides
/// this once, so the result does not change.
///
/// The products are 2^102 - 2^52 + 1 and its negative, which have more than 53 bits. If they are
/// rounded before the addition, their low parts are 0 instead of 1 and -1. The high part of the
/// first product is added to the second column.
#[must_use]
pub fn is_exact() -> bool {
    let largest = core::hint::black_box(((1u64 << 51) - 1) as f64);
    let columns =
        Columns::ZERO.plus_one_product(Floats::all(largest), Floats::new([largest, -largest]));
    Settling::begin().settle(columns).lanes() == [1.0, -3.0]
}

/// The length of the moduli.
const BYTES: usize = 256;

/// The number of digits that [`LOW_BYTES`] need.
const LOW_DIGITS: usize = (LOW_BYTES * 8).div_ceil(digits::BITS as usize);

#[cfg(test)]
mod tests;
