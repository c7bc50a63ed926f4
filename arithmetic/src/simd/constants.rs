//! What a modulus needs before the first product: its inverse modulo `R`, and `R^2`.

use alloc::vec::Vec;

use super::{
    Modulus,
    digits::{BITS, Multiplicand, Multiplier},
    lanes::Lanes,
    product::{Factor, Workspace, multiply_low},
};
use crate::limbs::{negated_inverse, power_of_two};

impl Modulus {
    /// Newton's iteration: each round doubles the number of right bits.
    pub(super) fn negated_inverse(&self, lowest: u32) -> Multiplicand {
        let vectors = self.blocks * 2;
        let mut product = Multiplier::zero(vectors);
        let start = negated_inverse(lowest).to_be_bytes();
        let mut inverse = Factor::new(Multiplier::of_bytes(&start, vectors));
        let mut right_bits = 32;
        while right_bits < vectors * 8 * BITS as usize {
            right_bits *= 2;
            let blocks = right_bits.div_ceil(16 * BITS as usize).min(self.blocks);
            // `x * (2 + n * x)`, for an inverse that is negated.
            multiply_low(blocks, &inverse.split, &self.n_whole, &mut product);
            if let Some(lowest) = product.0.first_mut() {
                *lowest = Lanes::new(*lowest)
                    .plus_words(Lanes::new([2, 0, 0, 0]))
                    .lanes();
            }
            multiply_low(blocks, &product, &inverse.whole, &mut inverse.split);
            inverse.whole.set(&inverse.split);
        }
        inverse.whole
    }

    /// From `R * 2^d mod n` by squaring, which doubles `d`, until it is the bits of `R`.
    pub(super) fn r_squared(&self, n: &[u32]) -> Multiplier {
        let bits = self.blocks * 16 * BITS as usize;
        let squarings = bits.trailing_zeros();
        let start = power_of_two(bits + (bits >> squarings), n);
        let bytes: Vec<u8> = start
            .iter()
            .rev()
            .flat_map(|limb| limb.to_be_bytes())
            .collect();
        let mut power = Factor::new(Multiplier::of_bytes(&bytes, self.blocks * 2));
        let mut space = Workspace::new(self.blocks);
        for _ in 0..squarings {
            self.square(&mut power, &mut space);
        }
        power.split
    }
}
