//! Numbers as signed digits of 51 bits, each a floating-point number.
//!
//! A digit is at most 2^50 + 2^8 in absolute value: half of 2^51, plus a carry. The digits of a
//! number are not unique, but a number is zero only if all its digits are: the highest digit
//! that is not zero counts more than all lower digits together.

use super::{
    columns::{Columns, OFFSET},
    lanes::{Floats, Sums},
};

/// The number of bits per digit.
pub(super) const BITS: u32 = 51;

/// The number of digits of a number, a multiple of six. Products are computed six columns at a
/// time.
pub(super) const DIGITS: usize = 42;

/// A factor whose digits are multiplied with all of the other factor, in pairs. The lowest
/// digits come first.
#[derive(Debug, Clone)]
pub(super) struct Multiplier(pub(super) [[f64; 2]; DIGITS / 2]);

/// A factor that is read in overlapping pairs: the digits `k` and `k + 1`. The highest pair
/// comes first, because within a column, higher digits of the other factor are multiplied with
/// lower digits of this one. The index of pair `k` is `DIGITS - k`: the first two pairs are zeros, and
/// the last one is pair -1.
#[derive(Debug, Clone)]
pub(super) struct Multiplicand(pub(super) [Floats; DIGITS + 2]);

/// A number in both forms, for squares. The digits of the multiplicand are doubled.
#[derive(Debug, Clone)]
pub(super) struct Factor {
    pub(super) digits: Multiplier,
    pub(super) doubled: Multiplicand,
}

/// Converts columns to digits, from the lowest column. Keeps the high parts of the sums and the
/// carries, which belong to the next column.
///
/// A sum is less than 2^59 in absolute value (see `columns`), so a carry is at most 2^8.
#[derive(Debug)]
pub(super) struct Settling {
    highs: Sums,
    carries: Sums,
}

impl Settling {
    #[inline(always)]
    pub(super) fn begin() -> Self {
        Self {
            highs: Sums::ZERO,
            carries: Sums::all(OFFSET >> BITS),
        }
    }

    /// Converts two columns to digits.
    #[inline(always)]
    pub(super) fn settle(&mut self, columns: Columns) -> Floats {
        let sums = columns.low.plus(columns.high.moved_up(self.highs));
        let carries = sums.above::<BITS>();
        let digits = sums.lowest::<BITS>().plus(carries.moved_up(self.carries));
        *self = Self {
            highs: columns.high,
            carries,
        };
        digits.mantissas().minus(Floats::all(TOO_MUCH))
    }
}

impl Multiplier {
    pub(super) const ZERO: Self = Self([[0.0; 2]; DIGITS / 2]);

    /// Reads at most [`DIGITS`] times [`BITS`] bits, as big-endian bytes.
    #[inline(never)]
    pub(super) fn of_bytes(bytes: &[u8]) -> Self {
        let mut little_endian = [0; (DIGITS * BITS as usize).div_ceil(8) + 8];
        for (target, byte) in little_endian.iter_mut().zip(bytes.iter().rev()) {
            *target = *byte;
        }
        let digit = |index| {
            let bit = index * BITS as usize;
            let bytes = little_endian.get(bit / 8..).unwrap_or_default();
            let bytes = bytes.first_chunk().copied().unwrap_or_default();
            ((u64::from_le_bytes(bytes) >> (bit % 8)) & ((1 << BITS) - 1)) as f64
        };
        let mut number = Self::ZERO;
        let mut settling = Settling::begin();
        for (index, pair) in number.0.iter_mut().enumerate() {
            let digits = Floats::new([digit(2 * index), digit(2 * index + 1)]);
            let columns = Columns::ZERO.plus_one_product(Floats::all(1.0), digits);
            *pair = settling.settle(columns).lanes();
        }
        number
    }

    /// Adds a small number to the lowest digit. The next product must bear it.
    pub(super) fn add_to_lowest(&mut self, number: f64) {
        if let Some([lowest, _]) = self.0.first_mut() {
            *lowest += number;
        }
    }

    pub(super) fn digits(&self) -> &[f64] {
        self.0.as_flattened()
    }

    pub(super) fn is_zero(&self) -> bool {
        self.digits().iter().all(|digit| *digit == 0.0)
    }
}

impl Multiplicand {
    const ZERO: Self = Self([Floats::ZERO; DIGITS + 2]);

    /// `number` times `factor`, which is 1, -1 or 2.
    pub(super) fn of(number: &Multiplier, factor: f64) -> Self {
        let mut whole = Self::ZERO;
        let mut before = Floats::ZERO;
        for (index, pair) in number.0.iter().enumerate() {
            let pair = Floats::new(*pair).times(Floats::all(factor));
            whole.put(index, before, pair);
            before = pair;
        }
        whole
    }

    /// Writes the digits from `2 * index`. `before` contains the two digits below.
    #[inline(always)]
    fn put(&mut self, index: usize, before: Floats, pair: Floats) {
        let first = DIGITS.wrapping_sub(2 * index);
        if let Some([even, odd]) = self.0.get_mut(first..first.wrapping_add(2)) {
            [*even, *odd] = [pair, pair.moved_up(before)];
        }
    }

    /// The pairs from pair `k` downwards.
    #[inline(always)]
    pub(super) fn from(&self, k: usize) -> &[Floats] {
        self.0.get(DIGITS.wrapping_sub(k)..).unwrap_or_default()
    }
}

impl Factor {
    pub(super) fn new(digits: Multiplier) -> Self {
        Self {
            doubled: Multiplicand::of(&digits, 2.0),
            digits,
        }
    }

    /// Writes the digits from `2 * index`. `before` contains twice the two digits below, and
    /// is replaced.
    #[inline(always)]
    pub(super) fn put(&mut self, index: usize, before: &mut Floats, pair: Floats) {
        if let Some(digits) = self.digits.0.get_mut(index) {
            *digits = pair.lanes();
        }
        let doubled = pair.plus(pair);
        self.doubled.put(index, *before, doubled);
        *before = doubled;
    }
}

/// What [`Sums::mantissas`] and [`OFFSET`] add to a digit: 2^52, half of 2^51, and the carry of
/// the offset in the column below.
const TOO_MUCH: f64 = ((1u64 << 52) + (1 << (BITS - 1)) + (OFFSET as u64 >> BITS)) as f64;
