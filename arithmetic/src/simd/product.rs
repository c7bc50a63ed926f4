//! Products and squares of residues, reduced by Montgomery's method, and lower halves of
//! products.
//!
//! Knows a modulus and its constants. Does not know how the constants are computed, nor
//! exponents.

use alloc::{vec, vec::Vec};

use super::{
    Modulus,
    columns::{
        Column, NOTHING, add_first_products, columns, cut, lower_columns, middle_columns,
        upper_columns,
    },
    digits::{BITS, Factor, Group, Multiplicand, Multiplier, Settling, Widening},
    lanes::Lanes,
};

/// The memory for the intermediate results of a multiplication, reused by the next one.
#[derive(Debug)]
pub(super) struct Workspace {
    /// The lower half of the product.
    low: Multiplier,
    /// The columns of the upper half, sixteen to a block.
    high: Vec<[Column; 4]>,
    /// The multiple of `n` that makes the product divisible by `R`.
    multiple: Multiplier,
}

impl Workspace {
    pub(super) fn new(blocks: usize) -> Self {
        Self {
            low: Multiplier::zero(blocks * 2),
            high: vec![NOTHING; blocks],
            multiple: Multiplier::zero(blocks * 2),
        }
    }

    /// Stores the sum of `sum`, which is given by columns, and of the products.
    #[inline(never)]
    fn fill_with_products(
        &mut self,
        sum: &[[Column; 4]],
        products: &[(&Multiplier, &Multiplicand)],
    ) -> Settling {
        self.fill(|block| {
            let start = sum.get(block).copied().unwrap_or(NOTHING);
            let add = |sum, (a, b): &(&_, &_)| with_columns_of(sum, a, b, block);
            products.iter().fold(start, add)
        })
    }

    /// Stores a product, given by its columns. Returns the carries of its lower half.
    #[inline(always)]
    fn fill(&mut self, mut columns: impl FnMut(usize) -> [Column; 4]) -> Settling {
        let mut settling = Settling::BEGIN;
        let blocks = self.high.len();
        for block in 0..blocks * 2 {
            let columns = columns(block);
            if block < blocks {
                self.low.put(block, settling.settle_all(columns));
            } else if let Some(high) = self.high.get_mut(block - blocks) {
                *high = columns;
            }
        }
        settling
    }
}

impl Modulus {
    /// `factor * other / R mod n`.
    pub(super) fn multiply(&self, factor: &mut Factor, other: &Multiplier, space: &mut Workspace) {
        let settling = space.fill_with_products(&[], &[(other, &factor.whole)]);
        self.reduce(settling, space, factor);
    }

    /// `factor * factor / R mod n`. Each product of two different digits is computed once and
    /// doubled.
    pub(super) fn square(&self, factor: &mut Factor, space: &mut Workspace) {
        let Factor { split, whole } = &*factor;
        let mut groups = whole.0.as_slice();
        let settling = space.fill(|block| {
            // Products with lower digits are doubled. The diagonal is among these eight digits.
            let below = split.0.get(..block).unwrap_or_default();
            let [c0, c1, c2, c3] = columns(NOTHING, below, whole, block);
            let mut sums = [Lanes::ZERO; 4];
            if let (Some(digits), [lower_groups @ .., upper, middle, lower]) =
                (split.0.get(block), groups)
            {
                add_first_products(&mut sums, *digits, diagonal(lower, middle, upper));
                groups = groups.get(..lower_groups.len() + 2).unwrap_or_default();
            }
            let [s0, s1, s2, s3] = sums;
            [
                doubled(c0, s0),
                doubled(c1, s1),
                doubled(c2, s2),
                doubled(c3, s3),
            ]
        });
        self.reduce(settling, space, factor);
    }

    /// All columns of the product.
    pub(super) fn product(&self, a: &Multiplier, b: &Multiplicand) -> Vec<[Column; 4]> {
        (0..self.blocks * 2)
            .map(|block| with_columns_of(NOTHING, a, b, block))
            .collect()
    }

    /// Whether `sum + product + power * base` is a multiple of `n`. Each summand is below
    /// `n^2`, so the reduced total is below `n` and must be zero. The reduced total replaces
    /// `power`.
    pub(super) fn completes(
        &self,
        power: &mut Factor,
        base: &Multiplicand,
        (sum, product): (&[[Column; 4]], (&Multiplier, &Multiplicand)),
        space: &mut Workspace,
    ) -> bool {
        let settling = space.fill_with_products(sum, &[product, (&power.split, base)]);
        self.reduce(settling, space, power);
        power.split.is_zero()
    }

    /// The product in `space`, divided by `R` modulo `n`.
    #[inline(never)]
    fn reduce(&self, mut settling: Settling, space: &mut Workspace, result: &mut Factor) {
        let (low, multiple) = (&space.low, &mut space.multiple);
        multiply_low(self.blocks, low, &self.negated_inverse, multiple);

        // The lower half of `product + multiple * n` is a multiple of `R`. Its highest columns,
        // rounded, determine the multiple.
        let (sums, carried) = middle_columns(&multiple.0, &self.n);
        let columns_of_n = sums.lanes().into_iter().zip(carried.lanes());
        let carry = columns_of_n.zip(low.highest());
        settling.carry(carry.fold(0, |carry, ((sum, carried), digit)| {
            carried + rounded(carry + sum + digit)
        }));

        let mut widening = Widening::BEGIN;
        let mut groups = result.whole.0.iter_mut().rev();
        for (block, high) in space.high.iter().enumerate() {
            let columns = upper_columns(*high, &multiple.0, &self.n, 2 * block);
            let digits = settling.settle_all(columns);
            result.split.put(block, digits);
            for (digits, group) in digits.into_iter().zip(&mut groups) {
                *group = widening.group(digits);
            }
        }
        if let Some(group) = groups.next() {
            *group = widening.group(Lanes::ZERO);
        }
    }
}

/// The same as [`columns`], but not inlined, for callers that are not time-critical.
#[inline(never)]
fn with_columns_of(
    start: [Column; 4],
    a: &Multiplier,
    b: &Multiplicand,
    block: usize,
) -> [Column; 4] {
    columns(start, &a.0, b, block)
}

/// `a * b` modulo `2^b`, with `b` = the number of bits in `blocks` blocks.
pub(super) fn multiply_low(
    blocks: usize,
    a: &Multiplier,
    b: &Multiplicand,
    product: &mut Multiplier,
) {
    let mut settling = Settling::BEGIN;
    for block in 0..blocks {
        let columns = lower_columns(&a.0, b, block);
        product.put(block, settling.settle_all(columns));
    }
}

/// Adds the sums to twice the columns.
#[inline(always)]
fn doubled((low, carried): Column, sums: Lanes) -> Column {
    let [more, more_carried] = cut(sums);
    (
        low.plus(low).plus(more),
        carried.plus(carried).plus(more_carried),
    )
}

/// The window for the square of eight digits: these digits unchanged, the digits above them
/// doubled, and zeros for the digits below them.
#[inline(always)]
fn diagonal(lower: &Group, middle: &Group, upper: &Group) -> [Lanes; 8] {
    // Masks that clear the digits below these eight, in a vector that begins with them and in
    // a vector that begins two digits below.
    const FROM: [u32; 4] = [0xffff, !0, !0, !0];
    const FROM_CROSSING: [u32; 4] = [0, 0, 0xffff, !0];
    let [[_, b2], [_, b3]] = *lower;
    let [[b4, b6], [b5, b7]] = *middle;
    let [[b8, _], [b9, _]] = *upper;
    let doubled = |digits: Lanes, above| digits.plus_words(digits.masked(above));
    [
        b2.masked(FROM),
        b3.masked(FROM_CROSSING),
        b4,
        b5,
        doubled(b6, FROM),
        doubled(b7, FROM_CROSSING),
        b8.plus_words(b8),
        b9.plus_words(b9),
    ]
}

/// Divides by `2^BITS` and rounds to the nearest whole number.
fn rounded(sum: i32) -> i32 {
    (sum + (1 << (BITS - 1))) >> BITS
}
