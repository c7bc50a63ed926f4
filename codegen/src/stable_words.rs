//! Reads the words that callers compare from `api/words.yaml`, and writes their TypeScript types to
//! `pkg/src/generated/words.ts`.
//!
//! Does not know where a word is used: `tests/native/reasons.rs` compares the list with the Rust sources and the
//! documentation.

use std::path::Path;

use anyhow::{Result, ensure};
use indexmap::IndexMap;
use serde::Deserialize;

use super::HEADER;
use super::model::Type;
use super::source;
use super::typescript::alias;

/// `api/words.yaml`. A key that is not a field here is an error.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StableWords {
    types: IndexMap<String, WordType>,
    words: IndexMap<String, Word>,
}

/// A TypeScript type that is a union of words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordType {
    description: String,
    /// Whether later versions may add words.
    #[serde(default)]
    open: bool,
    /// The group of all its words, if they have the same group.
    group: Option<Group>,
}

/// One word of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// A sentence, in Markdown.
    pub means: String,
    pub group: Option<Group>,
    /// The types that contain the word.
    types: Vec<String>,
}

/// The meaning of a code or a reason for the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    Refused,
    Forbidden,
    Undecided,
    Misuse,
}

impl Group {
    /// Every group, in the order of the list.
    pub const ALL: [Self; 4] = [
        Self::Refused,
        Self::Forbidden,
        Self::Undecided,
        Self::Misuse,
    ];

    /// The HTTP status to respond with.
    pub fn http_status(self) -> u16 {
        match self {
            Self::Refused => 401,
            Self::Forbidden => 403,
            Self::Undecided => 503,
            Self::Misuse => 500,
        }
    }
}

impl Word {
    /// Whether this type contains the word.
    pub fn is_in(&self, type_name: &str) -> bool {
        self.types.iter().any(|known| known == type_name)
    }
}

impl StableWords {
    /// Reads `words.yaml` in the folder `api`.
    pub fn read(api: &Path) -> Result<Self> {
        let read: Self = source::parse(&api.join(FILE), FILE)?;
        read.check()?;
        Ok(read)
    }

    /// The TypeScript module.
    pub fn write(&self) -> String {
        let mut text = format!("// {HEADER}\n");
        for (name, made) in &self.types {
            let mut words = Vec::new();
            let grows = if made.open { GROWS } else { "" };
            let mut paragraphs = vec![format!("{}{grows}", made.description)];
            for (word, Word { means, .. }) in self.of_type(name) {
                words.push(word.clone());
                paragraphs.push(format!("- `{word}`: {means}"));
            }
            let paragraphs: Vec<&str> = paragraphs.iter().map(String::as_str).collect();
            text.push('\n');
            text.push_str(&alias(name, &paragraphs, &union(&words, made.open)));
        }
        text
    }

    fn check(&self) -> Result<()> {
        for (
            word,
            Word {
                means,
                group,
                types,
            },
        ) in &self.words
        {
            ensure!(
                means.ends_with('.'),
                "api/{FILE}: `means` of the word `{word}` must be a sentence that ends with a full stop"
            );
            ensure!(
                !types.is_empty(),
                "api/{FILE}: `types` of the word `{word}` must name at least one type"
            );
            for name in types {
                let Some(made) = self.types.get(name) else {
                    anyhow::bail!(
                        "api/{FILE}: `types` of the word `{word}` names `{name}`, which is not a type of this file"
                    );
                };
                ensure!(
                    made.group.is_none() || made.group == *group,
                    "api/{FILE}: `group` of the word `{word}` differs from `group` of the type `{name}`"
                );
            }
        }
        for name in self.types.keys() {
            ensure!(
                self.of_type(name).next().is_some(),
                "api/{FILE}: the type `{name}` has no words; name it in `types` of a word"
            );
        }
        Ok(())
    }

    /// Every word, in the order of the list.
    pub fn all(&self) -> impl Iterator<Item = (&String, &Word)> {
        self.words.iter()
    }

    /// The words that this type contains.
    pub fn of_type<'a>(
        &'a self,
        type_name: &'a str,
    ) -> impl Iterator<Item = (&'a String, &'a Word)> {
        self.all().filter(move |(_, word)| word.is_in(type_name))
    }
}

fn union(words: &[String], open: bool) -> Type {
    if !open {
        return Type::Words(words.to_vec());
    }
    let mut kinds: Vec<Type> = words
        .iter()
        .map(|word| Type::Words(vec![word.clone()]))
        .collect();
    // Unlike with `string`, editors still complete the words.
    kinds.push(Type::Verbatim("(string & {})".to_owned()));
    Type::Union(kinds)
}

/// The path below `api`.
const FILE: &str = "words.yaml";
const GROWS: &str = " New words may be added.";

#[cfg(test)]
mod tests {
    use crate::fixture::Project;
    use crate::{Mode, run};

    #[test]
    fn writes_a_type_with_its_words_and_their_meanings() {
        let words = Project::new().generated("pkg/src/generated/words.ts");
        let expected = "\n/**\n * The reason why a thing is refused. New words may be added.\n *\n \
                        * - `too_big`: The thing is too big.\n * - `too_old`: The thing is too old.\n */\n\
                        export type ThingReason = \"too_big\" | \"too_old\" | (string & {});\n\n\
                        /**\n * The status of a thing.\n *\n * - `painted`: The thing was painted.\n */\n\
                        export type ThingStatus = \"painted\";\n";
        assert!(words.ends_with(expected), "{words}");
    }

    #[test]
    fn rejects_an_invalid_list_and_names_the_mistake() {
        for (from, to, message) in [
            (
                "painted.",
                "painted",
                "`means` of the word `painted` must be a sentence",
            ),
            (
                "[ThingStatus]",
                "[]",
                "`types` of the word `painted` must name at least one type",
            ),
            (
                "[ThingStatus]",
                "[Thing]",
                "`types` of the word `painted` names `Thing`, which is not a type",
            ),
            (
                "[ThingStatus]",
                "[ThingReason]",
                "`group` of the word `painted` differs from `group` of the type `ThingReason`",
            ),
            (
                "[ThingStatus]",
                "[ThingStatus]\n  too_old: {means: Again., types: [ThingStatus]}",
                "too_old",
            ),
            (
                "words:",
                "  Empty: {description: No words.}\nwords:",
                "the type `Empty` has no words",
            ),
            ("painted: {", "painted: {meant: x, ", "unknown field"),
        ] {
            let project = Project::new();
            project.edit("api/words.yaml", from, to);
            let found = format!("{:#}", run(&project.root, Mode::Write).unwrap_err());
            assert!(
                found.contains("api/words.yaml") && found.contains(message),
                "{found}"
            );
        }
    }
}
