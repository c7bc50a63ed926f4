//! The lanes of `lanes_wasm.rs` in plain Rust, for the native tests. Their sums are exact, and
//! they panic if a number is not in the range that the arithmetic relies on.
#![allow(
    clippy::indexing_slicing,
    reason = "these lanes must panic if a bound is wrong"
)]

extern crate std;

/// Two floating-point numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Floats([f64; 2]);

/// Two whole numbers. In wasm they have 64 bits and wrap around.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums([i128; 2]);

impl Floats {
    pub(super) const ZERO: Self = Self([0.0; 2]);

    pub(super) fn new(lanes: [f64; 2]) -> Self {
        Self(lanes)
    }

    pub(super) fn all(lane: f64) -> Self {
        Self([lane; 2])
    }

    pub(super) fn lanes(self) -> [f64; 2] {
        self.0
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(each(|lane| self.0[lane] + other.0[lane]))
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self(each(|lane| self.0[lane] - other.0[lane]))
    }

    pub(super) fn times(self, other: Self) -> Self {
        Self(each(|lane| self.0[lane] * other.0[lane]))
    }

    pub(super) fn times_plus(self, other: Self, sum: Self) -> Self {
        Self(each(|lane| {
            self.0[lane].mul_add(other.0[lane], sum.0[lane])
        }))
    }

    pub(super) fn moved_up(self, before: Self) -> Self {
        Self([before.0[1], self.0[0]])
    }

    pub(super) fn bits(self) -> Sums {
        Sums(self.0.map(|number| {
            let ranges = [
                2f64.powi(103)..=2f64.powi(104),
                2f64.powi(52)..=2f64.powi(53),
            ];
            let in_range = ranges.iter().any(|range| range.contains(&number));
            assert!(in_range, "{number:e} has another exponent");
            i128::from(number.to_bits())
        }))
    }
}

impl Sums {
    pub(super) const ZERO: Self = Self([0; 2]);

    pub(super) const fn all(lane: i64) -> Self {
        Self([lane as i128; 2])
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(each(|lane| self.0[lane] + other.0[lane]))
    }

    pub(super) fn minus_bits(self, number: f64, count: usize) -> Self {
        let bits = i128::from(number.to_bits()) * count as i128;
        Self(self.0.map(|sum| sum - bits))
    }

    pub(super) fn lowest<const BITS: u32>(self) -> Self {
        self.assert_within(63);
        Self(self.0.map(|sum| sum & ((1 << BITS) - 1)))
    }

    pub(super) fn above<const BITS: u32>(self) -> Self {
        self.assert_within(63);
        Self(self.0.map(|sum| sum >> BITS))
    }

    pub(super) fn moved_up(self, before: Self) -> Self {
        Self([before.0[1], self.0[0]])
    }

    pub(super) fn mantissas(self) -> Floats {
        self.assert_within(52);
        Floats(self.0.map(|sum| (sum + (1 << 52)) as f64))
    }

    #[cfg(test)]
    pub(super) fn exact(self) -> [i128; 2] {
        self.0
    }

    fn assert_within(self, bits: u32) {
        for sum in self.0 {
            assert!(sum >> bits == 0, "{sum} does not have {bits} bits");
        }
    }
}

fn each<T>(value: impl FnMut(usize) -> T) -> [T; 2] {
    core::array::from_fn(value)
}
