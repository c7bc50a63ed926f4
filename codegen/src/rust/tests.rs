//! The Rust output for a description of two operations.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::path::PathBuf;

use super::names::snake;
use crate::fixture::Project;
use crate::model::{Product, Route};
use crate::source::Source;
use crate::{Mode, assemble, run};

/// Hand-written methods have to be in `src/typed`, on the resource that the description has them on.
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
            // What is at once in JavaScript is so for want of a way to wait; Rust has one.
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

/// Whether an `impl` block of a class holds a text.
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
fn a_request_an_answer_and_words_have_their_forms() {
    let module = Project::new().generated("src/generated/consumer.rs");
    for expected in [
        "request! {\n    /// What `things().paint` takes.\n    pub struct ThingsPaintRequest {\n        \
         /// Which thing.\n        pub thing_id: String,\n        /// What it will look like.\n        \
         pub color: Option<Color>,\n    }\n}\n",
        "object! {\n    /// A thing.\n    pub struct Thing {\n        /// What people call it.\n        \
         pub name: String,\n    }\n}\n",
        "words! {\n    /// What `color` may say.\n    pub enum Color {\n        Red = \"red\",\n        \
         Blue = \"blue\",\n    }\n}\n",
    ] {
        assert!(module.contains(expected), "{module}");
    }
    assert!(!module.contains("RequestOptions"), "{module}");
}

#[test]
fn a_method_hands_its_row_and_its_request_on() {
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
fn what_has_no_rust_form_is_refused_by_name() {
    for (from, to, says) in [
        ("name: {type: string,", "'na-me': {type: string,", "na-me"),
        ("enum: [red, blue]", "enum: [red, '…']", "`…` of"),
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
        let complaint = format!("{:#}", run(&project.root, Mode::Write).unwrap_err());
        assert!(complaint.contains(says), "{to}: {complaint}");
    }
}
