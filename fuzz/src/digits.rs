//! The arithmetic for wasm SIMD, on lanes of plain Rust that stop at an overflow, judged
//! by the arithmetic in limbs.
//!
//! Of any modulus and any base the power that one gives is what the other takes for it,
//! and no other number is; and both refuse the same.

use stytch_edge_arithmetic::{LOW_BYTES, montgomery, simd};

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
    let Some(judge) = montgomery::Modulus::new(&n) else {
        assert!(simd::Congruence::new(&n, exponent, &upper_of(&n)).is_none());
        return;
    };
    let mut base = repeated(for_base, length);
    compare(&n, &judge, &base, exponent);
    // As good as any number below the modulus: the one above is not, more often than not.
    if let (Some(first), Some(of_n)) = (base.first_mut(), n.first()) {
        *first = of_n - 1;
    }
    compare(&n, &judge, &base, exponent);
    // The modulus less one, and itself.
    let mut below = n.clone();
    if let Some(last) = below.last_mut() {
        *last -= 1;
    }
    compare(&n, &judge, &below, exponent);
    compare(&n, &judge, &n, exponent);
}

fn compare(n: &[u8], judge: &montgomery::Modulus, base: &[u8], exponent: u32) {
    // Where there is no power, both take no number for it.
    let judged = judge.power_vartime(base, exponent);
    let number = judged.clone().unwrap_or_else(|| vec![0; n.len()]);
    let upper = upper_of(&number);
    let ours = simd::Congruence::new(n, exponent, &upper);
    let plain = montgomery::Congruence::new(n, exponent, &upper);
    assert_eq!(ours.is_some(), plain.is_some());
    let (Some(ours), Some(plain)) = (ours, plain) else {
        return;
    };
    let mut low = [0; LOW_BYTES];
    low.copy_from_slice(&number[upper.len()..]);
    assert_eq!(plain.holds_vartime(base, &low), judged.is_some());
    assert_eq!(ours.holds_vartime(base, &low), judged.is_some());
    low[usize::from(low[0]) % LOW_BYTES] ^= 1 << (low[1] % 8);
    assert!(!plain.holds_vartime(base, &low));
    assert!(!ours.holds_vartime(base, &low));
}

/// All but the last bytes of a number, which are those that a congruence asks for.
fn upper_of(number: &[u8]) -> Vec<u8> {
    number[..number.len().saturating_sub(LOW_BYTES)].to_vec()
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
