//! 128 bits of wasm SIMD. Every operation is one instruction, and none needs
//! `unsafe`: where wasm has SIMD at all, its instructions are safe to call.

use core::arch::wasm32::{
    i16x8_add, i16x8_narrow_i32x4, i16x8_neg, i16x8_shuffle, i32x4, i32x4_add, i32x4_dot_i16x8,
    i32x4_extract_lane, i32x4_shl, i32x4_shr, i32x4_shuffle, i32x4_splat, u32x4, v128, v128_and,
};

/// Four lanes of 32 bits, or eight words of 16.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lanes(v128);

impl Lanes {
    pub(super) const ZERO: Self = Self(i32x4(0, 0, 0, 0));

    #[inline(always)]
    pub(super) fn new(lanes: [i32; 4]) -> Self {
        let [a, b, c, d] = lanes;
        Self(i32x4(a, b, c, d))
    }

    #[inline(always)]
    pub(super) fn lanes(self) -> [i32; 4] {
        [
            i32x4_extract_lane::<0>(self.0),
            i32x4_extract_lane::<1>(self.0),
            i32x4_extract_lane::<2>(self.0),
            i32x4_extract_lane::<3>(self.0),
        ]
    }

    /// Each lane plus the other's.
    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Self {
        Self(i32x4_add(self.0, other.0))
    }

    /// Each word plus the other's.
    #[inline(always)]
    pub(super) fn plus_words(self, other: Self) -> Self {
        Self(i16x8_add(self.0, other.0))
    }

    /// Each word with the other sign.
    #[inline(always)]
    pub(super) fn negated_words(self) -> Self {
        Self(i16x8_neg(self.0))
    }

    /// In each lane, the products of both pairs of words, added.
    #[inline(always)]
    pub(super) fn dot(self, other: Self) -> Self {
        Self(i32x4_dot_i16x8(self.0, other.0))
    }

    /// Four times the same lane.
    #[inline(always)]
    pub(super) fn all(lane: i32) -> Self {
        Self(i32x4_splat(lane))
    }

    /// Each lane, sign-extended from its lowest bits, of which `32 - DROPPED` stay.
    #[inline(always)]
    pub(super) fn lowest<const DROPPED: u32>(self) -> Self {
        Self(i32x4_shr(i32x4_shl(self.0, DROPPED), DROPPED))
    }

    /// Each lane, divided by `2^BITS` and rounded to the nearest whole number.
    #[inline(always)]
    pub(super) fn divided<const BITS: u32>(self) -> Self {
        let half = i32x4_splat(1 << (BITS - 1));
        Self(i32x4_shr(i32x4_add(self.0, half), BITS))
    }

    /// Each lane, divided by `2^BITS` and rounded down.
    #[inline(always)]
    pub(super) fn divided_down<const BITS: u32>(self) -> Self {
        Self(i32x4_shr(self.0, BITS))
    }

    /// The lanes moved up by one, and the last lane of `before` in the lowest place.
    #[inline(always)]
    pub(super) fn moved_up(self, before: Self) -> Self {
        Self(i32x4_shuffle::<3, 4, 5, 6>(before.0, self.0))
    }

    /// The upper two lanes of `before`, then the lower two of these.
    #[inline(always)]
    pub(super) fn moved_up_by_two(self, before: Self) -> Self {
        Self(i32x4_shuffle::<2, 3, 4, 5>(before.0, self.0))
    }

    /// The lanes with the second and the third in each other's place.
    #[inline(always)]
    pub(super) fn with_the_middle_swapped(self) -> Self {
        Self(i32x4_shuffle::<0, 2, 1, 3>(self.0, self.0))
    }

    /// The words moved up by one, and the last word of `before` in the lowest place.
    #[inline(always)]
    pub(super) fn words_moved_up(self, before: Self) -> Self {
        Self(i16x8_shuffle::<7, 8, 9, 10, 11, 12, 13, 14>(
            before.0, self.0,
        ))
    }

    /// Lanes of one word of these and one of the other: the lower four of each, then
    /// the upper four.
    #[inline(always)]
    pub(super) fn zipped_words(self, other: Self) -> [Self; 2] {
        [
            Self(i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(self.0, other.0)),
            Self(i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(self.0, other.0)),
        ]
    }

    /// These lanes as the lower words and the other's as the upper; each must fit.
    #[inline(always)]
    pub(super) fn packed_with(self, upper: Self) -> Self {
        Self(i16x8_narrow_i32x4(self.0, upper.0))
    }

    /// These bits where the mask has them.
    #[inline(always)]
    pub(super) fn masked(self, mask: [u32; 4]) -> Self {
        let [a, b, c, d] = mask;
        Self(v128_and(self.0, u32x4(a, b, c, d)))
    }
}
