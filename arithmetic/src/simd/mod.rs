//! Modular exponentiation by Montgomery multiplication (P. L. Montgomery, "Modular
//! multiplication without trial division", 1985), laid out for wasm SIMD.
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
    digits::{BITS, Multiplicand, Multiplier},
    product::{Factor, Workspace},
};
use crate::{MOST_BYTES, limbs::limbs_of};

/// An odd modulus `n` with the constants that Montgomery arithmetic needs. `R` is 2 to
/// the number of bits in `16 * blocks` digits.
#[derive(Debug, Clone)]
pub struct Modulus {
    bytes: Vec<u8>,
    blocks: usize,
    n: Multiplier,
    n_whole: Multiplicand,
    /// `-n^-1 mod R`.
    negated_inverse: Multiplicand,
    /// `R^2 mod n`.
    r_squared: Multiplier,
}

impl Modulus {
    /// Takes a big-endian number without leading zeros; `None` if it is even, 1, or
    /// longer than [`MOST_BYTES`].
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let limbs = limbs_of(bytes, bytes.len().div_ceil(4));
        let lowest = *limbs.first()?;
        if lowest % 2 == 0 || bytes == [1] || bytes.len() > MOST_BYTES {
            return None;
        }
        let digits = (bytes.len() * 8 + ROOM_BITS).div_ceil(BITS as usize);
        let blocks = digits.div_ceil(16);
        let n = Multiplier::of_bytes(bytes, blocks * 2);
        let mut n_whole = Multiplicand::zero(blocks * 2);
        n_whole.set(&n);
        let mut modulus = Self {
            bytes: bytes.to_vec(),
            blocks,
            n,
            n_whole,
            negated_inverse: Multiplicand::zero(0),
            r_squared: Multiplier::zero(0),
        };
        modulus.negated_inverse = modulus.negated_inverse(lowest);
        modulus.r_squared = modulus.r_squared(&limbs);
        Some(modulus)
    }

    /// How many bytes the modulus has, and with it every result.
    pub fn byte_length(&self) -> usize {
        self.bytes.len()
    }

    /// `base^exponent mod n` as big-endian bytes of the modulus' length; `None` if
    /// `base` is not below the modulus. `exponent` is odd and at least 3. Its bits
    /// decide the time this takes, which is fine for a public exponent.
    pub fn power_vartime(&self, base: &[u8], exponent: u32) -> Option<Vec<u8>> {
        if base.len() != self.bytes.len() || base >= self.bytes.as_slice() {
            return None;
        }
        let mut space = Workspace::new(self.blocks);
        let plain = Factor::new(Multiplier::of_bytes(base, self.blocks * 2));
        // `base * R`, as which Montgomery multiplication keeps everything.
        let mut power = plain.clone();
        self.multiply(&mut power, &self.r_squared, &mut space);
        let base = power.split.clone();
        for bit in (1..31 - exponent.leading_zeros()).rev() {
            self.square(&mut power, &mut space);
            if (exponent >> bit) & 1 == 1 {
                self.multiply(&mut power, &base, &mut space);
            }
        }
        self.square(&mut power, &mut space);
        // The lowest bit of an odd exponent; a factor without `R` takes `R` away.
        self.multiply(&mut power, &plain.split, &mut space);
        Some(power.split.residue_bytes(&self.n, self.bytes.len()))
    }
}

/// How many bits `R` has at least more than `n`.
const ROOM_BITS: usize = 16;

#[cfg(test)]
mod tests;
