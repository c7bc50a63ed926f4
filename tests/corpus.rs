//! What must hold for any bytes, held against the committed corpora of `fuzz/`: what
//! libFuzzer has found once is tested here without it.
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
fn verifies_signatures_as_the_judge_does() {
    replay("arithmetic", arithmetic::holds, 20);
}

#[test]
fn finds_powers_in_digits_as_in_limbs() {
    replay("digits", digits::holds, 40);
}

#[test]
fn reads_json_as_the_judge_does() {
    replay("json", json::holds, 40);
}

#[test]
fn takes_the_keys_of_a_set_that_the_judge_takes() {
    replay("key_set", key_set::holds, 30);
}

#[test]
fn takes_no_token_that_the_judge_does_not() {
    replay("token", token::holds, 30);
}

/// Gives a target every file of its corpus, of which there are at least `least`.
fn replay(target: &str, holds: fn(&[u8]), least: usize) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target);
    let mut replayed = 0;
    for file in fs::read_dir(corpus).unwrap() {
        let file = file.unwrap().path();
        let data = fs::read(&file).unwrap();
        // The name of the file is the first thing to know when it fails.
        println!("{}", file.display());
        holds(&data);
        replayed += 1;
    }
    assert!(replayed >= least, "{replayed} files");
}
