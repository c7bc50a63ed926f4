//! The room that the state of checks needs, taken in one piece.
//!
//! The allocator asks the runtime for what it lacks at the moment, mostly a page, and
//! never joins two such pieces. Whatever fits behind no other block of a page is lost, a
//! little more with every pattern of use, and wasm memory never shrinks. So the heap
//! begins as one piece in which tokens come and go: it has the same size after the first
//! check and after the millionth. Pages that nobody writes to take no memory.

use alloc::vec::Vec;
use core::hint::black_box;

/// Takes the room. For the time before anything is kept: later it would be taken beside
/// what is there.
pub(super) fn reserve() {
    // What nobody looks at would be optimised away.
    drop(black_box(Vec::<u8>::with_capacity(ROOM)));
}

/// A client's 2 MiB of tokens, as they are counted, with what the allocator needs beside
/// them; keys and policies; and what one check uses.
const ROOM: usize = 2_560 << 10;
