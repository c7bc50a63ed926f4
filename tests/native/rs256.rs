//! RS256 verification of signatures that the crate `rsa` computes (RFC 8017, section 8.2.2).

use std::sync::LazyLock;

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rsa::{
    BigUint, Pkcs1v15Sign, RsaPrivateKey,
    sha2::{Digest, Sha256},
    traits::PublicKeyParts,
};
use stytch_edge::crypto::RsaPublicKey;

const MESSAGE: &[u8] = b"header.payload";

/// Keys of several sizes and exponents. They are shared, because generating a key is slow.
static KEYS: LazyLock<Vec<RsaPrivateKey>> = LazyLock::new(|| {
    let mut rng = ChaCha20Rng::seed_from_u64(7);
    [
        (2048, 65_537u32),
        (2048, 3),
        (2056, 65_537),
        (3072, 65_537),
        (2048, 4_294_967_295 - 4),
    ]
    .into_iter()
    .map(|(bits, e)| RsaPrivateKey::new_with_exp(&mut rng, bits, &BigUint::from(e)).unwrap())
    .collect()
});

fn ours(key: &RsaPrivateKey) -> RsaPublicKey {
    RsaPublicKey::new(&key.n().to_bytes_be(), &key.e().to_bytes_be()).unwrap()
}

fn signature(key: &RsaPrivateKey, message: &[u8]) -> Vec<u8> {
    key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message))
        .unwrap()
}

/// A number as big-endian bytes of the key's length.
fn as_signature(key: &RsaPrivateKey, number: &BigUint) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    let mut padded = vec![0; key.size().saturating_sub(bytes.len())];
    padded.extend(bytes);
    padded
}

/// A signature from which verification computes `block`.
fn signature_of_block(key: &RsaPrivateKey, block: &[u8]) -> Vec<u8> {
    use rsa::traits::PrivateKeyParts;
    as_signature(key, &BigUint::from_bytes_be(block).modpow(key.d(), key.n()))
}

fn right_block(key: &RsaPrivateKey) -> Vec<u8> {
    let power = BigUint::from_bytes_be(&signature(key, MESSAGE)).modpow(key.e(), key.n());
    as_signature(key, &power)
}

#[test]
fn accepts_signatures_of_another_implementation() {
    for key in KEYS.iter() {
        assert!(
            ours(key).verifies(MESSAGE, &signature(key, MESSAGE)),
            "{} bits",
            key.n().bits()
        );
    }
    assert_eq!(KEYS.len(), 5);
}

#[test]
fn rejects_another_message_and_another_key() {
    let [key, other] = [&KEYS[0], &KEYS[1]];
    assert!(!ours(key).verifies(b"header.payloae", &signature(key, MESSAGE)));
    assert!(!ours(key).verifies(MESSAGE, &signature(other, MESSAGE)));
}

#[test]
fn rejects_a_signature_with_a_flipped_bit() {
    let key = &KEYS[0];
    let (ours, signature) = (ours(key), signature(key, MESSAGE));
    let mut tried = 0;
    for bit in (0..signature.len() * 8).step_by(7) {
        let mut flipped = signature.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(!ours.verifies(MESSAGE, &flipped), "bit {bit}");
        tried += 1;
    }
    assert_eq!(tried, 293);
}

/// RFC 8017, section 5.2.2: the signature representative is below the modulus. Section 8.2.2, step 1: the length of the
/// signature equals the length of the modulus.
#[test]
fn rejects_numbers_at_the_limits_and_other_lengths() {
    for key in KEYS.iter() {
        let ours = ours(key);
        let signature = signature(key, MESSAGE);
        let one = BigUint::from(1u8);
        for number in [
            BigUint::from(0u8),
            one.clone(),
            key.n() - &one,
            key.n().clone(),
            key.n() + &one,
        ] {
            assert!(!ours.verifies(MESSAGE, &as_signature(key, &number)));
        }
        let plus_n = BigUint::from_bytes_be(&signature) + key.n();
        assert!(!ours.verifies(MESSAGE, &as_signature(key, &plus_n)));
        assert!(!ours.verifies(MESSAGE, &[]));
        assert!(!ours.verifies(MESSAGE, &signature[1..]));
        assert!(!ours.verifies(MESSAGE, &[&[0], signature.as_slice()].concat()));
        assert!(!ours.verifies(MESSAGE, &[signature.as_slice(), &[0]].concat()));
    }
}

/// Blocks that lenient parsers of the padding have accepted. RFC 8017, section 9.2, allows exactly one block.
#[test]
fn rejects_every_block_except_the_expected_one() {
    let key = &KEYS[0];
    let ours = ours(key);
    let right = right_block(key);
    assert!(
        ours.verifies(MESSAGE, &signature_of_block(key, &right)),
        "a signature of the expected block is accepted"
    );

    let digest_info = right.len() - 51;
    let hash = right.len() - 32;
    let mut short_padding = right.clone();
    // The padding ends early, and other bytes follow the hash (Bleichenbacher 2006).
    short_padding.copy_within(digest_info - 1.., 10);
    let mut other_byte_in_padding = right.clone();
    other_byte_in_padding[20] = 0xfe;
    let mut type_two = right.clone();
    type_two[1] = 2;
    let mut leading = right.clone();
    leading[0] = 1;
    // The NULL parameters are omitted, and the lengths are adapted.
    let mut no_parameters = vec![0x00, 0x01];
    no_parameters.extend(vec![0xff; right.len() - 3 - 49]);
    no_parameters.push(0x00);
    no_parameters.extend([0x30, 0x2f, 0x30, 0x0b]);
    no_parameters.extend(&right[digest_info + 4..digest_info + 15]);
    no_parameters.extend([0x04, 0x20]);
    no_parameters.extend(&right[hash..]);
    let mut sha512_oid = right.clone();
    sha512_oid[hash - 5] = 3;
    let mut other_hash = right.clone();
    *other_hash.last_mut().unwrap() ^= 1;

    let wrong = [
        short_padding,
        other_byte_in_padding,
        type_two,
        leading,
        no_parameters,
        sha512_oid,
        other_hash,
    ];
    for (number, block) in wrong.iter().enumerate() {
        assert_eq!(block.len(), right.len(), "block {number}");
        assert_ne!(*block, right, "block {number}");
        assert!(
            !ours.verifies(MESSAGE, &signature_of_block(key, block)),
            "block {number}"
        );
    }
}
