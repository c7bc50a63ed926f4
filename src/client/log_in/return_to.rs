//! The page to which a user returns after a log-in: a path on the caller's own origin.
//!
//! Browsers read `//host`, `/\host` and `/<tab>/host` as the URL of another host (WHATWG URL, section 4.4), and proxies and
//! frameworks decode `%2f` before they compare paths. An open redirect would let an attacker show a page of the attacker's
//! after a log-in on the user's own site.

use super::super::{ClientError, escape};
use crate::jwt::pieces;

/// A path, with a query and a fragment if it has them. A redirect to it stays on the origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnTo(String);

impl ReturnTo {
    /// Checks a path of a caller.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument` that names the option.
    pub fn read(name: &str, path: &str) -> Result<Self, ClientError> {
        Self::checked(path).ok_or_else(|| {
            ClientError::invalid_argument(
                [
                    name,
                    " must be a path of the own origin: at most 500 ASCII characters that start with one /, without \\, control characters, dot segments and encoded slashes",
                ]
                .concat(),
            )
        })
    }

    /// Returns the path if it is safe.
    #[must_use]
    pub fn checked(text: &str) -> Option<Self> {
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\\\"<>^`{|}".contains(&byte);
        if text.len() > MAX_BYTES || !text.bytes().all(is_plain) {
            return None;
        }
        let rest = text.strip_prefix('/')?;
        let path = rest.split(['?', '#']).next().unwrap_or_default();
        if path.starts_with('/') {
            return None;
        }
        let decoded = escape::decoded(path, escape::Plus::Literal)?;
        let is_decoded_plain =
            |letter: char| !letter.is_control() && !matches!(letter, '/' | '\\' | '%');
        // A second decoding must not find other segments than the first one.
        let mut segments = pieces(path, '/').map(|segment| {
            let plain = escape::decoded(segment, escape::Plus::Literal)?;
            let is_dots = plain == "." || plain == "..";
            (!is_dots && plain.chars().all(is_decoded_plain)).then_some(())
        });
        let is_safe = segments.all(|segment| segment.is_some()) && !decoded.starts_with('/');
        is_safe.then(|| Self(text.to_owned()))
    }

    /// Returns the path of the site's home page.
    #[must_use]
    pub fn home() -> Self {
        Self("/".to_owned())
    }

    /// Returns the path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path with one more parameter in its query. The value must not need escapes.
    #[must_use]
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let (page, fragment) = match self.0.split_once('#') {
            Some((page, fragment)) => (page, ["#", fragment].concat()),
            None => (self.0.as_str(), String::new()),
        };
        let separator = if page.contains('?') { "&" } else { "?" };
        [page, separator, name, "=", value, &fragment].concat()
    }
}

/// The cookies of all kinds of flows together must fit into the headers that servers accept: an attacker can have a browser
/// start flows with pages of this length.
const MAX_BYTES: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_paths_with_queries_and_fragments() {
        for path in [
            "/",
            "/a",
            "/a/b/",
            "/a?next=%2Fb&c=//d",
            "/a#b/../c",
            "/m%C3%BCnchen",
            "/a..b/.well-known",
            "/a+b",
            "/a/?https://evil.example",
        ] {
            assert!(ReturnTo::checked(path).is_some(), "{path}");
        }
    }

    #[test]
    fn refuses_every_way_to_another_origin() {
        for path in [
            "",
            "a",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " /a",
            "/a b",
            "https://evil.example",
            "https:/evil.example",
            "javascript:alert(1)",
            "/%2Fevil.example",
            "/%2f%2fevil.example",
            "/%5Cevil.example",
            "/a/%5cevil.example",
            "/%09/evil.example",
            "/%0d%0aset-cookie:a=b",
            "/%252fevil.example",
            "/%00",
            "/.",
            "/..",
            "/..//evil.example",
            "/./evil.example",
            "/a/../../b",
            "/%2e%2e/a",
            "/.%2E//evil.example",
            "/\u{fc}",
            "/\u{2028}",
            "/a\u{0}",
            "/%ff",
            "?a",
            "#a",
            "@evil.example",
        ] {
            assert!(ReturnTo::checked(path).is_none(), "{path:?}");
        }
        assert!(ReturnTo::checked(&format!("/{}", "a".repeat(499))).is_some());
        assert!(ReturnTo::checked(&format!("/{}", "a".repeat(500))).is_none());
    }

    #[test]
    fn names_the_option_and_not_the_value() {
        let error = ReturnTo::read("return_to", "//evil.example").unwrap_err();
        assert!(error.message.starts_with("return_to must be a path"));
        assert!(!error.message.contains("evil"));
    }

    #[test]
    fn adds_a_parameter_before_the_fragment() {
        let with = |path: &str| ReturnTo::checked(path).unwrap().with("reason", "x");
        assert_eq!(with("/a"), "/a?reason=x");
        assert_eq!(with("/a?b=c#d"), "/a?b=c&reason=x#d");
    }
}
