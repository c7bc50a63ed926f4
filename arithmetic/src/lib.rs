//! Powers modulo large odd numbers, as RSA has them.
//!
//! Knows numbers; has never heard of keys, padding or signatures. Everything here
//! handles public data, so nothing needs constant time.
//!
//! There are two ways, with the same answers: [`simd`] where the target is wasm with
//! SIMD, as in the npm package, and [`montgomery`] elsewhere. [`Modulus`] is that of the
//! target.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub use montgomery::Modulus;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use simd::Modulus;

#[cfg(any(not(target_arch = "wasm32"), not(target_feature = "simd128")))]
pub mod montgomery;
#[cfg(any(not(target_arch = "wasm32"), target_feature = "simd128"))]
pub mod simd;

mod limbs;

/// How long a modulus may be: 4096 bits, for which columns of products leave room.
pub const MOST_BYTES: usize = 512;
