//! Gives the wasm's imports short names.
//!
//! wasm-bindgen tells them apart by a hash each, which stands in the wasm and in the
//! glue, and hashes do not compress.

use std::collections::HashSet;

use anyhow::{Result, ensure};

/// A name and what it was before.
#[derive(Debug, PartialEq, Eq)]
pub struct Renamed {
    old: String,
    new: String,
}

/// Shortens each name: `__wbg_call_40b008ba32f73991` becomes `call`, another one
/// `call2`.
pub fn shorten<'n>(names: impl Iterator<Item = &'n mut String>) -> Vec<Renamed> {
    let mut taken = HashSet::new();
    names
        .map(|name| {
            let word = word_of(name);
            let mut new = word.to_owned();
            let mut count = 1;
            while !taken.insert(new.clone()) {
                count += 1;
                new = format!("{word}{count}");
            }
            let old = std::mem::replace(name, new.clone());
            Renamed { old, new }
        })
        .collect()
}

/// The glue with the new names, each of which it must define once.
pub fn follow(glue: &str, renamed: &[Renamed]) -> Result<String> {
    let mut glue = glue.to_owned();
    for Renamed { old, new } in renamed {
        ensure!(
            glue.matches(old).count() == 1,
            "the glue does not name the import {old} exactly once"
        );
        glue = glue.replace(old, new);
    }
    Ok(glue)
}

fn word_of(name: &str) -> &str {
    let name = name.strip_prefix("__wbg_").unwrap_or(name);
    let name = name.strip_prefix("__wbindgen_").unwrap_or(name);
    match name.rsplit_once('_') {
        Some((word, hash)) if hash.len() == 16 && !word.is_empty() => word,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn shortened(names: &[&str]) -> (Vec<String>, Vec<Renamed>) {
        let mut names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let renamed = shorten(names.iter_mut());
        (names, renamed)
    }

    #[test]
    fn leaves_words_and_tells_equal_ones_apart() {
        let (names, _) = shortened(&[
            "__wbg_call_40b008ba32f73991",
            "__wbg_call_fc92fee6137d452d",
            "__wbg___wbindgen_is_object_8b968c3ab8e96595",
            "__wbindgen_init_externref_table",
        ]);
        assert_eq!(
            names,
            ["call", "call2", "is_object", "init_externref_table"]
        );
    }

    #[test]
    fn renames_in_the_glue_or_fails() {
        let (_, renamed) = shortened(&["__wbg_call_40b008ba32f73991"]);
        let glue = follow("{ __wbg_call_40b008ba32f73991: function() {} }", &renamed);
        assert_eq!(glue.unwrap(), "{ call: function() {} }");
        assert!(follow("{ __wbg_call_0000000000000000() {} }", &renamed).is_err());
    }
}
