//! Numbers as signed digits of 13 bits: an odd choice that wasm SIMD rewards.
//!
//! Its widest multiplication, `i32x4.dot_i16x8_s`, makes eight products of 16-bit
//! words and adds them by twos. Of digits of at most 4,180 either side of zero, 2^12 and
//! what one carry may add, 122 products fit into a 32-bit lane before a carry has to be
//! taken, so that carries are a matter of whole columns and wait for nothing. Digits are stored
//! least significant first, eight to a vector, and need not be unique.

use alloc::{vec, vec::Vec};

use super::lanes::Lanes;

/// How many bits a digit stands for.
pub(super) const BITS: u32 = 13;

/// A number as the factor that is taken apart: each pair of its digits is multiplied
/// with all of the other factor.
#[derive(Debug, Clone)]
pub(super) struct Multiplier(pub(super) Vec<[i32; 4]>);

/// A number as the factor that stays together: at every even place, four lanes each
/// of which has the digit there and the one below. A group is four such vectors, of
/// the places `8g - 4`, `8g - 6`, `8g` and `8g - 2`; there is one group of zeros
/// before the number's own and two behind, so that a window never runs off the end.
#[derive(Debug, Clone)]
pub(super) struct Multiplicand(pub(super) Vec<[Lanes; 4]>);

/// Takes columns of sums, from the lowest, and gives digits. What it keeps is on its
/// way to the next column: carries of the sums, and of what came of these. A sum of 320
/// products of digits up to 4,180 carries less than 2^20, with which a column carries at
/// most 84: so a digit is at most 2^12 + 84.
#[derive(Debug, Clone)]
pub(super) struct Settling {
    sums: Lanes,
    again: Lanes,
}

impl Settling {
    /// Begins with a carry into the lowest column.
    #[inline(always)]
    pub(super) fn new(carry: i32) -> Self {
        Self {
            sums: Lanes::new([0, 0, 0, carry]),
            again: Lanes::ZERO,
        }
    }

    /// Takes sixteen columns.
    #[inline(always)]
    pub(super) fn settle_all(&mut self, columns: [(Lanes, Lanes); 4]) -> [Lanes; 4] {
        let [a, b, c, d] = columns;
        [
            self.settle(a),
            self.settle(b),
            self.settle(c),
            self.settle(d),
        ]
    }

    /// Takes sixteen columns that need not become digits, only small: below 2^21.
    #[inline(always)]
    pub(super) fn settle_roughly(&mut self, columns: [(Lanes, Lanes); 4]) -> [Lanes; 4] {
        let [(a, e), (b, f), (c, g), (d, h)] = columns;
        let late = Lanes::ZERO.moved_up(self.again);
        let settled = [
            a.plus(e.moved_up(self.sums)).plus(late),
            b.plus(f.moved_up(e)),
            c.plus(g.moved_up(f)),
            d.plus(h.moved_up(g)),
        ];
        *self = Self {
            sums: h,
            again: Lanes::ZERO,
        };
        settled
    }

    /// Takes four columns: what stays of them and what they carry.
    #[inline(always)]
    pub(super) fn settle(&mut self, (low, carried): (Lanes, Lanes)) -> Lanes {
        let sum = low.plus(carried.moved_up(self.sums));
        self.sums = carried;
        let (low, carried) = split(sum);
        let digits = low.plus(carried.moved_up(self.again));
        self.again = carried;
        digits
    }
}

/// Each lane as a digit and what it carries.
#[inline(always)]
pub(super) fn split(sum: Lanes) -> (Lanes, Lanes) {
    (sum.lowest::<{ 32 - BITS }>(), sum.divided::<BITS>())
}

impl Multiplier {
    /// Zero, in so many vectors.
    pub(super) fn zero(vectors: usize) -> Self {
        Self(vec![[0; 4]; vectors])
    }

    /// Reads big-endian bytes into `vectors` vectors, which must have room for them.
    pub(super) fn of_bytes(mut bytes: &[u8], vectors: usize) -> Self {
        let (mut held, mut count) = (0u32, 0);
        let mut next = || {
            while count < BITS
                && let [higher @ .., lowest] = bytes
            {
                held |= u32::from(*lowest) << count;
                count += 8;
                bytes = higher;
            }
            let digit = held & DIGIT;
            held >>= BITS;
            count = count.saturating_sub(BITS);
            digit.cast_signed()
        };
        let mut settling = Settling::new(0);
        let mut settled = || {
            let digits = Lanes::new([next(), next(), next(), next()]);
            settling.settle((digits, Lanes::ZERO))
        };
        let mut number = Self::zero(vectors);
        for vector in &mut number.0 {
            *vector = settled().packed_with(settled()).lanes();
        }
        number
    }

    /// Puts sixteen digits into the vectors from `2 * place`.
    #[inline(always)]
    pub(super) fn put(&mut self, place: usize, digits: [Lanes; 4]) {
        let [a, b, c, d] = digits;
        if let Some([lower, upper]) = self.0.get_mut(2 * place..2 * place + 2) {
            *lower = a.packed_with(b).lanes();
            *upper = c.packed_with(d).lanes();
        }
    }

    /// The four highest digits.
    pub(super) fn highest(&self) -> [i32; 4] {
        let [.., [_, _, a, b]] = self.0.as_slice() else {
            return [0; 4];
        };
        [a << 16 >> 16, a >> 16, b << 16 >> 16, b >> 16]
    }

    /// The number, to which `modulus` is added if it is negative, in `length`
    /// big-endian bytes.
    pub(super) fn residue_bytes(&self, modulus: &Self, length: usize) -> Vec<u8> {
        let carry = self
            .pairs()
            .fold(0, |carry, pair| (pair + carry) >> (2 * BITS));
        if carry < 0 {
            let mut sum = self.clone();
            for (vector, addend) in sum.0.iter_mut().zip(&modulus.0) {
                *vector = Lanes::new(*vector).plus_words(Lanes::new(*addend)).lanes();
            }
            return sum.bytes(length);
        }
        self.bytes(length)
    }

    /// A number that is not negative.
    fn bytes(&self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        let mut free = bytes.as_mut_slice();
        let (mut held, mut count) = (0, 0);
        for pair in self.pairs() {
            held += i64::from(pair) << count;
            count += 2 * BITS;
            while count >= 8 {
                if let [higher @ .., lowest] = core::mem::take(&mut free) {
                    [*lowest, ..] = held.to_le_bytes();
                    free = higher;
                }
                held >>= 8;
                count -= 8;
            }
        }
        bytes
    }

    /// The digits by twos, each two as one number.
    #[inline(always)]
    fn pairs(&self) -> impl Iterator<Item = i32> {
        let words = self.0.as_flattened().iter();
        words.map(|words| (words << 16 >> 16) + (words >> 16 << BITS))
    }
}

impl Multiplicand {
    /// Zero, for numbers of so many vectors.
    pub(super) fn zero(vectors: usize) -> Self {
        Self(vec![[Lanes::ZERO; 4]; vectors + 4])
    }

    /// Becomes the same number in this form.
    pub(super) fn set(&mut self, number: &Multiplier) {
        let mut groups = self.0.get_mut(1..).unwrap_or_default();
        let mut vectors = number.0.as_slice();
        let (mut below, mut odd, mut odd_crossing) = (Lanes::ZERO, Lanes::ZERO, Lanes::ZERO);
        while let [group, later @ ..] = groups {
            let (vector, rest) = match vectors {
                [vector, rest @ ..] => (Lanes::new(*vector), rest),
                [] => (Lanes::ZERO, vectors),
            };
            let [even, next_odd] = vector.zipped_words(vector.words_moved_up(below));
            *group = [odd, odd_crossing, even, even.moved_up_by_two(odd)];
            odd = next_odd;
            odd_crossing = next_odd.moved_up_by_two(even);
            below = vector;
            (groups, vectors) = (later, rest);
        }
    }
}

/// The highest digit, where digits are not signed; as a mask, what is not carried.
pub(super) const DIGIT: u32 = (1 << BITS) - 1;
