//! The two cookies in which a browser keeps a session: their attributes, and the
//! `Set-Cookie` lines that set and clear them (RFC 6265, section 4.1; for prefixes and
//! SameSite its successor, draft-ietf-httpbis-rfc6265bis).
//!
//! Knows nothing of who is let in.

use alloc::{borrow::ToOwned, boxed::Box, string::String};

use super::{ClientError, decimal};
use crate::jwt::{JsonObject, JsonText, UnixSeconds};

/// Names and attributes of the cookies.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Reads the rules of a JavaScript caller, an object as JSON text; what it does not
    /// say is as usual.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument` for an option that is wrong or unknown.
    pub fn read(json: &str) -> Result<Box<Self>, ClientError> {
        let mut rules = Box::<Self>::default();
        let object = JsonObject::parse(json.as_bytes()).ok();
        let object = object.ok_or_else(|| invalid("an object"))?;
        for (name, value) in object.members() {
            if value.get() != "null" {
                let is_known = rules.read_option(name, value);
                is_known.ok_or_else(|| invalid("one of its options, of its type"))?;
            }
        }
        rules.check()?;
        Ok(rules)
    }

    fn read_option(&mut self, name: &str, value: JsonText<'_>) -> Option<()> {
        let text = match name {
            "session_jwt" => &mut self.session_jwt,
            "session_token" => &mut self.session_token,
            "path" => &mut self.path,
            "domain" => &mut self.domain,
            "http_only" | "secure" => {
                let is_set = value.get() == "true";
                if name == "secure" {
                    self.secure = is_set;
                } else {
                    self.http_only = is_set;
                }
                return (is_set || value.get() == "false").then_some(());
            }
            "same_site" => {
                self.same_site = SameSite::read(value.get())?;
                return Some(());
            }
            "max_age_seconds" => {
                let seconds = value.number()?;
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a number outside of its range becomes the nearest one"
                )]
                let whole = seconds as u32;
                self.max_age_seconds = Some(whole);
                return (f64::from(whole) == seconds).then_some(());
            }
            _ => return None,
        };
        *text = value.string()?.into_owned();
        Some(())
    }

    /// Refuses rules by which a browser would drop the cookies, or that would write
    /// something else into the header.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument`, saying what they must be.
    pub fn check(&self) -> Result<(), ClientError> {
        let names = [&self.session_jwt, &self.session_token];
        let is_name = |name: &String| (1..=256).contains(&name.len()) && name.bytes().all(is_token);
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
                names.into_iter().all(is_name),
                "names that are tokens (RFC 9110)",
            ),
            (self.session_jwt != self.session_token, "two names"),
            (
                self.secure
                    || !(is_of_host || any_starts("__secure-") || self.same_site == SameSite::None),
                "secure, with same_site \"none\" or names of __Host- or __Secure-",
            ),
            (
                !is_of_host || self.path == "/" && self.domain.is_empty(),
                "for path / and no domain, with names of __Host-",
            ),
            (
                self.path.starts_with('/')
                    && self.path.len() <= MAX_ATTRIBUTE_BYTES
                    && self.path.bytes().all(is_path),
                "for a path that begins with / and has no ; in it",
            ),
            (
                self.domain.len() <= 255 && self.domain.bytes().all(is_domain),
                "for a domain by its name",
            ),
            (self.max_age_seconds != Some(0), "for a second at least"),
        ] {
            if !holds {
                return Err(invalid(rule));
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

impl SameSite {
    /// By the JSON of the word for it.
    fn read(json: &str) -> Option<Self> {
        match json {
            "\"lax\"" => Some(Self::Lax),
            "\"strict\"" => Some(Self::Strict),
            "\"none\"" => Some(Self::None),
            _ => None,
        }
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

fn invalid(rule: &str) -> ClientError {
    ClientError::invalid_argument(["cookies must be ", rule].concat())
}

/// What browsers keep of one cookie: name, value and attributes together.
const MAX_COOKIE_BYTES: usize = 4096;
/// What browsers read of one attribute.
const MAX_ATTRIBUTE_BYTES: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    const LATER: Option<UnixSeconds> = Some(1600.9);

    #[test]
    fn sets_a_cookie_until_its_session_ends() {
        let rules = CookieRules::default();
        assert_eq!(
            rules
                .set(Cookie::SessionToken, "a-b_c", LATER, 1000.0)
                .unwrap(),
            "stytch_session=a-b_c; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax"
        );
        assert_eq!(
            rules
                .set(Cookie::SessionJwt, "a.b.c", Some(999.0), 1000.0)
                .unwrap(),
            "stytch_session_jwt=a.b.c; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"
        );
        let until_browser_ends = rules.set(Cookie::SessionJwt, "a", None, 1000.0).unwrap();
        assert!(!until_browser_ends.contains("Max-Age"));
    }

    #[test]
    fn writes_every_attribute_as_it_is_told() {
        let rules = CookieRules::read(
            r#"{"session_jwt":"j","session_token":"t","http_only":false,"secure":true,"same_site":"none",
                "path":"/app","domain":"example.com","max_age_seconds":60}"#,
        )
        .unwrap();
        assert_eq!(
            rules.set(Cookie::SessionJwt, "a", LATER, 1000.0).unwrap(),
            "j=a; Path=/app; Domain=example.com; Max-Age=60; Secure; SameSite=None"
        );
        assert_eq!(
            rules.clear(Cookie::SessionToken),
            "t=; Path=/app; Domain=example.com; Max-Age=0; Secure; SameSite=None"
        );
        let strict =
            CookieRules::read(r#"{"same_site":"strict","secure":false,"path":null}"#).unwrap();
        assert_eq!(
            strict.clear(Cookie::SessionJwt),
            "stytch_session_jwt=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"
        );
        assert_eq!(*CookieRules::read("{}").unwrap(), CookieRules::default());
    }

    #[test]
    fn sets_no_cookie_that_a_browser_would_drop_or_misread() {
        let rules = CookieRules::default();
        let set = |value: &str| rules.set(Cookie::SessionJwt, value, LATER, 1000.0);
        let room = MAX_COOKIE_BYTES - set("").unwrap().len();
        assert!(set(&"a".repeat(room)).is_some());
        assert_eq!(set(&"a".repeat(room + 1)), None);
        for value in ["a b", "a;b", "a,b", "a\"", "a\\", "a\r\nb", "ä"] {
            assert_eq!(set(value), None, "{value:?}");
        }
    }

    #[test]
    fn refuses_rules_that_a_browser_would_not_follow() {
        for json in [
            "[]",
            r#"{"sesion_jwt":"a"}"#,
            r#"{"session_jwt":""}"#,
            r#"{"session_jwt":"a b"}"#,
            r#"{"session_jwt":"a=b"}"#,
            r#"{"session_jwt":"a;b"}"#,
            r#"{"session_jwt":"stytch_session"}"#,
            r#"{"session_token":1}"#,
            r#"{"http_only":"yes"}"#,
            r#"{"secure":0}"#,
            r#"{"same_site":"Lax"}"#,
            r#"{"same_site":"none","secure":false}"#,
            r#"{"path":""}"#,
            r#"{"path":"app"}"#,
            r#"{"path":"/; Domain=evil"}"#,
            r#"{"path":"/\r\nSet-Cookie: a=b"}"#,
            r#"{"domain":"a;b"}"#,
            r#"{"max_age_seconds":0}"#,
            r#"{"max_age_seconds":-1}"#,
            r#"{"max_age_seconds":1.5}"#,
            r#"{"max_age_seconds":"60"}"#,
            r#"{"session_jwt":"__Host-a","path":"/app"}"#,
            r#"{"session_jwt":"__host-a","domain":"example.com"}"#,
            r#"{"session_jwt":"__Host-a","secure":false}"#,
            r#"{"session_token":"__Secure-a","secure":false}"#,
        ] {
            let error = CookieRules::read(json).unwrap_err();
            assert_eq!(error.code.word(), "invalid_argument", "{json}");
        }
        let good = r#"{"session_jwt":"__Host-a","session_token":"__Secure-b"}"#;
        CookieRules::read(good).unwrap();
    }
}
