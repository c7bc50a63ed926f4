//! The SIMD arithmetic, run natively on lanes that stop at an overflow, against the
//! plain one and against the crate `rsa`'s big integers.

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};
use rsa::BigUint;

use super::Modulus;
use crate::crypto::montgomery;

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
