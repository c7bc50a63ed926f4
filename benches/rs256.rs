//! The time of RS256 verification in native code, compared with the crate `rsa`. Measures the
//! arithmetic alone, without tokens and without wasm. `cargo xtask bench` runs it too.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rsa::sha2::{Digest, Sha256};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey as Reference};
use stytch_edge::crypto::RsaPublicKey;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    verify(&mut criterion);
    prepare_a_key(&mut criterion);
    criterion.final_summary();
}

/// One verification with a prepared key.
fn verify(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("verify");
    for case in cases() {
        let reference = Reference::from(&case.private);
        let key = case.key();
        let signature = case.signature();
        assert!(key.verifies(MESSAGE, &signature));
        group.bench_function(BenchmarkId::new("stytch-edge", &case.name), |bencher| {
            bencher.iter(|| key.verifies(MESSAGE, &signature));
        });
        group.bench_function(BenchmarkId::new("rsa", &case.name), |bencher| {
            bencher.iter(|| {
                let scheme = Pkcs1v15Sign::new::<Sha256>();
                reference.verify(scheme, &Sha256::digest(MESSAGE), &signature)
            });
        });
    }
    group.finish();
}

/// The computation that is done once per key.
fn prepare_a_key(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("prepare a key");
    for case in cases() {
        let (n, e) = case.numbers();
        group.bench_function(BenchmarkId::new("stytch-edge", &case.name), |bencher| {
            bencher.iter(|| RsaPublicKey::new(&n, &e));
        });
    }
    group.finish();
}

struct Case {
    name: String,
    private: RsaPrivateKey,
}

impl Case {
    fn numbers(&self) -> (Vec<u8>, Vec<u8>) {
        (
            self.private.n().to_bytes_be(),
            self.private.e().to_bytes_be(),
        )
    }

    #[allow(clippy::unwrap_used)]
    fn key(&self) -> RsaPublicKey {
        let (n, e) = self.numbers();
        RsaPublicKey::new(&n, &e).unwrap()
    }

    #[allow(clippy::unwrap_used)]
    fn signature(&self) -> Vec<u8> {
        let scheme = Pkcs1v15Sign::new::<Sha256>();
        self.private.sign(scheme, &Sha256::digest(MESSAGE)).unwrap()
    }
}

/// Keys of common sizes and exponents. The generator has a fixed seed, so every run uses the
/// same keys.
#[allow(clippy::unwrap_used)]
fn cases() -> Vec<Case> {
    let mut rng = ChaCha20Rng::seed_from_u64(7);
    [(2048, 65_537u32), (2048, 3), (3072, 65_537), (4096, 65_537)]
        .into_iter()
        .map(|(bits, e)| Case {
            name: format!("{bits} bits, e = {e}"),
            private: RsaPrivateKey::new_with_exp(&mut rng, bits, &BigUint::from(e)).unwrap(),
        })
        .collect()
}

/// About as long as the signed part of a session JWT.
const MESSAGE: &[u8] = &[b'x'; 900];
