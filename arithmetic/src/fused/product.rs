//! Products and squares of residues, reduced by Montgomery's method, and lower halves of
//! products.
//!
//! Knows a modulus and its constants. Does not know exponents.

use super::{
    BYTES,
    columns::{
        Columns, Six, add_high_products, add_high_squares, add_low_products, add_low_squares,
    },
    digits::{BITS, DIGITS, Factor, Multiplicand, Multiplier, Settling},
    lanes::Floats,
};
use crate::negated_inverse;

/// An odd `n` with the constants that Montgomery arithmetic needs.
#[derive(Debug, Clone)]
pub(super) struct Modulus {
    n: Multiplicand,
    /// `-n^-1 mod R`.
    negated_inverse: Multiplicand,
}

/// The columns of a product, six at a time: the columns of the lower half, then the columns
/// from 40. Columns 40 and 41 are in both.
pub(super) type AllColumns = [[Six; DIGITS / 6]; 2];

impl Modulus {
    /// Returns `None` if the number is even or has fewer than 2048 bits.
    pub(super) fn new(bytes: &[u8; BYTES]) -> Option<Self> {
        let lowest = u32::from_be_bytes(*bytes.last_chunk()?);
        if lowest % 2 == 0 || *bytes.first()? < 0x80 {
            return None;
        }
        let n = Multiplicand::of(&Multiplier::of_bytes(bytes), 1.0);
        let negated_inverse = inverse(&n, lowest);
        Some(Self { n, negated_inverse })
    }

    /// `factor * other / R mod n`.
    pub(super) fn multiply(&self, factor: &mut Factor, other: &Multiplicand) {
        self.reduce(
            factor,
            |factor, sums, column| add_low_products(sums, factor.digits.digits(), other, column),
            |factor, sums, column| add_high_products(sums, factor.digits.digits(), other, column),
        );
    }

    /// `factor * factor / R mod n`.
    pub(super) fn square(&self, factor: &mut Factor) {
        self.reduce(
            factor,
            |Factor { digits, doubled }, sums, column| {
                add_low_squares(sums, digits.digits(), doubled, column);
            },
            |Factor { digits, doubled }, sums, column| {
                add_high_squares(sums, digits.digits(), doubled, column);
            },
        );
    }

    /// Whether `sum + low * scale + power * base` is a multiple of `n`. `sum` is given by
    /// columns, and `low` has six digits. Each summand is below `n^2`, so the reduced total is
    /// below `n` and must be zero. The reduced total replaces `power`.
    pub(super) fn completes(
        &self,
        power: &mut Factor,
        base: &Multiplicand,
        ([sum_low, sum_high], low, scale): (&AllColumns, &[f64], &Multiplicand),
    ) -> bool {
        let add = |sums: &mut Six, known: Option<&Six>| *sums = *known.unwrap_or(sums);
        self.reduce(
            power,
            |power, sums, column| {
                add(sums, sum_low.get(column / 6));
                add_low_products(sums, low, scale, column);
                add_low_products(sums, power.digits.digits(), base, column);
            },
            |power, sums, column| {
                add(sums, sum_high.get((column - FIRST_HIGH) / 6));
                add_high_products(sums, low, scale, column);
                add_high_products(sums, power.digits.digits(), base, column);
            },
        );
        power.digits.is_zero()
    }

    /// Replaces `factor` with a product, divided by `R` modulo `n`. `add_low` and `add_high` add
    /// six columns of the product: the columns of the lower half, and those from column 40.
    ///
    /// The lower half of `product + multiple * n` is a multiple of `R`. Its two highest columns,
    /// rounded, determine the multiple: all columns below count less than 2^-40 of it.
    #[inline(always)]
    fn reduce(
        &self,
        factor: &mut Factor,
        add_low: impl Fn(&Factor, &mut Six, usize),
        add_high: impl Fn(&Factor, &mut Six, usize),
    ) {
        let low = settled(|sums, column| add_low(factor, sums, column));
        let multiple = multiply_low(&low, &self.negated_inverse);

        let (mut settling, mut before) = (Settling::begin(), Floats::ZERO);
        let mut index = 0usize;
        for column in (FIRST_HIGH..FIRST_HIGH + DIGITS).step_by(6) {
            let mut sums = [Columns::ZERO; 3];
            add_high(factor, &mut sums, column);
            add_high_products(&mut sums, multiple.digits(), &self.n, column);
            // The digits that are replaced are not needed for the columns that follow.
            for columns in sums {
                let pair = settling.settle(columns);
                // The first pair is digits of the lower half.
                if let Some(index) = index.checked_sub(1) {
                    factor.put(index, &mut before, pair);
                }
                index += 1;
            }
        }
        factor.put(index - 1, &mut before, settling.settle(Columns::ZERO));
    }
}

/// All columns of a product.
pub(super) fn all_columns(a: &Multiplier, b: &Multiplicand) -> AllColumns {
    let mut all = [[[Columns::ZERO; 3]; DIGITS / 6]; 2];
    let [low, high] = &mut all;
    for (index, (low, high)) in low.iter_mut().zip(high).enumerate() {
        add_low_products(low, a.digits(), b, index * 6);
        add_high_products(high, a.digits(), b, FIRST_HIGH + index * 6);
    }
    all
}

/// `a * b` modulo `R`.
#[inline(never)]
fn multiply_low(a: &Multiplier, b: &Multiplicand) -> Multiplier {
    settled(|sums, column| add_low_products(sums, a.digits(), b, column))
}

/// The digits of a number modulo `R` that is given by its columns.
#[inline(always)]
fn settled(add: impl Fn(&mut Six, usize)) -> Multiplier {
    let mut number = Multiplier::ZERO;
    let mut settling = Settling::begin();
    for (index, pairs) in number.0.chunks_mut(3).enumerate() {
        let mut sums = [Columns::ZERO; 3];
        add(&mut sums, index * 6);
        for (columns, pair) in sums.into_iter().zip(pairs) {
            *pair = settling.settle(columns).lanes();
        }
    }
    number
}

/// `-n^-1 mod R` by Newton's iteration: each round doubles the number of correct bits.
fn inverse(n: &Multiplicand, lowest: u32) -> Multiplicand {
    let mut inverse = Multiplier::of_bytes(&negated_inverse(lowest).to_be_bytes());
    let mut right_bits = 32;
    while right_bits < DIGITS * BITS as usize {
        right_bits *= 2;
        // `x * (2 + n * x)`, because the inverse is negated.
        let mut product = multiply_low(&inverse, n);
        product.add_to_lowest(2.0);
        inverse = multiply_low(&product, &Multiplicand::of(&inverse, 1.0));
    }
    Multiplicand::of(&inverse, 1.0)
}

/// See [`add_high_products`].
const FIRST_HIGH: usize = DIGITS - 2;
