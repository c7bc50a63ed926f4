//! RS256 (RFC 8017, section 8.2.2), compared with the arithmetic of the crate `rsa`.
//!
//! Random signatures are nearly always invalid, so a verifier that rejects everything would
//! pass. Therefore this target makes valid signatures, with moduli whose factors are known:
//! primes close to powers of two, for which carries propagate far, and products of small
//! primes that the input selects.

use rsa::{
    BigUint,
    sha2::{Digest, Sha256},
};
use stytch_edge::crypto::RsaPublicKey;

/// For a valid signature and several nearly valid ones, our result equals the reference's.
pub fn holds(data: &[u8]) {
    let [choice, index, flip, e0, e1, e2, e3, rest @ ..] = data else {
        return;
    };
    let e = match *e0 {
        0 => 3,
        1 => 65_537,
        2 => u32::MAX,
        _ => u32::from_be_bytes([*e0, *e1, *e2, *e3]) | 1,
    };
    let modulus = match PRIMES.get(usize::from(*choice)) {
        Some(terms) => Some(Modulus::prime(terms)),
        None => Modulus::product(rest),
    };
    let Some(key) = modulus
        .filter(|_| e >= 3)
        .and_then(|modulus| Key::new(&modulus, e))
    else {
        return;
    };
    let block = key.block(rest);
    let valid = key.signature_of(&block);
    assert!(
        key.compare(rest, &valid),
        "the reference rejects the signature that this target made"
    );

    let at = usize::from(*index) % block.len();
    let mut other_block = block.clone();
    other_block[at] ^= flip | 1;
    key.compare(rest, &key.signature_of(&other_block));
    let mut other = valid.clone();
    other[at] ^= flip | 1;
    let number = BigUint::from_bytes_be(&valid);
    for signature in [
        other,
        (&number + &key.n).to_bytes_be(),
        key.padded(&(&key.n - &number)),
        valid[1..].to_vec(),
        [&[0], valid.as_slice()].concat(),
        key.padded(&BigUint::from(*flip)),
    ] {
        assert!(!key.compare(rest, &signature) || signature == valid);
    }
}

/// A modulus whose factors are known.
enum Modulus {
    Prime(BigUint),
    Product(Vec<u64>),
}

impl Modulus {
    fn prime(terms: &[(usize, i64)]) -> Self {
        let sum = |wanted: i64| -> BigUint {
            let terms = terms.iter().filter(|(_, factor)| factor.signum() == wanted);
            terms
                .map(|(shift, factor)| BigUint::from(factor.unsigned_abs()) << *shift)
                .sum()
        };
        Self::Prime(sum(1) - sum(-1))
    }

    /// One prime per four bytes. If the input is too short, its bytes are repeated, with an
    /// offset for each prime.
    fn product(bytes: &[u8]) -> Option<Self> {
        if bytes.len() < 4 {
            return None;
        }
        let mut primes = Vec::new();
        let count = MAX_PRIMES - bytes.len() % (MAX_PRIMES - MIN_PRIMES);
        for index in 0..count {
            let byte = |offset| bytes[(index * 4 + offset) % bytes.len()];
            let word = u32::from_be_bytes([byte(0), byte(1), byte(2), byte(3)]);
            let start = (u64::from(word) + index as u64 * 1_000) | 1 << 31 | 1;
            let prime = (start..).step_by(2).find(|number| is_prime(*number))?;
            if primes.contains(&prime) {
                return None;
            }
            primes.push(prime);
        }
        Some(Self::Product(primes))
    }

    fn n(&self) -> BigUint {
        match self {
            Self::Prime(n) => n.clone(),
            Self::Product(primes) => primes.iter().map(|prime| BigUint::from(*prime)).product(),
        }
    }
}

/// The exponents that invert `base^e`, for each factor of the modulus.
enum Roots {
    Prime(BigUint),
    Product(Vec<(u64, u64)>),
}

impl Roots {
    /// Returns `None` if `e` is not invertible.
    fn new(modulus: &Modulus, e: u32) -> Option<Self> {
        let e = u64::from(e);
        match modulus {
            Modulus::Prime(n) => {
                let order = n - BigUint::from(1u8);
                let rest = inverse(small(&order, e), e)?;
                // `k * order + 1` is a multiple of e for one k below e.
                let multiple = order * BigUint::from(e - rest) + BigUint::from(1u8);
                Some(Self::Prime(multiple / BigUint::from(e)))
            }
            Modulus::Product(primes) => {
                let root = |prime: &u64| Some((*prime, inverse(e % (prime - 1), prime - 1)?));
                primes
                    .iter()
                    .map(root)
                    .collect::<Option<_>>()
                    .map(Self::Product)
            }
        }
    }

    /// The roots for the factors are combined by H. L. Garner's method ("The residue number
    /// system", 1959). This is much faster than one power modulo the product.
    fn root(&self, power: &BigUint, n: &BigUint) -> BigUint {
        match self {
            Self::Prime(d) => power.modpow(d, n),
            Self::Product(factors) => {
                let (mut root, mut product) = (BigUint::from(0u8), BigUint::from(1u8));
                for (prime, d) in factors {
                    let expected = power_of(small(power, *prime), *d, *prime);
                    let missing = expected + prime - small(&root, *prime);
                    let step = power_of(small(&product, *prime), prime - 2, *prime);
                    let times = u128::from(missing) * u128::from(step) % u128::from(*prime);
                    root += &product * BigUint::from(times);
                    product *= BigUint::from(*prime);
                }
                root
            }
        }
    }
}

struct Key {
    ours: RsaPublicKey,
    n: BigUint,
    e: BigUint,
    roots: Roots,
}

impl Key {
    /// Returns `None` if the length of the modulus is not supported or `e` is not invertible.
    fn new(modulus: &Modulus, e: u32) -> Option<Self> {
        let roots = Roots::new(modulus, e)?;
        let (n, e) = (modulus.n(), BigUint::from(e));
        let ours = RsaPublicKey::new(&n.to_bytes_be(), &e.to_bytes_be());
        assert_eq!(ours.is_ok(), (2048..=4096).contains(&n.bits()));
        let ours = ours.ok()?;
        Some(Self { ours, n, e, roots })
    }

    /// EMSA-PKCS1-v1_5 (RFC 8017, section 9.2).
    fn block(&self, message: &[u8]) -> Vec<u8> {
        let tail = [&DIGEST_INFO[..], &Sha256::digest(message)].concat();
        let padding = vec![0xff; self.n.bits().div_ceil(8) - 3 - tail.len()];
        [&[0, 1][..], &padding, &[0], &tail].concat()
    }

    fn signature_of(&self, block: &[u8]) -> Vec<u8> {
        self.padded(&self.roots.root(&BigUint::from_bytes_be(block), &self.n))
    }

    fn padded(&self, number: &BigUint) -> Vec<u8> {
        let bytes = number.to_bytes_be();
        let missing = self.n.bits().div_ceil(8).saturating_sub(bytes.len());
        [vec![0; missing], bytes].concat()
    }

    /// Asserts that our result equals the reference's, and returns it.
    fn compare(&self, message: &[u8], signature: &[u8]) -> bool {
        let number = BigUint::from_bytes_be(signature);
        let expected = signature.len() == self.n.bits().div_ceil(8)
            && number < self.n
            && self.padded(&number.modpow(&self.e, &self.n)) == self.block(message);
        assert_eq!(self.ours.verifies(message, signature), expected);
        expected
    }
}

/// The inverse of `number`, by Euclid's algorithm. In each step, `factor * number` equals
/// `rest` modulo `modulus`.
fn inverse(number: u64, modulus: u64) -> Option<u64> {
    let modulus = i128::from(modulus);
    let (mut last, mut factor) = (0, 1);
    let (mut dividend, mut rest) = (modulus, i128::from(number));
    while rest > 1 {
        (last, factor) = (factor, last - dividend / rest * factor);
        (dividend, rest) = (rest, dividend % rest);
    }
    let factor = u64::try_from(factor.rem_euclid(modulus)).ok();
    factor.filter(|_| rest == 1)
}

fn small(number: &BigUint, modulus: u64) -> u64 {
    let rest = (number % BigUint::from(modulus)).to_bytes_be();
    rest.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn power_of(base: u64, mut exponent: u64, modulus: u64) -> u64 {
    let times = |a: u64, b: u64| (u128::from(a) * u128::from(b) % u128::from(modulus)) as u64;
    let (mut square, mut power) = (base, 1);
    while exponent > 0 {
        if exponent % 2 == 1 {
            power = times(power, square);
        }
        square = times(square, square);
        exponent /= 2;
    }
    power
}

/// Miller and Rabin's test. With the bases 2, 7 and 61 it is exact for all numbers below
/// 4,759,123,141 (G. Jaeschke, "On strong pseudoprimes to several bases", 1993).
fn is_prime(number: u64) -> bool {
    let twos = (number - 1).trailing_zeros();
    let passes = |base| {
        let mut value = power_of(base, (number - 1) >> twos, number);
        let first = value == 1 || value == number - 1;
        first
            || (1..twos).any(|_| {
                value = power_of(value, 2, number);
                value == number - 1
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
/// The primes have 32 bits, so the moduli have slightly less than 2,048 to about 3,000 bits.
const MIN_PRIMES: usize = 64;
const MAX_PRIMES: usize = 94;

const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];
