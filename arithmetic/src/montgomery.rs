//! Modular exponentiation by Montgomery multiplication (P. L. Montgomery,
//! "Modular multiplication without trial division", 1985), in 32-bit limbs.
//!
//! Knows odd moduli and public exponents. Does not know RSA padding or keys.
//! The code is kept simple: one multiplication is the textbook "coarsely integrated
//! operand scanning" loop (Koç, Acar, Kaliski 1996, section 5). Limbs are stored
//! least significant first.

mod limbs;

use alloc::{vec, vec::Vec};

use self::limbs::{is_below, limbs_of, power_of_two, subtract};
use crate::{LOW_BYTES, MAX_BYTES, is_supported, negated_inverse};

/// Compares `base^exponent mod n` with an expected number, for many bases. The upper bytes of
/// the number are the same for all bases. Its last [`LOW_BYTES`] bytes are passed with each
/// base.
#[derive(Debug, Clone)]
pub struct Congruence {
    modulus: Modulus,
    exponent: u32,
    upper: Vec<u8>,
}

impl Congruence {
    /// Accepts the modulus as big-endian bytes without leading zeros, and the upper bytes of
    /// the expected number. Returns `None` if the modulus is even or longer than
    /// [`MAX_BYTES`], if the exponent is even or below 3, or if the number is not as long as
    /// the modulus or not below it.
    pub fn new(n: &[u8], exponent: u32, upper: &[u8]) -> Option<Self> {
        if !is_supported(n, exponent, upper) {
            return None;
        }
        Some(Self {
            modulus: Modulus::new(n)?,
            exponent,
            upper: upper.to_vec(),
        })
    }

    /// The length in bytes of the modulus and of each base.
    pub fn byte_length(&self) -> usize {
        self.modulus.byte_length()
    }

    /// Whether `base^exponent mod n` consists of the upper bytes of the constructor and `low`.
    /// Returns `false` if `base` is not below the modulus or not as long as the modulus. The
    /// time depends on the bits of the exponent, which is public.
    pub fn holds_vartime(&self, base: &[u8], low: &[u8; LOW_BYTES]) -> bool {
        let power = self.modulus.power_vartime(base, self.exponent);
        power.is_some_and(|power| power == [&self.upper, &low[..]].concat())
    }
}

/// An odd modulus with the constants that Montgomery arithmetic needs.
#[derive(Debug, Clone)]
pub struct Modulus {
    limbs: Vec<u32>,
    byte_length: usize,
    /// `-n^-1 mod 2^32`.
    negated_inverse: u32,
    /// `R^2 mod n`, where `R` is 2 to the number of bits in `limbs`.
    r_squared: Vec<u32>,
}

impl Modulus {
    /// Accepts big-endian bytes without leading zeros. Returns `None` if the number is even,
    /// 1, or longer than [`MAX_BYTES`].
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let limbs = limbs_of(bytes, bytes.len().div_ceil(4));
        let lowest = *limbs.first()?;
        if lowest % 2 == 0 || bytes == [1] || bytes.len() > MAX_BYTES {
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

    /// The length in bytes of the modulus and of every result.
    pub fn byte_length(&self) -> usize {
        self.byte_length
    }

    /// Returns `base^exponent mod n` as big-endian bytes, as long as the modulus. Returns
    /// `None` if `base` is not below the modulus or not as long as the modulus. `exponent`
    /// must be at least 1. The time depends on the bits of the exponent, which is public.
    pub fn power_vartime(&self, base: &[u8], exponent: u32) -> Option<Vec<u8>> {
        if base.len() != self.byte_length {
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
        let mut overflows = false;
        for a_limb in a {
            overflows = self.add_product_and_shift(&mut sum, overflows, *a_limb, b);
        }
        if overflows || !is_below(&sum, &self.limbs) {
            subtract(&mut sum, &self.limbs);
        }
        sum
    }

    /// Adds `factor * number` to `sum`, and then the multiple of `n` that makes the lowest
    /// limb zero. Dropping that limb divides by 2^32 exactly. Returns whether the sum has one
    /// bit above its limbs. It never has two, because the sum stays below 2n.
    fn add_product_and_shift(
        &self,
        sum: &mut [u32],
        overflows: bool,
        factor: u32,
        number: &[u32],
    ) -> bool {
        let mut multiple = None;
        let (mut carry, mut n_carry) = (0, 0);
        let mut below: Option<&mut u32> = None;
        for ((limb, other), n) in sum.iter_mut().zip(number).zip(&self.limbs) {
            // At most (2^32 - 1)^2 + 2 * (2^32 - 1) = 2^64 - 1, here and below.
            let total = u64::from(factor) * u64::from(*other) + u64::from(*limb) + carry;
            carry = total >> 32;
            let multiple =
                *multiple.get_or_insert_with(|| low_half(total).wrapping_mul(self.negated_inverse));
            let total = u64::from(multiple) * u64::from(*n) + u64::from(low_half(total)) + n_carry;
            n_carry = total >> 32;
            if let Some(below) = below.replace(limb) {
                *below = low_half(total);
            }
        }
        let top = u64::from(overflows) + carry + n_carry;
        if let Some(highest) = below {
            *highest = low_half(top);
        }
        top >> 32 != 0
    }

    /// Starts with `R * 2^d mod n`, with `d` = 1/32 of the number of bits of `R`. Each of five
    /// squarings doubles `d`.
    fn r_squared(&self) -> Vec<u32> {
        let start = power_of_two(33 * self.limbs.len(), &self.limbs);
        (0..5).fold(start, |power, _| self.multiply(&power, &power))
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

#[allow(
    clippy::cast_possible_truncation,
    reason = "the function returns the low half"
)]
fn low_half(value: u64) -> u32 {
    value as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small moduli of one and two limbs, compared with u128 arithmetic.
    #[test]
    fn agrees_with_u128_arithmetic_for_small_moduli() {
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
    fn rejects_a_base_that_is_not_below_the_modulus() {
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
    fn rejects_even_moduli_and_one() {
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
