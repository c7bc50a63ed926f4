//! The same lanes in plain Rust, for the native tests. They stop at every overflow
//! that the wasm instructions would let pass, and so hold the bounds that the
//! arithmetic counts on.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "stopping is what these lanes are for"
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
        Self(each(|place| {
            self.0[place]
                .checked_add(other.0[place])
                .expect("a lane is full")
        }))
    }

    pub(super) fn plus_words(self, other: Self) -> Self {
        let (ours, others) = (self.words(), other.words());
        Self::of_words(each(|place| {
            ours[place]
                .checked_add(others[place])
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
        let product = |place: usize| i32::from(ours[place]) * i32::from(others[place]);
        Self(each(|place| {
            let (lower, upper) = (product(place * 2), product(place * 2 + 1));
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
        Self::of_words(each(|place| match place {
            0 => before[7],
            _ => ours[place - 1],
        }))
    }

    pub(super) fn zipped_words(self, other: Self) -> [Self; 2] {
        let (ours, others) = (self.words(), other.words());
        [0, 4].map(|first| {
            Self::of_words(each(|place| match place % 2 {
                0 => ours[first + place / 2],
                _ => others[first + place / 2],
            }))
        })
    }

    pub(super) fn packed_with(self, upper: Self) -> Self {
        Self::of_words(each(|place| {
            let lane = if place < 4 {
                self.0[place]
            } else {
                upper.0[place - 4]
            };
            i16::try_from(lane).expect("a lane that fits into a word")
        }))
    }

    pub(super) fn masked(self, mask: [u32; 4]) -> Self {
        Self(each(|place| self.0[place] & mask[place].cast_signed()))
    }

    fn words(self) -> [i16; 8] {
        each(|place| (self.0[place / 2] >> (place % 2 * 16)) as i16)
    }

    fn of_words(words: [i16; 8]) -> Self {
        Self(each(|place| {
            i32::from(words[place * 2].cast_unsigned()) | i32::from(words[place * 2 + 1]) << 16
        }))
    }
}

fn each<T, const COUNT: usize>(value: impl FnMut(usize) -> T) -> [T; COUNT] {
    core::array::from_fn(value)
}
