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
    let pages = table(["Page", "Methods of", "Count"], &rows);
    format!("<!-- {HEADER} -->\n\n# Reference\n\n{pages}{HOW_TO_READ}")
}

const HOW_TO_READ: &str = "\
[openapi.yaml](openapi.yaml) contains the same description in one OpenAPI 3.1 file, for other tools.

## How to read the pages

The section of a method displays its request, its shortest call, its arguments, its result and its errors. In the call, each
value has the name of its field.

- A time is an RFC 3339 string in UTC. An integer is a number without a fraction.
- A `?` after a field of a result means that the field can be absent or null.
- If a type lists words and another string, then the words are the known values. The API may add more.
- The path, query and body parameters are one argument. The clients also send fields that are not listed here, unchanged.
- A method that accepts `options` can be called on behalf of a member, with the permissions of that member.

## Every response

| Field | Type | Description |
|---|---|---|
| `request_id` | string | The ID of the request in the logs of the API. Include it in support requests to Stytch. |
| `status_code` | integer | The HTTP status of the response. |

## Errors

| Class | Cause | Fields |
|---|---|---|
| `StytchError` | The API refused the request. | `status_code`, `error_type`, `error_message`, `error_url`, `error_details`, `request_id` |
| `RequestError` | No usable response arrived in time. | `message`, and `request` with the method and the URL |
| `ClientError` | The call cannot be made, or a token is refused. | `code` and `reason`; see [errors and reasons](../reference/errors.md) |
";
