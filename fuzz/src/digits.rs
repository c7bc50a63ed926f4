//! The two implementations for wasm, compared with the arithmetic in limbs. They run on lanes of
//! plain Rust that panic at an overflow.
//!
//! For any modulus and any base, SIMD accepts the power that the limbs compute and rejects a
//! number with one bit changed. Both reject the same inputs. Fused multiply-add does the same for
//! moduli of 2048 bits and rejects all others.

use stytch_edge_arithmetic::{LOW_BYTES, fused, montgomery, simd};

/// The first byte selects the exponent, and the next two the length of the modulus. The fourth
/// byte is the length of the pattern for the modulus; the rest is the pattern for the base. Both
/// patterns are repeated to the length of the modulus.
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
    let Some(reference) = montgomery::Modulus::new(&n) else {
        assert!(simd::Congruence::new(&n, exponent, &upper_of(&n)).is_none());
        assert!(fused::Congruence::new(&n, exponent, &upper_of(&n)).is_none());
        return;
    };
    let mut base = repeated(for_base, length);
    compare(&n, &reference, &base, exponent);
    // Often the base above is not below the modulus. This one is.
    if let (Some(first), Some(of_n)) = (base.first_mut(), n.first()) {
        *first = of_n - 1;
    }
    compare(&n, &reference, &base, exponent);
    // The modulus less one, and itself.
    let mut below = n.clone();
    if let Some(last) = below.last_mut() {
        *last -= 1;
    }
    compare(&n, &reference, &below, exponent);
    compare(&n, &reference, &n, exponent);
}

fn compare(n: &[u8], reference: &montgomery::Modulus, base: &[u8], exponent: u32) {
    // If the base has no power, both must reject every number; zero is tried.
    let expected = reference.power_vartime(base, exponent);
    let number = expected.clone().unwrap_or_else(|| vec![0; n.len()]);
    let upper = upper_of(&number);
    let ours = simd::Congruence::new(n, exponent, &upper);
    let fused = fused::Congruence::new(n, exponent, &upper);
    let plain = montgomery::Congruence::new(n, exponent, &upper);
    assert_eq!(ours.is_some(), plain.is_some());
    let has_2048_bits = n.len() == 256 && n[0] >= 0x80;
    assert_eq!(fused.is_some(), plain.is_some() && has_2048_bits);
    let (Some(ours), Some(plain)) = (ours, plain) else {
        return;
    };
    let mut low = [0; LOW_BYTES];
    low.copy_from_slice(&number[upper.len()..]);
    assert_eq!(plain.holds_vartime(base, &low), expected.is_some());
    assert_eq!(ours.holds_vartime(base, &low), expected.is_some());
    if let Some(fused) = &fused {
        assert_eq!(fused.holds_vartime(base, &low), expected.is_some());
    }
    low[usize::from(low[0]) % LOW_BYTES] ^= 1 << (low[1] % 8);
    assert!(!plain.holds_vartime(base, &low));
    assert!(!ours.holds_vartime(base, &low));
    assert!(fused.is_none_or(|fused| !fused.holds_vartime(base, &low)));
}

/// All but the last [`LOW_BYTES`] of a number, for the constructor of a congruence.
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

/// Both implementations accept odd exponents of at least 3.
const EXPONENTS: [u32; 6] = [3, 5, 17, 257, 65_537, 0xffff_ffff];

/// Slightly more than the maximum length of a modulus.
const LONGEST: usize = 520;
