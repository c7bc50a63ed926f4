//! RS256 (RFC 8017, section 8.2.2), judged by the arithmetic of the crate `rsa`.
//!
//! A verifier says only yes or no, and for a signature that was not made it says no,
//! right or wrong. So signatures are made, for moduli whose factors are known: primes
//! close to powers of two, where carries run far, and products of small primes that
//! the bytes choose.

use rsa::{
    BigUint,
    sha2::{Digest, Sha256},
};
use stytch_edge::crypto::RsaPublicKey;

/// Ours says of some signatures what the judge says: of a right one, and of many that
/// are nearly right.
pub fn holds(data: &[u8]) {
    let [choice, place, flip, e0, e1, e2, e3, rest @ ..] = data else {
        return;
    };
    let e = match *e0 {
        0 => 3,
        1 => 65_537,
        2 => u32::MAX,
        _ => u32::from_be_bytes([*e0, *e1, *e2, *e3]) | 1,
    };
    let modulus = match PRIMES.get(usize::from(*choice)) {
        Some(terms) => Modulus::prime(terms),
        None => Modulus::product(rest),
    };
    let Some(key) = modulus
        .filter(|_| e >= 3)
        .and_then(|modulus| Key::new(modulus, e))
    else {
        return;
    };
    let block = key.block(rest);
    let right = key.signature_of(&block);
    assert!(key.compare(rest, &right), "the method itself is sound");

    let at = usize::from(*place) % block.len();
    let mut other_block = block.clone();
    other_block[at] ^= flip | 1;
    key.compare(rest, &key.signature_of(&other_block));
    let mut other = right.clone();
    other[at] ^= flip | 1;
    let number = BigUint::from_bytes_be(&right);
    for signature in [
        other,
        (&number + &key.n).to_bytes_be(),
        key.padded(&(&key.n - &number)),
        right[1..].to_vec(),
        [&[0], right.as_slice()].concat(),
        key.padded(&BigUint::from(*flip)),
    ] {
        assert!(!key.compare(rest, &signature) || signature == right);
    }
}

/// A modulus, and the exponent that all its powers repeat after.
struct Modulus {
    n: BigUint,
    order: BigUint,
}

impl Modulus {
    fn prime(terms: &[(usize, i64)]) -> Option<Self> {
        let power = |shift, factor: i64| (BigUint::from(factor.unsigned_abs())) << shift;
        let sum = |wanted: i64| -> BigUint {
            let terms = terms.iter().filter(|(_, factor)| factor.signum() == wanted);
            terms.map(|(shift, factor)| power(*shift, *factor)).sum()
        };
        let n = sum(1) - sum(-1);
        let order = &n - BigUint::from(1u8);
        Some(Self { n, order })
    }

    /// A prime for each four bytes, those repeated with a change where they end.
    fn product(bytes: &[u8]) -> Option<Self> {
        if bytes.len() < 4 {
            return None;
        }
        let (one, mut seen) = (BigUint::from(1u8), Vec::new());
        let (mut n, mut order) = (one.clone(), one);
        let count = MOST_PRIMES - bytes.len() % (MOST_PRIMES - FEWEST_PRIMES);
        for place in 0..count {
            let byte = |offset| bytes[(place * 4 + offset) % bytes.len()];
            let word = u32::from_be_bytes([byte(0), byte(1), byte(2), byte(3)]);
            let start = u64::from(word) + place as u64 * 1_000 | 1 << 31 | 1;
            let prime = (start..).step_by(2).find(|number| is_prime(*number))?;
            if seen.contains(&prime) {
                return None;
            }
            seen.push(prime);
            n *= BigUint::from(prime);
            order *= BigUint::from(prime - 1);
        }
        Some(Self { n, order })
    }
}

struct Key {
    ours: RsaPublicKey,
    n: BigUint,
    e: BigUint,
    d: BigUint,
}

impl Key {
    /// None for a modulus or an exponent out of bounds, and where an exponent has no
    /// inverse.
    fn new(modulus: Modulus, e: u32) -> Option<Self> {
        let d = inverse(e, &modulus.order)?;
        let e = BigUint::from(e);
        let ours = RsaPublicKey::new(&modulus.n.to_bytes_be(), &e.to_bytes_be());
        let fits = (2048..=4096).contains(&modulus.n.bits());
        assert_eq!(ours.is_ok(), fits);
        let n = modulus.n;
        Some(Self {
            ours: ours.ok()?,
            n,
            e,
            d,
        })
    }

    /// EMSA-PKCS1-v1_5 (RFC 8017, section 9.2).
    fn block(&self, message: &[u8]) -> Vec<u8> {
        let tail = [&DIGEST_INFO[..], &Sha256::digest(message)].concat();
        let padding = vec![0xff; self.n.bits().div_ceil(8) - 3 - tail.len()];
        [&[0, 1][..], &padding, &[0], &tail].concat()
    }

    fn signature_of(&self, block: &[u8]) -> Vec<u8> {
        self.padded(&BigUint::from_bytes_be(block).modpow(&self.d, &self.n))
    }

    fn padded(&self, number: &BigUint) -> Vec<u8> {
        let bytes = number.to_bytes_be();
        let missing = self.n.bits().div_ceil(8).saturating_sub(bytes.len());
        [vec![0; missing], bytes].concat()
    }

    /// The judge's verdict, which has to be ours.
    fn compare(&self, message: &[u8], signature: &[u8]) -> bool {
        let number = BigUint::from_bytes_be(signature);
        let judged = signature.len() == self.n.bits().div_ceil(8)
            && number < self.n
            && self.padded(&number.modpow(&self.e, &self.n)) == self.block(message);
        assert_eq!(self.ours.verifies(message, signature), judged);
        judged
    }
}

/// What `e` is to be multiplied by to give 1: `(k * order + 1) / e`, for the one `k`
/// below `e` that makes it a whole number.
fn inverse(e: u32, order: &BigUint) -> Option<BigUint> {
    let e_long = i64::from(e);
    let rest = (order % BigUint::from(e)).to_bytes_be();
    let rest = rest.iter().fold(0, |sum, byte| sum << 8 | i64::from(*byte));
    // Euclid's algorithm: `factor * rest` is `divisor` modulo e.
    let (mut last, mut factor) = (0, 1);
    let (mut dividend, mut divisor) = (e_long, rest);
    while divisor > 1 {
        (last, factor) = (factor, last - dividend / divisor * factor);
        (dividend, divisor) = (divisor, dividend % divisor);
    }
    if divisor == 0 {
        return None;
    }
    let k = (-factor).rem_euclid(e_long).unsigned_abs();
    Some((order * BigUint::from(k) + BigUint::from(1u8)) / BigUint::from(e))
}

/// Miller and Rabin's test, whose bases 2, 7 and 61 settle all numbers below
/// 4,759,123,141 (G. Jaeschke, "On strong pseudoprimes to several bases", 1993).
fn is_prime(number: u64) -> bool {
    let modulus = u128::from(number);
    let power = |base: u128, mut exponent: u64| {
        let (mut square, mut power) = (base % modulus, 1);
        while exponent > 0 {
            if exponent % 2 == 1 {
                power = power * square % modulus;
            }
            square = square * square % modulus;
            exponent /= 2;
        }
        power
    };
    let twos = (number - 1).trailing_zeros();
    let passes = |base: u128| {
        let mut value = power(base, (number - 1) >> twos);
        let first = value == 1 || value == modulus - 1;
        first
            || (1..twos).any(|_| {
                value = value * value % modulus;
                value == modulus - 1
            })
    };
    [2, 7, 61].into_iter().all(passes)
}

/// Primes as sums of multiples of powers of two, found with OpenSSL.
const PRIMES: [&[(usize, i64)]; 9] = [
    &[(2048, 1), (0, -1557)],
    &[(2047, 1), (0, 1919)],
    &[(2048, 1), (64, -721), (0, 1)],
    &[(2047, 1), (64, 861), (0, -1)],
    &[(2048, 1), (1024, -1), (0, -3277)],
    &[(2055, 1), (0, 165)],
    &[(2049, 1), (0, -1449)],
    &[(3072, 1), (0, -47)],
    &[(4096, 1), (0, -2549)],
];
/// Of 32 bits each: moduli of 2,048 bits and a few less, to 3,000.
const FEWEST_PRIMES: usize = 64;
const MOST_PRIMES: usize = 94;

const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];
