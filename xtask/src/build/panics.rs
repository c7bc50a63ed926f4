//! Blanks what panics would say: the standard library's words, and the places in sources.
//!
//! A panic of the package is a trap (`src/wasm/mod.rs`), so nobody reads that. The compiler
//! leaves it in the data because it finds out too late that no code needs it. Zeros weigh
//! nothing: wasm-opt leaves them out.

use walrus::ir::Value;
use walrus::{ConstExpr, Data, DataKind, Module};

/// Blanks them in a module.
pub fn forget(module: &mut Module) {
    let segments: Vec<_> = module.data.iter().map(Data::id).collect();
    let mut files = Vec::new();
    for id in &segments {
        let data = module.data.get_mut(*id);
        for words in WORDS {
            blank_all(&mut data.value, words.as_bytes(), words.len());
        }
        let DataKind::Active { offset, .. } = &data.kind else {
            continue;
        };
        let ConstExpr::Value(Value::I32(address)) = offset else {
            continue;
        };
        while let Some((place, length)) = next_file(&data.value) {
            blank(&mut data.value, place, length);
            let start = address.cast_unsigned() + place as u32;
            files.push([start.to_le_bytes(), (length as u32).to_le_bytes()].concat());
        }
    }
    for id in &segments {
        let data = module.data.get_mut(*id);
        for file in &files {
            blank_all(&mut data.value, file, LOCATION_BYTES);
        }
    }
}

/// Blanks so many bytes wherever `what` begins.
fn blank_all(bytes: &mut [u8], what: &[u8], length: usize) {
    while let Some(place) = find(bytes, what) {
        blank(bytes, place, length);
    }
}

/// The name of a source file, as `core::panic::Location` has it: with a NUL behind it.
fn next_file(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(found) = find(bytes.get(from..)?, b".rs\0") {
        let end = from + found + b".rs".len();
        let before = bytes.get(..end)?;
        let run = before.iter().rev().take_while(|byte| is_of_a_path(**byte));
        let start = end - run.count();
        let path = bytes.get(start..end)?;
        let root = ROOTS.iter().filter_map(|root| find(path, root.as_bytes()));
        if let Some(root) = root.min() {
            return Some((start + root, path.len() - root));
        }
        from = end;
    }
    None
}

fn is_of_a_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/._-".contains(&byte)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn blank(bytes: &mut [u8], place: usize, length: usize) {
    bytes
        .iter_mut()
        .skip(place)
        .take(length)
        .for_each(|byte| *byte = 0);
}

/// The folders that names of source files begin with: the standard library's, and what
/// [`super::rustflags`] makes of the others.
const ROOTS: [&str; 3] = ["/rustc/", "crates/", "src/"];

/// A pointer, a length, a line and a column.
const LOCATION_BYTES: usize = 16;

/// Where another compiler has other words, they stay.
const WORDS: [&str; 22] = [
    "slice index starts at ",
    " but ends at ",
    "range start index ",
    "range end index ",
    " out of range for slice of length ",
    "assertion `left ",
    " right` failed\n  left: ",
    "\n right: ",
    "copy_from_slice: source slice length (",
    ") does not match destination slice length (",
    "insertion index (is ",
    "swap_remove index (is ",
    "removal index (is ",
    ") should be < len (is ",
    ") should be <= len (is ",
    "capacity overflow",
    "too many immutable borrows",
    "Too many failed borrows",
    "attempt to divide with overflow",
    "attempt to divide by zero",
    "`async fn` resumed after completion",
    "closure invoked recursively or after being dropped",
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use walrus::MemoryId;

    use super::*;

    fn module(data: &[u8]) -> Module {
        let mut module = Module::default();
        let memory: MemoryId = module.memories.add_local(false, false, 1, None, None);
        let offset = ConstExpr::Value(Value::I32(1024));
        let kind = DataKind::Active { memory, offset };
        module.data.add(kind, data.to_vec());
        module
    }

    fn forgotten(data: &[u8]) -> Vec<u8> {
        let mut module = module(data);
        forget(&mut module);
        module.data.iter().next().unwrap().value.clone()
    }

    #[test]
    fn blanks_messages_files_and_places_in_them() {
        let mut data = b"too\xc0capacity overflow\0src/client/a.rs\0done".to_vec();
        let address = 1024 + find(&data, b"src/").unwrap() as u32;
        for word in [address, 15, 7, 9, 5] {
            data.extend(word.to_le_bytes());
        }
        let mut wanted = b"too\xc0".to_vec();
        wanted.extend([0; 17 + 1 + 15 + 1]);
        wanted.extend(b"done");
        wanted.extend([0; LOCATION_BYTES]);
        wanted.extend(5u32.to_le_bytes());
        assert_eq!(forgotten(&data), wanted);
    }

    #[test]
    fn leaves_everything_else() {
        let data = b"GET /v1/b2b/sessions\nmain.rs\0 src/a.ts\0the arguments cannot be read";
        assert_eq!(forgotten(data), data);
    }
}
