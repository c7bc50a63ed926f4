//! 128 bits of wasm SIMD. Every operation is one or two instructions. None needs `unsafe`: if
//! the target has SIMD, its instructions are safe to call.

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

    /// Adds the lanes in pairs.
    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Self {
        Self(i32x4_add(self.0, other.0))
    }

    /// Adds the words in pairs.
    #[inline(always)]
    pub(super) fn plus_words(self, other: Self) -> Self {
        Self(i16x8_add(self.0, other.0))
    }

    /// Negates each word.
    #[inline(always)]
    pub(super) fn negated_words(self) -> Self {
        Self(i16x8_neg(self.0))
    }

    /// Multiplies the words in pairs. Each lane is the sum of its two products.
    #[inline(always)]
    pub(super) fn dot(self, other: Self) -> Self {
        Self(i32x4_dot_i16x8(self.0, other.0))
    }

    /// Copies one lane into all four.
    #[inline(always)]
    pub(super) fn all(lane: i32) -> Self {
        Self(i32x4_splat(lane))
    }

    /// Sign-extends the lowest `32 - DROPPED` bits of each lane.
    #[inline(always)]
    pub(super) fn lowest<const DROPPED: u32>(self) -> Self {
        Self(i32x4_shr(i32x4_shl(self.0, DROPPED), DROPPED))
    }

    /// Divides each lane by `2^BITS` and rounds to the nearest whole number.
    #[inline(always)]
    pub(super) fn divided<const BITS: u32>(self) -> Self {
        let half = i32x4_splat(1 << (BITS - 1));
        Self(i32x4_shr(i32x4_add(self.0, half), BITS))
    }

    /// Divides each lane by `2^BITS` and rounds down.
    #[inline(always)]
    pub(super) fn divided_down<const BITS: u32>(self) -> Self {
        Self(i32x4_shr(self.0, BITS))
    }

    /// The last lane of `before`, then the first three lanes of these.
    #[inline(always)]
    pub(super) fn moved_up(self, before: Self) -> Self {
        Self(i32x4_shuffle::<3, 4, 5, 6>(before.0, self.0))
    }

    /// The last two lanes of `before`, then the first two lanes of these.
    #[inline(always)]
    pub(super) fn moved_up_by_two(self, before: Self) -> Self {
        Self(i32x4_shuffle::<2, 3, 4, 5>(before.0, self.0))
    }

    /// Swaps the second and the third lane.
    #[inline(always)]
    pub(super) fn with_the_middle_swapped(self) -> Self {
        Self(i32x4_shuffle::<0, 2, 1, 3>(self.0, self.0))
    }

    /// The last word of `before`, then the first seven words of these.
    #[inline(always)]
    pub(super) fn words_moved_up(self, before: Self) -> Self {
        Self(i16x8_shuffle::<7, 8, 9, 10, 11, 12, 13, 14>(
            before.0, self.0,
        ))
    }

    /// Interleaves the words of these with the words of the other: first the lower four of
    /// each, then the upper four.
    #[inline(always)]
    pub(super) fn zipped_words(self, other: Self) -> [Self; 2] {
        [
            Self(i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(self.0, other.0)),
            Self(i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(self.0, other.0)),
        ]
    }

    /// Converts these lanes to the lower words and the lanes of `upper` to the upper words.
    /// Each lane must fit into a word.
    #[inline(always)]
    pub(super) fn packed_with(self, upper: Self) -> Self {
        Self(i16x8_narrow_i32x4(self.0, upper.0))
    }

    /// Clears the bits that are not in the mask.
    #[inline(always)]
    pub(super) fn masked(self, mask: [u32; 4]) -> Self {
        let [a, b, c, d] = mask;
        Self(v128_and(self.0, u32x4(a, b, c, d)))
    }
}
