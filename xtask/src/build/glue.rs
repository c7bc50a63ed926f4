//! Removes from wasm-bindgen's glue what no runtime of the package needs.

use anyhow::{Result, ensure};

/// The glue without the parts in [`NOT_NEEDED`], each of which it must have once.
pub fn trim(glue: &str) -> Result<String> {
    let mut glue = glue.to_owned();
    for (old, new) in NOT_NEEDED {
        ensure!(
            glue.matches(old).count() == 1,
            "the glue does not have this exactly once any more: {old}"
        );
        glue = glue.replace(old, new);
    }
    Ok(glue)
}

const NOT_NEEDED: [(&str, &str); 2] = [
    // `boot` in pkg/src/engine.ts passes an object.
    (
        "    if (module !== undefined) {
        if (Object.getPrototypeOf(module) === Object.prototype) {
            ({module} = module)
        } else {
            console.warn('using deprecated parameters for `initSync()`; pass a single object instead')
        }
    }
",
        "    ({module} = module);\n",
    ),
    // Every runtime has it since 2020.
    (
        "
if (!('encodeInto' in cachedTextEncoder)) {
    cachedTextEncoder.encodeInto = function (arg, view) {
        const buf = cachedTextEncoder.encode(arg);
        view.set(buf);
        return {
            read: arg.length,
            written: buf.length
        };
    };
}
",
        "",
    ),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn removes_each_part_or_fails() {
        let parts: String = NOT_NEEDED.iter().map(|(old, _)| *old).collect();
        let glue = format!("before\n{parts}after\n");
        assert_eq!(
            trim(&glue).unwrap(),
            "before\n    ({module} = module);\nafter\n"
        );
        assert!(trim("another glue").is_err());
        assert!(trim(&glue.repeat(2)).is_err());
    }
}
