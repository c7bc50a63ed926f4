//! The YAML under `api/`, as serde reads it: the part of OpenAPI 3.1 that the description uses, and its `x-stytch-` keys.
//!
//! Knows the keys, not their meaning. A key that is not listed here is an error. Otherwise a misspelled key would be
//! ignored as if it were absent.

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// `openapi.yaml`: everything that is not part of a resource.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "listed so that an unlisted key is an error")]
pub struct Root {
    openapi: String,
    info: IgnoredAny,
    pub servers: Vec<Server>,
    security: IgnoredAny,
    #[serde(default)]
    tags: IgnoredAny,
    components: IgnoredAny,
    #[serde(rename = "x-stytch-options")]
    pub options: IndexMap<String, Schema>,
    #[serde(rename = "x-stytch-local", default)]
    pub local: Vec<LocalMethod>,
}

/// A file of one resource, with its paths, its types and the classes that have its methods.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceFile {
    #[serde(rename = "x-stytch-resources", default)]
    pub resources: IndexMap<String, ResourceNote>,
    #[serde(default)]
    pub paths: IndexMap<String, PathItem>,
    #[serde(default)]
    pub components: Components,
}

/// The parts of a resource file that others refer to.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Components {
    #[serde(default)]
    pub parameters: IndexMap<String, Parameter>,
    #[serde(default)]
    pub responses: IndexMap<String, Response>,
    #[serde(default)]
    pub schemas: IndexMap<String, Schema>,
}

/// The class of a property of the client, such as `magicLinks.email`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceNote {
    pub class: String,
    #[serde(default)]
    pub description: Option<String>,
}

/// The operations of one path.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathItem {
    pub get: Option<Operation>,
    pub put: Option<Operation>,
    pub post: Option<Operation>,
    pub delete: Option<Operation>,
}

/// One request of the API.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(dead_code, reason = "listed so that an unlisted key is an error")]
pub struct Operation {
    pub operation_id: String,
    pub summary: Option<String>,
    pub description: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(rename = "x-stytch-methods", default)]
    pub methods: Vec<MethodNote>,
    #[serde(rename = "x-stytch-request")]
    pub request: Option<String>,
    #[serde(rename = "x-stytch-options")]
    pub options: Option<String>,
    /// Any value, so that the error for an invalid value names the operation (`retry.rs`).
    #[serde(rename = "x-stytch-retry")]
    pub retry: Option<serde_json::Value>,
    #[serde(default)]
    pub servers: Vec<Server>,
    /// Security schemes by name. One of them is sufficient.
    pub security: Option<Vec<IndexMap<String, Vec<String>>>>,
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    pub request_body: Option<RequestBody>,
    pub responses: IndexMap<String, Response>,
}

/// A method of a client class that sends the request of its operation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MethodNote {
    pub client: String,
    pub method: String,
    pub arguments: Vec<String>,
}

/// A method that is written by hand, because it does more than send one request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalMethod {
    pub methods: Vec<LocalName>,
    pub description: Option<String>,
    pub arguments: Vec<LocalArgument>,
    pub result: Schema,
    /// Whether it returns a promise. Default: true.
    #[serde(rename = "async", default = "yes")]
    pub is_async: bool,
    /// Whether npm `stytch` has no such method.
    #[serde(default)]
    pub ours: bool,
    /// The `operationId`s of the requests that it may send.
    #[serde(default)]
    pub calls: Vec<String>,
    /// Whether hand-written TypeScript sends these requests, instead of the crate.
    #[serde(default)]
    pub calls_from_typescript: bool,
    #[serde(default)]
    pub throws: IndexMap<String, String>,
}

/// The client and the dotted name of a hand-written method.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalName {
    pub client: String,
    pub method: String,
}

/// An argument of a hand-written method. Its type is either its own schema or the request type of an operation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalArgument {
    pub name: String,
    #[serde(default)]
    pub optional: bool,
    pub schema: Option<Schema>,
    /// The `x-stytch-request` of that operation.
    pub request: Option<String>,
}

/// A host, given by its URL.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "listed so that an unlisted key is an error")]
pub struct Server {
    pub url: String,
    description: Option<String>,
}

/// A parameter in the path, the query or a header, or a reference to a parameter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    #[serde(rename = "$ref")]
    pub reference: Option<String>,
    #[serde(default)]
    pub name: String,
    #[serde(rename = "in")]
    pub location: Option<ParameterLocation>,
    #[serde(default)]
    pub required: bool,
    pub description: Option<String>,
    #[serde(default)]
    pub schema: Schema,
}

/// The part of a request that contains a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterLocation {
    Path,
    Query,
    Header,
}

/// The body of a request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "listed so that an unlisted key is an error")]
pub struct RequestBody {
    #[serde(default)]
    required: bool,
    pub content: IndexMap<String, Content>,
}

/// A response, or a reference to a response.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    #[serde(rename = "$ref")]
    pub reference: Option<String>,
    pub description: Option<String>,
    #[serde(default)]
    pub content: IndexMap<String, Content>,
}

/// The schema of a body with one media type.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    pub schema: Schema,
}

/// The supported keywords of JSON Schema, or a reference. A reference may only have a description in addition.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Schema {
    #[serde(rename = "$ref")]
    pub reference: Option<String>,
    pub description: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub format: Option<String>,
    #[serde(rename = "enum")]
    pub values: Vec<String>,
    #[serde(rename = "const")]
    pub constant: Option<Constant>,
    pub items: Option<Box<Schema>>,
    pub required: Vec<String>,
    pub properties: IndexMap<String, Schema>,
    pub additional_properties: Option<Additional>,
    pub any_of: Vec<Schema>,
    /// A type that JSON Schema cannot express, in TypeScript syntax.
    #[serde(rename = "x-stytch-typescript")]
    pub typescript: Option<String>,
}

/// The only accepted value of a field.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Constant {
    Bool(bool),
    Text(String),
}

/// The members of an object that are not in `properties`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Additional {
    Any(bool),
    Of(Box<Schema>),
}

fn yes() -> bool {
    true
}
