//! Numbers as signed digits of 13 bits: an odd choice that wasm SIMD rewards.
//!
//! Its widest multiplication, `i32x4.dot_i16x8_s`, makes eight products of 16-bit
//! words and adds them by twos. Of digits of at most 4,300 either side of zero, 2^12 and
//! what one carry may add, 116 products fit into a 32-bit lane before a carry has to be
//! taken, so that carries are a matter of whole columns and wait for nothing. Digits need
//! not be unique.

use alloc::{vec, vec::Vec};

use super::lanes::Lanes;

/// How many bits a digit stands for.
pub(super) const BITS: u32 = 13;

/// Two pairs of digits that meet the same vectors of the other factor: of eight digits
/// the first and the third pair, or the second and the fourth.
pub(super) type Half = [i32; 2];

/// Eight digits, by pairs: both halves.
pub(super) type Pairs = [Half; 2];

/// A number as the factor that is taken apart: each pair of its digits is multiplied
/// with all of the other factor. From the lowest digits to the highest.
#[derive(Debug, Clone)]
pub(super) struct Multiplier(pub(super) Vec<Pairs>);

/// A number as the factor that stays together, by groups, one for each eight digits and
/// one more. From the highest to the lowest, for what goes with higher digits of the other
/// factor is lower; and before all of them one of zeros, so that a window never runs off
/// the end.
#[derive(Debug, Clone)]
pub(super) struct Multiplicand(pub(super) Vec<Group>);

/// Vectors of places that are even, in whose lanes is the digit there and the one below:
/// in group `g`, those from `8g - 4` and `8g`, then those from `8g - 6` and `8g - 2`.
pub(super) type Group = [[Lanes; 2]; 2];

/// A number in both forms, for it will be a factor on either side.
#[derive(Debug, Clone)]
pub(super) struct Factor {
    pub(super) split: Multiplier,
    pub(super) whole: Multiplicand,
}

/// Takes columns of sums, from the lowest, and gives digits. What it keeps is on its
/// way to the next column: carries of the sums, and of what came of these. A sum of 664
/// products of digits up to 4,300 carries less than 1,500,000, with which a column carries
/// at most 187: so a digit is at most 2^12 + 187. The upper half of the last sum of a power
/// has more products, 984; what comes of it is no factor.
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

    /// Takes a carry into the next column.
    pub(super) fn carry(&mut self, carry: i32) {
        self.sums = self.sums.plus(Lanes::new([0, 0, 0, carry]));
    }

    /// Takes sixteen columns, and gives eight digits and eight.
    #[inline(always)]
    pub(super) fn settle_all(&mut self, columns: [(Lanes, Lanes); 4]) -> [Lanes; 2] {
        let [a, b, c, d] = columns;
        let lower = self.settle(a).packed_with(self.settle(b));
        [lower, self.settle(c).packed_with(self.settle(d))]
    }

    /// Takes four columns: what stays of them and what they carry.
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
    /// Zero, in so many times eight digits.
    pub(super) fn zero(vectors: usize) -> Self {
        Self(vec![[[0; 2]; 2]; vectors])
    }

    /// Reads big-endian bytes into `vectors` times eight digits, which must have room for
    /// them: eight digits are thirteen bytes.
    #[inline(never)]
    pub(super) fn of_bytes(bytes: &[u8], vectors: usize) -> Self {
        let mut settling = Settling::BEGIN;
        let mut number = Self::zero(vectors);
        let mut chunks = bytes.rchunks(13);
        for pairs in &mut number.0 {
            let bytes = chunks.next().unwrap_or_default().iter();
            let bits = bytes.fold(0, |bits, byte| bits << 8 | u128::from(*byte));
            let [lower, upper] = [bits, bits >> (4 * BITS)].map(|bits| {
                let digits = [0, 1, 2, 3].map(|place| digit_of(bits, place));
                settling.settle((Lanes::new(digits), Lanes::ZERO))
            });
            *pairs = pairs_of(lower.packed_with(upper));
        }
        number
    }

    /// Puts sixteen digits at `16 * place`.
    #[inline(always)]
    pub(super) fn put(&mut self, place: usize, digits: [Lanes; 2]) {
        if let Some([lower, upper]) = self.0.get_mut(2 * place..2 * place + 2) {
            [*lower, *upper] = digits.map(pairs_of);
        }
    }

    /// Adds a small number to the lowest digit, which must have room for it.
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

    /// Whether it is zero, whatever its digits are.
    pub(super) fn is_zero(&self) -> bool {
        let carry = self.twos().try_fold(0, |carry, two| {
            let sum = two + carry;
            (sum % (1 << (2 * BITS)) == 0).then_some(sum >> (2 * BITS))
        });
        carry == Some(0)
    }

    /// The digits by twos, each two as one number.
    #[inline(always)]
    fn twos(&self) -> impl Iterator<Item = i32> {
        let pairs = self.0.iter();
        let pairs = pairs.flat_map(|[[a0, a2], [a1, a3]]| [a0, a1, a2, a3]);
        pairs.map(|words| (words << 16 >> 16) + (words >> 16 << BITS))
    }
}

impl Multiplicand {
    /// Zero, for numbers of so many times eight digits.
    pub(super) fn zero(vectors: usize) -> Self {
        Self(vec![[[Lanes::ZERO; 2]; 2]; vectors + 2])
    }

    pub(super) fn of(number: &Multiplier) -> Self {
        let mut whole = Self::zero(number.0.len());
        whole.set(number);
        whole
    }

    /// Becomes the same number in this form.
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

/// Makes groups of a multiplicand of its digits, from the lowest. What it keeps is below
/// the next eight.
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

/// Eight digits in a vector, by pairs.
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

/// A digit that is not signed.
#[allow(
    clippy::cast_possible_truncation,
    reason = "the low bits are what is wanted"
)]
fn digit_of(bits: u128, place: u32) -> i32 {
    (bits as u64 >> (place * BITS)) as i32 & ((1 << BITS) - 1)
}
