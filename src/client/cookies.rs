//! The two session cookies: their attributes, and the `Set-Cookie` values that set and clear them (RFC 6265,
//! section 4.1; for name prefixes and `SameSite` its successor, draft-ietf-httpbis-rfc6265bis).
//!
//! This module does not know verdicts.

use serde::Deserialize;

mod options;
use options::CookieOptions;

use super::{ClientError, decimal};
use crate::jwt::{UnixSeconds, from_json};

/// The names and attributes of the session cookies.
///
/// It is deserialized from an object of options. An option that is absent or `null` has its default. The error for an
/// invalid or unknown option names the option.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "CookieOptions")]
pub struct CookieRules {
    /// The code that keeps the session: it sets the names of the cookies and `http_only`. Default: none of the two.
    pub mode: Option<CookieMode>,
    /// The name of the cookie for the session JWT. Default: `stytch_session_jwt`.
    pub session_jwt: String,
    /// The name of the cookie for the session token. Default: `stytch_session`.
    pub session_token: String,
    /// Whether the page's scripts cannot read the cookies (`HttpOnly`). Default: true.
    pub http_only: bool,
    /// Whether the cookies are sent over https only (`Secure`). Default: true.
    pub secure: bool,
    /// Which requests from other sites include the cookies (`SameSite`). Default: `lax`.
    pub same_site: SameSite,
    /// Whether browsers keep the cookies apart for each site that embeds the page (`Partitioned`, CHIPS). Default: false.
    pub partitioned: bool,
    /// The path that the cookies are valid for, including paths below it. Default: `/`.
    pub path: String,
    /// The domain that the cookies are valid for, including its subdomains. Default: empty, only the host that sets
    /// them.
    pub domain: String,
    /// The lifetime of the cookies in seconds. Default: the remaining time of the session.
    pub max_age_seconds: Option<u32>,
}

/// The code that keeps the session in a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieMode {
    /// Only the server. Scripts cannot read the cookies, and their names are not those of Stytch's SDK for browsers.
    Server,
    /// Stytch's SDK for browsers, and the server. Scripts can read the cookies.
    BrowserSdk,
}

/// Which requests from other sites include a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameSite {
    /// Top-level navigations with a safe method, such as following a link.
    Lax,
    /// No requests.
    Strict,
    /// All requests. Browsers require such a cookie to be `Secure`.
    None,
}

/// One of the two session cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// The cookie with the session JWT.
    SessionJwt,
    /// The cookie with the session token.
    SessionToken,
}

impl Default for CookieRules {
    fn default() -> Self {
        Self {
            mode: None,
            session_jwt: "stytch_session_jwt".to_owned(),
            session_token: "stytch_session".to_owned(),
            http_only: true,
            secure: true,
            same_site: SameSite::Lax,
            partitioned: false,
            path: "/".to_owned(),
            domain: String::new(),
            max_age_seconds: None,
        }
    }
}

impl CookieRules {
    /// Returns these rules with the names and `http_only` of a mode. Call it after the other fields are set: the names of
    /// [`CookieMode::Server`] have a prefix that depends on `secure` and `domain`.
    #[must_use]
    pub fn with_mode(mut self, mode: CookieMode) -> Self {
        self.mode = Some(mode);
        self.http_only = mode == CookieMode::Server;
        let [session_jwt, session_token] = self.names_of(mode);
        (self.session_jwt, self.session_token) = (session_jwt, session_token);
        self
    }

    /// Returns the names of the cookies of the other mode, if the rules have a mode.
    #[must_use]
    pub fn names_of_other_mode(&self) -> Option<[String; 2]> {
        let other = match self.mode? {
            CookieMode::Server => CookieMode::BrowserSdk,
            CookieMode::BrowserSdk => CookieMode::Server,
        };
        Some(self.names_of(other))
    }

    fn names_of(&self, mode: CookieMode) -> [String; 2] {
        match mode {
            CookieMode::BrowserSdk => ["stytch_session_jwt", "stytch_session"].map(str::to_owned),
            CookieMode::Server => ["stytch_server_session_jwt", "stytch_server_session"]
                .map(|name| [self.prefix(), name].concat()),
        }
    }

    /// The strongest prefix that names can have with these attributes.
    pub(super) fn prefix(&self) -> &'static str {
        match (self.secure, self.domain.is_empty() && self.path == "/") {
            (true, true) => "__Host-",
            (true, false) => "__Secure-",
            (false, _) => "",
        }
    }

    /// Parses the rules from the JSON text of an object of options.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument` if an option is invalid or unknown.
    pub fn read(json: &str) -> Result<Box<Self>, ClientError> {
        // `Self` is not deserialized directly, because serde_json would add a line and a column to the message.
        let options: Option<CookieOptions> = from_json(json);
        let options =
            options.ok_or_else(|| ClientError::invalid_argument("cookies must be an object"))?;
        let rules = Self::try_from(options).map_err(ClientError::invalid_argument)?;
        Ok(Box::new(rules))
    }

    /// Checks that a browser would accept the cookies, and that no option adds another attribute to the header.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument`, which names the option and the accepted values.
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
                self.secure || !self.partitioned,
                "cookies.secure must be true when partitioned is true",
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

    /// Returns the name of a cookie.
    #[must_use]
    pub fn name_of(&self, cookie: Cookie) -> &str {
        match cookie {
            Cookie::SessionJwt => &self.session_jwt,
            Cookie::SessionToken => &self.session_token,
        }
    }

    /// Returns the `Set-Cookie` value that sets a cookie for `max_age_seconds`, or else until the session ends. If
    /// neither is known, the cookie lasts until the browser closes.
    ///
    /// Returns `None` if a cookie cannot contain `value`, or if the result is longer than 4096 bytes, because browsers
    /// may drop a longer cookie (RFC 6265, section 6.1).
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
        let max_age = self.max_age_seconds.or(until_end);
        let line = self.line(cookie, value, max_age, &self.domain);
        (value.bytes().all(is_cookie_octet) && line.len() <= MAX_COOKIE_BYTES).then_some(line)
    }

    /// Returns the `Set-Cookie` values that clear a cookie. They have the same attributes, because browsers compare the
    /// path and the domain. If `domain` is set, the cookie of only this host is cleared, too.
    #[must_use]
    pub fn clear(&self, cookie: Cookie) -> Vec<String> {
        let own = self.line(cookie, "", Some(0), &self.domain);
        std::iter::once(own)
            .chain(self.clear_of_host(cookie))
            .collect()
    }

    /// Returns the `Set-Cookie` value that clears the cookie of the same name without a domain, if `domain` is set.
    ///
    /// It remains in browsers if `domain` was added to the options later. Browsers send both cookies, the older one
    /// first.
    #[must_use]
    pub fn clear_of_host(&self, cookie: Cookie) -> Option<String> {
        let has_domain = !self.domain.is_empty();
        has_domain.then(|| self.line(cookie, "", Some(0), ""))
    }

    fn line(&self, cookie: Cookie, value: &str, max_age: Option<u32>, domain: &str) -> String {
        let mut line = [self.name_of(cookie), "=", value, "; Path=", &self.path].concat();
        if !domain.is_empty() {
            line += "; Domain=";
            line += domain;
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
        if self.partitioned {
            line += "; Partitioned";
        }
        line
    }
}

/// Returns whether a token of RFC 9110, section 5.6.2, may contain a byte.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Returns whether the value of a cookie may contain a byte (RFC 6265, section 4.1.1).
fn is_cookie_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)
}

/// The length of one cookie (name, value and attributes) that browsers must accept.
const MAX_COOKIE_BYTES: usize = 4096;
/// The length of one attribute that browsers read.
const MAX_ATTRIBUTE_BYTES: usize = 1024;
const MAX_NAME_BYTES: usize = 256;
const MAX_DOMAIN_BYTES: usize = 255;

#[cfg(test)]
mod tests;
