//! Numbers as limbs of 32 bits, least significant first.

use alloc::{vec, vec::Vec};

/// Converts at most `4 * count` big-endian bytes to `count` limbs.
pub(super) fn limbs_of(bytes: &[u8], count: usize) -> Vec<u32> {
    let mut limbs: Vec<u32> = bytes
        .rchunks(4)
        .map(|chunk| {
            chunk
                .iter()
                .fold(0, |sum, byte| (sum << 8) | u32::from(*byte))
        })
        .collect();
    limbs.resize(count, 0);
    limbs
}

pub(super) fn is_below(a: &[u32], b: &[u32]) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

pub(super) fn subtract(value: &mut [u32], other: &[u32]) {
    let mut borrow = false;
    for (limb, other) in value.iter_mut().zip(other) {
        let (difference, first) = limb.overflowing_sub(*other);
        let (difference, second) = difference.overflowing_sub(u32::from(borrow));
        *limb = difference;
        borrow = first || second;
    }
}

/// `2^exponent mod n`, by doubling. Fast only if the exponent is not much larger than the
/// number of bits of `n`.
pub(super) fn power_of_two(exponent: usize, n: &[u32]) -> Vec<u32> {
    let highest = n.iter().rposition(|limb| *limb != 0).unwrap_or_default();
    let mut value = vec![0u32; n.len()];
    let mut reached = highest * 32;
    if let (Some(limb), Some(top)) = (value.get_mut(highest), n.get(highest)) {
        let bits = 31 - top.leading_zeros().min(31);
        *limb = 1 << bits;
        reached += bits as usize;
    }
    for _ in reached..exponent {
        let overflow = double(&mut value);
        if overflow || !is_below(&value, n) {
            subtract(&mut value, n);
        }
    }
    value
}

/// Doubles `value` and returns whether the highest bit overflowed.
fn double(value: &mut [u32]) -> bool {
    let mut carry = 0;
    for limb in value.iter_mut() {
        let next = *limb >> 31;
        *limb = (*limb << 1) | carry;
        carry = next;
    }
    carry == 1
}
