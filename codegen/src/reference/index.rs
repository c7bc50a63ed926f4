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
- A method whose `options` have `authorization` can be called on behalf of a member, with the permissions of that member.

## Options of a call

Every method that sends one request accepts `options` as its last argument.

| Option | Type | Description |
|---|---|---|
| `signal` | `AbortSignal` | Ends the call, which is then rejected with the reason of the signal. |
| `timeout` | number | The time limit of the whole call in milliseconds, retries included. Default: the `timeout` of the client. |
| `retries` | integer | How often a safe request is sent again after a temporary failure. Default: the client's, 2. |

## Retries

After a temporary failure, the client does not know whether the API handled the request. A temporary failure is a connection
error, or a response with the status 429, 502, 503 or 504. The client then repeats the request only if a repetition does no
harm. The section of a method displays this class of its request, and the reason if it is not obvious. The rules:

- Requests that only read are repeated.
- Requests that send a message, verify a password, a code or a token, or create, change or delete data are not repeated.

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
