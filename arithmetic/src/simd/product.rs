//! Products and squares of residues, reduced by Montgomery's method, and lower halves of
//! products.
//!
//! Knows a modulus and its constants; does not know how these came to be, nor what powers
//! are wanted.

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

/// What one multiplication needs in between, kept for the next one.
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

    /// Takes the sum of some columns and of products.
    #[inline(never)]
    fn fill_with_products(
        &mut self,
        sum: &[[Column; 4]],
        products: &[(&Multiplier, &Multiplicand)],
    ) -> Settling {
        self.fill(|place| {
            let start = sum.get(place).copied().unwrap_or(NOTHING);
            let add = |sum, (a, b): &(&_, &_)| with_columns_of(sum, a, b, place);
            products.iter().fold(start, add)
        })
    }

    /// Takes a product by its columns, and gives what its lower half carries.
    #[inline(always)]
    fn fill(&mut self, mut columns: impl FnMut(usize) -> [Column; 4]) -> Settling {
        let mut settling = Settling::BEGIN;
        let blocks = self.high.len();
        for place in 0..blocks * 2 {
            let columns = columns(place);
            if place < blocks {
                self.low.put(place, settling.settle_all(columns));
            } else if let Some(high) = self.high.get_mut(place - blocks) {
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

    /// `factor * factor / R mod n`, where each product of two different digits is made
    /// once and doubled.
    pub(super) fn square(&self, factor: &mut Factor, space: &mut Workspace) {
        let Factor { split, whole } = &*factor;
        let mut groups = whole.0.as_slice();
        let settling = space.fill(|place| {
            // Below these eight digits both factors differ; among them is the diagonal.
            let below = split.0.get(..place).unwrap_or_default();
            let [c0, c1, c2, c3] = columns(NOTHING, below, whole, place);
            let mut sums = [Lanes::ZERO; 4];
            if let (Some(digits), [lower_groups @ .., upper, middle, lower]) =
                (split.0.get(place), groups)
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
        let places = 0..self.blocks * 2;
        places
            .map(|place| with_columns_of(NOTHING, a, b, place))
            .collect()
    }

    /// Whether `power * base`, and what else is in the sum, is a multiple of `n`. Each is
    /// below `n^2`, so that reduced they are below `n` together, and must be zero. It takes
    /// the place of the power.
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

        // The lower half of `product + multiple * n` is a multiple of `R`: its highest
        // columns, rounded, say which.
        let (sums, carried) = middle_columns(&multiple.0, &self.n);
        let columns_of_n = sums.lanes().into_iter().zip(carried.lanes());
        let carry = columns_of_n.zip(low.highest());
        settling.carry(carry.fold(0, |carry, ((sum, carried), digit)| {
            carried + rounded(carry + sum + digit)
        }));

        let mut widening = Widening::BEGIN;
        let mut groups = result.whole.0.iter_mut().rev();
        for (place, high) in space.high.iter().enumerate() {
            let columns = upper_columns(*high, &multiple.0, &self.n, 2 * place);
            let digits = settling.settle_all(columns);
            result.split.put(place, digits);
            for (digits, group) in digits.into_iter().zip(&mut groups) {
                *group = widening.group(digits);
            }
        }
        if let Some(group) = groups.next() {
            *group = widening.group(Lanes::ZERO);
        }
    }
}

/// Columns with those of `a * b` added: where there is time for a call.
#[inline(never)]
fn with_columns_of(
    start: [Column; 4],
    a: &Multiplier,
    b: &Multiplicand,
    place: usize,
) -> [Column; 4] {
    columns(start, &a.0, b, place)
}

/// `a * b` modulo 2 to the bits of so many blocks.
pub(super) fn multiply_low(
    blocks: usize,
    a: &Multiplier,
    b: &Multiplicand,
    product: &mut Multiplier,
) {
    let mut settling = Settling::BEGIN;
    for place in 0..blocks {
        let columns = lower_columns(&a.0, b, place);
        product.put(place, settling.settle_all(columns));
    }
}

/// Twice these columns and these sums.
#[inline(always)]
fn doubled((low, carried): Column, sums: Lanes) -> Column {
    let [more, more_carried] = cut(sums);
    (
        low.plus(low).plus(more),
        carried.plus(carried).plus(more_carried),
    )
}

/// A window for the square of eight digits: these digits are as they are, those above
/// them doubled, and those below not there.
#[inline(always)]
fn diagonal(lower: &Group, middle: &Group, upper: &Group) -> [Lanes; 8] {
    // Lanes of two digits where these begin, at an even place and two below.
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

/// A sum divided by what a digit stands for, to the nearest whole number.
fn rounded(sum: i32) -> i32 {
    (sum + (1 << (BITS - 1))) >> BITS
}
