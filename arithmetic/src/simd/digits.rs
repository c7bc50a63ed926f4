//! Numbers as signed digits of 13 bits, a size that suits wasm SIMD.
//!
//! The widest multiplication of wasm SIMD, `i32x4.dot_i16x8_s`, multiplies eight pairs of
//! 16-bit words and adds the products in pairs. A digit is at most 4,300 in absolute value:
//! 2^12, plus at most one carry. A 32-bit lane can hold the sum of 116 products of such
//! digits. So carries are propagated once per column, and columns do not depend on each
//! other. The digits of a number are not unique.

use alloc::{vec, vec::Vec};

use super::lanes::Lanes;

/// The number of bits per digit.
pub(super) const BITS: u32 = 13;

/// Two pairs of digits that are multiplied with the same vectors of the other factor: of eight
/// digits, the first and the third pair, or the second and the fourth.
pub(super) type Half = [i32; 2];

/// Eight digits as pairs, in two halves.
pub(super) type Pairs = [Half; 2];

/// A factor that is split into pairs of digits. Each pair is multiplied with all of the other
/// factor. The lowest digits come first.
#[derive(Debug, Clone)]
pub(super) struct Multiplier(pub(super) Vec<Pairs>);

/// A factor that is read in overlapping windows. It has one group for every eight digits, and
/// one more. The highest group comes first, because within a column, higher digits of the
/// other factor are multiplied with lower digits of this one. A group of zeros precedes the
/// others, so that a window never extends beyond the vector.
#[derive(Debug, Clone)]
pub(super) struct Multiplicand(pub(super) Vec<Group>);

/// Four vectors that begin at even digits. Lane `i` of the vector from digit `k` contains the
/// digits `k + i` and `k + i - 1`. Group `g` contains the vectors from `8g - 4` and `8g`, then
/// those from `8g - 6` and `8g - 2`.
pub(super) type Group = [[Lanes; 2]; 2];

/// A number in both forms, because it is used as either factor.
#[derive(Debug, Clone)]
pub(super) struct Factor {
    pub(super) split: Multiplier,
    pub(super) whole: Multiplicand,
}

/// Converts columns of sums to digits, from the lowest column. Keeps the carries into the next
/// column: those of the sums, and those of the sums with their carries added.
///
/// A sum of 664 products of digits up to 4,300 carries less than 1,500,000. With this carry
/// added, a column carries at most 187. So a digit is at most 2^12 + 187. The upper half of
/// the last sum of a power has 984 products, but its digits are not multiplied again.
#[derive(Debug, Clone)]
pub(super) struct Settling {
    sums: Lanes,
    again: Lanes,
}

impl Settling {
    pub(super) const BEGIN: Self = Self {
        sums: Lanes::ZERO,
        again: Lanes::ZERO,
    };

    /// Adds a carry to the next column.
    pub(super) fn carry(&mut self, carry: i32) {
        self.sums = self.sums.plus(Lanes::new([0, 0, 0, carry]));
    }

    /// Converts sixteen columns to two vectors of eight digits.
    #[inline(always)]
    pub(super) fn settle_all(&mut self, columns: [(Lanes, Lanes); 4]) -> [Lanes; 2] {
        let [a, b, c, d] = columns;
        let lower = self.settle(a).packed_with(self.settle(b));
        [lower, self.settle(c).packed_with(self.settle(d))]
    }

    /// Converts four columns, given as their low parts and carries, to digits.
    #[inline(always)]
    fn settle(&mut self, (low, carried): (Lanes, Lanes)) -> Lanes {
        let sum = low.plus(carried.moved_up(self.sums));
        self.sums = carried;
        let (low, carried) = (sum.lowest::<{ 32 - BITS }>(), sum.divided::<BITS>());
        let digits = low.plus(carried.moved_up(self.again));
        self.again = carried;
        digits
    }
}

impl Multiplier {
    /// Zero, with eight digits per vector.
    pub(super) fn zero(vectors: usize) -> Self {
        Self(vec![[[0; 2]; 2]; vectors])
    }

    /// Reads big-endian bytes into `vectors` times eight digits. The bytes must fit: eight
    /// digits hold thirteen bytes.
    #[inline(never)]
    pub(super) fn of_bytes(bytes: &[u8], vectors: usize) -> Self {
        let mut settling = Settling::BEGIN;
        let mut number = Self::zero(vectors);
        let mut chunks = bytes.rchunks(13);
        for pairs in &mut number.0 {
            let bytes = chunks.next().unwrap_or_default().iter();
            let bits = bytes.fold(0, |bits, byte| bits << 8 | u128::from(*byte));
            let [lower, upper] = [bits, bits >> (4 * BITS)].map(|bits| {
                let digits = [0, 1, 2, 3].map(|index| digit_of(bits, index));
                settling.settle((Lanes::new(digits), Lanes::ZERO))
            });
            *pairs = pairs_of(lower.packed_with(upper));
        }
        number
    }

    /// Writes sixteen digits from digit `16 * block`.
    #[inline(always)]
    pub(super) fn put(&mut self, block: usize, digits: [Lanes; 2]) {
        if let Some([lower, upper]) = self.0.get_mut(2 * block..2 * block + 2) {
            [*lower, *upper] = digits.map(pairs_of);
        }
    }

    /// Adds a small number to the lowest digit. The sum must fit into a word.
    pub(super) fn add_to_lowest(&mut self, number: i32) {
        if let Some(pairs) = self.0.first_mut() {
            let sum = vector_of(*pairs).plus_words(Lanes::new([number, 0, 0, 0]));
            *pairs = pairs_of(sum);
        }
    }

    /// The four highest digits.
    pub(super) fn highest(&self) -> [i32; 4] {
        let [.., [[_, a], [_, b]]] = self.0.as_slice() else {
            return [0; 4];
        };
        [a << 16 >> 16, a >> 16, b << 16 >> 16, b >> 16]
    }

    /// The number with the other sign.
    pub(super) fn negated(&self) -> Self {
        let pairs = self.0.iter();
        Self(
            pairs
                .map(|pairs| pairs_of(vector_of(*pairs).negated_words()))
                .collect(),
        )
    }

    /// Whether the number is zero, in any representation.
    pub(super) fn is_zero(&self) -> bool {
        let carry = self.twos().try_fold(0, |carry, two| {
            let sum = two + carry;
            (sum % (1 << (2 * BITS)) == 0).then_some(sum >> (2 * BITS))
        });
        carry == Some(0)
    }

    /// Pairs of digits, each as one number.
    #[inline(always)]
    fn twos(&self) -> impl Iterator<Item = i32> {
        let pairs = self.0.iter();
        let pairs = pairs.flat_map(|[[a0, a2], [a1, a3]]| [a0, a1, a2, a3]);
        pairs.map(|words| (words << 16 >> 16) + (words >> 16 << BITS))
    }
}

impl Multiplicand {
    /// Zero, with eight digits per vector.
    pub(super) fn zero(vectors: usize) -> Self {
        Self(vec![[[Lanes::ZERO; 2]; 2]; vectors + 2])
    }

    pub(super) fn of(number: &Multiplier) -> Self {
        let mut whole = Self::zero(number.0.len());
        whole.set(number);
        whole
    }

    /// Replaces this number with `number`.
    #[inline(never)]
    pub(super) fn set(&mut self, number: &Multiplier) {
        let (mut groups, mut widening) = (self.0.iter_mut().rev(), Widening::BEGIN);
        let digits = number.0.iter().map(|pairs| vector_of(*pairs));
        for (digits, group) in digits.chain([Lanes::ZERO]).zip(&mut groups) {
            *group = widening.group(digits);
        }
    }
}

impl Factor {
    pub(super) fn new(split: Multiplier) -> Self {
        let whole = Multiplicand::of(&split);
        Self { split, whole }
    }
}

/// Converts digits to the groups of a multiplicand, from the lowest digit. Keeps the vectors
/// below the next eight digits.
#[derive(Debug)]
pub(super) struct Widening {
    digits: Lanes,
    odd: Lanes,
    odd_crossing: Lanes,
}

impl Widening {
    pub(super) const BEGIN: Self = Self {
        digits: Lanes::ZERO,
        odd: Lanes::ZERO,
        odd_crossing: Lanes::ZERO,
    };

    #[inline(always)]
    pub(super) fn group(&mut self, digits: Lanes) -> Group {
        let [even, odd] = digits.zipped_words(digits.words_moved_up(self.digits));
        let crossing = even.moved_up_by_two(self.odd);
        let group = [[self.odd, even], [self.odd_crossing, crossing]];
        *self = Self {
            digits,
            odd,
            odd_crossing: odd.moved_up_by_two(even),
        };
        group
    }
}

/// Splits a vector of eight digits into pairs.
#[inline(always)]
pub(super) fn pairs_of(digits: Lanes) -> Pairs {
    let [a0, a2, a1, a3] = digits.with_the_middle_swapped().lanes();
    [[a0, a2], [a1, a3]]
}

#[inline(always)]
fn vector_of(pairs: Pairs) -> Lanes {
    let [[a0, a2], [a1, a3]] = pairs;
    Lanes::new([a0, a1, a2, a3])
}

/// The unsigned digit at `index`.
#[allow(
    clippy::cast_possible_truncation,
    reason = "the digit consists of low bits"
)]
fn digit_of(bits: u128, index: u32) -> i32 {
    (bits as u64 >> (index * BITS)) as i32 & ((1 << BITS) - 1)
}
