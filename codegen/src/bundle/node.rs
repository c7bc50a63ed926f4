//! YAML as it stands: maps, lists and scalars, each map in the order it was written.
//!
//! Knows no key of OpenAPI. The typed reading, which knows them all, is `document`'s.

use indexmap::IndexMap;
use serde::Deserialize;

/// Keys with their values, in the order of the file.
pub type Map = IndexMap<String, Node>;

/// A piece of YAML.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Node {
    Boolean(bool),
    Integer(i64),
    Text(String),
    List(Vec<Node>),
    Map(Map),
}

impl Node {
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What is found by going down one key after the other.
    pub fn down<'a>(&self, steps: impl IntoIterator<Item = &'a str>) -> Option<&Self> {
        steps
            .into_iter()
            .try_fold(self, |node, step| node.as_map()?.get(step))
    }
}
