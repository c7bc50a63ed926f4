//! The API as the emitters see it: rows, types and classes, every reference followed and every name known to be unique.
//!
//! Knows neither YAML nor any of the languages written.

use std::collections::{BTreeMap, BTreeSet};

/// Everything that is generated from.
#[derive(Debug)]
pub struct Api {
    /// Sorted by path, then method; a row's number is its place here.
    pub endpoints: Vec<Endpoint>,
    pub modules: BTreeMap<Product, Module>,
    /// The names of the lists of words that `fields.yaml` describes.
    pub word_lists: BTreeMap<Vec<String>, String>,
}

/// Who a part of the API is for; also the folder under `api/` and the file under `pkg/src/generated/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Product {
    Consumer,
    B2b,
    Shared,
    SamlShield,
}

/// One method and path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub operation_id: String,
    /// The dotted name of the first client method that sends the request, such as `users.get`.
    pub method_name: String,
    pub verb: Verb,
    pub path: String,
    pub base: Base,
    pub payload: Payload,
    pub member_session_headers: bool,
    pub authorization: Authorization,
    pub retry: Retry,
}

/// Whether a client may repeat a request without knowing whether the API handled it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    pub is_safe: bool,
    /// A sentence. Always present if verb and class are an unusual combination.
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Delete,
    Get,
    Post,
    Put,
}

/// The host that serves an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    Auth,
    Fraud,
    SamlShield,
}

/// The content of the Authorization header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authorization {
    None,
    /// The project and its secret.
    Basic,
    /// A public token.
    Bearer,
}

/// Where the arguments go that the path does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload {
    Query,
    Json,
    Form,
}

/// The types and classes of one product.
#[derive(Debug, Default)]
pub struct Module {
    pub types: BTreeMap<String, NamedType>,
    /// By path below the client, such as `magicLinks.email`.
    pub resources: BTreeMap<String, Resource>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct NamedType {
    pub description: String,
    pub body: Type,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    Text,
    /// An RFC 3339 time, as text.
    Timestamp,
    Integer,
    Number,
    Boolean,
    /// A boolean that is always the same.
    Always(bool),
    /// One of these words.
    Words(Vec<String>),
    /// One of these words, or a word that is not known yet.
    OpenWords(Vec<String>),
    List(Box<Type>),
    /// A JSON object of any shape.
    AnyObject,
    /// Values of one type by freely chosen names.
    Map(Box<Type>),
    Object(Object),
    Named(String),
    Union(Vec<Type>),
    /// As TypeScript spells it.
    Verbatim(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    pub fields: Vec<Field>,
    /// Whether further fields of any kind may follow.
    pub open: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: String,
    pub optional: bool,
    /// Empty only within an object that has no name, where there is nothing to say.
    pub description: String,
    pub kind: Type,
}

/// A class of the client, such as the one behind `client.magicLinks.email`.
#[derive(Debug)]
pub struct Resource {
    pub class: String,
    pub description: String,
    pub methods: BTreeMap<String, Method>,
    /// The classes behind its properties, by property.
    pub children: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
pub struct Method {
    pub description: String,
    pub arguments: Vec<Argument>,
    pub result: Type,
    /// Whether it returns a promise.
    pub is_async: bool,
    /// Whether npm `stytch` has no such method.
    pub ours: bool,
    /// Whether hand-written TypeScript makes the requests of a [`Route::Local`] itself.
    pub calls_from_typescript: bool,
    pub route: Route,
    /// Error classes, with when they are thrown.
    pub throws: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub struct Argument {
    pub name: String,
    pub optional: bool,
    pub kind: Type,
}

/// The implementation of a method: a request, or a hand-written function.
#[derive(Debug, Clone)]
pub enum Route {
    /// Makes the request of this row.
    Remote { row: usize },
    /// Hands them to a method of the hand-written core, which may make the requests of these rows.
    Local { calls: Vec<usize> },
}

impl Api {
    /// Every client method. A method of both clients is returned once.
    pub fn methods(&self) -> impl Iterator<Item = &Method> {
        self.modules
            .values()
            .flat_map(|module| module.resources.values())
            .flat_map(|resource| resource.methods.values())
    }

    /// The methods that npm `stytch` has as well.
    pub fn operations(&self) -> impl Iterator<Item = &Method> {
        self.methods().filter(|method| !method.ours)
    }

    /// The rows that such hand-written methods call, by `operationId`.
    pub fn rows_by_hand(&self, methods: impl Fn(&Method) -> bool) -> BTreeMap<&str, usize> {
        let methods = self.methods().filter(|method| methods(method));
        let called = methods.flat_map(|method| match &method.route {
            Route::Local { calls } => calls.as_slice(),
            Route::Remote { .. } => &[],
        });
        called
            .filter_map(|row| Some((self.endpoints.get(*row)?.operation_id.as_str(), *row)))
            .collect()
    }
}

impl Method {
    /// Whether its last argument is the options of a call: it can send a request.
    pub fn accepts_call_options(&self) -> bool {
        self.is_remote() || self.is_async || self.calls_from_typescript
    }

    /// The argument for which the description has a type with options of its own.
    pub fn own_options(&self) -> Option<&Argument> {
        let is_it = |argument: &&Argument| {
            argument.optional && (self.is_remote() || argument.name == "options")
        };
        self.arguments.iter().find(is_it)
    }

    /// Whether it sends one request, and is not written by hand.
    pub fn is_remote(&self) -> bool {
        matches!(self.route, Route::Remote { .. })
    }
}

impl Product {
    pub const ALL: [Self; 4] = [Self::Consumer, Self::B2b, Self::Shared, Self::SamlShield];

    /// The folder under `api/` and the stem of the files under `pkg/src/generated/`.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Consumer => "consumer",
            Self::B2b => "b2b",
            Self::Shared => "shared",
            Self::SamlShield => "saml_shield",
        }
    }

    /// The client classes that offer it, as npm names them.
    pub fn clients(self) -> &'static [&'static str] {
        match self {
            Self::Consumer => &["Client"],
            Self::B2b => &["B2BClient"],
            Self::Shared => &["Client", "B2BClient"],
            Self::SamlShield => &["SamlShieldClient"],
        }
    }

    /// Whether its clients offer the shared methods in addition to its own.
    pub fn has_shared(self) -> bool {
        let with_shared = Self::Shared.clients();
        self != Self::Shared
            && self
                .clients()
                .iter()
                .all(|client| with_shared.contains(client))
    }

    /// Whether a type of this product may use one of the other.
    pub fn may_use(self, other: Self) -> bool {
        self == other || other == Self::Shared
    }
}

impl Type {
    /// Adds the name of every named type that this type mentions, itself included.
    pub fn collect_names<'a>(&'a self, names: &mut BTreeSet<&'a str>) {
        match self {
            Self::Named(name) => drop(names.insert(name)),
            Self::List(inner) | Self::Map(inner) => inner.collect_names(names),
            Self::Object(object) => object
                .fields
                .iter()
                .for_each(|field| field.kind.collect_names(names)),
            Self::Union(kinds) => kinds.iter().for_each(|kind| kind.collect_names(names)),
            _ => {}
        }
    }
}

impl Verb {
    pub fn word(self) -> &'static str {
        match self {
            Self::Delete => "DELETE",
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

impl Endpoint {
    /// Rows are sorted by this.
    pub fn order(&self) -> (&str, Verb) {
        (&self.path, self.verb)
    }

    /// The method and path as people write them.
    pub fn route(&self) -> String {
        format!("{} {}", self.verb.word(), self.path)
    }

    /// The names in braces.
    pub fn path_parameters(&self) -> impl Iterator<Item = &str> {
        placeholders(&self.path)
    }
}

/// The names in braces of a path.
pub fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}
