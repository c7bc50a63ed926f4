//! fused
#![allow(missing_docs)]
mod columns;
mod digits;
#[cfg(not(all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
#[path = "lanes_plain.rs"]
mod lanes;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
#[path = "lanes_wasm.rs"]
mod lanes;

use alloc::vec::Vec;
use columns::{Columns, high_products, high_squares, low_products, low_squares};
use digits::{Digits, LIMBS, Settling, Windows};
use lanes::Floats;
use crate::{LOW_BYTES, is_supported, negated_inverse};

#[derive(Debug, Clone)]
pub struct Congruence {
    n: Vec<u8>,
    modulus: Modulus,
    exponent: u32,
    scale: Windows,
    known: Windows,
}

#[derive(Debug, Clone)]
struct Modulus { n: Windows, negated_inverse: Windows }

struct Factor { digits: Digits, doubled: Windows }

impl Congruence {
    pub fn new(n: &[u8], exponent: u32, upper: &[u8]) -> Option<Self> {
        if !is_supported(n, exponent, upper) { return None; }
        let modulus = Modulus::new(n)?;
        let one = Digits::of_bytes(&[1]);
        let mut power = Factor::of(one.clone());
        modulus.raise(&mut power, &Windows::of(&one, 1.0), exponent - 2);
        let r_scale = Windows::of(&power.digits, -1.0);
        modulus.multiply(&mut power, &Windows::of(&one, 1.0));
        let scale = Windows::of(&power.digits, -1.0);
        let mut known = Factor::of(Digits::of_bytes(&[upper, &[0; LOW_BYTES]].concat()));
        modulus.multiply(&mut known, &r_scale);
        Some(Self { n: n.to_vec(), modulus, exponent: exponent - 1, scale, known: Windows::of(&known.digits, 1.0) })
    }

    pub fn byte_length(&self) -> usize { self.n.len() }

    pub fn holds_vartime(&self, base: &[u8], low: &[u8; LOW_BYTES]) -> bool {
        if base.len() != self.n.len() || base >= self.n.as_slice() { return false; }
        let digits = Digits::of_bytes(base);
        let base = Windows::of(&digits, 1.0);
        let mut power = Factor::of(digits);
        self.modulus.raise(&mut power, &base, self.exponent);
        let low = Digits::of_bytes(low);
        let low = low.all().get(..6).unwrap_or_default();
        self.modulus.reduce(&mut power, |power, column, sums| {
            low_products(sums, power.digits.all(), &base, column);
            low_products(sums, low, &self.scale, column);
            for (index, sum) in sums.iter_mut().enumerate() {
                if let Some(known) = self.known.0.get(LIMBS - column - 2 * index) {
                    *sum = sum.plus_one_product(Floats::all(1.0), *known);
                }
            }
        }, |power, column, sums| {
            high_products(sums, power.digits.all(), &base, column);
            high_products(sums, low, &self.scale, column);
        });
        power.digits.all().iter().all(|d| *d == 0.0)
    }
}

impl Factor {
    fn of(digits: Digits) -> Self { Self { doubled: Windows::of(&digits, 2.0), digits } }
}

impl Modulus {
    fn new(bytes: &[u8]) -> Option<Self> {
        let lowest = bytes.rchunks(4).next()?.iter();
        let lowest = lowest.fold(0, |sum, byte| (sum << 8) | u32::from(*byte));
        if lowest % 2 == 0 || bytes.len() != 256 { return None; }
        let n = Windows::of(&Digits::of_bytes(bytes), 1.0);
        let mut inverse = Digits::of_bytes(&negated_inverse(lowest).to_be_bytes());
        for _ in 0..7 {
            let mut product = multiply_low(&inverse, &n);
            product.0[0][0] += 2.0;
            inverse = multiply_low(&product, &Windows::of(&inverse, 1.0));
        }
        Some(Self { n, negated_inverse: Windows::of(&inverse, 1.0) })
    }

    fn raise(&self, factor: &mut Factor, base: &Windows, exponent: u32) {
        for bit in (0..exponent.checked_ilog2().unwrap_or(0)).rev() {
            self.square(factor);
            if (exponent >> bit) & 1 == 1 { self.multiply(factor, base); }
        }
    }

    fn multiply(&self, factor: &mut Factor, other: &Windows) {
        self.reduce(factor, |factor, column, sums| low_products(sums, factor.digits.all(), other, column),
            |factor, column, sums| high_products(sums, factor.digits.all(), other, column));
    }

    fn square(&self, factor: &mut Factor) {
        self.reduce(factor, |factor, column, sums| low_squares(sums, factor.digits.all(), &factor.doubled, column),
            |factor, column, sums| high_squares(sums, factor.digits.all(), &factor.doubled, column));
    }

    #[inline(always)]
    fn reduce(&self, factor: &mut Factor, mut low: impl FnMut(&Factor, usize, &mut [Columns; 3]), mut high: impl FnMut(&Factor, usize, &mut [Columns; 3])) {
        let mut t = Digits::ZERO;
        fill(&mut t, |column, sums| low(factor, column, sums));
        let q = multiply_low(&t, &self.negated_inverse);
        let mut settling = Settling::begin();
        let mut before = Floats::ZERO;
        for tile in 0..7 {
            let column = 40 + 6 * tile;
            let mut sums = [Columns::nothing(); 3];
            high(factor, column, &mut sums);
            high_products(&mut sums, q.all(), &self.n, column);
            for (index, sum) in sums.into_iter().enumerate() {
                let pair = settling.settle(sum);
                if let Some(index) = (3 * tile + index).checked_sub(1) {
                    factor.put(index, pair, &mut before);
                }
            }
        }
        factor.put(20, settling.settle(Columns::nothing()), &mut before);
    }
}

impl Factor {
    #[inline(always)]
    fn put(&mut self, index: usize, pair: Floats, before: &mut Floats) {
        if let Some(digits) = self.digits.0.get_mut(index) { *digits = pair.lanes(); }
        let pair = pair.plus(pair);
        if let Some([even, odd]) = self.doubled.0.get_mut(LIMBS - 2 * index..LIMBS + 2 - 2 * index) {
            *odd = pair.moved_up(*before); *even = pair;
        }
        *before = pair;
    }
}

#[inline(always)]
fn fill(number: &mut Digits, mut columns: impl FnMut(usize, &mut [Columns; 3])) {
    let mut settling = Settling::begin();
    for (index, triple) in number.0.chunks_mut(3).enumerate() {
        let mut sums = [Columns::nothing(); 3];
        columns(6 * index, &mut sums);
        for (sum, pair) in sums.into_iter().zip(triple) { *pair = settling.settle(sum).lanes(); }
    }
}

#[inline(never)]
fn multiply_low(a: &Digits, b: &Windows) -> Digits {
    let mut product = Digits::ZERO;
    fill(&mut product, |column, sums| low_products(sums, a.all(), b, column));
    product
}

