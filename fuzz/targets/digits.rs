#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stytch_edge_fuzz::digits::holds(data));
