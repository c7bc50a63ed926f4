//! The pages of a description of two operations, and the links of the real ones.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::path::Path;

use super::markdown::anchor;
use crate::fixture::Project;
use crate::source::Source;
use crate::{assemble, reference};

#[test]
fn a_method_is_shown_with_its_request_its_call_what_it_takes_and_what_it_gives() {
    let page = Project::new().generated("docs/api/consumer.md");
    let expected = "\
### client.things.paint

Paints a thing.

`POST /v1/things/{thing_id}`, on `telemetry.stytch.com`, as a form

```ts
await client.things.paint({ thing_id });
```

Takes `data`:

| Parameter | Type | Required | Description |
|---|---|---|---|
| `thing_id` | string | yes | Which thing. |
| `color` | `red`, `blue` or another string |  | What it will look like. |

Takes `options`, optional:

| Parameter | Type | Required | Description |
|---|---|---|---|
| `authorization` | string |  | Whom to act for. |

| Result | Type | Description |
|---|---|---|
| `name` | string | What people call it. |

[Throws](README.md#errors) `StytchError` when the API refuses the request; `RequestError` when no usable answer arrives in \
time; `ClientError` `invalid_argument` when `thing_id` cannot stand in a path.
";
    assert!(page.contains(expected), "{page}");
}

#[test]
fn a_type_that_another_holds_has_a_section_and_is_linked_to() {
    let project = Project::new();
    let alone = project.generated("docs/api/consumer.md");
    assert!(!alone.contains("### Thing"), "{alone}");
    project.edit(
        "api/consumer/things.yaml",
        "        name: {type: string, description: What people call it.}",
        "        parts: {type: array, items: {$ref: '#/components/schemas/Thing'}, description: What it is made of.}\n        \
         name: {type: string, description: What people call it.}",
    );
    let held = project.generated("docs/api/consumer.md");
    assert!(
        held.contains("### Thing\n\nA thing.\n\n| Field |"),
        "{held}"
    );
    assert!(held.contains("Gives [`Thing`](#thing)."), "{held}");
    assert!(
        held.contains("| `parts?` | [`Thing`](#thing)[] | What it is made of. |"),
        "{held}"
    );
}

#[test]
fn every_link_of_the_real_pages_leads_to_one_heading() {
    let api = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api");
    let pages = reference::write(&assemble::api(&Source::read(&api).unwrap()).unwrap());
    let mut anchors = BTreeSet::new();
    for (path, page) in &pages {
        for heading in page.lines().filter(|line| line.starts_with('#')) {
            let anchor = format!("{path}#{}", anchor(heading.trim_start_matches(['#', ' '])));
            assert!(anchors.insert(anchor.clone()), "{anchor} is there twice");
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
    assert!(links > 500, "the links were not understood");
}
