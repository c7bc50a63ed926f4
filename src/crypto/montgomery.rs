//! Modular exponentiation by Montgomery multiplication (P. L. Montgomery,
//! "Modular multiplication without trial division", 1985), in 32-bit limbs.
//!
//! Knows odd moduli and public exponents; knows nothing of RSA padding or keys.
//! Correct and plain: one multiplication is the textbook "coarsely integrated
//! operand scanning" loop (Koç, Acar, Kaliski 1996, section 5). Limbs are stored
//! least significant first.

use alloc::{vec, vec::Vec};

/// An odd modulus with the constants that Montgomery arithmetic needs.
#[derive(Debug, Clone)]
pub(super) struct Modulus {
    limbs: Vec<u32>,
    byte_length: usize,
    /// `-n^-1 mod 2^32`.
    negated_inverse: u32,
    /// `R^2 mod n`, where `R` is 2 to the number of bits in `limbs`.
    r_squared: Vec<u32>,
}

impl Modulus {
    /// Takes a big-endian number without leading zeros; `None` if it is even or 1.
    pub(super) fn new(bytes: &[u8]) -> Option<Self> {
        let limbs = limbs_of(bytes, bytes.len().div_ceil(4));
        let lowest = *limbs.first()?;
        if lowest % 2 == 0 || bytes == [1] {
            return None;
        }
        let mut modulus = Self {
            limbs,
            byte_length: bytes.len(),
            negated_inverse: negated_inverse(lowest),
            r_squared: Vec::new(),
        };
        modulus.r_squared = modulus.r_squared();
        Some(modulus)
    }

    /// How many bytes the modulus has, and with it every result.
    pub(super) fn byte_length(&self) -> usize {
        self.byte_length
    }

    /// `base^exponent mod n` as big-endian bytes of the modulus' length; `None` if
    /// `base` is not below the modulus. `exponent` is at least 1. Its bits decide
    /// the time this takes, which is fine for a public exponent.
    pub(super) fn power_vartime(&self, base: &[u8], exponent: u32) -> Option<Vec<u8>> {
        if base.len() > self.byte_length {
            return None;
        }
        let base = limbs_of(base, self.limbs.len());
        if !is_below(&base, &self.limbs) {
            return None;
        }
        let base = self.multiply(&base, &self.r_squared);
        let mut power = base.clone();
        let bits_below_the_top = 31 - exponent.leading_zeros();
        for bit in (0..bits_below_the_top).rev() {
            power = self.multiply(&power, &power);
            if (exponent >> bit) & 1 == 1 {
                power = self.multiply(&power, &base);
            }
        }
        let mut one = vec![0; self.limbs.len()];
        if let Some(lowest) = one.first_mut() {
            *lowest = 1;
        }
        Some(self.bytes_of(&self.multiply(&power, &one)))
    }

    /// `a * b / R mod n`, for `a` and `b` below `n`.
    fn multiply(&self, a: &[u32], b: &[u32]) -> Vec<u32> {
        let mut sum = vec![0u32; self.limbs.len()];
        // What does not fit in `sum`: never more than one bit, because the sum
        // stays below 2n after each step.
        let mut top = 0u64;
        for a_limb in a {
            top += add_product(&mut sum, *a_limb, b);
            // This multiple of n makes the lowest limb zero, so that dropping it
            // divides by 2^32 exactly.
            let lowest = sum.first().copied().unwrap_or_default();
            let factor = lowest.wrapping_mul(self.negated_inverse);
            top += add_product(&mut sum, factor, &self.limbs);
            sum.rotate_left(1);
            if let Some(highest) = sum.last_mut() {
                *highest = low_half(top);
            }
            top >>= 32;
        }
        if top != 0 || !is_below(&sum, &self.limbs) {
            subtract(&mut sum, &self.limbs);
        }
        sum
    }

    /// `R^2 mod n`, by doubling 1 once for every bit of `R^2`.
    fn r_squared(&self) -> Vec<u32> {
        let mut value = vec![0u32; self.limbs.len()];
        if let Some(lowest) = value.first_mut() {
            *lowest = 1;
        }
        for _ in 0..self.limbs.len() * 64 {
            let overflow = double(&mut value);
            if overflow || !is_below(&value, &self.limbs) {
                subtract(&mut value, &self.limbs);
            }
        }
        value
    }

    fn bytes_of(&self, limbs: &[u32]) -> Vec<u8> {
        let bytes: Vec<u8> = limbs
            .iter()
            .rev()
            .flat_map(|limb| limb.to_be_bytes())
            .collect();
        let leading = bytes.len().saturating_sub(self.byte_length);
        bytes.into_iter().skip(leading).collect()
    }
}

/// Adds `factor * number` to `sum` and gives what overflows it.
fn add_product(sum: &mut [u32], factor: u32, number: &[u32]) -> u64 {
    let mut carry = 0u64;
    for (limb, other) in sum.iter_mut().zip(number) {
        // At most (2^32 - 1)^2 + 2 * (2^32 - 1), which is 2^64 - 1.
        let total = u64::from(factor) * u64::from(*other) + u64::from(*limb) + carry;
        *limb = low_half(total);
        carry = total >> 32;
    }
    carry
}

fn subtract(value: &mut [u32], other: &[u32]) {
    let mut borrow = false;
    for (limb, other) in value.iter_mut().zip(other) {
        let (difference, first) = limb.overflowing_sub(*other);
        let (difference, second) = difference.overflowing_sub(u32::from(borrow));
        *limb = difference;
        borrow = first || second;
    }
}

/// Doubles in place and says whether a bit fell off the top.
fn double(value: &mut [u32]) -> bool {
    let mut carry = 0;
    for limb in value.iter_mut() {
        let next = *limb >> 31;
        *limb = (*limb << 1) | carry;
        carry = next;
    }
    carry == 1
}

fn is_below(a: &[u32], b: &[u32]) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

/// Newton's iteration: each round doubles the number of right bits, and an odd
/// number is its own inverse modulo 8.
fn negated_inverse(odd: u32) -> u32 {
    let mut inverse = odd;
    for _ in 0..4 {
        inverse = inverse.wrapping_mul(2u32.wrapping_sub(odd.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg()
}

/// Big-endian bytes, at most `4 * count` of them, as `count` limbs.
fn limbs_of(bytes: &[u8], count: usize) -> Vec<u32> {
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

#[allow(
    clippy::cast_possible_truncation,
    reason = "the low half is what is wanted"
)]
fn low_half(value: u64) -> u32 {
    value as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small moduli of one and two limbs, where u128 arithmetic is the judge.
    #[test]
    fn agrees_with_plain_arithmetic_on_small_moduli() {
        let mut compared = 0;
        for n in [
            3u64,
            0xffff_fffb,
            0x1_0000_000f,
            0x8000_0000_0000_0001,
            0xffff_ffff_ffff_ffc5,
        ] {
            let modulus = Modulus::new(&trimmed(n)).unwrap();
            for base in [0u64, 1, 2, 0xdead_beef, n - 1, n / 2] {
                let base = base % n;
                for exponent in [1u32, 2, 3, 17, 65_537, u32::MAX] {
                    let ours = modulus.power_vartime(&padded(base, n), exponent).unwrap();
                    let ours = ours
                        .iter()
                        .fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
                    assert_eq!(
                        ours,
                        plain_power(base, exponent, n),
                        "{base}^{exponent} mod {n}"
                    );
                    compared += 1;
                }
            }
        }
        assert_eq!(compared, 180);
    }

    #[test]
    fn refuses_a_base_that_is_not_below_the_modulus() {
        let modulus = Modulus::new(&[0xff, 0xff, 0xff, 0xfb]).unwrap();
        assert!(
            modulus
                .power_vartime(&[0xff, 0xff, 0xff, 0xfb], 3)
                .is_none()
        );
        assert!(
            modulus
                .power_vartime(&[0xff, 0xff, 0xff, 0xfc], 3)
                .is_none()
        );
        assert!(
            modulus
                .power_vartime(&[0xff, 0xff, 0xff, 0xfa], 3)
                .is_some()
        );
    }

    #[test]
    fn refuses_even_moduli_and_one() {
        assert!(Modulus::new(&[0x10]).is_none());
        assert!(Modulus::new(&[1]).is_none());
        assert!(Modulus::new(&[]).is_none());
    }

    fn plain_power(base: u64, exponent: u32, n: u64) -> u64 {
        let times = |a: u64, b: u64| (u128::from(a) * u128::from(b) % u128::from(n)) as u64;
        (0..32).rev().fold(1 % n, |power, bit| {
            let squared = times(power, power);
            if (exponent >> bit) & 1 == 1 {
                times(squared, base)
            } else {
                squared
            }
        })
    }

    fn trimmed(n: u64) -> Vec<u8> {
        n.to_be_bytes()
            .into_iter()
            .skip_while(|byte| *byte == 0)
            .collect()
    }

    fn padded(value: u64, n: u64) -> Vec<u8> {
        value.to_be_bytes()[8 - trimmed(n).len()..].to_vec()
    }
}
