//! 128 bits of wasm SIMD with fused multiply-add. Every operation is one or two instructions.

use core::arch::wasm32::{
    f64x2_add, f64x2_extract_lane, f64x2_mul, f64x2_relaxed_madd, f64x2_splat, f64x2_sub, f64x2,
    i64x2_add, i64x2_shuffle, i64x2_splat, u64x2_shr, v128, v128_and,
};

/// Two floating-point numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Floats(v128);

/// Two whole numbers of 64 bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums(v128);

impl Floats {
    pub(super) const ZERO: Self = Self(f64x2(0.0, 0.0));

    #[inline(always)]
    pub(super) fn new([a, b]: [f64; 2]) -> Self {
        Self(f64x2(a, b))
    }

    #[inline(always)]
    pub(super) fn all(lane: f64) -> Self {
        Self(f64x2_splat(lane))
    }

    #[inline(always)]
    pub(super) fn lanes(self) -> [f64; 2] {
        [f64x2_extract_lane::<0>(self.0), f64x2_extract_lane::<1>(self.0)]
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

    /// `self * other + sum`, rounded once.
    #[inline(always)]
    pub(super) fn times_plus(self, other: Self, sum: Self) -> Self {
        Self(f64x2_relaxed_madd(self.0, other.0, sum.0))
    }

    /// The last lane of `before`, then the first lane of these.
    #[inline(always)]
    pub(super) fn moved_up(self, before: Self) -> Self {
        Self(i64x2_shuffle::<1, 2>(before.0, self.0))
    }

    #[inline(always)]
    pub(super) fn bits(self) -> Sums {
        Sums(self.0)
    }
}

impl Sums {
    #[inline(always)]
    pub(super) fn all(lane: i64) -> Self {
        Self(i64x2_splat(lane))
    }

    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Self {
        Self(i64x2_add(self.0, other.0))
    }

    #[inline(always)]
    pub(super) fn masked(self, mask: i64) -> Self {
        Self(v128_and(self.0, i64x2_splat(mask)))
    }

    #[inline(always)]
    pub(super) fn shifted<const BITS: u32>(self) -> Self {
        Self(u64x2_shr(self.0, BITS))
    }

    #[inline(always)]
    pub(super) fn moved_up(self, before: Self) -> Self {
        Self(i64x2_shuffle::<1, 2>(before.0, self.0))
    }

    #[inline(always)]
    pub(super) fn floats(self) -> Floats {
        Floats(self.0)
    }
}
