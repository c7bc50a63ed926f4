#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stytch_edge_fuzz::arithmetic::holds(data));
