//! Sums of products, six columns at a time.

use super::lanes::{Floats, Sums};
use super::digits::{BITS, LIMBS, Windows};

/// Two neighbouring columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    pub(super) high: Sums,
    pub(super) low: Sums,
}

type Constants = [Floats; 2];

impl Columns {
    /// The sum of no products.
    #[inline(always)]
    pub(super) fn nothing() -> Self {
        Self { high: Sums::all(0), low: Sums::all(BIAS) }
    }

    #[inline(always)]
    fn plus(self, a: Floats, b: Floats, [c, d]: Constants) -> Self {
        let high = a.times_plus(b, c);
        let low = a.times_plus(b, d.minus(high));
        Self { high: self.high.plus(high.bits()), low: self.low.plus(low.bits()) }
    }

    /// Takes back the constants that `steps` products have added.
    #[inline(always)]
    fn without_constants(self, steps: usize) -> Self {
        let steps = steps as i64;
        Self {
            high: self.high.plus(Sums::all(steps.wrapping_mul(-(HIGH.to_bits() as i64)))),
            low: self.low.plus(Sums::all(steps.wrapping_mul(-(LOW.to_bits() as i64)))),
        }
    }

    #[inline(always)]
    pub(super) fn plus_one_product(self, a: Floats, b: Floats) -> Self {
        self.without_constants(1).plus(a, b, [Floats::all(HIGH), Floats::all(HIGH_AND_LOW)])
    }
}

fn constants() -> Constants {
    core::hint::black_box([HIGH, HIGH_AND_LOW]).map(Floats::all)
}

#[inline(always)]
fn run(sums: &mut [Columns; 3], a: &[f64], b: &[Floats], c: Constants, edges: [usize; 3]) {
    let [mut s0, mut s1, mut s2] = *sums;
    s0 = s0.without_constants(a.len() + edges[0]);
    s1 = s1.without_constants(a.len() + edges[1]);
    s2 = s2.without_constants(a.len() + edges[2]);
    for (a, window) in a.iter().zip(b.windows(5)) {
        let [b2, _, b1, _, b0] = window else { break };
        let a = Floats::all(*a);
        s0 = s0.plus(a, *b0, c);
        s1 = s1.plus(a, *b1, c);
        s2 = s2.plus(a, *b2, c);
    }
    *sums = [s0, s1, s2];
}

#[inline(never)]
pub(super) fn low_products(sums: &mut [Columns; 3], a: &[f64], b: &Windows, column: usize) {
    let c = constants();
    let b: &[Floats] = &b.0;
    if let (Some([a2, a3, a4, a5]), [.., b2, b1, b0, bm]) = (a.get(column + 2..column + 6), b) {
        run(sums, &a[..column + 2], &b[LIMBS - column - 4..], c, [0, 2, 4]);
        let [a2, a3, a4, a5] = [a2, a3, a4, a5].map(|a| Floats::all(*a));
        let [_, s1, s2] = sums;
        *s1 = s1.plus(a2, *b0, c).plus(a3, *bm, c);
        *s2 = s2.plus(a2, *b2, c).plus(a3, *b1, c).plus(a4, *b0, c).plus(a5, *bm, c);
    } else {
        run(sums, a, &b[LIMBS - column - 4..], c, [0; 3]);
    }
}

#[inline(always)]
fn head(sums: &mut [Columns; 3], a: &[f64], b: &[Floats], c: Constants) {
    if let ([a0, a1, a2, a3, ..], [b40, b39, b38, b37, ..]) = (a, b) {
        let [a0, a1, a2, a3] = [a0, a1, a2, a3].map(|a| Floats::all(*a));
        let [s0, s1, _] = sums;
        *s0 = s0.plus(a0, *b40, c).plus(a1, *b39, c).plus(a2, *b38, c).plus(a3, *b37, c);
        *s1 = s1.plus(a2, *b40, c).plus(a3, *b39, c);
    }
}

#[inline(never)]
pub(super) fn high_products(sums: &mut [Columns; 3], a: &[f64], b: &Windows, column: usize) {
    let c = constants();
    let b = &b.0[2..];
    let Some(a) = a.get(column - 40..) else { return };
    let Some(rest) = a.get(4..) else { return };
    head(sums, a, b, c);
    run(sums, rest, b, c, [4, 2, 0]);
}

#[inline(always)]
fn middle(sums: &mut [Columns; 3], a: &[f64], b: &[Floats], c: Constants) {
    if let ([a0, a1, a2, ..], [b4, b3, b2, b1, b0, ..]) = (a, b) {
        let [a0, a1, a2] = [a0, a1, a2].map(|a| Floats::all(*a));
        let [s0, s1, s2] = sums;
        let once = Floats::new([0.5, 1.0]);
        *s0 = s0.plus(a0, b0.times(once), c);
        *s1 = s1.plus(a0, *b2, c).plus(a1, b1.times(once), c);
        *s2 = s2.plus(a0, *b4, c).plus(a1, *b3, c).plus(a2, b2.times(once), c);
    }
}

#[inline(never)]
pub(super) fn low_squares(sums: &mut [Columns; 3], a: &[f64], b: &Windows, column: usize) {
    let c = constants();
    let p = column / 2;
    let b = &b.0;
    run(sums, &a[..p], &b[LIMBS - column - 4..], c, [1, 2, 3]);
    middle(sums, &a[p..], &b[LIMBS - 4 - p..], c);
}

#[inline(never)]
pub(super) fn high_squares(sums: &mut [Columns; 3], a: &[f64], b: &Windows, column: usize) {
    let c = constants();
    let (p, first) = (column / 2, column - 40);
    let b: &[Floats] = &b.0;
    if let Some(run_a) = a.get(first + 4..p) {
        head(sums, &a[first..], &b[2..], c);
        run(sums, run_a, &b[2..], c, [5, 4, 3]);
    } else {
        let [s0, ..] = sums;
        *s0 = s0.plus(Floats::all(a[first]), b[2], c).plus(Floats::all(a[first + 1]), b[3], c);
        run(sums, &[], &[], c, [3, 2, 3]);
    }
    middle(sums, &a[p..], &b[LIMBS - 4 - p..], c);
}

pub(super) const HIGH: f64 = 1.5 * (1u128 << 103) as f64;
pub(super) const LOW: f64 = 1.5 * (1u64 << 52) as f64;
const HIGH_AND_LOW: f64 = HIGH + LOW;
pub(super) const BIAS: i64 = (1 << 60) + (1 << (BITS - 1));
