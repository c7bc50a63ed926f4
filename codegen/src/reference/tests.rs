//! Tests the pages for a description of two operations, and the links of the pages for the description in `api/`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::path::Path;

use super::markdown::anchor;
use crate::fixture::Project;
use crate::source::Source;
use crate::{assemble, reference};

#[test]
fn a_method_has_its_request_its_call_its_arguments_and_its_result() {
    let page = Project::new().generated("docs/api/consumer.md");
    let expected = "\
### client.things.paint

Paints a thing.

`POST /v1/things/{thing_id}`, on `telemetry.stytch.com`, as a form

[Retried](README.md#retries) after a temporary failure: yes. The second coat has the same color.

```ts
await client.things.paint({ thing_id });
```

Argument `data`:

| Parameter | Type | Required | Description |
|---|---|---|---|
| `thing_id` | string | yes | The thing to change. |
| `color` | `red`, `blue` or another string |  | The new color. |

Argument `options`, optional:

| Parameter | Type | Required | Description |
|---|---|---|---|
| `authorization` | string |  | The member who makes the call. |

Also [the options of every call](README.md#options-of-a-call).

| Result | Type | Description |
|---|---|---|
| `name` | string | The name that is displayed. |

[Throws](README.md#errors) `StytchError` if the API refuses the request; `RequestError` if no usable response arrives in \
time; `ClientError` `invalid_argument` if `thing_id` cannot be a part of a path.
";
    assert!(page.contains(expected), "{page}");
}

#[test]
fn a_method_says_which_of_its_requests_are_retried() {
    let project = Project::new();
    let retried = |page: &str, method: &str| {
        let section = page.split(&format!("### client.things.{method}\n")).nth(1);
        let section = section.unwrap().split("\n### ").next().unwrap();
        let line = section.lines().find(|line| line.starts_with("[Retried]"));
        line.unwrap().split_once(": ").unwrap().1.to_owned()
    };
    let page = project.generated("docs/api/consumer.md");
    assert_eq!(retried(&page, "drop"), "no.");
    assert_eq!(retried(&page, "dropAll"), "no.");
    assert_eq!(
        retried(&page, "paintTwice"),
        "only `POST /v1/things/{thing_id}`. The second coat has the same color."
    );
    project.edit(
        "api/consumer/things.yaml",
        "{safe: false}",
        "{safe: true, reason: A thing can be dropped again.}",
    );
    let page = project.generated("docs/api/consumer.md");
    assert_eq!(
        retried(&page, "paintTwice"),
        "yes. The second coat has the same color. A thing can be dropped again."
    );
}

#[test]
fn a_type_that_another_type_contains_has_a_section_and_links() {
    let project = Project::new();
    let alone = project.generated("docs/api/consumer.md");
    assert!(!alone.contains("### Thing"), "{alone}");
    project.edit(
        "api/consumer/things.yaml",
        "        name: {type: string, description: The name that is displayed.}",
        "        parts: {type: array, items: {$ref: '#/components/schemas/Thing'}, description: The parts of the thing.}\n        \
         name: {type: string, description: The name that is displayed.}",
    );
    let held = project.generated("docs/api/consumer.md");
    assert!(
        held.contains("### Thing\n\nA thing.\n\n| Field |"),
        "{held}"
    );
    assert!(held.contains("Returns [`Thing`](#thing)."), "{held}");
    assert!(
        held.contains("| `parts?` | [`Thing`](#thing)[] | The parts of the thing. |"),
        "{held}"
    );
}

#[test]
fn every_link_leads_to_exactly_one_heading() {
    let api = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api");
    let pages = reference::write(&assemble::api(&Source::read(&api).unwrap()).unwrap());
    let mut anchors = BTreeSet::new();
    for (path, page) in &pages {
        for heading in page.lines().filter(|line| line.starts_with('#')) {
            let anchor = format!("{path}#{}", anchor(heading.trim_start_matches(['#', ' '])));
            assert!(
                anchors.insert(anchor.clone()),
                "two headings have the anchor {anchor}"
            );
        }
    }
    let mut links = 0;
    for (path, page) in &pages {
        for (_, after) in page
            .match_indices("](")
            .map(|(at, mark)| page.split_at(at + mark.len()))
        {
            let target = &after[..after.find(')').unwrap()];
            let Some((file, heading)) = target
                .split_once('#')
                .filter(|(file, _)| !file.contains('/'))
            else {
                continue;
            };
            let file = if file.is_empty() {
                path.clone()
            } else {
                format!("docs/api/{file}")
            };
            assert!(
                anchors.contains(&format!("{file}#{heading}")),
                "{path}: {target}"
            );
            links += 1;
        }
    }
    assert!(links > 500, "this test found only {links} links");
}
