//! Powers modulo large odd numbers, as RSA has them.
//!
//! Knows numbers; has never heard of keys, padding or signatures. Everything here
//! handles public data, so nothing needs constant time.
//!
//! There are two ways, with the same answers: [`simd`] where the target is wasm with
//! SIMD, as in the npm package, and [`montgomery`] elsewhere. [`Congruence`] is that of the
//! target.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub use montgomery::Congruence;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use simd::Congruence;

#[cfg(any(not(target_arch = "wasm32"), not(target_feature = "simd128")))]
pub mod montgomery;
#[cfg(any(not(target_arch = "wasm32"), target_feature = "simd128"))]
pub mod simd;

/// How long a modulus may be: 4096 bits, for which columns of products leave room.
pub const MOST_BYTES: usize = 512;

/// How many of a number's last bytes are not known before it is asked for.
pub const LOW_BYTES: usize = 32;

/// Whether the exponent is odd and at least 3, and every number of these upper bytes and
/// [`LOW_BYTES`] more as long as `n` and below it.
fn can_be_asked(n: &[u8], exponent: u32, upper: &[u8]) -> bool {
    let is_below = upper < n.get(..upper.len()).unwrap_or_default();
    exponent >= 3 && exponent % 2 == 1 && n.len() == upper.len() + LOW_BYTES && is_below
}

/// Newton's iteration: each round doubles the number of right bits, and an odd
/// number is its own inverse modulo 8.
fn negated_inverse(odd: u32) -> u32 {
    let mut inverse = odd;
    for _ in 0..4 {
        inverse = inverse.wrapping_mul(2u32.wrapping_sub(odd.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg()
}
