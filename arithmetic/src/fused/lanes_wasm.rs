//! 128 bits of wasm SIMD with fused multiply-add. Every operation is one instruction, or two.
//! None needs `unsafe`: if the target has relaxed SIMD, its instructions are safe to call.

use core::arch::wasm32::{
    f64x2, f64x2_add, f64x2_extract_lane, f64x2_mul, f64x2_relaxed_madd, f64x2_splat, f64x2_sub,
    i64x2, i64x2_add, i64x2_shuffle, i64x2_splat, i64x2_sub, u64x2_shr, v128, v128_and, v128_or,
};

/// Two floating-point numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Floats(v128);

/// Two whole numbers of 64 bits. Sums wrap around, so that constants can be added too often and
/// subtracted again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums(v128);

impl Floats {
    pub(super) const ZERO: Self = Self(f64x2(0.0, 0.0));

    #[inline(always)]
    pub(super) fn new([a, b]: [f64; 2]) -> Self {
        Self(f64x2(a, b))
    }

    /// Copies one number into both lanes.
    #[inline(always)]
    pub(super) fn all(lane: f64) -> Self {
        Self(f64x2_splat(lane))
    }

    #[inline(always)]
    pub(super) fn lanes(self) -> [f64; 2] {
        [
            f64x2_extract_lane::<0>(self.0),
            f64x2_extract_lane::<1>(self.0),
        ]
    }

    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Self {
        Self(f64x2_add(self.0, other.0))
    }

    #[inline(always)]
    pub(super) fn minus(self, other: Self) -> Self {
        Self(f64x2_sub(self.0, other.0))
    }

    #[inline(always)]
    pub(super) fn times(self, other: Self) -> Self {
        Self(f64x2_mul(self.0, other.0))
    }

    /// `self * other + sum`. An engine may round it once or twice. This kernel is used only if
    /// it is rounded once.
    #[inline(always)]
    pub(super) fn times_plus(self, other: Self, sum: Self) -> Self {
        Self(f64x2_relaxed_madd(self.0, other.0, sum.0))
    }

    /// The last lane of `before`, then the first lane of these.
    #[inline(always)]
    pub(super) fn moved_up(self, before: Self) -> Self {
        Self(i64x2_shuffle::<1, 2>(before.0, self.0))
    }

    /// The IEEE 754 representations. Only of numbers from 2^103 to 2^104 and from 2^52 to 2^53:
    /// between them, the representation grows by one for each 2^51 or 1.
    #[inline(always)]
    pub(super) fn bits(self) -> Sums {
        Sums(self.0)
    }
}

impl Sums {
    pub(super) const ZERO: Self = Self(f64x2(0.0, 0.0));

    pub(super) const fn all(lane: i64) -> Self {
        Self(i64x2(lane, lane))
    }

    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Self {
        Self(i64x2_add(self.0, other.0))
    }

    /// Subtracts `count` times the representation of `number`.
    #[inline(always)]
    pub(super) fn minus_bits(self, number: f64, count: usize) -> Self {
        let sum = number.to_bits().wrapping_mul(count as u64);
        Self(i64x2_sub(self.0, i64x2_splat(sum.cast_signed())))
    }

    /// The lowest `BITS` bits of each sum, which must not be negative.
    #[inline(always)]
    pub(super) fn lowest<const BITS: u32>(self) -> Self {
        Self(v128_and(self.0, i64x2_splat((1 << BITS) - 1)))
    }

    /// The bits above the lowest `BITS` bits of each sum, which must not be negative.
    #[inline(always)]
    pub(super) fn above<const BITS: u32>(self) -> Self {
        Self(u64x2_shr(self.0, BITS))
    }

    /// The last lane of `before`, then the first lane of these.
    #[inline(always)]
    pub(super) fn moved_up(self, before: Self) -> Self {
        Self(i64x2_shuffle::<1, 2>(before.0, self.0))
    }

    /// Each sum plus 2^52, as a floating-point number. The sums must be from 0 to 2^52 - 1:
    /// they become the mantissa.
    #[inline(always)]
    pub(super) fn mantissas(self) -> Floats {
        Floats(v128_or(self.0, f64x2_splat((1u64 << 52) as f64)))
    }
}
