//! Tests the Rust output, for a description of two operations and for the description in `api/`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::path::PathBuf;

use super::names::snake;
use crate::fixture::Project;
use crate::model::{Product, Route};
use crate::source::Source;
use crate::{Mode, assemble, run};

/// A hand-written method must be in `src/typed`, on the same resource as in the description.
#[test]
fn every_operation_has_a_method_in_rust() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let api = assemble::api(&Source::read(&root.join("api")).unwrap()).unwrap();
    let by_hand: String = ["sessions", "m2m", "idp", "user_pages"]
        .map(|name| fs::read_to_string(root.join(format!("src/typed/{name}.rs"))).unwrap())
        .concat();
    let written = super::write(&api).unwrap();
    let (mut methods, mut missing) = (0, Vec::new());
    for (product, module) in &api.modules {
        let generated = &written[&format!("src/generated/{}.rs", product.folder())];
        for (path, resource) in &module.resources {
            let class = &resource.class;
            // Includes the methods that are synchronous in JavaScript.
            for (name, method) in resource.methods.iter().filter(|(_, method)| !method.ours) {
                methods += 1;
                let signature = format!("fn {}(", snake(name));
                let is_there = match method.route {
                    Route::Remote { .. } => implements(generated, class, &signature),
                    Route::Local { .. } if *product == Product::Shared || class == "Users" => {
                        implements(&by_hand, class, &signature)
                    }
                    Route::Local { .. } => implements(
                        &by_hand,
                        &format!("{}::{class}", product.folder()),
                        &signature,
                    ),
                };
                if !is_there {
                    missing.push(format!("{path}.{name}"));
                }
            }
        }
    }
    assert_eq!(missing, [""; 0]);
    assert_eq!(methods, 196);
}

/// Whether an `impl` block of a class contains a text.
fn implements(text: &str, class: &str, expected: &str) -> bool {
    let blocks = text.split("\nimpl").filter(|block| {
        let head = block.lines().next().unwrap_or_default();
        head.contains(&format!(" {class}<"))
    });
    let ends = |block: &str| {
        block
            .split("\n}\n")
            .next()
            .is_some_and(|body| body.contains(expected))
    };
    blocks.into_iter().any(ends)
}

#[test]
fn writes_a_request_a_response_and_words() {
    let module = Project::new().generated("src/generated/consumer.rs");
    for expected in [
        "request! {\n    /// The request of `things().paint`.\n    pub struct ThingsPaintRequest {\n        \
         /// The thing to change.\n        pub thing_id: String,\n        /// The new color.\n        \
         pub color: Option<Color>,\n    }\n}\n",
        "object! {\n    /// A thing.\n    pub struct Thing {\n        /// The name that is displayed.\n        \
         pub name: String,\n    }\n}\n",
        "words! {\n    /// The values of `color`.\n    pub enum Color {\n        Red = \"red\",\n        \
         Blue = \"blue\",\n    }\n}\n",
    ] {
        assert!(module.contains(expected), "{module}");
    }
    assert!(!module.contains("RequestOptions"), "{module}");
}

#[test]
fn a_method_passes_its_row_and_its_request() {
    let module = Project::new().generated("src/generated/consumer.rs");
    let expected = "    /// Paints a thing.\n    ///\n    /// `POST /v1/things/{thing_id}`\n    \
                    pub async fn paint(\n        &self,\n        request: &ThingsPaintRequest,\n        \
                    authorization: Option<&Authorization>,\n    ) -> Result<Thing> {\n        \
                    self.core.call(1, Some(request), authorization).await\n    }\n";
    assert!(module.contains(expected), "{module}");
    assert!(
        module.contains("pub fn things(&self) -> Things<'_> {"),
        "{module}"
    );
}

#[test]
fn rejects_an_unsupported_type_and_names_it() {
    for (from, to, message) in [
        ("name: {type: string,", "'na-me': {type: string,", "na-me"),
        ("enum: [red, blue]", "enum: [red, '…']", "`…`"),
        (
            "type: string, enum: [red, blue]}, {type: string}",
            "type: integer}, {type: boolean}",
            "`color`",
        ),
        (
            "      properties:\n        name:",
            "      additionalProperties: true\n      properties:\n        name:",
            "`Thing`",
        ),
    ] {
        let project = Project::new();
        project.edit("api/consumer/things.yaml", from, to);
        if from.starts_with("name") {
            project.edit(
                "api/consumer/things.yaml",
                "required: [name]",
                "required: ['na-me']",
            );
        }
        let error = format!("{:#}", run(&project.root, Mode::Write).unwrap_err());
        assert!(error.contains(message), "{to}: {error}");
    }
}
