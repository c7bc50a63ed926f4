//! The events of requests: what the hooks `on_request`, `on_response` and `on_retry` are called with.
//!
//! They contain neither credentials, queries, bodies nor the values in paths.

use crate::client::Reason;

/// A request to the API that is about to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestEvent<'a> {
    /// The dotted name of the client method that sends such requests, such as `users.get`.
    pub operation: &'a str,
    /// The HTTP method.
    pub method: &'a str,
    /// The path with the names of its arguments, such as `/v1/users/{user_id}`.
    pub path_template: &'a str,
    /// The scheme and authority of the URL.
    pub origin: &'a str,
    /// The number of the call in this isolate. All attempts of a call have the same number.
    pub call: u32,
    /// The number of the attempt. The first one is 1.
    pub attempt: u32,
}

/// The end of an attempt: a response, or a failure.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ResponseEvent<'a> {
    /// The request.
    pub request: RequestEvent<'a>,
    /// The time from the request to the end of the response's body, in milliseconds.
    pub duration_ms: f64,
    /// The HTTP status, if there was a response.
    pub status_code: Option<u16>,
    /// Why there was no usable response.
    pub reason: Option<Reason>,
    /// The id by which Stytch's support finds the request.
    pub request_id: Option<&'a str>,
}

/// A failed attempt that is repeated after a delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryEvent<'a> {
    /// The request that failed.
    pub request: RequestEvent<'a>,
    /// The delay before the next attempt, in milliseconds.
    pub delay_ms: u32,
    /// The HTTP status, if there was a response.
    pub status_code: Option<u16>,
    /// Why there was no usable response.
    pub reason: Option<Reason>,
}

/// The part of a URL before its path.
pub(super) fn origin_of(url: &str) -> &str {
    let authority = url.find("://").map_or(0, |scheme| scheme + 3);
    let path = url
        .get(authority..)
        .and_then(|rest| rest.find(['/', '?', '#']));
    let end = path.map_or(url.len(), |path| authority + path);
    url.get(..end).unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::origin_of;

    #[test]
    fn finds_the_origin_of_a_url() {
        for (url, origin) in [
            (
                "https://test.stytch.com/v1/users",
                "https://test.stytch.com",
            ),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("https://a.b?c=d", "https://a.b"),
            ("no url", "no url"),
            ("", ""),
        ] {
            assert_eq!(origin_of(url), origin);
        }
    }
}
