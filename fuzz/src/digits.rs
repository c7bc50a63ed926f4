//! The arithmetic for wasm SIMD, on lanes of plain Rust that stop at an overflow, judged
//! by the arithmetic in limbs.
//!
//! Of any modulus and any base both give the same power, and refuse the same.

use stytch_edge_arithmetic::{montgomery, simd};

/// The first three bytes choose the exponent and how long the modulus is; the others are
/// a pattern for the modulus and one for the base, each repeated to that length.
pub fn holds(data: &[u8]) {
    let [exponent, high, low, split, rest @ ..] = data else {
        return;
    };
    let exponent = EXPONENTS[usize::from(*exponent) % EXPONENTS.len()];
    let length = usize::from(u16::from_be_bytes([*high, *low])) % (LONGEST + 1);
    let (for_n, for_base) = rest.split_at(usize::from(*split) % (rest.len() + 1));
    let mut n = repeated(for_n, length);
    if let Some(first) = n.first_mut() {
        *first = (*first).max(1);
    }
    let ours = simd::Modulus::new(&n);
    let judge = montgomery::Modulus::new(&n);
    assert_eq!(ours.is_some(), judge.is_some());
    let (Some(ours), Some(judge)) = (ours, judge) else {
        return;
    };
    let mut base = repeated(for_base, length);
    compare(&ours, &judge, &base, exponent);
    // As good as any number below the modulus: the one above is not, more often than not.
    if let (Some(first), Some(of_n)) = (base.first_mut(), n.first()) {
        *first = of_n - 1;
    }
    compare(&ours, &judge, &base, exponent);
    // The modulus less one, and itself.
    let mut below = n.clone();
    if let Some(last) = below.last_mut() {
        *last -= 1;
    }
    compare(&ours, &judge, &below, exponent);
    compare(&ours, &judge, &n, exponent);
}

fn compare(ours: &simd::Modulus, judge: &montgomery::Modulus, base: &[u8], exponent: u32) {
    let judged = judge.power_vartime(base, exponent);
    assert_eq!(ours.power_vartime(base, exponent), judged);
}

fn repeated(pattern: &[u8], length: usize) -> Vec<u8> {
    pattern
        .iter()
        .chain(pattern.is_empty().then_some(&0xff))
        .copied()
        .cycle()
        .take(length)
        .collect()
}

/// Odd and at least 3, as both want them.
const EXPONENTS: [u32; 6] = [3, 5, 17, 257, 65_537, 0xffff_ffff];

/// Somewhat more than a modulus may have.
const LONGEST: usize = 520;
