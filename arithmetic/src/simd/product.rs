//! Products and squares of residues, reduced by Montgomery's method, and lower halves of
//! products.
//!
//! Knows a modulus and its constants; does not know how these came to be, nor what powers
//! are wanted.

use alloc::{vec, vec::Vec};

use super::{
    Modulus,
    columns::{Column, add_products, columns, middle_columns},
    digits::{BITS, Multiplicand, Multiplier, Settling, split},
    lanes::Lanes,
};

/// A number in both forms, for it will be a factor on either side.
#[derive(Debug, Clone)]
pub(super) struct Factor {
    pub(super) split: Multiplier,
    pub(super) whole: Multiplicand,
}

/// What one multiplication needs in between, kept for the next one.
#[derive(Debug)]
pub(super) struct Workspace {
    /// The lower half of the product, not yet reduced.
    low: Multiplier,
    /// The upper half, sixteen digits to a block.
    high: Vec<[Lanes; 4]>,
    /// The multiple of `n` that makes the product divisible by `R`.
    multiple: Multiplier,
}

impl Workspace {
    pub(super) fn new(blocks: usize) -> Self {
        Self {
            low: Multiplier::zero(blocks * 2),
            high: vec![ZEROS; blocks],
            multiple: Multiplier::zero(blocks * 2),
        }
    }
}

impl Modulus {
    /// `factor * other / R mod n`.
    pub(super) fn multiply(&self, factor: &mut Factor, other: &Multiplier, space: &mut Workspace) {
        let settling = multiply_low(self.blocks, other, &factor.whole, &mut space.low);
        space.high.fill(ZEROS);
        add_high(other, &factor.whole, settling, &mut space.high);
        self.reduce(factor, space);
    }

    /// `factor * factor / R mod n`, where each product of two different digits is made
    /// once and doubled.
    pub(super) fn square(&self, factor: &mut Factor, space: &mut Workspace) {
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
            // Of a product that will be reduced the lower half is a factor, the upper an addend.
            if place < self.blocks {
                space.low.put(place, settling.settle_all(block));
            } else if let Some(digits) = space.high.get_mut(place - self.blocks) {
                *digits = settling.settle_roughly(block);
            }
        }
        self.reduce(factor, space);
    }

    /// The product in `space`, divided by `R` modulo `n`.
    fn reduce(&self, factor: &mut Factor, space: &mut Workspace) {
        let (a, b) = (&space.low, &self.negated_inverse);
        multiply_low(self.blocks, a, b, &mut space.multiple);

        // The lower half of `product + multiple * n` is a multiple of `R`: its highest
        // columns, rounded, say which.
        let columns_of_n = middle_columns(&space.multiple.0, &self.n_whole.0);
        let mut carry = 0;
        for (sum, digit) in columns_of_n.iter().zip(space.low.highest()) {
            carry = rounded(carry + sum + i64::from(digit));
        }

        let settling = Settling::new(low_half(carry));
        add_high(&space.multiple, &self.n_whole, settling, &mut space.high);
        for (place, digits) in space.high.iter().enumerate() {
            factor.split.put(place, *digits);
        }
        factor.whole.set(&factor.split);
    }
}

impl Factor {
    pub(super) fn new(split: Multiplier) -> Self {
        let mut whole = Multiplicand::zero(split.0.len());
        whole.set(&split);
        Self { split, whole }
    }
}

/// `a * b` modulo 2 to the bits of so many blocks; gives what it carries beyond them.
pub(super) fn multiply_low(
    blocks: usize,
    a: &Multiplier,
    b: &Multiplicand,
    product: &mut Multiplier,
) -> Settling {
    let mut settling = Settling::new(0);
    for place in 0..blocks {
        let block = columns(ZEROS, &a.0, &b.0, place, 0..place * 2 + 2);
        product.put(place, settling.settle_all(block));
    }
    settling
}

/// Adds the upper half of `a * b`, and what the lower half carries, to the blocks of `sums`.
#[inline(never)]
fn add_high(a: &Multiplier, b: &Multiplicand, carry: Settling, sums: &mut [[Lanes; 4]]) {
    let (mut settling, blocks) = (carry, sums.len());
    for (place, digits) in sums.iter_mut().enumerate() {
        let (range, upper) = (place * 2..blocks * 2, place + blocks);
        let block = columns(*digits, &a.0, &b.0, upper, range);
        *digits = settling.settle_all(block);
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
