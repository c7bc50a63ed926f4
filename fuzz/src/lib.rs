//! Properties that must hold for any bytes of an attacker: nothing panics, and another
//! implementation returns the same result. There is one module per libFuzzer target.
//!
//! `tests/corpus.rs` includes these modules and runs them on the committed corpora. So every
//! input that libFuzzer has found remains a test that does not need libFuzzer.

pub mod arithmetic;
pub mod digits;
pub mod json;
pub mod key_set;
pub mod token;
