//! digits

use super::columns::Columns;
use super::lanes::{Floats, Sums};

pub(super) const BITS: u32 = 51;
pub(super) const LIMBS: usize = 42;

/// Digits, least significant first.
#[derive(Debug, Clone)]
pub(super) struct Digits(pub(super) [[f64; 2]; LIMBS / 2]);

/// Pairs of neighbouring digits, the highest first: index `r` holds the digits
/// `41 - r` and `42 - r`.
#[derive(Debug, Clone)]
pub(super) struct Windows(pub(super) [Floats; LIMBS + 2]);

pub(super) struct Settling { highs: Sums, carries: Sums }

impl Settling {
    #[inline(always)]
    pub(super) fn begin() -> Self { Self { highs: Sums::all(0), carries: Sums::all(1 << 9) } }

    #[inline(always)]
    pub(super) fn settle(&mut self, columns: Columns) -> Floats {
        let sum = columns.low.plus(columns.high.moved_up(self.highs));
        self.highs = columns.high;
        let carries = sum.shifted::<BITS>();
        let digits = sum.masked((1 << BITS) - 1).plus(carries.moved_up(self.carries));
        self.carries = carries;
        let whole = digits.plus(Sums::all(WHOLE.to_bits() as i64)).floats();
        whole.minus(Floats::all(WHOLE + ((1u64 << 50) + (1 << 9)) as f64))
    }
}

const WHOLE: f64 = (1u64 << 52) as f64;

impl Digits {
    pub(super) const ZERO: Self = Self([[0.0; 2]; LIMBS / 2]);
    pub(super) fn all(&self) -> &[f64] { self.0.as_flattened() }

    pub(super) fn of_bytes(bytes: &[u8]) -> Self {
        let mut little = [0u8; LIMBS * BITS as usize / 8 + 9];
        for (to, from) in little.iter_mut().zip(bytes.iter().rev()) { *to = *from; }
        let mut digits = Self::ZERO;
        let mut settling = Settling::begin();
        for (index, pair) in digits.0.iter_mut().enumerate() {
            let [a, b] = [2 * index, 2 * index + 1].map(|index| {
                let bit = index * BITS as usize;
                let bytes = little.get(bit / 8..).and_then(|b| b.first_chunk()).copied().unwrap_or_default();
                (u64::from_le_bytes(bytes) >> (bit % 8) & ((1 << BITS) - 1)) as f64
            });
            let columns = Columns::nothing().plus_one_product(Floats::new([a, b]), Floats::all(1.0));
            *pair = settling.settle(columns).lanes();
        }
        digits
    }
}

impl Windows {
    pub(super) const ZERO: Self = Self([Floats::ZERO; LIMBS + 2]);
    pub(super) fn of(digits: &Digits, factor: f64) -> Self {
        let mut windows = Self::ZERO;
        let mut before = Floats::ZERO;
        for (pair, target) in digits.0.iter().zip(windows.0.rchunks_mut(2)) {
            let pair = Floats::new(*pair).times(Floats::all(factor));
            if let [even, odd] = target { *odd = pair.moved_up(before); *even = pair; }
            before = pair;
        }
        if let Some(last) = windows.0.get_mut(1) { *last = Floats::ZERO.moved_up(before); }
        windows
    }
}
