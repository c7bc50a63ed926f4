//! The two cookies in which a browser keeps a session: their attributes, and the
//! `Set-Cookie` lines that set and clear them (RFC 6265, section 4.1; for prefixes and
//! SameSite its successor, draft-ietf-httpbis-rfc6265bis).
//!
//! Knows nothing of who is let in.

use serde::Deserialize;

mod options;
use options::CookieOptions;

use super::{ClientError, decimal};
use crate::jwt::{UnixSeconds, from_json};

/// Names and attributes of the cookies.
///
/// Deserialized from an object of options; an option that is absent or null has its default.
/// The error for a wrong or unknown option names it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "CookieOptions")]
pub struct CookieRules {
    /// The name of the cookie that holds the session JWT.
    pub session_jwt: String,
    /// The name of the cookie that holds the session token.
    pub session_token: String,
    /// Whether they are kept from the page's own scripts.
    pub http_only: bool,
    /// Whether they go over https only.
    pub secure: bool,
    /// Which requests from other sites they go along with.
    pub same_site: SameSite,
    /// The path that they are for, with all that is below it.
    pub path: String,
    /// The domain that they are for, with all that is below it; empty for the host that
    /// sets them and no other.
    pub domain: String,
    /// How long they are kept, where that is not as long as the session lasts.
    pub max_age_seconds: Option<u32>,
}

/// Which requests from other sites a cookie goes along with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameSite {
    /// Those that lead to a page.
    Lax,
    /// None.
    Strict,
    /// All; browsers want such a cookie to be `Secure`.
    None,
}

/// One of the two cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// The one with the session JWT.
    SessionJwt,
    /// The one with the session token.
    SessionToken,
}

impl Default for CookieRules {
    fn default() -> Self {
        Self {
            session_jwt: "stytch_session_jwt".to_owned(),
            session_token: "stytch_session".to_owned(),
            http_only: true,
            secure: true,
            same_site: SameSite::Lax,
            path: "/".to_owned(),
            domain: String::new(),
            max_age_seconds: None,
        }
    }
}

impl CookieRules {
    /// Reads the rules from the JSON text of an object of options.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument` for an option that is wrong or unknown.
    pub fn read(json: &str) -> Result<Box<Self>, ClientError> {
        // Not by way of `Self`, because an error of serde_json adds a line and a column.
        let options: Option<CookieOptions> = from_json(json);
        let options =
            options.ok_or_else(|| ClientError::invalid_argument("cookies must be an object"))?;
        let rules = Self::try_from(options).map_err(ClientError::invalid_argument)?;
        Ok(Box::new(rules))
    }

    /// Refuses rules by which a browser would drop the cookies, or that would write another
    /// attribute into the header.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument`, naming the option and what it must be.
    pub fn check(&self) -> Result<(), ClientError> {
        let names = [&self.session_jwt, &self.session_token];
        let is_name =
            |name: &str| (1..=MAX_NAME_BYTES).contains(&name.len()) && name.bytes().all(is_token);
        let any_starts = |prefix: &str| {
            names.into_iter().any(|name| {
                let start = name.get(..prefix.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
            })
        };
        let is_of_host = any_starts("__host-");
        let is_path = |byte: u8| matches!(byte, b' '..=b'~') && byte != b';';
        let is_domain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        for (holds, rule) in [
            (
                is_name(&self.session_jwt),
                "cookies.session_jwt must be a cookie name: 1 to 256 letters, digits or !#$%&'*+-.^_`|~",
            ),
            (
                is_name(&self.session_token),
                "cookies.session_token must be a cookie name: 1 to 256 letters, digits or !#$%&'*+-.^_`|~",
            ),
            (
                self.session_jwt != self.session_token,
                "cookies.session_jwt and cookies.session_token must be different names",
            ),
            (
                self.secure
                    || !(is_of_host || any_starts("__secure-") || self.same_site == SameSite::None),
                "cookies.secure must be true when same_site is \"none\" or a name starts with __Host- or __Secure-",
            ),
            (
                !is_of_host || self.path == "/",
                "cookies.path must be \"/\" when a name starts with __Host-",
            ),
            (
                !is_of_host || self.domain.is_empty(),
                "cookies.domain must be absent when a name starts with __Host-",
            ),
            (
                self.path.starts_with('/')
                    && self.path.len() <= MAX_ATTRIBUTE_BYTES
                    && self.path.bytes().all(is_path),
                "cookies.path must start with / and have at most 1024 printable ASCII characters other than ;",
            ),
            (
                self.domain.len() <= MAX_DOMAIN_BYTES && self.domain.bytes().all(is_domain),
                "cookies.domain must be a domain name: at most 255 letters, digits, dots and hyphens",
            ),
            (
                self.max_age_seconds != Some(0),
                "cookies.max_age_seconds must be a whole number of seconds from 1 to 4294967295",
            ),
        ] {
            if !holds {
                return Err(ClientError::invalid_argument(rule));
            }
        }
        Ok(())
    }

    /// The name of a cookie.
    #[must_use]
    pub fn name_of(&self, cookie: Cookie) -> &str {
        match cookie {
            Cookie::SessionJwt => &self.session_jwt,
            Cookie::SessionToken => &self.session_token,
        }
    }

    /// The line that sets a cookie until the session ends, or, where it is not known
    /// when that is, until the browser does. `None` if `value` can stand in no cookie,
    /// or if browsers need not keep a line of that length (RFC 6265, section 6.1).
    #[must_use]
    pub fn set(
        &self,
        cookie: Cookie,
        value: &str,
        expires_at: Option<UnixSeconds>,
        now: UnixSeconds,
    ) -> Option<String> {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number outside of its range becomes the nearest one"
        )]
        let until_end = expires_at.map(|end| (end - now) as u32);
        let line = self.line(cookie, value, self.max_age_seconds.or(until_end));
        (value.bytes().all(is_cookie_octet) && line.len() <= MAX_COOKIE_BYTES).then_some(line)
    }

    /// The line that clears a cookie: browsers want the attributes that it was set with.
    #[must_use]
    pub fn clear(&self, cookie: Cookie) -> String {
        self.line(cookie, "", Some(0))
    }

    fn line(&self, cookie: Cookie, value: &str, max_age: Option<u32>) -> String {
        let mut line = [self.name_of(cookie), "=", value, "; Path=", &self.path].concat();
        if !self.domain.is_empty() {
            line += "; Domain=";
            line += &self.domain;
        }
        if let Some(seconds) = max_age {
            line += "; Max-Age=";
            line += &decimal(seconds.into());
        }
        for (attribute, is_set) in [("; HttpOnly", self.http_only), ("; Secure", self.secure)] {
            if is_set {
                line += attribute;
            }
        }
        line += match self.same_site {
            SameSite::Lax => "; SameSite=Lax",
            SameSite::Strict => "; SameSite=Strict",
            SameSite::None => "; SameSite=None",
        };
        line
    }
}

/// What a token of RFC 9110, section 5.6.2, is made of.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// What a cookie's value is made of (RFC 6265, section 4.1.1).
fn is_cookie_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)
}

/// What browsers keep of one cookie: name, value and attributes together.
const MAX_COOKIE_BYTES: usize = 4096;
/// What browsers read of one attribute.
const MAX_ATTRIBUTE_BYTES: usize = 1024;
const MAX_NAME_BYTES: usize = 256;
const MAX_DOMAIN_BYTES: usize = 255;

#[cfg(test)]
mod tests;
