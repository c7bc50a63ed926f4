//! The Rust output for a description of two operations.

#![allow(clippy::unwrap_used)]

use super::super::fixture::Project;
use super::super::{Mode, run};

#[test]
fn a_request_an_answer_and_words_have_their_forms() {
    let module = Project::new().generated("src/generated/consumer.rs");
    for expected in [
        "request! {\n    /// What `things.paint` takes as `data`.\n    pub struct ThingsPaintRequest {\n        \
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
