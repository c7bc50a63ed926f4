//! The constants of a modulus: its negated inverse modulo `R`.

use super::{
    Modulus,
    digits::{BITS, Factor, Multiplicand, Multiplier},
    product::multiply_low,
};
use crate::{MAX_BYTES, negated_inverse};

impl Modulus {
    /// Accepts big-endian bytes without leading zeros. Returns `None` if the number is even or
    /// longer than [`MAX_BYTES`].
    pub(super) fn new(bytes: &[u8]) -> Option<Self> {
        let lowest = bytes.rchunks(4).next()?.iter();
        let lowest = lowest.fold(0, |sum, byte| (sum << 8) | u32::from(*byte));
        if lowest % 2 == 0 || bytes.len() > MAX_BYTES {
            return None;
        }
        let digits = (bytes.len() * 8 + HEADROOM_BITS).div_ceil(BITS as usize);
        let blocks = digits.div_ceil(16);
        let n = Multiplicand::of(&Multiplier::of_bytes(bytes, blocks * 2));
        Some(Self {
            negated_inverse: inverse(&n, lowest, blocks),
            blocks,
            n,
        })
    }
}

/// `-n^-1 mod R` by Newton's iteration: each round doubles the number of correct bits.
fn inverse(n: &Multiplicand, lowest: u32, blocks: usize) -> Multiplicand {
    let mut product = Multiplier::zero(blocks * 2);
    let start = negated_inverse(lowest).to_be_bytes();
    let mut inverse = Factor::new(Multiplier::of_bytes(&start, blocks * 2));
    let mut right_bits = 32;
    while right_bits < blocks * 16 * BITS as usize {
        right_bits *= 2;
        let blocks = right_bits.div_ceil(16 * BITS as usize).min(blocks);
        // `x * (2 + n * x)`, because the inverse is negated.
        multiply_low(blocks, &inverse.split, n, &mut product);
        product.add_to_lowest(2);
        multiply_low(blocks, &product, &inverse.whole, &mut inverse.split);
        inverse.whole.set(&inverse.split);
    }
    inverse.whole
}

/// `R` has at least this many bits more than `n`.
const HEADROOM_BITS: usize = 16;
