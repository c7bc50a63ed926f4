//! Reads the two parameters of a redirect from its query (WHATWG URL, section 5.1).

use std::fmt;

use super::{super::escape, LogInRefusal};
use crate::jwt::pieces;

/// The parameters of a redirect.
#[derive(Clone, PartialEq, Eq)]
pub struct RedirectQuery {
    /// `stytch_token_type`.
    pub token_type: String,
    /// `token`.
    pub token: String,
}

impl RedirectQuery {
    /// Reads a query without its question mark. Returns `None` if it has neither parameter.
    ///
    /// # Errors
    /// [`LogInRefusal`] if a parameter is missing, appears twice or is malformed: two readers of the same URL must not
    /// see two tokens.
    pub fn read(query: &str) -> Result<Option<Self>, LogInRefusal> {
        if query.len() > MAX_QUERY_BYTES {
            return Err(LogInRefusal::MalformedToken);
        }
        let (mut token_type, mut token) = (None, None);
        for pair in pieces(query, '&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decode = |text| escape::decoded(text, escape::Plus::Space);
            let found = match decode(name).as_deref() {
                Some("stytch_token_type") => &mut token_type,
                Some("token") => &mut token,
                _ => continue,
            };
            let value = decode(value).ok_or(LogInRefusal::MalformedToken)?;
            if found.replace(value).is_some() {
                return Err(LogInRefusal::DuplicateParameter);
            }
        }
        match (token_type, token) {
            (None, None) => Ok(None),
            (Some(token_type), Some(token)) if is_token(&token) => {
                Ok(Some(Self { token_type, token }))
            }
            (Some(_), Some(token)) if !token.is_empty() => Err(LogInRefusal::MalformedToken),
            _ => Err(LogInRefusal::NoToken),
        }
    }
}

/// Returns whether a text could be a token: 1 to 1024 characters that a cookie can contain. Stytch's have 44.
pub(super) fn is_token(text: &str) -> bool {
    let is_octet = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte);
    (1..=MAX_TOKEN_BYTES).contains(&text.len()) && text.bytes().all(is_octet)
}

const MAX_TOKEN_BYTES: usize = 1_024;
const MAX_QUERY_BYTES: usize = 8 * 1_024;

/// Omits the token.
impl fmt::Debug for RedirectQuery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RedirectQuery(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Option<(String, String)>, LogInRefusal> {
        let found = RedirectQuery::read(query)?;
        Ok(found.map(|found| (found.token_type, found.token)))
    }

    #[test]
    fn reads_the_parameters_in_any_order_and_encoding() {
        let expected = Ok(Some(("oauth".to_owned(), "a-_=".to_owned())));
        for query in [
            "stytch_token_type=oauth&token=a-_=",
            "token=a-_%3D&stytch_token_type=oauth",
            "slug=x&&%74oken=a-_%3d&stytch%5Ftoken_type=%6Fauth&public_token=y",
        ] {
            assert_eq!(read(query), expected, "{query}");
        }
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("a=b&tokens=c"), Ok(None));
    }

    #[test]
    fn refuses_missing_duplicate_and_malformed_parameters() {
        use LogInRefusal::{DuplicateParameter, MalformedToken, NoToken};
        let long = format!("stytch_token_type=oauth&token={}", "a".repeat(1_025));
        let huge = format!("stytch_token_type=oauth&token=a&x={}", "a".repeat(8_192));
        for (query, expected) in [
            ("token=a", NoToken),
            ("stytch_token_type=oauth", NoToken),
            ("stytch_token_type=oauth&token=", NoToken),
            (
                "stytch_token_type=oauth&token=a&token=b",
                DuplicateParameter,
            ),
            (
                "stytch_token_type=oauth&token=a&token=a",
                DuplicateParameter,
            ),
            (
                "stytch_token_type=oauth&token=a&t%6Fken=b",
                DuplicateParameter,
            ),
            (
                "stytch_token_type=oauth&stytch_token_type=sso&token=a",
                DuplicateParameter,
            ),
            ("stytch_token_type=oauth&token=a%20b", MalformedToken),
            ("stytch_token_type=oauth&token=a+b", MalformedToken),
            ("stytch_token_type=oauth&token=a%0d%0ab", MalformedToken),
            ("stytch_token_type=oauth&token=a%3Bb", MalformedToken),
            ("stytch_token_type=oauth&token=%ff", MalformedToken),
            (&long, MalformedToken),
            (&huge, MalformedToken),
        ] {
            assert_eq!(read(query), Err(expected), "{query}");
        }
    }
}
