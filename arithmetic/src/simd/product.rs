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
    /// The product, not yet reduced, sixteen digits to a block.
    product: Vec<[Lanes; 4]>,
    low: Multiplier,
    /// The multiple of `n` that makes the product divisible by `R`.
    multiple: Multiplier,
}

impl Workspace {
    pub(super) fn new(blocks: usize) -> Self {
        Self {
            product: vec![ZEROS; blocks * 2],
            low: Multiplier::zero(blocks * 2),
            multiple: Multiplier::zero(blocks * 2),
        }
    }
}

impl Modulus {
    /// `factor * other / R mod n`.
    pub(super) fn multiply(&self, factor: &mut Factor, other: &Multiplier, space: &mut Workspace) {
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
}

impl Factor {
    pub(super) fn new(split: Multiplier) -> Self {
        let mut whole = Multiplicand::zero(split.0.len());
        whole.set(&split);
        Self { split, whole }
    }
}

/// `a * b` modulo 2 to the bits of so many blocks.
pub(super) fn multiply_low(
    blocks: usize,
    a: &Multiplier,
    b: &Multiplicand,
    product: &mut Multiplier,
) {
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
