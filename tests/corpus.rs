//! Runs the fuzz targets of `fuzz/` on their committed corpora, without libFuzzer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::{fs, path::Path};

#[path = "../fuzz/src/arithmetic.rs"]
mod arithmetic;
#[path = "../fuzz/src/digits.rs"]
mod digits;
#[path = "../fuzz/src/json.rs"]
mod json;
#[path = "../fuzz/src/key_set.rs"]
mod key_set;
#[path = "../fuzz/src/token.rs"]
mod token;

#[test]
fn verifies_signatures_as_the_crate_rsa_does() {
    replay("arithmetic", arithmetic::holds, 20);
}

#[test]
fn computes_the_same_powers_with_digits_as_with_limbs() {
    replay("digits", digits::holds, 40);
}

#[test]
fn reads_json_as_serde_json_does() {
    replay("json", json::holds, 40);
}

#[test]
fn accepts_the_same_keys_as_the_second_implementation() {
    replay("key_set", key_set::holds, 30);
}

#[test]
fn rejects_tokens_that_jwt_compact_and_serde_json_reject() {
    replay("token", token::holds, 30);
}

/// Runs a target on each file of its corpus. Fails if the corpus has fewer than `least` files.
fn replay(target: &str, holds: fn(&[u8]), least: usize) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target);
    let mut replayed = 0;
    for file in fs::read_dir(corpus).unwrap() {
        let file = file.unwrap().path();
        let data = fs::read(&file).unwrap();
        // If the target panics, the output ends with the name of the file.
        println!("{}", file.display());
        holds(&data);
        replayed += 1;
    }
    assert!(replayed >= least, "{replayed} files");
}
