//! Checks the order of the modules: the modules that each top-level module of a crate may use.
//!
//! Looks for `crate::<module>`, also inside braces, and for chains of `super::` that lead to the crate's root. A type must be
//! named with its module, because `crate::Type` does not reveal the module. Macros are not expanded.

use super::finding::Finding;
use super::source::Source;

/// Finds every use of a module that the order does not allow, and every module that is missing from the order.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let mut crates = CRATES.iter();
        let found = crates.find_map(|one| Some((one, one.module_of(&source.path)?)));
        if let Some((one, module)) = found {
            findings.extend(one.check(source, module));
        }
    }
    findings
}

/// A crate whose modules have an order.
struct Crate {
    /// The folder of its sources.
    folder: &'static str,
    /// Files in that folder that may use every module.
    above: &'static [&'static str],
    order: Order,
}

enum Order {
    /// Each module, and the modules that it may use.
    Listed(&'static [(&'static str, &'static [&'static str])]),
    /// Each module may use those before it.
    Sequence(&'static [&'static str]),
}

const CRATES: &[Crate] = &[
    Crate {
        folder: "src/",
        above: &["lib.rs"],
        order: Order::Listed(&[
            ("crypto", &[]),
            ("jwt", &["crypto"]),
            ("session", &["crypto", "jwt"]),
            ("client", &["crypto", "jwt", "session", "generated"]),
            // Data: the endpoint table, which client reads, and types and methods that use the macros of typed.
            ("generated", &["client", "typed"]),
            ("flow", &["crypto", "jwt", "session", "client", "generated"]),
            (
                "typed",
                &["crypto", "jwt", "session", "client", "flow", "generated"],
            ),
            (
                "wasm",
                &["crypto", "jwt", "session", "client", "flow", "typed"],
            ),
        ]),
    },
    Crate {
        folder: "emulator/src/",
        above: &[
            "lib.rs",
            "main.rs",
            "arguments.rs",
            "coverage_tests.rs",
            "seed/tests.rs",
            "broken.rs",
            "deliver.rs",
            "end.rs",
            "persist.rs",
            "server.rs",
            "static_files.rs",
        ],
        order: Order::Sequence(&[
            "clock",
            "errors",
            "ids",
            "message",
            "shapes",
            "front",
            "page",
            "product",
            "credentials",
            "browser",
            "keys",
            "identity_provider",
            "saml",
            "merge",
            "store",
            "webhooks",
            "fields",
            "given",
            "sdk_config",
            "jws",
            "addresses",
            "call",
            "rbac",
            "redirects",
            "search",
            "session_asked",
            "factors",
            "impersonation",
            "external_sessions",
            "trusted_tokens",
            "claim_templates",
            "client_secrets",
            "m2m",
            "connected_apps",
            "sessions",
            "outbox",
            "links",
            "codes",
            "totp",
            "qr_code",
            "webauthn",
            "wallets",
            "authenticators",
            "locks",
            "passwords",
            "oauth",
            "fraud",
            "seeded_factors",
            "session_jwt",
            "project",
            "outside_tokens",
            "idp",
            "b2b",
            "consumer",
            "sandbox",
            "state",
            "oauth2",
            "about_project",
            "saml_shield",
            "control",
            "snapshot",
            "seed",
            "generated",
            "route",
            "routes",
            "outside_routes",
            "sdk",
            "browser_routes",
            "emulator",
        ]),
    },
];

impl Crate {
    /// The top-level module of a file, if the file belongs to this crate and the order applies to it.
    fn module_of<'p>(&self, path: &'p str) -> Option<&'p str> {
        let inside = path.strip_prefix(self.folder)?.strip_suffix(".rs")?;
        let is_above = self
            .above
            .iter()
            .any(|file| file.strip_suffix(".rs") == Some(inside));
        let module = inside.split('/').next()?;
        (!is_above).then_some(module)
    }

    fn check(&self, source: &Source, module: &str) -> Vec<Finding> {
        let Some(known) = self.order.known_to(module) else {
            let message = format!("the module {module} is missing from {ORDER}; add it");
            return vec![Finding::new(&source.path, 1, message)];
        };
        let depth = depth(&source.path, self.folder);
        used_names(source, depth)
            .into_iter()
            .filter(|(_, used)| used != module && !known.contains(&used.as_str()))
            .filter_map(|(line, used)| {
                let message = if self.order.known_to(&used).is_some() {
                    format!("{module} must not use {used} (see {ORDER})")
                } else if used.starts_with(char::is_uppercase) {
                    format!(
                        "{used} is used through the root of the crate; use the path of its module"
                    )
                } else {
                    return None;
                };
                Some(Finding::new(&source.path, line, message))
            })
            .collect()
    }
}

impl Order {
    /// The modules that a module may use. `None` if the module is missing from the order.
    fn known_to(&self, module: &str) -> Option<&[&'static str]> {
        match self {
            Self::Listed(modules) => {
                let mut modules = modules.iter();
                modules
                    .find(|(name, _)| *name == module)
                    .map(|(_, known)| *known)
            }
            Self::Sequence(modules) => {
                let at = modules.iter().position(|name| *name == module)?;
                modules.get(..at)
            }
        }
    }
}

/// The names that follow a path to the crate's root, each with its line.
fn used_names(source: &Source, depth: usize) -> Vec<(usize, String)> {
    let mut names = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in source.code.match_indices(start) {
            let before = source.code.get(..at).unwrap_or_default();
            if before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let mut after = source.code.get(at..).unwrap_or_default();
            let mut steps = 0;
            while let Some(rest) = after.strip_prefix("super::") {
                (after, steps) = (rest, steps + 1);
            }
            // A module inside a file needs more steps than the file.
            if start == "super::" && steps < depth {
                continue;
            }
            let after = after.strip_prefix("crate::").unwrap_or(after);
            let line = before.matches('\n').count() + 1;
            // With as many steps as the file needs, a type of a module inside the file is a type of the file.
            let is_own = |name: &str| start == "super::" && name.starts_with(char::is_uppercase);
            let used = first_names(after).into_iter().filter(|name| !is_own(name));
            names.extend(used.map(|name| (line, name)));
        }
    }
    names
}

/// The number of `super::` from a file's module to the crate's root.
fn depth(path: &str, folder: &str) -> usize {
    let inside = path
        .trim_start_matches(folder)
        .trim_end_matches(".rs")
        .trim_end_matches("/mod");
    inside.split('/').count()
}

/// The name at the start of a path, or the names at the top of a brace group.
fn first_names(after: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = after.strip_prefix('{') else {
        return vec![name(after)];
    };
    let mut names = vec![name(group)];
    let mut depth = 0_usize;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(name(group.get(at + 1..).unwrap_or_default())),
            _ => {}
        }
    }
    names
}

/// The position of the order, for messages.
const ORDER: &str = "the order of modules in xtask/src/tidy/modules.rs";

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<usize> {
        check(&[Source::new(path, text)])
            .iter()
            .map(|finding| finding.line)
            .collect()
    }

    #[test]
    fn finds_uses_of_later_modules_in_any_spelling() {
        for (path, text, line) in [
            ("src/crypto/rsa.rs", "\nuse crate::jwt::Token;", 2),
            ("src/jwt/mod.rs", "use super::session::Claims;", 1),
            (
                "src/jwt/token.rs",
                "fn f(_: super::super::session::Claims) {}",
                1,
            ),
            (
                "src/jwt/token.rs",
                "mod tests {\n  use super::super::super::wasm::X;\n}",
                2,
            ),
            (
                "src/session/check.rs",
                "use crate::{\n  jwt::{a, b},\n  client::c,\n};",
                1,
            ),
            ("src/client/a.rs", "use crate::flow::Platform;", 1),
            ("src/flow/a.rs", "use crate::typed::Client;", 1),
            ("emulator/src/clock.rs", "use crate::state::State;", 1),
            (
                "emulator/src/b2b/members.rs",
                "use crate::routes::ROUTES;",
                1,
            ),
            ("emulator/src/b2b/mod.rs", "use super::consumer::User;", 1),
            ("emulator/src/clock.rs", "use crate::Emulator;", 1),
            ("src/jwt/a.rs", "use crate::{crypto, Client};", 1),
            (
                "emulator/src/route.rs",
                "fn f(_: &crate::emulator::Emulator) {}",
                1,
            ),
        ] {
            assert_eq!(found(path, text), [line], "{path}: {text}");
        }
    }

    #[test]
    fn accepts_uses_of_earlier_modules_and_of_the_own_module() {
        for (path, text) in [
            ("src/wasm/call.rs", "use crate::client::Call;"),
            ("src/wasm/call.rs", "use crate::flow::check;"),
            ("src/flow/a.rs", "use crate::{client::Call, generated};"),
            ("src/session/check.rs", "use crate::{jwt::client, session};"),
            (
                "src/jwt/token.rs",
                "use super::header::Header; // crate::wasm",
            ),
            ("src/lib.rs", "use crate::wasm;"),
            (
                "emulator/src/clock.rs",
                "mod tests { use super::{UnixSeconds}; }",
            ),
            ("emulator/src/routes.rs", "use crate::route::Route;"),
            ("emulator/src/b2b/mod.rs", "use super::project::Project;"),
            ("emulator/src/main.rs", "use crate::emulator::Emulator;"),
            ("npm/src/clock.rs", "use crate::state::State;"),
        ] {
            assert_eq!(found(path, text), [0; 0], "{path}: {text}");
        }
    }

    #[test]
    fn finds_modules_that_are_missing_from_the_order() {
        for path in [
            "src/other.rs",
            "src/other/mod.rs",
            "emulator/src/other/a.rs",
        ] {
            assert_eq!(found(path, ""), [1], "{path}");
        }
    }
}
