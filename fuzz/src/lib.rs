//! What must hold for any bytes that a stranger sends: nothing panics, and another
//! implementation says the same. One module for each of libFuzzer's targets.
//!
//! tests/corpus.rs includes the modules and gives them the committed corpora, so
//! that every find stays a test without libFuzzer.

pub mod arithmetic;
pub mod digits;
pub mod json;
pub mod key_set;
pub mod token;
