//! The lanes of `lanes_wasm.rs` in plain Rust, for the native tests. They panic at every
//! overflow that the wasm instructions would ignore. So the tests check the bounds that the
//! arithmetic relies on.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "these lanes must panic at an overflow"
)]

/// Four lanes of 32 bits, or eight words of 16.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lanes([i32; 4]);

impl Lanes {
    pub(super) const ZERO: Self = Self([0; 4]);

    pub(super) fn new(lanes: [i32; 4]) -> Self {
        Self(lanes)
    }

    pub(super) fn lanes(self) -> [i32; 4] {
        self.0
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(each(|index| {
            self.0[index]
                .checked_add(other.0[index])
                .expect("a lane is full")
        }))
    }

    pub(super) fn plus_words(self, other: Self) -> Self {
        let (ours, others) = (self.words(), other.words());
        Self::of_words(each(|index| {
            ours[index]
                .checked_add(others[index])
                .expect("a word is full")
        }))
    }

    pub(super) fn negated_words(self) -> Self {
        Self::of_words(
            self.words()
                .map(|word| word.checked_neg().expect("a word is full")),
        )
    }

    pub(super) fn dot(self, other: Self) -> Self {
        let (ours, others) = (self.words(), other.words());
        let product = |index: usize| i32::from(ours[index]) * i32::from(others[index]);
        Self(each(|index| {
            let (lower, upper) = (product(index * 2), product(index * 2 + 1));
            lower.checked_add(upper).expect("a lane is full")
        }))
    }

    pub(super) fn all(lane: i32) -> Self {
        Self([lane; 4])
    }

    pub(super) fn lowest<const DROPPED: u32>(self) -> Self {
        Self(self.0.map(|lane| lane << DROPPED >> DROPPED))
    }

    pub(super) fn divided<const BITS: u32>(self) -> Self {
        let half = 1 << (BITS - 1);
        Self(
            self.0
                .map(|lane| lane.checked_add(half).expect("a lane is full") >> BITS),
        )
    }

    pub(super) fn divided_down<const BITS: u32>(self) -> Self {
        Self(self.0.map(|lane| lane >> BITS))
    }

    pub(super) fn moved_up(self, before: Self) -> Self {
        Self([before.0[3], self.0[0], self.0[1], self.0[2]])
    }

    pub(super) fn moved_up_by_two(self, before: Self) -> Self {
        Self([before.0[2], before.0[3], self.0[0], self.0[1]])
    }

    pub(super) fn with_the_middle_swapped(self) -> Self {
        let [a, b, c, d] = self.0;
        Self([a, c, b, d])
    }

    pub(super) fn words_moved_up(self, before: Self) -> Self {
        let (ours, before) = (self.words(), before.words());
        Self::of_words(each(|index| match index {
            0 => before[7],
            _ => ours[index - 1],
        }))
    }

    pub(super) fn zipped_words(self, other: Self) -> [Self; 2] {
        let (ours, others) = (self.words(), other.words());
        [0, 4].map(|first| {
            Self::of_words(each(|index| match index % 2 {
                0 => ours[first + index / 2],
                _ => others[first + index / 2],
            }))
        })
    }

    pub(super) fn packed_with(self, upper: Self) -> Self {
        Self::of_words(each(|index| {
            let lane = if index < 4 {
                self.0[index]
            } else {
                upper.0[index - 4]
            };
            i16::try_from(lane).expect("a lane that fits into a word")
        }))
    }

    pub(super) fn masked(self, mask: [u32; 4]) -> Self {
        Self(each(|index| self.0[index] & mask[index].cast_signed()))
    }

    fn words(self) -> [i16; 8] {
        each(|index| (self.0[index / 2] >> (index % 2 * 16)) as i16)
    }

    fn of_words(words: [i16; 8]) -> Self {
        Self(each(|index| {
            i32::from(words[index * 2].cast_unsigned()) | i32::from(words[index * 2 + 1]) << 16
        }))
    }
}

fn each<T, const COUNT: usize>(value: impl FnMut(usize) -> T) -> [T; COUNT] {
    core::array::from_fn(value)
}
