//! Reads `emulator/coverage.yaml`: the routes that the emulator implements, and how sure each behaviour is.
//!
//! Knows which routes `api/` describes. Does not know the emulator: a test of the emulator compares the rows with its
//! route table.

use std::path::Path;

use anyhow::{Result, ensure};
use indexmap::IndexMap;
use serde::Deserialize;

use super::model::Api;
use super::source;

/// `emulator/coverage.yaml`. A key that is not a field here is an error.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// The notes on behaviour that the routes have in common.
    pub every_route: Vec<Note>,
    /// The implemented routes, by method and path.
    routes: IndexMap<String, Row>,
    /// The notes on behaviour that the routes of the browser SDKs have in common.
    #[serde(default)]
    pub every_sdk_route: Vec<Note>,
    /// The routes of the browser SDKs, by method and path. `api/` does not describe them.
    #[serde(default)]
    pub sdk_routes: IndexMap<String, Row>,
}

/// An implemented route.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The confidence in the response to a valid request.
    pub confidence: Confidence,
    #[serde(default)]
    pub notes: Vec<Note>,
}

/// A part of the behaviour whose confidence differs from that of its route.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    pub confidence: Confidence,
    /// Sentences, in Markdown.
    pub note: String,
}

/// The source of a behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    Documented,
    Observed,
    Inferred,
    Guessed,
}

impl Coverage {
    /// Reads the file below the root of the checkout. Each row must name a route of the description.
    pub fn read(root: &Path, api: &Api) -> Result<Self> {
        let read: Self = source::parse_named(&root.join(FILE), FILE)?;
        for (route, row) in &read.routes {
            ensure!(
                api.endpoints
                    .iter()
                    .any(|endpoint| endpoint.route() == *route),
                "{FILE}: the description in api/ does not have the route `{route}`"
            );
            read.check(route, &row.notes)?;
        }
        for (route, row) in &read.sdk_routes {
            ensure!(
                route.contains(" /sdk/v1/"),
                "{FILE}: the path of `{route}` must start with /sdk/v1/"
            );
            read.check(route, &row.notes)?;
        }
        read.check("every_route", &read.every_route)?;
        read.check("every_sdk_route", &read.every_sdk_route)?;
        Ok(read)
    }

    /// The row of a route, or `None` if the emulator does not implement the route.
    pub fn row(&self, route: &str) -> Option<&Row> {
        self.routes.get(route)
    }

    /// The number of implemented routes.
    pub fn count(&self) -> usize {
        self.routes.len()
    }

    fn check(&self, at: &str, notes: &[Note]) -> Result<()> {
        for Note { note, .. } in notes {
            ensure!(
                note.ends_with('.') && !note.contains(['|', '\n']),
                "{FILE}: each note of `{at}` must be sentences on one line that end with a full stop, without bars"
            );
        }
        Ok(())
    }
}

impl Confidence {
    pub fn word(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Inferred => "inferred",
            Self::Guessed => "guessed",
        }
    }
}

/// The path below the root of the checkout.
const FILE: &str = "emulator/coverage.yaml";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use crate::fixture::Project;
    use crate::{Mode, run};

    #[test]
    fn lists_each_route_of_the_description_and_whether_it_is_implemented() {
        let routes = Project::new().generated("emulator/src/generated/routes.rs");
        let rows = "[\n    (\"DELETE\", \"/v1/things/{thing_id}\", true),\n    (\"POST\", \"/v1/things/{thing_id}\", false),\n";
        assert!(routes.contains(rows), "{routes}");
        let page = Project::new().generated("docs/reference/emulator.md");
        for row in [
            "| `DELETE /v1/things/{thing_id}` | documented | *guessed:* Things stay dropped. |\n",
            "| `POST /v1/things/{thing_id}` | missing |  |\n",
        ] {
            assert!(page.contains(row), "{page}");
        }
        assert!(page.contains("1 of the 2 routes"), "{page}");
    }

    #[test]
    fn rejects_an_unknown_route_and_a_malformed_note() {
        for (from, to, message) in [
            (
                "DELETE /v1",
                "DELETE /v2",
                "does not have the route `DELETE /v2/things/{thing_id}`",
            ),
            (
                "dropped.",
                "dropped",
                "each note of `DELETE /v1/things/{thing_id}` must be sentences",
            ),
            ("documented", "certain", "certain"),
            ("notes:", "remarks:", "remarks"),
        ] {
            let project = Project::new();
            project.edit("emulator/coverage.yaml", from, to);
            let found = format!("{:#}", run(&project.root, Mode::Write).unwrap_err());
            assert!(
                found.contains("emulator/coverage.yaml") && found.contains(message),
                "{found}"
            );
        }
    }
}
