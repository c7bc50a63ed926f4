//! The signing keys of seeded emulators. They are the same on every machine, so anyone can compute them.
//!
//! A seeded emulator must return the same bytes on every run, and a search for primes takes seconds in WebAssembly. The
//! primes of these keys are therefore found in advance: each prime is a hash of its name plus a small number, and only
//! the number is stored.

use rsa::sha2::{Digest as _, Sha256};
use rsa::{BigUint, RsaPrivateKey};

/// The number of known keys that projects use.
pub(super) const COUNT: usize = 16;
/// The number of the known key that no project uses.
pub(super) const UNLISTED: usize = COUNT;

/// Returns the number of the key of an identity provider. The first identity provider has the number 1.
pub(super) fn of_identity_provider(number: usize) -> usize {
    UNLISTED.saturating_add(number)
}

/// Returns the private key with this number, or `None` if the list has no such number.
pub(super) fn private_key(number: usize) -> Option<RsaPrivateKey> {
    let (step_p, step_q) = *STEPS.get(number)?;
    let number = number.checked_add(1)?;
    let prime = |letter: char, step: u16| {
        start(&format!("stytch-emulator signing key {number} {letter}")) + BigUint::from(step)
    };
    let exponent = BigUint::from(65_537_u32);
    RsaPrivateKey::from_p_q(prime('p', step_p), prime('q', step_q), exponent).ok()
}

/// Returns an odd number of 1024 bits whose two upper bits are set: four hashes of the name.
fn start(name: &str) -> BigUint {
    let mut bytes: Vec<u8> = (0..4)
        .flat_map(|part| Sha256::digest(format!("{name} {part}")))
        .collect();
    if let Some(first) = bytes.first_mut() {
        *first |= 0b1100_0000;
    }
    if let Some(last) = bytes.last_mut() {
        *last |= 1;
    }
    BigUint::from_bytes_be(&bytes)
}

/// For the primes p and q of each key, the distance from the hash to the next prime p for which p - 1 is not divisible
/// by 65537.
static STEPS: [(u16, u16); 25] = [
    (584, 88),
    (460, 636),
    (1454, 256),
    (424, 40),
    (320, 1272),
    (2208, 800),
    (1070, 512),
    (26, 568),
    (48, 648),
    (170, 240),
    (800, 416),
    (624, 164),
    (90, 816),
    (1058, 388),
    (788, 2048),
    (234, 510),
    (184, 370),
    (74, 1238),
    (812, 216),
    (396, 522),
    (262, 1254),
    (20, 2606),
    (604, 126),
    (952, 1940),
    (700, 376),
];

#[cfg(test)]
mod tests {
    use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};

    use super::*;

    #[test]
    fn every_known_key_is_a_valid_key_of_2048_bits() {
        let mut moduli = Vec::new();
        for number in 0..STEPS.len() {
            let key = private_key(number).unwrap();
            for prime in key.primes() {
                assert_eq!(prime.bits(), 1024);
                // A composite number of this size passes this test of Fermat only with a negligible probability.
                for base in [2_u32, 3, 5, 7] {
                    let base = BigUint::from(base);
                    let power = base.modpow(&(prime - BigUint::from(1_u32)), prime);
                    assert_eq!(power, BigUint::from(1_u32), "key {number}");
                }
            }
            key.validate().unwrap();
            assert_eq!(key.n().bits(), 2048, "key {number}");
            moduli.push(key.n().clone());
        }
        moduli.sort();
        moduli.dedup();
        assert_eq!(moduli.len(), STEPS.len());
        assert!(private_key(STEPS.len()).is_none());
    }
}
