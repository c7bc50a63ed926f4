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

mod columns;
mod digits;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[path = "lanes_plain.rs"]
mod lanes;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[path = "lanes_wasm.rs"]
mod lanes;

use alloc::{vec, vec::Vec};

use self::{
    columns::{Column, add_products, columns, middle_columns},
    digits::{BITS, Multiplicand, Multiplier, Settling, split},
    lanes::Lanes,
};
use super::limbs::{limbs_of, negated_inverse, power_of_two};

/// An odd modulus `n` with the constants that Montgomery arithmetic needs. `R` is 2 to
/// the number of bits in `16 * blocks` digits.
#[derive(Debug, Clone)]
pub(super) struct Modulus {
    bytes: Vec<u8>,
    blocks: usize,
    n: Multiplier,
    n_whole: Multiplicand,
    /// `-n^-1 mod R`.
    negated_inverse: Multiplicand,
    /// `R^2 mod n`.
    r_squared: Multiplier,
}

/// A number in both forms, for it will be a factor on either side.
#[derive(Debug, Clone)]
struct Factor {
    split: Multiplier,
    whole: Multiplicand,
}

/// What one multiplication needs in between, kept for the next one.
#[derive(Debug)]
struct Workspace {
    /// The product, not yet reduced, sixteen digits to a block.
    product: Vec<[Lanes; 4]>,
    low: Multiplier,
    /// The multiple of `n` that makes the product divisible by `R`.
    multiple: Multiplier,
}

impl Workspace {
    fn new(blocks: usize) -> Self {
        Self {
            product: vec![ZEROS; blocks * 2],
            low: Multiplier::zero(blocks * 2),
            multiple: Multiplier::zero(blocks * 2),
        }
    }
}

impl Modulus {
    /// Takes a big-endian number without leading zeros; `None` if it is even or 1.
    pub(super) fn new(bytes: &[u8]) -> Option<Self> {
        let limbs = limbs_of(bytes, bytes.len().div_ceil(4));
        let lowest = *limbs.first()?;
        if lowest % 2 == 0 || bytes == [1] {
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
    #[cfg_attr(
        test,
        allow(dead_code, reason = "the key asks, which natively has the plain way")
    )]
    pub(super) fn byte_length(&self) -> usize {
        self.bytes.len()
    }

    /// `base^exponent mod n` as big-endian bytes of the modulus' length; `None` if
    /// `base` is not below the modulus. `exponent` is odd and at least 3. Its bits
    /// decide the time this takes, which is fine for a public exponent.
    pub(super) fn power_vartime(&self, base: &[u8], exponent: u32) -> Option<Vec<u8>> {
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

    /// `factor * other / R mod n`.
    fn multiply(&self, factor: &mut Factor, other: &Multiplier, space: &mut Workspace) {
        let vectors = self.blocks * 2;
        let mut settling = Settling::new(0);
        for place in 0..vectors {
            let range = (2 * place).saturating_sub(vectors)..vectors.min(2 * place + 2);
            let block = columns(ZEROS, &other.0, &factor.whole.0, place, range);
            if let Some(digits) = space.product.get_mut(place) {
                *digits = self.settle_half(&mut settling, place, block);
            }
        }
        self.reduce(factor, space);
    }

    /// `factor * factor / R mod n`, where each product of two different digits is made
    /// once and doubled.
    fn square(&self, factor: &mut Factor, space: &mut Workspace) {
        let vectors = self.blocks * 2;
        let mut settling = Settling::new(0);
        for place in 0..vectors {
            // Below these eight digits both factors differ; among them is the diagonal.
            let range = (2 * place).saturating_sub(vectors)..place;
            let block = columns(ZEROS, &factor.split.0, &factor.whole.0, place, range);
            let [(s0, c0), (s1, c1), (s2, c2), (s3, c3)] = block;
            let mut sums = [s0.plus(s0), s1.plus(s1), s2.plus(s2), s3.plus(s3)];
            if let (Some(digits), Some([lower, middle, upper])) = (
                factor.split.0.get(place),
                factor.whole.0.get(place + 1..place + 4),
            ) {
                let [lower, middle, upper] = diagonal(lower, middle, upper);
                add_products(&mut sums, *digits, [&lower, &middle, &upper]);
            }
            let [s0, s1, s2, s3] = sums;
            let block = [again(s0, c0), again(s1, c1), again(s2, c2), again(s3, c3)];
            if let Some(digits) = space.product.get_mut(place) {
                *digits = self.settle_half(&mut settling, place, block);
            }
        }
        self.reduce(factor, space);
    }

    /// Of a product that will be reduced the lower half is a factor, the upper an addend.
    #[inline(always)]
    fn settle_half(&self, settling: &mut Settling, place: usize, block: [Column; 4]) -> [Lanes; 4] {
        if place < self.blocks {
            settling.settle_all(block)
        } else {
            settling.settle_roughly(block)
        }
    }

    /// The product in `space`, divided by `R` modulo `n`.
    fn reduce(&self, factor: &mut Factor, space: &mut Workspace) {
        let vectors = self.blocks * 2;
        let (low, high) = space.product.split_at(self.blocks);
        for (place, digits) in low.iter().enumerate() {
            space.low.put(place, *digits);
        }
        let (a, b) = (&space.low, &self.negated_inverse);
        multiply_low(self.blocks, a, b, &mut space.multiple);

        // The lower half of `product + multiple * n` is a multiple of `R`: its highest
        // columns, rounded, say which.
        let highest = low.last().map(|[.., digits]| digits.lanes());
        let columns_of_n = middle_columns(&space.multiple.0, &self.n_whole.0);
        let mut carry = 0;
        for (sum, digit) in columns_of_n.iter().zip(highest.unwrap_or_default()) {
            carry = rounded(carry + sum + i64::from(digit));
        }

        let mut settling = Settling::new(low_half(carry));
        for (place, start) in high.iter().enumerate() {
            let (range, upper) = (place * 2..vectors, place + self.blocks);
            let block = columns(*start, &space.multiple.0, &self.n_whole.0, upper, range);
            factor.split.put(place, settling.settle_all(block));
        }
        factor.whole.set(&factor.split);
    }

    /// Newton's iteration: each round doubles the number of right bits.
    fn negated_inverse(&self, lowest: u32) -> Multiplicand {
        let vectors = self.blocks * 2;
        let mut product = Multiplier::zero(vectors);
        let start = negated_inverse(lowest).to_be_bytes();
        let mut inverse = Factor::new(Multiplier::of_bytes(&start, vectors));
        let mut right_bits = 32;
        while right_bits < vectors * 8 * BITS as usize {
            right_bits *= 2;
            let blocks = right_bits.div_ceil(16 * BITS as usize).min(self.blocks);
            // `x * (2 + n * x)`, for an inverse that is negated.
            multiply_low(blocks, &inverse.split, &self.n_whole, &mut product);
            if let Some(lowest) = product.0.first_mut() {
                *lowest = Lanes::new(*lowest)
                    .plus_words(Lanes::new([2, 0, 0, 0]))
                    .lanes();
            }
            multiply_low(blocks, &product, &inverse.whole, &mut inverse.split);
            inverse.whole.set(&inverse.split);
        }
        inverse.whole
    }

    /// From `R * 2^d mod n` by squaring, which doubles `d`, until it is the bits of `R`.
    fn r_squared(&self, n: &[u32]) -> Multiplier {
        let bits = self.blocks * 16 * BITS as usize;
        let squarings = bits.trailing_zeros();
        let start = power_of_two(bits + (bits >> squarings), n);
        let bytes: Vec<u8> = start
            .iter()
            .rev()
            .flat_map(|limb| limb.to_be_bytes())
            .collect();
        let mut power = Factor::new(Multiplier::of_bytes(&bytes, self.blocks * 2));
        let mut space = Workspace::new(self.blocks);
        for _ in 0..squarings {
            self.square(&mut power, &mut space);
        }
        power.split
    }
}

impl Factor {
    fn new(split: Multiplier) -> Self {
        let mut whole = Multiplicand::zero(split.0.len());
        whole.set(&split);
        Self { split, whole }
    }
}

/// `a * b` modulo 2 to the bits of so many blocks.
fn multiply_low(blocks: usize, a: &Multiplier, b: &Multiplicand, product: &mut Multiplier) {
    let mut settling = Settling::new(0);
    for place in 0..blocks {
        let block = columns(ZEROS, &a.0, &b.0, place, 0..place * 2 + 2);
        product.put(place, settling.settle_all(block));
    }
}

/// A window for the square of eight digits: these digits are as they are, those above
/// them doubled, and those below not there.
#[inline(always)]
fn diagonal(lower: &[Lanes; 4], middle: &[Lanes; 4], upper: &[Lanes; 4]) -> [[Lanes; 4]; 3] {
    // Lanes of two digits where these begin, at an even place and two below.
    const FROM: [u32; 4] = [0xffff, !0, !0, !0];
    const FROM_CROSSING: [u32; 4] = [0, 0, 0xffff, !0];
    let zero = Lanes::ZERO;
    let [_, _, b2, b3] = *lower;
    let [b4, b5, b6, b7] = *middle;
    let [b8, b9, ..] = *upper;
    let doubled = |digits: Lanes, above| digits.plus_words(digits.masked(above));
    [
        [zero, zero, b2.masked(FROM), b3.masked(FROM_CROSSING)],
        [b4, b5, doubled(b6, FROM), doubled(b7, FROM_CROSSING)],
        [doubled(b8, [!0; 4]), doubled(b9, [!0; 4]), zero, zero],
    ]
}

/// Sums of which twice `carried` was carried already.
#[inline(always)]
fn again(sums: Lanes, carried: Lanes) -> Column {
    let (low, more) = split(sums);
    (low, carried.plus(carried).plus(more))
}

/// A sum divided by what a digit stands for, to the nearest whole number.
fn rounded(sum: i64) -> i64 {
    (sum + (1 << (BITS - 1))) >> BITS
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "a carry of 320 products is of 22 bits"
)]
fn low_half(carry: i64) -> i32 {
    carry as i32
}

const ZEROS: [Lanes; 4] = [Lanes::ZERO; 4];

/// How many bits `R` has at least more than `n`.
const ROOM_BITS: usize = 16;

#[cfg(test)]
mod tests;
