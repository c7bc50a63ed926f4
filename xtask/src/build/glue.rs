//! Removes the parts of wasm-bindgen's glue that the runtimes of the package do not need, and collects its functions in an
//! object, because a bundler would make an object with a getter for each of them.

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

/// Returns the lines that export the functions of the glue as an object, for the glue and for its declarations.
pub fn object_of_functions(glue: &str, name: &str) -> (String, String) {
    let names: Vec<&str> = glue
        .lines()
        .filter_map(|line| {
            line.strip_prefix("export function ")?
                .split([' ', '('])
                .next()
        })
        .collect();
    let code = format!("\nexport const functions = {{ {} }};\n", names.join(", "));
    let types = format!(
        "\nexport declare const functions: Omit<typeof import(\"./{name}.js\"), \"functions\" | \"default\">;\n"
    );
    (code, types)
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
    fn exports_every_function() {
        let glue =
            "export function one(a) {\n}\nfunction two() {\n}\nexport function three () {\n}\n";
        let (code, types) = object_of_functions(glue, "name");
        assert_eq!(code, "\nexport const functions = { one, three };\n");
        assert!(types.contains("typeof import(\"./name.js\")"));
    }

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
