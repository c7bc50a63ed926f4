//! Finds the session credentials of an HTTP request: in the `Authorization` header (RFC 9110, section 11.6.2; RFC 6750,
//! section 2.1) or in cookies (RFC 6265, sections 4.2 and 5.4).
//!
//! This module does not verify tokens. It only decides whether a text could be a session token.

use std::fmt;

use crate::jwt::{MAX_TOKEN_BYTES, pieces};

/// The two headers of a request that may contain credentials, unchanged.
#[derive(Clone, Copy, Default)]
pub struct RequestHeaders<'a> {
    /// `Authorization`.
    pub authorization: Option<&'a str>,
    /// `Cookie`.
    pub cookie: Option<&'a str>,
}

/// The credentials of a request, not verified yet. `Text` is a slice of the request's headers, or a copy.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Credentials<Text> {
    /// A Bearer credential with any text. Cookies are then ignored: the credential is sent deliberately, while browsers
    /// add cookies automatically.
    Bearer(Text),
    /// The session cookies; each may be absent.
    Cookies {
        /// The first different session JWTs.
        session_jwts: [Option<Text>; MAX_TOKENS],
        /// The first different session tokens.
        session_tokens: [Option<Text>; MAX_TOKENS],
    },
    /// The `Cookie` header is longer than 128 KiB and is not read.
    TooLong,
}

impl<'a> Credentials<&'a str> {
    /// Finds the credentials of a request. `session_jwt` and `session_token` are the names of the cookies.
    #[must_use]
    pub fn find(headers: RequestHeaders<'a>, session_jwt: &str, session_token: &str) -> Self {
        if let Some(credential) = headers.authorization.and_then(bearer) {
            return Self::Bearer(credential);
        }
        let cookies = headers.cookie.unwrap_or_default();
        if cookies.len() > MAX_COOKIE_HEADER_BYTES {
            return Self::TooLong;
        }
        let (mut jwts, mut tokens) = (Found::default(), Found::default());
        for (name, value) in cookie_values(cookies, session_jwt.len().min(session_token.len())) {
            if name == session_jwt {
                jwts.add(
                    value,
                    value.bytes().filter(|byte| *byte == b'.').count() == 2,
                );
            } else if name == session_token {
                tokens.add(value, is_plausible_session_token(value));
            }
        }
        Self::Cookies {
            session_jwts: jwts.texts(),
            session_tokens: tokens.texts(),
        }
    }

    /// Copies the credentials without the rest of the headers, because up to 128 KiB of other cookies must not remain
    /// in memory while the request waits. Each text is cut by [`cut_to_token_limit`].
    #[must_use]
    pub fn kept(self) -> Credentials<String> {
        match self {
            Self::Bearer(text) => Credentials::Bearer(cut_to_token_limit(text)),
            Self::Cookies {
                session_jwts,
                session_tokens,
            } => Credentials::Cookies {
                session_jwts: session_jwts.map(|jwt| jwt.map(cut_to_token_limit)),
                session_tokens: session_tokens.map(|token| token.map(cut_to_token_limit)),
            },
            Self::TooLong => Credentials::TooLong,
        }
    }
}

impl Credentials<String> {
    /// Returns the credentials as slices of this copy.
    #[must_use]
    pub fn as_texts(&self) -> Credentials<&str> {
        match self {
            Self::Bearer(text) => Credentials::Bearer(text),
            Self::Cookies {
                session_jwts,
                session_tokens,
            } => Credentials::Cookies {
                session_jwts: session_jwts.each_ref().map(Option::as_deref),
                session_tokens: session_tokens.each_ref().map(Option::as_deref),
            },
            Self::TooLong => Credentials::TooLong,
        }
    }
}

/// The different values of the cookies of one name, in the order of the header.
#[derive(Default)]
struct Found<'a> {
    /// The first values that could be a token.
    plausible: [Option<&'a str>; MAX_TOKENS],
    /// The first other value.
    other: Option<&'a str>,
}

impl<'a> Found<'a> {
    fn add(&mut self, value: &'a str, is_plausible: bool) {
        let same_or_free = |known: &&mut Option<&str>| known.is_none_or(|known| known == value);
        if !is_plausible {
            self.other.get_or_insert(value);
        } else if let Some(free) = self.plausible.iter_mut().find(same_or_free) {
            *free = Some(value);
        }
    }

    /// The values that could be a token. If there are none, the other value, which is refused with a reason.
    fn texts(self) -> [Option<&'a str>; MAX_TOKENS] {
        match self.plausible {
            [None, rest @ ..] => {
                let [second, third] = rest;
                [self.other, second, third]
            }
            plausible => plausible,
        }
    }
}

/// Copies a text that may be a token. If it is longer than [`MAX_TOKEN_BYTES`], it is cut, but remains longer than the
/// limit, so that it is still refused as too long.
#[must_use]
pub fn cut_to_token_limit(text: &str) -> String {
    let end = text.ceil_char_boundary(MAX_TOKEN_BYTES + 1);
    text.get(..end).unwrap_or(text).to_owned()
}

/// Returns the credential after the scheme `Bearer`, in upper or lower case, or `None` for another scheme.
///
/// The text after the scheme is returned unchanged, even if it is not a token or is a list with commas. The check of
/// the token refuses such a text.
#[must_use]
pub fn bearer(authorization: &str) -> Option<&str> {
    let authorization = authorization.trim_ascii();
    let ends = |byte: u8| matches!(byte, b' ' | b'\t' | b',');
    let end = authorization.bytes().position(ends);
    let (scheme, mut rest) = authorization.split_at_checked(end.unwrap_or(authorization.len()))?;
    while let Some(after) = rest.strip_prefix(' ') {
        rest = after;
    }
    scheme.eq_ignore_ascii_case("Bearer").then_some(rest)
}

/// Returns the names and values of the cookies that are not empty. Cookies whose names are shorter than `shortest` may be
/// omitted, so that a header of semicolons costs little.
///
/// A browser sends several cookies of one name if their paths or domains differ, for instance after `domain` was added to
/// the options of the cookies. It sends the cookie with the longest path first, then the oldest one.
pub(super) fn cookie_values(cookies: &str, shortest: usize) -> impl Iterator<Item = (&str, &str)> {
    let pairs = pieces(cookies, ';').filter(move |pair| pair.len() > shortest);
    pairs.filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let value = value.trim_ascii();
        let quoted = value.strip_prefix('"');
        let value = quoted
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(value);
        (!value.is_empty()).then_some((name.trim_ascii(), value))
    })
}

/// Returns whether a `Cookie` header has a cookie of this name. A header that is longer than 128 KiB is not read.
#[cfg(feature = "api")]
#[must_use]
pub fn has_cookie(cookies: &str, name: &str) -> bool {
    let is_read = cookies.len() <= MAX_COOKIE_HEADER_BYTES;
    is_read && cookie_values(cookies, name.len()).any(|(known, _)| known == name)
}

/// Returns whether a text could be a session token: 1 to 512 visible ASCII characters.
///
/// The API's session tokens have 44 characters. Other texts do not trigger a request.
#[must_use]
pub fn is_plausible_session_token(text: &str) -> bool {
    (1..=512).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The number of session JWTs and of session tokens that are read from one request, so that an attacker cannot try many
/// tokens in one request.
pub const MAX_TOKENS: usize = 3;

/// Servers accept headers of up to 8 to 128 KiB. A longer header is not read; a user with many other cookies is
/// accepted.
pub(super) const MAX_COOKIE_HEADER_BYTES: usize = 128 * 1024;

/// Omits the credentials.
impl fmt::Debug for RequestHeaders<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RequestHeaders(…)")
    }
}

/// Writes the kind of the credentials, not their texts.
impl<Text> fmt::Debug for Credentials<Text> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Bearer(_) => "Bearer(…)",
            Self::Cookies { .. } => "Cookies(…)",
            Self::TooLong => "TooLong",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(header: &str) -> (Option<&str>, Option<&str>) {
        let headers = RequestHeaders {
            authorization: None,
            cookie: Some(header),
        };
        match Credentials::find(headers, "jwt", "token") {
            Credentials::Cookies {
                session_jwts: [session_jwt, ..],
                session_tokens: [session_token, ..],
            } => (session_jwt, session_token),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn accepts_bearer_in_any_case_with_any_number_of_spaces() {
        for (header, credential) in [
            ("Bearer a.b.c", Some("a.b.c")),
            ("bearer a.b.c", Some("a.b.c")),
            (" BEARER    a.b.c ", Some("a.b.c")),
            ("Bearer", Some("")),
            ("Bearer ", Some("")),
            ("Bearer a, Bearer b", Some("a, Bearer b")),
            ("Bearer,a", Some(",a")),
            ("Bearer\ta", Some("\ta")),
            ("Basic YTpi", None),
            ("Bearers a", None),
            ("a.b.c", None),
            ("", None),
        ] {
            assert_eq!(bearer(header), credential, "{header:?}");
        }
    }

    #[test]
    fn ignores_cookies_with_a_bearer_credential_and_reads_them_with_another_scheme() {
        let with = |authorization| RequestHeaders {
            authorization: Some(authorization),
            cookie: Some("jwt=a"),
        };
        let find = |authorization| Credentials::find(with(authorization), "jwt", "token");
        assert_eq!(find("Bearer"), Credentials::Bearer(""));
        let of_cookies = Credentials::Cookies {
            session_jwts: [Some("a"), None, None],
            session_tokens: [None; MAX_TOKENS],
        };
        assert_eq!(find("Basic YTpi"), of_cookies);
    }

    #[test]
    fn finds_cookies_by_their_exact_names() {
        for (header, jwt, token) in [
            ("jwt=a; token=b", Some("a"), Some("b")),
            ("token=b;jwt=a", Some("a"), Some("b")),
            ("  jwt = a ;\ttoken\t=\tb ", Some("a"), Some("b")),
            ("JWT=a; xjwt=b; jwtx=c; tok en=d", None, None),
            ("jwt=\"a\"; token=\"b", Some("a"), Some("\"b")),
            ("jwt=a=b==; token=", Some("a=b=="), None),
            ("jwt; =jwt; ; jwt=\"\"", None, None),
            ("other=x, jwt=a", None, None),
            (
                "other=späß; jwt=\u{1f36a}; token=b",
                Some("\u{1f36a}"),
                Some("b"),
            ),
            ("", None, None),
        ] {
            assert_eq!(cookies(header), (jwt, token), "{header:?}");
        }
    }

    #[test]
    fn finds_up_to_three_different_jwts_and_session_tokens() {
        let one = |text| [Some(text), None, None];
        for (header, jwts, tokens) in [
            (
                "jwt=a.b.c; jwt=b.c.d; token=c",
                [Some("a.b.c"), Some("b.c.d"), None],
                one("c"),
            ),
            ("jwt=; jwt=a.b.c; token=c; token=c", one("a.b.c"), one("c")),
            (
                "jwt=a..; jwt=a..; jwt=b..; jwt=a..; jwt=c..; jwt=d..",
                [Some("a.."), Some("b.."), Some("c..")],
                [None; 3],
            ),
            (
                "token=; token=a; token=b; token=c; token=d",
                [None; 3],
                [Some("a"), Some("b"), Some("c")],
            ),
            // Texts that cannot be tokens do not use up the three.
            (
                "jwt=x; jwt=a.b; jwt=a.b.c.d; jwt=y; jwt=a.b.c; token=é; token=a",
                one("a.b.c"),
                one("a"),
            ),
            ("jwt=x; jwt=y; token=é; token=ü", one("x"), one("é")),
        ] {
            let headers = RequestHeaders {
                authorization: None,
                cookie: Some(header),
            };
            let expected = Credentials::Cookies {
                session_jwts: jwts,
                session_tokens: tokens,
            };
            let found = Credentials::find(headers, "jwt", "token");
            assert!(found == expected, "{header}");
            assert!(found.kept().as_texts() == expected, "{header}");
        }
    }

    #[test]
    fn reads_a_cookie_header_of_at_most_128_kibibytes() {
        let padding = "x".repeat(MAX_COOKIE_HEADER_BYTES - "x=; jwt=a".len());
        let headers = |text| RequestHeaders {
            authorization: None,
            cookie: Some(text),
        };
        let fits = format!("x={padding}; jwt=a");
        assert_eq!(cookies(&fits), (Some("a"), None));
        let longer = format!("{fits}b");
        let found = Credentials::find(headers(&longer), "jwt", "token");
        assert_eq!(found, Credentials::TooLong);
    }

    #[test]
    fn copies_only_the_credentials_and_cuts_each_to_the_token_limit() {
        let long = "é".repeat(MAX_TOKEN_BYTES);
        let cookie = format!("other={}; jwt={long}; token=b", "x".repeat(50_000));
        let headers = |authorization| RequestHeaders {
            authorization,
            cookie: Some(&cookie),
        };
        let kept = Credentials::find(headers(None), "jwt", "token").kept();
        let Credentials::Cookies {
            session_jwts: [Some(session_jwt), None, None],
            session_tokens: [Some("b"), None, None],
        } = kept.as_texts()
        else {
            panic!("{kept:?}")
        };
        assert_eq!(session_jwt.len(), MAX_TOKEN_BYTES + 2, "a whole character");
        let authorization = format!("Bearer {}", "a".repeat(MAX_TOKEN_BYTES));
        let found = Credentials::find(headers(Some(&authorization)), "jwt", "token");
        assert_eq!(found.kept().as_texts(), found);
    }

    #[test]
    fn accepts_only_1_to_512_visible_ascii_characters_as_a_session_token() {
        let longest = "a".repeat(512);
        for (text, plausible) in [
            ("WJtR5BCy38Szd5AfoDpf0iqFKEt4EE5JhjlWUY7l3FtY", true),
            ("!~", true),
            (longest.as_str(), true),
            (&format!("{longest}a"), false),
            ("", false),
            ("a b", false),
            ("a\u{7f}", false),
            ("ä", false),
        ] {
            assert_eq!(is_plausible_session_token(text), plausible, "{text:?}");
        }
    }
}
