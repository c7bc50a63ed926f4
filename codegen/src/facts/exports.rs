//! Compares exported names: every export of npm `stytch` is either a generated type or written by hand.

use std::fs;

use super::{Facts, root};
use crate::model::Api;

pub fn differences(facts: &Facts, api: &Api) -> Vec<String> {
    let generated = |name: &str| {
        api.modules
            .values()
            .any(|module| module.types.contains_key(name))
    };
    let mut found = Vec::new();
    for name in &facts.exports {
        let by_hand = BY_HAND.contains(&name.as_str());
        match (generated(name), by_hand) {
            (true, false) | (false, true) => {}
            (true, true) => found.push(format!("{name}: both generated and written by hand")),
            (false, false) => found.push(format!("{name}: neither generated nor written by hand")),
        }
    }
    let index = fs::read_to_string(root().join("pkg/src/index.ts")).unwrap();
    let exported: Vec<&str> = index.split("\nexport ").skip(1).flat_map(names).collect();
    let declared = |name: &&str| exported.contains(name);
    found.extend(
        BY_HAND
            .iter()
            .filter(|name| !declared(name) || !facts.exports.contains(&(**name).to_owned()))
            .map(|name| format!("{name}: not exported")),
    );
    found
}

/// The words of an export statement, up to its end or to the body of a class. The exported names are among them.
fn names(statement: &str) -> impl Iterator<Item = &str> {
    let end = match statement.starts_with("class ") {
        true => " {",
        false => ";",
    };
    let head = statement.split(end).next().unwrap_or_default();
    head.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// The exports that are not generated from the description: classes, errors and configuration.
const BY_HAND: [&str; 14] = [
    "B2BClient",
    "Client",
    "ClientError",
    "OAuth2ErrorJSON",
    "PolicyCache",
    "RequestError",
    "SamlShield",
    "SamlShieldClient",
    "SamlShieldClientConfig",
    "StytchError",
    "StytchErrorJSON",
    "default",
    "envs",
    "performAuthorizationCheck",
];
