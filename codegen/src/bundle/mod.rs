//! Writes `docs/api/openapi.yaml`: the description in one file, for tools that know OpenAPI and nothing of this project.
//!
//! Knows which references become names of their own (types and answers, as components) and which are read in place
//! (parameters and fields). Types that only the client's own methods use stay out, for no request carries them. Of the
//! `x-stytch-` keys the one that names the client's methods stays.

mod node;
mod yaml;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use self::node::{Map, Node};
use super::HEADER;
use super::source::{self, At, ROOT};

/// The bundle of the description in `api`.
pub fn write(api: &Path) -> Result<String> {
    let files = read(api)?;
    let mut bundle = Bundle {
        files: &files,
        named: BTreeMap::new(),
        to_read: Vec::new(),
    };
    Ok(format!("# {HEADER}\n{}", yaml::write(&bundle.document()?)))
}

type Files = BTreeMap<String, Node>;

fn read(api: &Path) -> Result<Files> {
    let mut files = Files::new();
    for file in source::files(api)? {
        files.insert(file.clone(), source::parse(&api.join(&file), &file)?);
    }
    Ok(files)
}

/// A component: its section, such as `schemas`, and its name there.
type Name = (String, String);

struct Bundle<'a> {
    files: &'a Files,
    /// The components that are referred to, and where each is described.
    named: BTreeMap<Name, At>,
    /// Those whose own references were not followed yet.
    to_read: Vec<Name>,
}

impl Bundle<'_> {
    fn document(&mut self) -> Result<Map> {
        let top = At::top(ROOT);
        let root = self.files.get(ROOT).and_then(Node::as_map);
        let root = root.with_context(|| format!("{top}: no map"))?;
        let mut document = Map::new();
        for (key, node) in root {
            if !matches!(key.as_str(), "paths" | "components") {
                self.keep(key, node, &top, &mut document)?;
            }
        }
        document.insert("paths".to_owned(), Node::Map(self.paths()?));
        let mut components = match root.get("components") {
            Some(Node::Map(components)) => components.clone(),
            _ => Map::new(),
        };
        for ((section, name), node) in self.components()? {
            let section = components
                .entry(section)
                .or_insert_with(|| Node::Map(Map::new()));
            if let Node::Map(section) = section {
                section.insert(name, node);
            }
        }
        document.insert("components".to_owned(), Node::Map(components));
        Ok(document)
    }

    /// Every path of every resource, sorted.
    fn paths(&mut self) -> Result<Map> {
        let mut paths = BTreeMap::new();
        for (file, node) in self.files.iter().filter(|(file, _)| *file != ROOT) {
            let described = node.down(["paths"]).and_then(Node::as_map);
            for (path, item) in described.into_iter().flatten() {
                let at = At::top(file).down("paths").down(path);
                let item = self.expand(item, &at)?;
                ensure!(
                    paths.insert(path.clone(), item).is_none(),
                    "{at}: described twice"
                );
            }
        }
        Ok(paths.into_iter().collect())
    }

    /// The components that the paths need, and those that these need, sorted.
    fn components(&mut self) -> Result<BTreeMap<Name, Node>> {
        let mut components = BTreeMap::new();
        while let Some(name) = self.to_read.pop() {
            if let Some(at) = self.named.get(&name).cloned() {
                let node = self.find(&at)?.clone();
                components.insert(name, self.expand(&node, &at)?);
            }
        }
        Ok(components)
    }

    /// A node with every reference followed, or made one within the bundle.
    fn expand(&mut self, node: &Node, at: &At) -> Result<Node> {
        match node {
            Node::List(items) => {
                let items = items.iter().enumerate();
                let items = items.map(|(number, item)| self.expand(item, &at.down(number)));
                Ok(Node::List(items.collect::<Result<_>>()?))
            }
            Node::Map(map) => match map.get("$ref").and_then(Node::as_text) {
                Some(reference) => self.expand_reference(reference, map, at),
                None => {
                    let mut kept = Map::new();
                    for (key, node) in map {
                        self.keep(key, node, at, &mut kept)?;
                    }
                    Ok(Node::Map(kept))
                }
            },
            scalar => Ok(scalar.clone()),
        }
    }

    fn keep(&mut self, key: &str, node: &Node, at: &At, kept: &mut Map) -> Result<()> {
        if !key.starts_with("x-stytch-") || key == METHODS {
            kept.insert(key.to_owned(), self.expand(node, &at.down(key))?);
        }
        Ok(())
    }

    /// What stands beside a reference wins over what it leads to.
    fn expand_reference(&mut self, reference: &str, map: &Map, from: &At) -> Result<Node> {
        let at = source::follow(reference, from)?;
        let mut expanded = match self.name(&at)? {
            Some((section, name)) => {
                let reference = Node::Text(format!("#/components/{section}/{name}"));
                Map::from([("$ref".to_owned(), reference)])
            }
            None => match self.expand(&self.find(&at)?.clone(), &at)? {
                Node::Map(target) => target,
                _ => bail!("{from}: $ref to `{reference}`, which is no map"),
            },
        };
        for (key, node) in map.iter().filter(|(key, _)| *key != "$ref") {
            self.keep(key, node, from, &mut expanded)?;
        }
        Ok(Node::Map(expanded))
    }

    /// The name under which the bundle has what is described at a place, if it has one.
    fn name(&mut self, at: &At) -> Result<Option<Name>> {
        let steps = at.steps();
        let [components, section, name] = steps.as_slice() else {
            return Ok(None);
        };
        if components != "components" || !NAMED.contains(&section.as_str()) {
            return Ok(None);
        }
        let named = (section.clone(), name.clone());
        match self.named.get(&named) {
            Some(first) => ensure!(first == at, "{at}: `{name}` is already the name of {first}"),
            None => {
                self.named.insert(named.clone(), at.clone());
                self.to_read.push(named.clone());
            }
        }
        Ok(Some(named))
    }

    fn find(&self, at: &At) -> Result<&Node> {
        let steps = at.steps();
        self.files
            .get(&at.file)
            .and_then(|file| file.down(steps.iter().map(String::as_str)))
            .with_context(|| format!("{at}: referred to, and not there"))
    }
}

/// The sections of components that keep their names.
const NAMED: [&str; 2] = ["responses", "schemas"];
/// Says which client methods make a request; of use to a reader of the bundle.
const METHODS: &str = "x-stytch-methods";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::fixture::Project;

    fn bundled() -> Node {
        serde_saphyr::from_str(&Project::new().generated("docs/api/openapi.yaml")).unwrap()
    }

    #[test]
    fn every_reference_leads_to_a_component_that_is_there() {
        fn references(node: &Node, found: &mut Vec<String>) {
            match node {
                Node::Map(map) => {
                    let reference = map.get("$ref").and_then(Node::as_text);
                    found.extend(reference.map(str::to_owned));
                    map.values().for_each(|node| references(node, found));
                }
                Node::List(items) => items.iter().for_each(|node| references(node, found)),
                _ => {}
            }
        }
        let bundle = bundled();
        let mut found = Vec::new();
        references(&bundle, &mut found);
        let expected = ["responses/Refused", "schemas/Refusal", "schemas/Thing"];
        found.sort();
        assert_eq!(found, expected.map(|name| format!("#/components/{name}")));
        let thing = bundle.down(["components", "schemas", "Thing", "type"]);
        assert_eq!(thing.and_then(Node::as_text), Some("object"));
    }

    #[test]
    fn parameters_stand_in_place_and_only_the_methods_keep_their_key() {
        let bundle = bundled();
        let paint = ["paths", "/v1/things/{thing_id}", "post"];
        let paint = bundle.down(paint).and_then(Node::as_map).unwrap();
        let own: Vec<&String> = paint.keys().filter(|key| key.starts_with("x-")).collect();
        assert_eq!(own, [METHODS]);
        let Some(Node::List(parameters)) = paint.get("parameters") else {
            unreachable!("no parameters")
        };
        let name = parameters.first().and_then(|first| first.down(["name"]));
        assert_eq!(name.and_then(Node::as_text), Some("thing_id"));
        assert_eq!(bundle.down(["x-stytch-local"]), None);
    }
}
