//! Modular exponentiation for the large odd moduli of RSA.
//!
//! Computes with numbers. Does not know keys, padding or signatures. All inputs are public,
//! so constant time is not needed.
//!
//! Three implementations return the same results: [`simd`] for wasm with SIMD, [`fused`] for
//! wasm with relaxed SIMD and moduli of 2048 bits, and [`montgomery`] for all other targets.
//! [`Congruence`] is re-exported from the implementation for the target. With relaxed SIMD, it
//! chooses between the first two for each modulus.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
pub use choice::Congruence;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub use montgomery::Congruence;
#[cfg(all(
    target_arch = "wasm32",
    target_feature = "simd128",
    not(target_feature = "relaxed-simd")
))]
pub use simd::Congruence;

#[cfg(any(not(target_arch = "wasm32"), target_feature = "relaxed-simd"))]
pub mod choice;
#[cfg(any(not(target_arch = "wasm32"), target_feature = "relaxed-simd"))]
pub mod fused;
#[cfg(test)]
mod kernel_tests;
#[cfg(any(not(target_arch = "wasm32"), not(target_feature = "simd128")))]
pub mod montgomery;
#[cfg(any(not(target_arch = "wasm32"), target_feature = "simd128"))]
pub mod simd;

/// The maximum length of a modulus: 4096 bits. Up to this length, the columns of the SIMD
/// products cannot overflow.
pub const MAX_BYTES: usize = 512;

/// How many of the expected number's last bytes are passed with each base. The bytes above
/// them are passed once, to the constructor.
pub const LOW_BYTES: usize = 32;

/// Whether the exponent is odd and at least 3, and whether every number that consists of
/// `upper` and [`LOW_BYTES`] more bytes is as long as `n` and below it.
fn is_supported(n: &[u8], exponent: u32, upper: &[u8]) -> bool {
    let is_below = upper < n.get(..upper.len()).unwrap_or_default();
    exponent >= 3 && exponent % 2 == 1 && n.len() == upper.len() + LOW_BYTES && is_below
}

/// `-odd^-1 mod 2^32`, by Newton's iteration: each round doubles the number of correct bits.
/// The first value has three, because an odd number is its own inverse modulo 8.
fn negated_inverse(odd: u32) -> u32 {
    let mut inverse = odd;
    for _ in 0..4 {
        inverse = inverse.wrapping_mul(2u32.wrapping_sub(odd.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg()
}
