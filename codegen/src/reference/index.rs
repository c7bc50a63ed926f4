//! The index page, with the rules that apply to every method.

use super::markdown::table;
use super::{clients, resources};
use crate::HEADER;
use crate::model::{Api, Product};

/// `docs/api/README.md`.
pub fn write(api: &Api) -> String {
    let rows = Product::ALL.map(|page| {
        let count = resources(api, page).map(|(_, resource)| resource.methods.len());
        let link = format!("[{0}.md]({0}.md)", page.folder());
        [link, clients(page), count.sum::<usize>().to_string()]
    });
    let pages = table(["Page", "Methods of", "How many"], &rows);
    format!("<!-- {HEADER} -->\n\n# Reference\n\n{pages}{HOW_TO_READ}")
}

const HOW_TO_READ: &str = "\
[openapi.yaml](openapi.yaml) is the same in OpenAPI 3.1, in one file, for other tools.

## How to read the pages

A method is shown by its request and its shortest call, in which names stand for values. Then comes what it takes, what it
gives and what it throws.

- A time is a string as RFC 3339 writes it, in UTC. An integer is a number without a fraction.
- A `?` behind a field of a result says that it may be absent or null.
- Where a type lists words and another string, the words are those known today.
- Path, query and body make one argument. Fields that are not listed here are sent as they are.
- A method that takes `options` can be called in the name of a member, with the permissions of that member.

## Every answer

| Field | Type | Description |
|---|---|---|
| `request_id` | string | Names the call in the logs of the API; quote it when asking Stytch for help. |
| `status_code` | integer | The HTTP status, repeated in the body. |

## Errors

| Class | What happened | What it says |
|---|---|---|
| `StytchError` | The API refused. | `status_code`, `error_type`, `error_message`, `error_url`, `error_details`, `request_id` |
| `RequestError` | No usable answer came in time. | `message`, and in `request` the method and the URL |
| `ClientError` | The call cannot be made, or a token is refused. | `code` and `reason`, [listed in the README](../../README.md#what-is-there) |
";
