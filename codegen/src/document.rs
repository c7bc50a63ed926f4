//! The YAML under `api/`, as serde reads it: the part of OpenAPI 3.1 that the description uses, and its `x-stytch-` keys.
//!
//! Knows the spelling and nothing of the meaning. A key that is not listed here is an error, so that a typing mistake
//! cannot pass for something left out.

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// `openapi.yaml`: what is not part of any resource.
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

/// A file of one resource, with its paths, its types and the classes that offer it.
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

/// The class behind a property of the client, such as `magicLinks.email`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceNote {
    pub class: String,
    #[serde(default)]
    pub description: Option<String>,
}

/// What one path answers to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathItem {
    pub get: Option<Operation>,
    pub put: Option<Operation>,
    pub post: Option<Operation>,
    pub delete: Option<Operation>,
}

/// One request that can be made.
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
    #[serde(default)]
    pub servers: Vec<Server>,
    /// Schemes by name, of which one is enough.
    pub security: Option<Vec<IndexMap<String, Vec<String>>>>,
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    pub request_body: Option<RequestBody>,
    pub responses: IndexMap<String, Response>,
}

/// A method of a client class that makes the request of its operation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MethodNote {
    pub client: String,
    pub method: String,
    pub arguments: Vec<String>,
}

/// A method that is written by hand, for it is more than one request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalMethod {
    pub methods: Vec<LocalName>,
    pub description: Option<String>,
    pub arguments: Vec<LocalArgument>,
    pub result: Schema,
    /// Whether it gives a promise of its result.
    #[serde(rename = "async", default = "yes")]
    pub is_async: bool,
    /// Whether npm `stytch` has no such method.
    #[serde(default)]
    pub ours: bool,
    /// The `operationId`s of the requests it may make.
    #[serde(default)]
    pub calls: Vec<String>,
    /// Whether TypeScript makes them itself.
    #[serde(default)]
    pub calls_from_typescript: bool,
    #[serde(default)]
    pub throws: IndexMap<String, String>,
}

/// Where a hand-written method is found.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalName {
    pub client: String,
    pub method: String,
}

/// An argument of a hand-written method: of a type of its own, or of one that an operation takes.
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

/// A host, named by its URL.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "listed so that an unlisted key is an error")]
pub struct Server {
    pub url: String,
    description: Option<String>,
}

/// A part of the request outside its body; or a reference to one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    #[serde(rename = "$ref")]
    pub reference: Option<String>,
    #[serde(default)]
    pub name: String,
    #[serde(rename = "in")]
    pub place: Option<ParameterPlace>,
    #[serde(default)]
    pub required: bool,
    pub description: Option<String>,
    #[serde(default)]
    pub schema: Schema,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterPlace {
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

/// An answer; or a reference to one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    #[serde(rename = "$ref")]
    pub reference: Option<String>,
    pub description: Option<String>,
    #[serde(default)]
    pub content: IndexMap<String, Content>,
}

/// What a body of one media type looks like.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    pub schema: Schema,
}

/// The JSON Schema words in use; or a reference with, at most, a description of its own.
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
    /// A type that JSON Schema has no words for, as TypeScript spells it.
    #[serde(rename = "x-stytch-typescript")]
    pub typescript: Option<String>,
}

/// The only value a field may have.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Constant {
    Bool(bool),
    Text(String),
}

/// Members of an object that are not listed by name.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Additional {
    Any(bool),
    Of(Box<Schema>),
}

/// What a method is unless its description says otherwise.
fn yes() -> bool {
    true
}
