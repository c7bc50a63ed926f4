//! Requests and responses as JavaScript passes them: JSON without the body, and the bytes of the body.

use serde::Deserialize;
use serde_json::json;
use stytch_emulator::{Request, Response};

use crate::delivery;

/// A request without its body.
#[derive(Deserialize)]
struct Head {
    method: String,
    /// The path, and the query after a question mark.
    target: String,
    headers: Vec<(String, String)>,
}

/// Reads a request. Returns a message if `head` is malformed, which only a mistake in the TypeScript causes.
pub fn request(head: &str, body: Vec<u8>) -> Result<Request, String> {
    let Head {
        method,
        target,
        headers,
    } = serde_json::from_str(head).map_err(|error| error.to_string())?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Ok(Request {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body,
    })
}

/// Returns the JSON of a response without its body.
pub fn head(response: &Response) -> String {
    json!({
        "status": response.status,
        "headers": response.headers,
        "delivery": delivery::to_json(response.delivery),
    })
    .to_string()
}

/// Returns the JSON of the headers of a response.
pub fn headers(response: &Response) -> String {
    json!(response.headers).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separates_the_query_from_the_path() {
        let head = r#"{ "method": "GET", "target": "/a?b=c?d", "headers": [["x", "y"]] }"#;
        let request = request(head, b"z".to_vec()).unwrap_or_default();
        assert_eq!(
            (request.path.as_str(), request.query.as_str()),
            ("/a", "b=c?d")
        );
        assert_eq!(
            (request.header("X"), request.body.as_slice()),
            (Some("y"), b"z".as_slice())
        );
    }

    #[test]
    fn writes_the_head_of_a_response() {
        let response = Response {
            status: 503,
            headers: vec![("a".to_owned(), "b".to_owned())],
            body: Vec::new(),
            delivery: stytch_emulator::Delivery::Hangs,
        };
        assert_eq!(headers(&response), r#"[["a","b"]]"#);
        assert_eq!(
            head(&response),
            r#"{"status":503,"headers":[["a","b"]],"delivery":{"kind":"hangs"}}"#
        );
    }

    #[test]
    fn returns_a_message_for_a_malformed_head() {
        assert!(request("{}", Vec::new()).is_err());
    }
}
