//! Writes the input of the round-trip test: a sample of every type that a response may contain, and the table of
//! functions that deserialize and serialize it.
//!
//! A sample is one level deep. `{"$type": "User"}` means the sample of that type, `{"$words": […]}` one of these words.
//! The test replaces them.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::Scope;
use super::names::type_name;
use crate::HEADER;
use crate::model::{Product, Type};

/// `tests/generated/samples.json`: the members of each type, with one type per line.
pub fn write(scope: &Scope<'_>) -> Result<String> {
    let mut lines = vec![format!("\"$about\": {}", json!(HEADER))];
    for name in &scope.answered {
        let Some((product, made)) = scope.types.get(name) else {
            continue;
        };
        let shape = match &made.body {
            Type::Object(object) => {
                let mut fields = BTreeMap::new();
                for field in &object.fields {
                    let mark = if field.optional { "?" } else { "" };
                    fields.insert(format!("{}{mark}", field.name), sample(scope, &field.kind)?);
                }
                json!(fields)
            }
            other => bail!("`{name}`: a type in a response must be an object, but is {other:?}"),
        };
        lines.push(format!("{}: {shape}", json!(path(*product, name))));
    }
    Ok(format!("{{\n{}\n}}\n", lines.join(",\n")))
}

/// `tests/generated/answers.rs`: a function for each type that deserializes and serializes it.
pub fn table(scope: &Scope<'_>) -> String {
    let rows: String = scope
        .answered
        .iter()
        .filter_map(|name| {
            let (product, _) = scope.types.get(name)?;
            let path = path(*product, name);
            Some(format!("    ({path:?}, round_trip::<{path}>),\n"))
        })
        .collect();
    let count = scope.answered.len();
    format!(
        "// {HEADER}

//! The functions that deserialize and serialize each type that a response can contain.

use super::{{RoundTrip, round_trip}};
use stytch_edge::{{b2b, consumer, saml_shield, shared}};

#[rustfmt::skip]
pub const ANSWERS: [(&str, RoundTrip); {count}] = [
{rows}];
"
    )
}

fn path(product: Product, name: &str) -> String {
    format!("{}::{}", product.folder(), type_name(name))
}

fn sample(scope: &Scope<'_>, kind: &Type) -> Result<Value> {
    Ok(match kind {
        Type::Text => json!("text, “wie” 他說"),
        Type::Timestamp => json!("2027-01-15T08:00:00Z"),
        Type::Integer => json!(7),
        Type::Number => json!(0.5),
        Type::Boolean => json!(true),
        Type::Always(value) => json!(value),
        Type::Words(words) | Type::OpenWords(words) => json!({ "$words": words }),
        Type::List(items) => json!([sample(scope, items)?, sample(scope, items)?]),
        Type::AnyObject => json!({"any": {"thing": [1, null, "two"]}}),
        Type::Map(values) => json!({"one": sample(scope, values)?, "two": sample(scope, values)?}),
        Type::Named(name) => match scope.types.get(name.as_str()) {
            Some((product, _)) => json!({ "$type": path(*product, name) }),
            None => bail!("`{name}` is not a generated type"),
        },
        Type::Union(kinds) => match kinds.last() {
            Some(last) => sample(scope, last)?,
            None => bail!("an empty union"),
        },
        Type::Verbatim(_) => json!(1_800_000_000.0),
        Type::Object(_) => bail!("an object must be a named type in `components/schemas`"),
    })
}
