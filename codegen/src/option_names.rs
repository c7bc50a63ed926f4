//! The names of options, from `api/options.yaml`; writes `pkg/src/generated/options.ts`, by which TypeScript reads them.
//!
//! Knows the lists, not who reads an option: `tests/native/options.rs` compares them with the Rust sources.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, ensure};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::HEADER;
use super::source;

/// `api/options.yaml`. A key that is not listed here is an error.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionNames {
    lists: IndexMap<String, Vec<String>>,
    fields: IndexMap<String, Vec<String>>,
    kinds: IndexMap<String, Kind>,
    strict: Vec<String>,
    config: IndexMap<String, ConfigRule>,
}

/// What a configuration accepts for an option. It is written as it is described.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct ConfigRule {
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    within: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<ValueType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<serde_json::Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    below: Option<serde_json::Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    whole: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    one_of: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unsupported_by: Option<Vec<String>>,
}

/// A type as JavaScript's `typeof` calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum ValueType {
    Boolean,
    Function,
    Number,
    Object,
    String,
}

/// How the value of an option is written, if not as it is.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Date,
    Unbounded,
    Data,
    Options,
}

impl OptionNames {
    /// Reads `options.yaml` in the folder `api`.
    pub fn read(api: &Path) -> Result<Self> {
        let read: Self = source::parse(&api.join(FILE), FILE)?;
        read.check()?;
        Ok(read)
    }

    /// The TypeScript module.
    pub fn write(&self) -> String {
        let lists = self
            .lists
            .iter()
            .map(|(list, names)| format!("\nexport const {list} = {};\n", array(names)));
        let fields = self
            .fields
            .iter()
            .map(|(option, names)| format!("  {option}: {},\n", array(names)));
        let kinds = self
            .kinds
            .iter()
            .map(|(option, kind)| format!("  {option}: \"{}\",\n", kind.word()));
        let config = self.config.iter().map(|(option, rule)| {
            let rule = serde_json::to_string(rule).unwrap_or_default();
            format!("  {option}: table({rule}),\n")
        });
        format!(
            "// {HEADER}\n\n// The names of the properties that methods read from the caller's objects. Each list is a constant of its own, so that\n\
             // bundlers omit the lists of unused methods.\n{}\n\
             /** A table without a prototype, so that properties of `Object.prototype` are not read from it. */\n\
             const table = <Rows extends object>(rows: Rows): Rows => Object.setPrototypeOf(rows, null);\n\n\
             /** The fields of options that are objects. */\n\
             export const FIELDS: Record<string, readonly string[]> = /* @__PURE__ */ table({{\n{}}});\n\n\
             /** The options whose values are converted before they are passed to the wasm, and the conversion. */\n\
             export const KINDS: Record<string, \"date\" | \"unbounded\" | \"data\" | \"options\"> = /* @__PURE__ */ table({{\n{}}});\n\n\
             /** The options whose absence weakens a check. */\n\
             export const STRICT = {};\n\n\
             {CONFIG_RULE}\n\
             /** The options of a client's configuration. */\n\
             export const CONFIG: Record<string, ConfigRule> = /* @__PURE__ */ table({{\n{}}});\n",
            lists.collect::<String>(),
            fields.collect::<String>(),
            kinds.collect::<String>(),
            array(&self.strict),
            config.collect::<String>(),
        )
    }

    /// The JavaScript module with all names, for the tests.
    pub fn write_for_tests(&self) -> String {
        let names = self.lists.values().chain(self.fields.values()).flatten();
        let names: BTreeSet<&String> = names.chain(self.config.keys()).collect();
        let lines = names.iter().map(|name| format!("  \"{name}\",\n"));
        format!(
            "// {HEADER}\n\n/** The name of every option, and of every field of an option. */\n\
             export const OPTION_NAMES = [\n{}];\n",
            lines.collect::<String>()
        )
    }

    fn check(&self) -> Result<()> {
        let mut options = BTreeSet::new();
        for (list, names) in self.lists.iter().chain(&self.fields) {
            let distinct: BTreeSet<&String> = names.iter().collect();
            ensure!(
                distinct.len() == names.len() && !names.is_empty(),
                "api/{FILE}: `{list}` is empty, or has a name twice"
            );
            let is_word = |name: &&String| {
                let mut letters = name.bytes();
                letters.all(|letter| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'_'))
            };
            ensure!(
                names.iter().all(|name| is_word(&name)),
                "api/{FILE}: `{list}` has a name that is not in lower case with underscores"
            );
        }
        options.extend(self.lists.values().flatten());
        for option in self.fields.keys().chain(self.kinds.keys()) {
            ensure!(
                options.contains(option),
                "api/{FILE}: `{option}` is described, and no list has it"
            );
        }
        options.extend(self.config.keys());
        for option in &self.strict {
            ensure!(
                options.contains(option),
                "api/{FILE}: `{option}` is strict, and no list has it"
            );
        }
        for (option, rule) in &self.config {
            ensure!(
                rule.kind.is_some() == rule.accepted.is_some(),
                "api/{FILE}: `{option}` of a configuration has a type without an error, or the reverse"
            );
            ensure!(
                (rule.kind == Some(ValueType::Number)) == rule.at_least.is_some(),
                "api/{FILE}: `{option}` of a configuration is a number without a smallest one, or the reverse"
            );
        }
        Ok(())
    }
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Unbounded => "unbounded",
            Self::Data => "data",
            Self::Options => "options",
        }
    }
}

fn array(names: &[String]) -> String {
    format!("[\"{}\"]", names.join("\", \""))
}

/// The type of the rules of a configuration.
const CONFIG_RULE: &str = "\
/** What a configuration accepts for an option. */
export interface ConfigRule {
  in?: string;
  type?: \"boolean\" | \"function\" | \"number\" | \"object\" | \"string\";
  at_least?: number;
  below?: number;
  whole?: boolean;
  one_of?: readonly string[];
  accepted?: string;
  unsupported_by?: readonly string[];
}
";

/// The name of the file below `api`.
const FILE: &str = "options.yaml";

#[cfg(test)]
mod tests {
    use crate::fixture::Project;
    use crate::{Mode, run};

    #[test]
    fn a_list_becomes_a_constant_and_fields_and_kinds_a_table() {
        let options = Project::new().generated("pkg/src/generated/options.ts");
        for expected in [
            "\nexport const paintThing = [\"color\", \"when\", \"brush\"];\n",
            "readonly string[]> = /* @__PURE__ */ table({\n  brush: [\"width\"],\n});\n",
            "\"options\"> = /* @__PURE__ */ table({\n  when: \"date\",\n});\n",
            "\nexport const STRICT = [\"color\", \"anything\"];\n",
            "  thickness: table({\"in\":\"brush\",\"type\":\"number\",\"at_least\":1,\"below\":9.5,\"whole\":true,\"accepted\":\"thick\"}),\n",
            "  color: table({\"type\":\"string\",\"one_of\":[\"red\",\"blue\"],\"accepted\":\"red or blue\",\"unsupported_by\":[\"robot\"]}),\n",
            "  anything: table({}),\n",
        ] {
            assert!(options.contains(expected), "{options}");
        }
    }

    #[test]
    fn the_tests_have_every_name_once() {
        let names = Project::new().generated("tests/conformance/option_names.js");
        let list = "export const OPTION_NAMES = [\n  \"anything\",\n  \"brush\",\n  \"color\",\n  \"thickness\",\n  \"when\",\n  \"width\",\n];\n";
        assert!(names.ends_with(list), "{names}");
    }

    #[test]
    fn names_what_is_wrong_with_the_list() {
        for (from, to, complaint) in [
            (
                "color,",
                "when,",
                "`paintThing` is empty, or has a name twice",
            ),
            ("[width]", "[]", "`brush` is empty, or has a name twice"),
            (
                "color",
                "theColor",
                "`paintThing` has a name that is not in lower case",
            ),
            (
                "when: date",
                "then: date",
                "`then` is described, and no list has it",
            ),
            (
                "brush: [",
                "broom: [",
                "`broom` is described, and no list has it",
            ),
            ("when: date", "when: moment", "unknown variant"),
            (
                "strict: [color",
                "strict: [colour",
                "`colour` is strict, and no list has it",
            ),
            ("kinds:", "kind:", "unknown field"),
            (
                "anything: {}",
                "anything: {type: object}",
                "`anything` of a configuration has a type without an error",
            ),
            (
                "at_least: 1, ",
                "",
                "`thickness` of a configuration is a number without a smallest one",
            ),
            ("type: string", "type: text", "unknown variant"),
        ] {
            let project = Project::new();
            project.edit("api/options.yaml", from, to);
            let found = format!("{:#}", run(&project.root, Mode::Write).unwrap_err());
            assert!(
                found.contains("api/options.yaml") && found.contains(complaint),
                "{found}"
            );
        }
    }
}
