//! Sums of products, six columns at a time. A verification spends most of its time here.
//!
//! Column `k` of a product is the sum of all `a_i * b_(k-i)`. `a` is a multiplier and `b` a
//! multiplicand (see `digits`).
//!
//! A product of two digits has 102 bits, a floating-point number 53. Fused multiply-add
//! computes `a * b + c` exactly and rounds once. If `c` is 1.5 * 2^103, the result is a multiple
//! of 2^51, because a number from 2^103 to 2^104 has 53 bits. So its low bits are `a * b / 2^51`,
//! rounded to the nearest whole number, the high part. A second multiply-add subtracts the high
//! part from `a * b`, which is exact: the low part is at most 2^50 in absolute value. It is added
//! to 1.5 * 2^52, which makes it the low bits, too.
//!
//! The bits of both parts are summed as 64-bit integers, without converting them. The constants
//! are part of these sums, once for each product, and are subtracted.
//!
//! Bounds: a digit is at most 2^50 + 2^8 in absolute value, a doubled one at most 2^51 + 2^9, so
//! a product is below 2^102, and `1.5 * 2^103 + a * b` is from 2^103 to 2^104. A high part is at
//! most 2^51 and a low part at most 2^50. The last sum of a power has the most products in a
//! column, 42 + 42 + 6. So the sums are below 2^58, and the sum of both is below 2^59.

use super::{
    digits::{BITS, DIGITS, Multiplicand},
    lanes::{Floats, Sums},
};

/// Two neighbouring columns: the sums of the high parts, which belong to the columns above, and
/// of the low parts. [`OFFSET`] is added to the low parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    pub(super) high: Sums,
    pub(super) low: Sums,
}

/// Six neighbouring columns, the lowest first. The lowest is an even column.
pub(super) type Six = [Columns; 3];

/// Adds six columns of `a * b` in the lower half of the product. `a` has six digits, or as many
/// as a number.
#[inline(never)]
pub(super) fn add_low_products(sums: &mut Six, a: &[f64], b: &Multiplicand, column: usize) {
    let constants = Constants::new();
    let (digits, above) = a.split_at(a.len().min(column + 2));
    let mut apart = [0; 3];
    if let ([a2, a3, a4, a5, ..], [.., b2, b1, b0, crossing]) = (above, &b.0) {
        let [_, s1, s2] = sums;
        constants.add(s1, [(a2, b0), (a3, crossing)]);
        constants.add(s2, [(a2, b2), (a3, b1), (a4, b0), (a5, crossing)]);
        apart = [0, 2, 4];
    }
    constants.add_all(sums, digits, b.from(column + 4), apart);
}

/// Adds six columns of `a * b`, from column 40. The digits of `b` above digit 40 must be zero.
#[inline(never)]
pub(super) fn add_high_products(sums: &mut Six, a: &[f64], b: &Multiplicand, column: usize) {
    let constants = Constants::new();
    let a = a.get(column.wrapping_sub(HIGHEST)..).unwrap_or_default();
    let b = b.from(HIGHEST);
    if let Some((first, rest)) = a.split_first_chunk() {
        constants.add_first(sums, first, b);
        constants.add_all(sums, rest, b, [4, 2, 0]);
    }
}

/// Adds six columns of `a * a` in the lower half of the square. `doubled` is twice `a`: each
/// product of two different digits is computed once.
#[inline(never)]
pub(super) fn add_low_squares(sums: &mut Six, a: &[f64], doubled: &Multiplicand, column: usize) {
    let constants = Constants::new();
    let (digits, middle) = a.split_at(a.len().min(column / 2));
    constants.add_all(sums, digits, doubled.from(column + 4), [1, 2, 3]);
    constants.add_middle(sums, middle, doubled.from(column / 2 + 4));
}

/// Adds six columns of `a * a`, from column 40. The digits of `a` above digit 40 must be zero.
#[inline(never)]
pub(super) fn add_high_squares(sums: &mut Six, a: &[f64], doubled: &Multiplicand, column: usize) {
    let constants = Constants::new();
    let (below, middle) = a.split_at(a.len().min(column / 2));
    let a = below
        .get(column.wrapping_sub(HIGHEST)..)
        .unwrap_or_default();
    let b = doubled.from(HIGHEST);
    if let Some((first, rest)) = a.split_first_chunk() {
        constants.add_first(sums, first, b);
        constants.add_all(sums, rest, b, [5, 4, 3]);
    } else if let ([a0, a1, ..], [b0, b1, ..]) = (a, b) {
        // The last six columns. Only the first two have products of lower digits.
        let [s0, ..] = sums;
        constants.add(s0, [(a0, b0), (a1, b1)]);
        constants.add_all(sums, &[], b, [3, 2, 3]);
    }
    constants.add_middle(sums, middle, doubled.from(column / 2 + 4));
}

/// The constants of two columns that are added to products, see above.
#[derive(Debug, Clone, Copy)]
struct Constants {
    high: Floats,
    high_and_low: Floats,
}

impl Constants {
    /// V8 builds a constant from three instructions wherever it is used, even in a loop. It does
    /// not if the compiler does not know the value: this is a third of the time.
    #[inline(always)]
    fn new() -> Self {
        let [high, high_and_low] = core::hint::black_box([HIGH, HIGH + LOW]).map(Floats::all);
        Self { high, high_and_low }
    }

    /// Adds a product to two columns, and the constants to their sums.
    #[inline(always)]
    fn plus(self, sums: Columns, a: Floats, b: Floats) -> Columns {
        let high = a.times_plus(b, self.high);
        let low = a.times_plus(b, self.high_and_low.minus(high));
        Columns {
            high: sums.high.plus(high.bits()),
            low: sums.low.plus(low.bits()),
        }
    }

    #[inline(always)]
    fn add<const COUNT: usize>(self, sums: &mut Columns, products: [(&f64, &Floats); COUNT]) {
        for (a, b) in products {
            *sums = self.plus(*sums, Floats::all(*a), *b);
        }
    }

    /// Adds the products that fall into all six columns. The first digit of `a` is multiplied
    /// with the first five pairs of `b`, each next one with the pairs one digit below. Subtracts
    /// the constants of these products, and of the products that are added `apart`.
    #[inline(always)]
    fn add_all(self, sums: &mut Six, a: &[f64], b: &[Floats], apart: [usize; 3]) {
        let [mut s0, mut s1, mut s2] = *sums;
        let [apart0, apart1, apart2] = apart;
        s0 = s0.without_constants(a.len() + apart0);
        s1 = s1.without_constants(a.len() + apart1);
        s2 = s2.without_constants(a.len() + apart2);
        for (a, window) in a.iter().zip(b.windows(5)) {
            let [b4, _, b2, _, b0] = window else {
                break;
            };
            let a = Floats::all(*a);
            s0 = self.plus(s0, a, *b0);
            s1 = self.plus(s1, a, *b2);
            s2 = self.plus(s2, a, *b4);
        }
        *sums = [s0, s1, s2];
    }

    /// Adds the products of the lowest four digits that fall into the first four columns, but
    /// not into all six.
    #[inline(always)]
    fn add_first(self, sums: &mut Six, [a0, a1, a2, a3]: &[f64; 4], b: &[Floats]) {
        if let [b0, b1, b2, b3, ..] = b {
            let [s0, s1, _] = sums;
            self.add(s0, [(a0, b0), (a1, b1), (a2, b2), (a3, b3)]);
            self.add(s1, [(a2, b0), (a3, b1)]);
        }
    }

    /// Adds the products of a square in the middle of its columns. The digit of a diagonal is
    /// not doubled.
    #[inline(always)]
    fn add_middle(self, sums: &mut Six, a: &[f64], doubled: &[Floats]) {
        if let ([a0, a1, a2, ..], [b4, b3, b2, b1, b0, ..]) = (a, doubled) {
            let [s0, s1, s2] = sums;
            let [d0, d1, d2] = [b0, b1, b2].map(|pair| pair.times(Floats::new([0.5, 1.0])));
            self.add(s0, [(a0, &d0)]);
            self.add(s1, [(a0, b2), (a1, &d1)]);
            self.add(s2, [(a0, b4), (a1, b3), (a2, &d2)]);
        }
    }
}

impl Columns {
    /// The sum of no products.
    pub(super) const ZERO: Self = Self {
        high: Sums::ZERO,
        low: Sums::all(OFFSET),
    };

    #[inline(always)]
    pub(super) fn plus_one_product(self, a: Floats, b: Floats) -> Self {
        Constants::new().plus(self, a, b).without_constants(1)
    }

    /// Subtracts the constants that `count` products have added.
    #[inline(always)]
    fn without_constants(self, count: usize) -> Self {
        Self {
            high: self.high.minus_bits(HIGH, count),
            low: self.low.minus_bits(LOW, count),
        }
    }
}

/// Added to the low parts of each column: a multiple of 2^51 that makes all sums positive, and
/// half of 2^51, so that carries are rounded to the nearest whole number.
pub(super) const OFFSET: i64 = (1 << 60) + (1 << (BITS - 1));

/// The highest digit of a residue that may not be zero. Column 40 is the lowest column that is
/// needed to reduce a product.
const HIGHEST: usize = DIGITS - 2;

const HIGH: f64 = 1.5 * (1u128 << 103) as f64;
const LOW: f64 = 1.5 * (1u64 << 52) as f64;

#[cfg(test)]
impl Columns {
    /// The two columns as whole numbers.
    pub(super) fn values(self) -> [i128; 2] {
        let [highs, lows] = [self.high, self.low].map(Sums::exact);
        [0, 1].map(|lane| (highs[lane] << BITS) + lows[lane] - i128::from(OFFSET))
    }
}
