//! The description of the API: `docs/api/openapi.yaml`, which codegen bundles from `api/`.
//!
//! Knows OpenAPI, but neither the emulator nor what a field means.

use std::sync::LazyLock;

use serde_json::Value;

/// The complete description.
pub static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../../../docs/api/openapi.yaml");
    // Without this option `n` would be a boolean, but it is also a member of a JWK.
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).unwrap()
});

/// Every operation, by path and method.
pub static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let paths = DESCRIPTION["paths"].as_object().unwrap();
    let mut operations = Vec::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            operations.push(Operation::read(method, path, operation));
        }
    }
    operations
});

/// A route with its parameters and responses.
pub struct Operation {
    /// The `operationId`.
    pub id: String,
    /// In capitals.
    pub method: String,
    pub path: String,
    pub parameters: Vec<Parameter>,
    /// The status of a success.
    pub status: u16,
    pub success: &'static Value,
    pub refusal: &'static Value,
    /// Whether the body is a form.
    pub has_form: bool,
}

pub struct Parameter {
    pub name: String,
    pub place: Place,
    pub required: bool,
    pub schema: &'static Value,
}

/// The part of a request that contains a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
    Header,
    Body,
}

impl Operation {
    /// The method and path as people write them.
    pub fn route(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether the route belongs to the B2B API.
    pub fn is_b2b(&self) -> bool {
        self.path.starts_with("/v1/b2b/")
    }

    /// The parameters in the body.
    pub fn fields(&self) -> impl Iterator<Item = &Parameter> {
        let mut fields = self.parameters.iter();
        std::iter::from_fn(move || fields.find(|field| field.place == Place::Body))
    }

    fn read(method: &str, path: &str, operation: &'static Value) -> Self {
        let responses = operation["responses"].as_object().unwrap();
        let (status, success) = responses.iter().next().unwrap();
        let content = operation["requestBody"]["content"].as_object();
        let (media_type, body) = content
            .and_then(|content| content.iter().next())
            .map_or(("", &Value::Null), |(media_type, content)| {
                (media_type, resolve(&content["schema"]))
            });
        let described = operation["parameters"].as_array().into_iter().flatten();
        let mut parameters: Vec<Parameter> = described.map(Parameter::read).collect();
        for (name, schema) in body["properties"].as_object().into_iter().flatten() {
            parameters.push(Parameter {
                name: name.clone(),
                place: Place::Body,
                required: names(&body["required"]).any(|required| required == name),
                schema,
            });
        }
        Self {
            id: operation["operationId"].as_str().unwrap().to_owned(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            parameters,
            status: status.parse().unwrap(),
            success: schema_of(success),
            refusal: schema_of(&responses["4XX"]),
            has_form: media_type == "application/x-www-form-urlencoded",
        }
    }
}

impl Parameter {
    fn read(described: &'static Value) -> Self {
        let place = match described["in"].as_str().unwrap() {
            "path" => Place::Path,
            "query" => Place::Query,
            "header" => Place::Header,
            other => panic!("unknown place {other}"),
        };
        Self {
            name: described["name"].as_str().unwrap().to_owned(),
            place,
            required: described["required"] == true,
            schema: &described["schema"],
        }
    }
}

/// Follows a reference to a component.
pub fn resolve(schema: &'static Value) -> &'static Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            let pointer = reference.strip_prefix('#').unwrap();
            resolve(DESCRIPTION.pointer(pointer).unwrap())
        }
        None => schema,
    }
}

/// The strings of a list, or nothing if it is missing.
pub fn names(list: &'static Value) -> impl Iterator<Item = &'static str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

fn schema_of(response: &'static Value) -> &'static Value {
    &resolve(response)["content"]["application/json"]["schema"]
}
