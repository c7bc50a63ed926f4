//! The only room that knows a JavaScript runtime: exports, conversions, fetch.
//!
//! It performs what the client room decides, and decides nothing itself. With the
//! feature `npm` it also holds the exports of the npm package (`call`,
//! `check`, `load`, `reset`, `visit`, `cookies`, `resume`, `introspection_outcome`, `policy_outcome`); without it, a Rust Worker that depends
//! on this crate gets no exports it did not ask for.

#[cfg(feature = "npm")]
mod call;

#[cfg(feature = "npm")]
mod check;

#[cfg(feature = "npm")]
mod load;

#[cfg(feature = "npm")]
mod heap;

#[cfg(feature = "npm")]
mod outcome;

#[cfg(feature = "npm")]
mod visit;

mod fetch;
pub use fetch::{Answer, Host, exchange};

mod timer;

mod wait;

#[cfg(feature = "npm")]
mod tasks;

#[cfg(feature = "npm")]
mod arguments;

#[cfg(feature = "npm")]
mod failure;

// With `npm`, nobody wakes futures: its tasks are polled by JavaScript.
#[cfg(all(feature = "client", not(feature = "npm")))]
mod platform;

/// Two-level segregated fit: no slower here than the standard library's dlmalloc, and
/// 2.7 KB less of the package. Whoever builds a Rust Worker chooses for themselves.
#[cfg(feature = "npm")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// A panic is a trap: the shell replaces the instance (`pkg/src/engine.ts`), and nobody
/// could see a message.
#[cfg(feature = "npm")]
#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
