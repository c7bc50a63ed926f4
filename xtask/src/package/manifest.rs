//! Converts package.json for publication: adds the addresses from Cargo.toml, and removes the
//! development dependencies.
//!
//! Edits the text, because the order of the keys in "exports" is significant. Does not know the
//! rest of package.json.

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

/// The addresses of the project.
#[derive(Debug)]
pub struct Addresses<'m> {
    /// The URL of its website.
    pub homepage: &'m str,
    /// The URL of its git repository, without `.git`. The list of issues is at `<repository>/issues`.
    pub repository: &'m str,
}

/// The text of package.json for publication.
pub fn for_the_package(text: &str, addresses: &Addresses<'_>) -> Result<String> {
    let mut expected: Map<String, Value> =
        serde_json::from_str(text).context("pkg/package.json is not a JSON object")?;
    let added = addresses.fields();
    for (key, value) in &added {
        let old = expected.insert((*key).to_owned(), value.clone());
        ensure!(
            old.is_none(),
            "pkg/package.json has \"{key}\"; remove it, because packing adds it from Cargo.toml"
        );
    }
    expected.remove(BUILD_ONLY);

    let packed = without_key(&with_fields(text, &added)?, BUILD_ONLY);
    let result: Map<String, Value> = serde_json::from_str(&packed).context(BAD_FORMAT)?;
    ensure!(result == expected, BAD_FORMAT);
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

/// Adds keys after `license`.
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

/// Removes a key whose value is an object on several lines.
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

/// Needed to build the package, not to use it.
const BUILD_ONLY: &str = "devDependencies";
const BAD_FORMAT: &str = "pkg/package.json must have npm's format (one key per line, indented by two spaces) and a license before other keys";

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESSES: Addresses<'_> = Addresses {
        homepage: "https://a.invalid",
        repository: "https://a.invalid/b",
    };

    #[test]
    fn adds_the_addresses_and_keeps_every_other_line() {
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
    fn removes_the_development_dependencies_in_the_middle_and_at_the_end() {
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
    fn rejects_a_text_that_it_cannot_edit() {
        for (text, message) in [
            ("{", "is not a JSON object"),
            (
                "{\n  \"license\": \"MIT\",\n  \"bugs\": \"x\"\n}\n",
                "package.json has \"bugs\"",
            ),
            ("{\n  \"name\": \"a\"\n}\n", "must have npm's format"),
            ("{\n  \"license\": \"MIT\"\n}\n", "must have npm's format"),
            (
                "{\n  \"license\": \"MIT\",\n  \"devDependencies\": {}\n}\n",
                "must have npm's format",
            ),
        ] {
            let error = for_the_package(text, &ADDRESSES).unwrap_err().to_string();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
