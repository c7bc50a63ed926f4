//! Removes the parts of wasm-bindgen's glue that the runtimes of the package do not need.

use anyhow::{Result, ensure};

/// Returns the glue without the parts in [`NOT_NEEDED`]. Each part must occur exactly once.
pub fn trim(glue: &str) -> Result<String> {
    let mut glue = glue.to_owned();
    for (old, new) in NOT_NEEDED {
        ensure!(
            glue.matches(old).count() == 1,
            "the glue by wasm-bindgen must contain this text exactly once; update NOT_NEEDED in xtask/src/build/glue.rs: {old}"
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
    // Every runtime has had `encodeInto` since 2020.
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
    fn removes_each_part_or_returns_an_error() {
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
