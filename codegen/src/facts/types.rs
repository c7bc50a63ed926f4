//! Compares types: their fields, which of them are optional, and the types of the fields.

use std::collections::BTreeMap;

use super::{Facts, Scalars};
use crate::model::{Api, Field, NamedType, Product, Type};

pub fn differences(facts: &Facts, api: &Api) -> Vec<String> {
    let mut described = types(api);
    let mut found = Vec::new();
    for (key, fact) in &facts.types {
        if NOT_DESCRIBED.iter().any(|(name, _)| name == key) {
            continue;
        }
        let name = named(key);
        let Some((product, made)) = described.remove(name.as_str()) else {
            found.push(format!("{name}: missing"));
            continue;
        };
        if !products(key).contains(&product) {
            found.push(format!("{name}: in api/{}", product.folder()));
        }
        let differing = match (&fact.fields, &fact.is, &made.body) {
            (Some(fields), None, Type::Object(object)) => {
                unlike_fields(fields, &object.fields, &facts.scalars)
            }
            (None, Some(is), body) => unlike(&one_line(body), &named_within(key, is))
                .into_iter()
                .collect(),
            _ => vec![": is not an object".to_owned()],
        };
        found.extend(differing.into_iter().map(|what| format!("{name}{what}")));
    }
    found.retain(|difference| !FIELDS_BEYOND.contains(&difference.as_str()));
    described.retain(|name, _| !BEYOND.contains(name));
    found.extend(
        described
            .into_keys()
            .map(|name| format!("{name}: not expected")),
    );
    found
}

/// Types of npm `stytch` that are not a part of the API, with the reason.
pub const NOT_DESCRIBED: [(&str, &str); 16] = [
    (
        "samlshield/index#SamlShieldClientConfig",
        "by hand, in pkg/src/config.ts",
    ),
    (
        "shared/client#ClientConfig",
        "by hand, in pkg/src/config.ts",
    ),
    (
        "shared/errors#OAuth2ErrorJSON",
        "by hand, in pkg/src/errors.ts",
    ),
    (
        "shared/errors#StytchErrorJSON",
        "by hand, in pkg/src/errors.ts",
    ),
    ("shared/index#fetchConfig", "how its requests are sent"),
    ("shared/index#requestConfig", "how its requests are sent"),
    (
        "shared/rbac_local#AuthorizationCheck",
        "how it checks permissions",
    ),
    ("shared/rbac_local#OrgPolicy", "how it checks permissions"),
    (
        "shared/rbac_local#OrgPolicyGetter",
        "how it checks permissions",
    ),
    ("shared/rbac_local#Policy", "how it checks permissions"),
    (
        "shared/rbac_local#PolicyGetter",
        "how it checks permissions",
    ),
    ("shared/rbac_local#Role", "how it checks permissions"),
    (
        "shared/rbac_local#baseRoleAuthorizationCheckArgs",
        "how it checks permissions",
    ),
    (
        "shared/rbac_local#baseScopeAuthorizationCheckArgs",
        "how it checks permissions",
    ),
    (
        "shared/sessions#IntermediateSession",
        "how it checks sessions",
    ),
    ("shared/sessions#JwtConfig", "how it checks sessions"),
];

/// Described types that npm `stytch` does not have: a class that the package does not export, and the types of methods
/// that only this package has.
pub const BEYOND: [&str; 13] = [
    "AppRequestOptions",
    "AppRequestVerdict",
    "B2BAppRequestOptions",
    "B2BAppRequestVerdict",
    "Explanation",
    "MachineRequestOptions",
    "MachineRequestVerdict",
    "ProtectedResource",
    "ProtectedResourceMetadata",
    "ResourceRequest",
    "TokenProvider",
    "TokenProviderRequest",
    "UserSearchIterator",
];

/// Additional options of methods that npm `stytch` has too.
const FIELDS_BEYOND: [&str; 2] = [
    "B2BSessionsAuthenticateJwtRequest.remote_fallback: not expected",
    "SessionsAuthenticateJwtRequest.remote_fallback: not expected",
];

/// The description's name for a type. Names are unique in the description; in npm `stytch`, only within a file.
pub fn named(key: &str) -> String {
    match key.split_once('#') {
        Some(("b2b/idp", name)) if name.starts_with("IntrospectToken") => format!("B2B{name}"),
        Some((_, name)) => name.to_owned(),
        None => key.to_owned(),
    }
}

/// A type in TypeScript syntax, on one line.
pub fn one_line(kind: &Type) -> String {
    let words = |words: &[String]| {
        words
            .iter()
            .map(|word| format!("{word:?}"))
            .collect::<Vec<_>>()
            .join(" | ")
    };
    match kind {
        Type::Text | Type::Timestamp => "string".to_owned(),
        Type::Integer | Type::Number => "number".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Always(value) => value.to_string(),
        Type::Words(list) => words(list),
        Type::OpenWords(list) => format!("{} | string", words(list)),
        Type::List(items) => match one_line(items) {
            union if union.contains(" | ") => format!("({union})[]"),
            other => format!("{other}[]"),
        },
        Type::AnyObject => "Record<string, any>".to_owned(),
        Type::Map(values) => format!("Record<string, {}>", one_line(values)),
        Type::Object(object) => {
            let mut parts: Vec<String> = object.fields.iter().map(field).collect();
            parts.extend(object.open.then(|| "[key: string]: unknown".to_owned()));
            format!("{{ {} }}", parts.join("; "))
        }
        Type::Named(name) => name.clone(),
        Type::Union(kinds) => kinds.iter().map(one_line).collect::<Vec<_>>().join(" | "),
        Type::Verbatim(typescript) => typescript.clone(),
    }
}

fn field(field: &Field) -> String {
    let mark = if field.optional { "?" } else { "" };
    format!("{}{mark}: {}", field.name, one_line(&field.kind))
}

fn types(api: &Api) -> BTreeMap<&str, (Product, &NamedType)> {
    let modules = api.modules.iter();
    modules
        .flat_map(|(product, module)| {
            module
                .types
                .iter()
                .map(|(name, made)| (name.as_str(), (*product, made)))
        })
        .collect()
}

/// The products that may describe the types of a file.
fn products(key: &str) -> Vec<Product> {
    match key.split('/').next() {
        Some("b2b") => vec![Product::B2b, Product::Shared],
        Some("b2c") => vec![Product::Consumer, Product::Shared],
        Some("samlshield") => vec![Product::SamlShield],
        _ => Product::ALL.to_vec(),
    }
}

fn named_within(key: &str, is: &str) -> String {
    if key.starts_with("b2b/idp#") {
        return is.replace("IntrospectToken", "B2BIntrospectToken");
    }
    is.to_owned()
}

fn unlike_fields(
    facts: &BTreeMap<String, String>,
    described: &[Field],
    scalars: &Scalars,
) -> Vec<String> {
    let mut rest: BTreeMap<&str, &Field> = described
        .iter()
        .map(|field| (field.name.as_str(), field))
        .collect();
    let mut found = Vec::new();
    for (marked, kind) in facts {
        let name = marked.trim_end_matches('?');
        match rest.remove(name) {
            None => found.push(format!(".{name}: missing")),
            Some(field) => {
                let of_field = |what: String| format!(".{name}{what}");
                if field.optional != marked.ends_with('?') {
                    found.push(of_field(format!(": optional is {}", field.optional)));
                }
                found.extend(unlike(&one_line(&field.kind), kind).map(of_field));
                found.extend(unlike_scalar(field, scalars).map(of_field));
            }
        }
    }
    found.extend(
        rest.into_keys()
            .map(|name| format!(".{name}: not expected")),
    );
    found
}

/// Compares which numbers are integers and which strings are times.
fn unlike_scalar(field: &Field, scalars: &Scalars) -> Option<String> {
    let expected = match field.kind {
        Type::Text if scalars.timestamps.contains(&field.name) => "a time",
        Type::Timestamp if !scalars.timestamps.contains(&field.name) => "any text",
        Type::Number
            if scalars
                .numbers
                .get(&field.name)
                .is_some_and(|kind| kind == "integer") =>
        {
            "a whole number"
        }
        _ => return None,
    };
    Some(format!(": is not {expected}"))
}

fn unlike(described: &str, fact: &str) -> Option<String> {
    (described != fact).then(|| format!(": is `{described}` instead of `{fact}`"))
}
