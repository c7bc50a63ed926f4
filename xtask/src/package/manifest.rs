//! package.json as the package has it: with the addresses that Cargo.toml has, and without what
//! only the package's build uses.
//!
//! It is edited as text, because the order of the keys of "exports" has a meaning. Does not know
//! the rest of package.json.

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

/// Where the project is.
#[derive(Debug)]
pub struct Addresses<'m> {
    /// Of its page.
    pub homepage: &'m str,
    /// Of its git repository, without `.git`. The list of issues is below it.
    pub repository: &'m str,
}

/// The text of package.json to pack.
pub fn for_the_package(text: &str, addresses: &Addresses<'_>) -> Result<String> {
    let mut expected: Map<String, Value> =
        serde_json::from_str(text).context("cannot read package.json")?;
    let added = addresses.fields();
    for (key, value) in &added {
        let old = expected.insert((*key).to_owned(), value.clone());
        ensure!(
            old.is_none(),
            "package.json has \"{key}\", which packing adds from Cargo.toml"
        );
    }
    expected.remove(BUILD_ONLY);

    let packed = without_key(&with_fields(text, &added)?, BUILD_ONLY);
    let result: Map<String, Value> = serde_json::from_str(&packed)
        .context("package.json is not laid out as npm does it: a key a line, two spaces deep")?;
    ensure!(
        result == expected,
        "package.json is not laid out as npm does it: a key a line, two spaces deep"
    );
    Ok(packed)
}

impl Addresses<'_> {
    fn fields(&self) -> [(&'static str, Value); 3] {
        let Self {
            homepage,
            repository,
        } = self;
        [
            ("homepage", json!(homepage)),
            (
                "repository",
                json!({ "type": "git", "url": format!("git+{repository}.git") }),
            ),
            ("bugs", json!({ "url": format!("{repository}/issues") })),
        ]
    }
}

/// The text with more keys, after its licence.
fn with_fields(text: &str, fields: &[(&str, Value)]) -> Result<String> {
    let mut result = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        result.push_str(line);
        if line.starts_with("  \"license\": ") && line.trim_end().ends_with(',') {
            for (key, value) in fields {
                let value = serde_json::to_string_pretty(value)?.replace('\n', "\n  ");
                result.push_str(&format!("  \"{key}\": {value},\n"));
            }
        }
    }
    Ok(result)
}

/// The text without a key whose value is an object over several lines.
fn without_key(text: &str, key: &str) -> String {
    let start = format!("\n  \"{key}\": {{\n");
    let Some((before, object)) = text.split_once(&start) else {
        return text.to_owned();
    };
    if let Some((_, after)) = object.split_once("\n  },\n") {
        return format!("{before}\n{after}");
    }
    let after = object.split_once("\n  }\n").map_or("", |(_, after)| after);
    format!("{}\n{after}", before.trim_end_matches(','))
}

/// Users install the package, and do not build it.
const BUILD_ONLY: &str = "devDependencies";

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESSES: Addresses<'_> = Addresses {
        homepage: "https://a.invalid",
        repository: "https://a.invalid/b",
    };

    #[test]
    fn adds_the_addresses_and_leaves_every_other_line() {
        let text = r#"{
  "name": "a",
  "license": "MIT",
  "exports": {
    "z": "./z.js",
    "a": {
      "license": "./l.js",
      "default": "./a.js"
    }
  }
}
"#;
        let expected = r#"{
  "name": "a",
  "license": "MIT",
  "homepage": "https://a.invalid",
  "repository": {
    "type": "git",
    "url": "git+https://a.invalid/b.git"
  },
  "bugs": {
    "url": "https://a.invalid/b/issues"
  },
  "exports": {
    "z": "./z.js",
    "a": {
      "license": "./l.js",
      "default": "./a.js"
    }
  }
}
"#;
        assert_eq!(for_the_package(text, &ADDRESSES).unwrap(), expected);
    }

    #[test]
    fn drops_the_development_dependencies_in_the_middle_and_at_the_end() {
        let dependencies = "  \"devDependencies\": {\n    \"a\": \"1\"\n  }";
        let engines = "  \"engines\": {\n    \"node\": \"18\"\n  }";
        let expected = format!("{{\n{engines}\n}}\n");
        for text in [
            format!("{{\n{dependencies},\n{engines}\n}}\n"),
            format!("{{\n{engines},\n{dependencies}\n}}\n"),
        ] {
            assert_eq!(without_key(&text, BUILD_ONLY), expected);
        }
        assert_eq!(without_key(&expected, BUILD_ONLY), expected);
    }

    #[test]
    fn refuses_what_it_cannot_edit() {
        for (text, message) in [
            ("{", "cannot read package.json"),
            (
                "{\n  \"license\": \"MIT\",\n  \"bugs\": \"x\"\n}\n",
                "package.json has \"bugs\"",
            ),
            ("{\n  \"name\": \"a\"\n}\n", "not laid out"),
            ("{\n  \"license\": \"MIT\"\n}\n", "not laid out"),
            (
                "{\n  \"license\": \"MIT\",\n  \"devDependencies\": {}\n}\n",
                "not laid out",
            ),
        ] {
            let error = for_the_package(text, &ADDRESSES).unwrap_err().to_string();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
