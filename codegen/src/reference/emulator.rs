//! Writes `docs/reference/emulator.md`: the routes of the emulator, and how sure each behaviour is.
//!
//! Knows the description and `emulator/coverage.yaml`. Does not know the emulator.

use super::HEADER;
use super::markdown::{code, table};
use crate::coverage::{Coverage, Note, Row};
use crate::model::{Api, Base, Endpoint};

/// `docs/reference/emulator.md`.
pub fn write(api: &Api, coverage: &Coverage) -> String {
    let (done, all) = (coverage.count(), api.endpoints.len());
    let mut text = format!("<!-- {HEADER} -->\n\n{INTRODUCTION}");
    text = text.replace("{count}", &format!("{done} of the {all} routes"));
    text.push_str("\n## All routes\n\n");
    for note in &coverage.every_route {
        text.push_str(&format!("- {}\n", sentence(note)));
    }
    for section in Section::ALL {
        let rows: Vec<[String; 3]> = api
            .endpoints
            .iter()
            .filter(|endpoint| Section::of(endpoint) == section)
            .map(|endpoint| row(endpoint, coverage))
            .collect();
        if rows.is_empty() {
            continue;
        }
        text.push_str(&format!("\n## {}\n\n{}", section.heading(), listed(&rows)));
    }
    if !coverage.sdk_routes.is_empty() {
        text.push_str(SDK_INTRODUCTION);
        for note in &coverage.every_sdk_route {
            text.push_str(&format!("- {}\n", sentence(note)));
        }
        let rows = coverage.sdk_routes.iter();
        let rows: Vec<[String; 3]> = rows
            .map(|(route, found)| cells(route, Some(found)))
            .collect();
        text.push_str(&format!("\n{}", listed(&rows)));
    }
    text
}

fn listed(rows: &[[String; 3]]) -> String {
    let table = table(["Route", "State", "Differs"], rows);
    format!("{}\n", table.trim_end())
}

fn row(endpoint: &Endpoint, coverage: &Coverage) -> [String; 3] {
    let route = endpoint.route();
    cells(&route, coverage.row(&route))
}

fn cells(route: &str, found: Option<&Row>) -> [String; 3] {
    let state = found.map_or("missing", |row| row.confidence.word());
    let notes = found.map_or(&[][..], |row| &row.notes);
    let notes: Vec<String> = notes.iter().map(sentence).collect();
    [code(route), state.to_owned(), notes.join(" ")]
}

fn sentence(Note { confidence, note }: &Note) -> String {
    format!("*{}:* {note}", confidence.word())
}

/// The sections of the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Consumer,
    B2b,
    OtherHosts,
}

impl Section {
    const ALL: [Self; 3] = [Self::Consumer, Self::B2b, Self::OtherHosts];

    fn of(endpoint: &Endpoint) -> Self {
        match endpoint.base {
            Base::Fraud | Base::SamlShield => Self::OtherHosts,
            Base::Auth if endpoint.path.starts_with("/v1/b2b/") => Self::B2b,
            Base::Auth => Self::Consumer,
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Consumer => "Consumer projects, and routes for both products",
            Self::B2b => "B2B projects",
            Self::OtherHosts => "Fraud and SAML Shield",
        }
    }
}

const SDK_INTRODUCTION: &str = "
## Browser SDKs

The emulator also has routes that Stytch's SDKs for browsers call. They are not counted above.
[Testing with a server](../guide/testing-end-to-end.md#stytchs-browser-sdk) has an example.

";

const INTRODUCTION: &str = "# Routes of the emulator

The emulator implements {count} of the Stytch API that this project describes. If a route is missing, the
emulator answers with status 501 and the error type `not_implemented_by_emulator`, so that a test cannot mistake the answer
for an answer of the API. A path that the API does not have is answered with 404 `route_not_found`, and a known path with a
wrong method with 405 `method_not_allowed`.

The emulator was written from public material. Its behaviour was not compared with the live API. The tables show the source of
each behaviour:

| State | Source |
|---|---|
| documented | Stytch's documentation, or the comments of its SDKs. |
| observed | A public log of the API, or a test that Stytch runs against its API. |
| inferred | Types, samples, and names of error types that Stytch publishes. |
| guessed | No source is known. The emulator has a plausible default. |
| missing | The emulator does not have the route. |

The state of a route is about the response to a valid request. The last column lists parts of the behaviour with another
source. The texts of error messages are the emulator's own: compare the status and the error type.
";
