//! Takes out what a panic would print before it traps.
//!
//! The prebuilt standard library words a message for every panic and looks for
//! somewhere to print it; there is no such place in this wasm, and the trap is all
//! that anybody sees. So the functions that never return become the trap itself,
//! and wasm-opt drops what only they used. Debian's way to a standard library
//! compiles it like that (`panic=immediate-abort`), and leaves nothing to do here.

use walrus::ir::{Instr, InstrLocId, Unreachable};
use walrus::{FunctionKind, Module};

/// Makes every panic a bare trap.
pub fn silence(module: &mut Module) {
    for function in module.funcs.iter_mut() {
        let is_panic = function.name.as_deref().is_some_and(never_returns);
        if let (true, FunctionKind::Local(local)) = (is_panic, &mut function.kind) {
            let entry = local.entry_block();
            local.block_mut(entry).instrs =
                vec![(Instr::Unreachable(Unreachable {}), InstrLocId::default())];
        }
    }
}

/// Whether a function of the standard library has `!` for its result, by its name,
/// in which hashes do not count (`core[c5930c85a12de822]::panicking::panic`).
fn never_returns(name: &str) -> bool {
    let without_hash = |part| str::split(part, '[').next().unwrap_or(part);
    let is_hash = |part: &&str| part.len() == 17 && part.starts_with('h');
    let path: Vec<&str> = name
        .split("::")
        .map(without_hash)
        .filter(|part| !is_hash(part))
        .collect();
    match path.as_slice() {
        ["core", "panicking", ..] => true,
        ["core" | "alloc", .., last] => NEVER_RETURN.contains(last),
        _ => false,
    }
}

const NEVER_RETURN: [&str; 10] = [
    "assert_failed",
    "capacity_overflow",
    "expect_failed",
    "handle_alloc_error",
    "handle_error",
    "len_mismatch_fail",
    "panic_already_borrowed",
    "panic_already_mutably_borrowed",
    "slice_index_fail",
    "unwrap_failed",
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use walrus::FunctionBuilder;

    use super::*;

    #[test]
    fn tells_functions_that_never_return_by_their_names() {
        for name in [
            "core[c5930c85a12de822]::panicking::panic_fmt",
            "core::panicking::panic_bounds_check::h0123456789abcdef",
            "alloc::alloc::handle_alloc_error::h0123456789abcdef",
            "core[c5930c85a12de822]::slice::index::slice_index_fail",
            "alloc[3ca501edff3f0c7c]::raw_vec::handle_error",
        ] {
            assert!(never_returns(name), "{name}");
        }
        for name in [
            "<core[c5930c85a12de822]::panicking::AssertKind as core::fmt::Debug>::fmt",
            "core[c5930c85a12de822]::slice::index::get",
            "stytch_edge::panicking::panic",
            "stytch_edge::wasm::handle_error",
            "call",
        ] {
            assert!(!never_returns(name), "{name}");
        }
    }

    #[test]
    fn turns_only_those_into_traps() {
        let mut module = Module::default();
        for name in ["core::panicking::panic", "stytch_edge::check"] {
            let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
            builder.name(name.to_owned()).func_body().return_();
            builder.finish(Vec::new(), &mut module.funcs);
        }
        silence(&mut module);
        let traps = |name: &str| {
            let function = module.funcs.by_name(name).unwrap();
            let local = module.funcs.get(function).kind.unwrap_local();
            matches!(
                local.block(local.entry_block()).instrs.as_slice(),
                [(Instr::Unreachable(_), _)]
            )
        };
        assert!(traps("core::panicking::panic"));
        assert!(!traps("stytch_edge::check"));
    }
}
