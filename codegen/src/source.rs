//! Reads the files under `api/` once, and resolves each `$ref` between them.
//!
//! Knows files and JSON pointers (RFC 6901), not the meaning of their content. Every error names the file and the pointer.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use indexmap::IndexMap;
use serde::de::DeserializeOwned;

use super::document::{Parameter, ResourceFile, Response, Root, Schema};

/// The parsed files of the description.
pub struct Source {
    pub root: Root,
    pub resources: BTreeMap<String, ResourceFile>,
    /// The `fields.yaml` files. Their schemas are inlined at each reference.
    fields: BTreeMap<String, IndexMap<String, Schema>>,
}

/// The name of the root file.
pub const ROOT: &str = "openapi.yaml";

/// A position in the description: a file below `api/`, and a JSON pointer into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    pub file: String,
    pointer: String,
}

/// The target of a reference to a schema.
pub enum Target<'a> {
    /// A type with a name.
    Named {
        name: &'a str,
        at: At,
        schema: &'a Schema,
    },
    /// A schema that is inlined, as if it were written out at the reference.
    InPlace { at: At, schema: &'a Schema },
}

impl Source {
    /// Reads every file of `api`.
    pub fn read(api: &Path) -> Result<Self> {
        let root = parse(&api.join(ROOT), ROOT)?;
        let mut source = Self {
            root,
            resources: BTreeMap::new(),
            fields: BTreeMap::new(),
        };
        for file in files(api)?.into_iter().filter(|file| file != ROOT) {
            let path = api.join(&file);
            if file.ends_with("/fields.yaml") {
                source.fields.insert(file.clone(), parse(&path, &file)?);
            } else {
                source.resources.insert(file.clone(), parse(&path, &file)?);
            }
        }
        Ok(source)
    }

    /// The lists of words in `fields.yaml` files, each with the shortest of its names.
    pub fn word_lists(&self) -> BTreeMap<Vec<String>, String> {
        let mut lists: BTreeMap<Vec<String>, String> = BTreeMap::new();
        for (name, schema) in self.fields.values().flatten() {
            let words = schema
                .any_of
                .first()
                .map_or(&schema.values, |first| &first.values);
            let known = lists.get(words);
            if !words.is_empty() && known.is_none_or(|known| name.len() < known.len()) {
                lists.insert(words.clone(), name.clone());
            }
        }
        lists
    }

    /// Resolves a reference to a schema.
    pub fn schema<'a>(&'a self, reference: &str, from: &At) -> Result<Target<'a>> {
        let at = follow(reference, from)?;
        let steps = at.steps();
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        if let ([field], Some(fields)) = (steps.as_slice(), self.fields.get(&at.file))
            && let Some(schema) = fields.get(*field)
        {
            return Ok(Target::InPlace { at, schema });
        }
        let components = self.resources.get(&at.file).map(|file| &file.components);
        if let (["components", "schemas", name, rest @ ..], Some(components)) =
            (steps.as_slice(), components)
            && let Some((name, schema)) = components.schemas.get_key_value(*name)
        {
            match rest {
                [] => return Ok(Target::Named { name, at, schema }),
                ["properties", field] => {
                    if let Some(schema) = schema.properties.get(*field) {
                        return Ok(Target::InPlace { at, schema });
                    }
                }
                _ => {}
            }
        }
        bail!("{from}: the $ref `{reference}` does not lead to a schema")
    }

    /// Returns the parameter, or the parameter that it refers to.
    pub fn parameter<'a>(
        &'a self,
        parameter: &'a Parameter,
        from: &At,
    ) -> Result<(&'a Parameter, At)> {
        let Some(reference) = &parameter.reference else {
            return Ok((parameter, from.clone()));
        };
        let at = follow(reference, from)?;
        self.component(&at, "parameters", |components, name| {
            components.parameters.get(name)
        })
        .map(|found| (found, at))
        .with_context(|| format!("{from}: the $ref `{reference}` does not lead to a parameter"))
    }

    /// Returns the response, or the response that it refers to.
    pub fn response<'a>(&'a self, response: &'a Response, from: &At) -> Result<(&'a Response, At)> {
        let Some(reference) = &response.reference else {
            return Ok((response, from.clone()));
        };
        let at = follow(reference, from)?;
        self.component(&at, "responses", |components, name| {
            components.responses.get(name)
        })
        .map(|found| (found, at))
        .with_context(|| format!("{from}: the $ref `{reference}` does not lead to a response"))
    }

    fn component<'a, T>(
        &'a self,
        at: &At,
        section: &str,
        pick: impl Fn(&'a super::document::Components, &str) -> Option<&'a T>,
    ) -> Option<&'a T> {
        let steps = at.steps();
        match steps.as_slice() {
            [first, second, name] if first == "components" && second == section => {
                pick(&self.resources.get(&at.file)?.components, name)
            }
            _ => None,
        }
    }
}

impl At {
    /// The top of a file.
    pub fn top(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            pointer: String::new(),
        }
    }

    /// The position of a child.
    #[must_use]
    pub fn down(&self, step: impl fmt::Display) -> Self {
        let step = step.to_string().replace('~', "~0").replace('/', "~1");
        Self {
            file: self.file.clone(),
            pointer: format!("{}/{step}", self.pointer),
        }
    }

    /// The steps from the top of the file.
    pub fn steps(&self) -> Vec<String> {
        self.pointer
            .split('/')
            .skip(1)
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
            .collect()
    }
}

impl fmt::Display for At {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "api/{}#{}", self.file, self.pointer)
    }
}

/// The paths of all files of the description below `api`: the root file, and the `.yaml` files in the folders.
pub fn files(api: &Path) -> Result<Vec<String>> {
    let mut files = vec![ROOT.to_owned()];
    for folder in entries(api)? {
        let path = api.join(&folder);
        if path.is_dir() {
            let names = entries(&path)?.into_iter();
            let described = names.filter(|name| name.ends_with(".yaml"));
            files.extend(described.map(|name| format!("{folder}/{name}")));
        }
    }
    Ok(files)
}

/// The position that a reference means. It may not exist.
pub fn follow(reference: &str, from: &At) -> Result<At> {
    let Some((file, pointer)) = reference.split_once('#') else {
        bail!(
            "{from}: the $ref `{reference}` has no `#`; accepted are `<file>#<pointer>` and `#<pointer>`"
        )
    };
    let folder = from.file.split_once('/').map(|(folder, _)| folder);
    let file = match (file, folder, file.strip_prefix("../")) {
        ("", _, _) => from.file.clone(),
        (_, Some(_), Some(outside)) => outside.to_owned(),
        (_, Some(folder), None) => format!("{folder}/{file}"),
        (_, None, _) => file.to_owned(),
    };
    Ok(At {
        file,
        pointer: pointer.to_owned(),
    })
}

/// Parses a file below `api/`. `file` is its name in errors.
pub fn parse<T: DeserializeOwned>(path: &Path, file: &str) -> Result<T> {
    parse_named(path, &format!("api/{file}"))
}

/// Parses a file, which errors name `name`.
pub fn parse_named<T: DeserializeOwned>(path: &Path, name: &str) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    // Without this option `n` would be a boolean, but it is also a member of a JWK.
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(&text, options)
        .map_err(|error| anyhow::anyhow!("{name}: {error}"))
}

/// The names in a folder, sorted, so that the output does not depend on the file system.
fn entries(folder: &Path) -> Result<Vec<String>> {
    let mut names = fs::read_dir(folder)
        .with_context(|| format!("cannot list {}", folder.display()))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}
