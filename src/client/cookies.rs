//! The two cookies in which a browser keeps a session: their attributes, and the
//! `Set-Cookie` lines that set and clear them (RFC 6265, section 4.1; for prefixes and
//! SameSite its successor, draft-ietf-httpbis-rfc6265bis).
//!
//! Knows nothing of who is let in.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

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

/// The options of [`CookieRules`] as a caller writes them: names and values.
struct CookieOptions(Vec<(String, Setting)>);

/// The value of one option. Its type is checked when the option's name is known, so that an
/// error can name it.
enum Setting {
    Absent,
    Text(String),
    Flag(bool),
    Number(f64),
    Other,
}

impl TryFrom<CookieOptions> for CookieRules {
    type Error = String;

    fn try_from(CookieOptions(options): CookieOptions) -> Result<Self, String> {
        let mut rules = Self::default();
        for (name, value) in options {
            rules.set_option(&name, value)?;
        }
        rules.check().map_err(|error| error.message.clone())?;
        Ok(rules)
    }
}

impl CookieRules {
    fn set_option(&mut self, name: &str, value: Setting) -> Result<(), String> {
        let accepted = match name {
            "session_jwt" | "session_token" | "path" | "domain" => "a string",
            "http_only" | "secure" => "a boolean",
            "same_site" => SAME_SITE,
            "max_age_seconds" => MAX_AGE,
            _ => return Err(["unknown cookies option \"", name, "\""].concat()),
        };
        match (name, value) {
            (_, Setting::Absent) => {}
            ("session_jwt", Setting::Text(text)) => self.session_jwt = text,
            ("session_token", Setting::Text(text)) => self.session_token = text,
            ("path", Setting::Text(text)) => self.path = text,
            ("domain", Setting::Text(text)) => self.domain = text,
            ("http_only", Setting::Flag(is_set)) => self.http_only = is_set,
            ("secure", Setting::Flag(is_set)) => self.secure = is_set,
            ("same_site", Setting::Text(word)) if let Some(same_site) = SameSite::of(&word) => {
                self.same_site = same_site;
            }
            ("max_age_seconds", Setting::Number(number)) if let Some(seconds) = whole(number) => {
                self.max_age_seconds = Some(seconds);
            }
            _ => return Err(["cookies.", name, " must be ", accepted].concat()),
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for CookieOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OptionsVisitor)
    }
}

struct OptionsVisitor;

impl<'de> Visitor<'de> for OptionsVisitor {
    type Value = CookieOptions;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CookieOptions, A::Error> {
        let mut options = Vec::new();
        while let Some(option) = map.next_entry()? {
            options.push(option);
        }
        Ok(CookieOptions(options))
    }
}

impl<'de> Deserialize<'de> for Setting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SettingVisitor)
    }
}

struct SettingVisitor;

impl<'de> Visitor<'de> for SettingVisitor {
    type Value = Setting;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an option of a cookie")
    }

    fn visit_unit<E: Error>(self) -> Result<Setting, E> {
        Ok(Setting::Absent)
    }

    fn visit_none<E: Error>(self) -> Result<Setting, E> {
        Ok(Setting::Absent)
    }

    fn visit_bool<E: Error>(self, is_set: bool) -> Result<Setting, E> {
        Ok(Setting::Flag(is_set))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Setting, E> {
        Ok(Setting::Number(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Setting, E> {
        Ok(Setting::Number(number as f64))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Setting, E> {
        Ok(Setting::Number(number as f64))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Setting, E> {
        Ok(Setting::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Setting, A::Error> {
        while values.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Setting::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Setting, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Setting::Other)
    }
}

impl SameSite {
    fn of(word: &str) -> Option<Self> {
        match word {
            "lax" => Some(Self::Lax),
            "strict" => Some(Self::Strict),
            "none" => Some(Self::None),
            _ => None,
        }
    }
}

fn whole(seconds: f64) -> Option<u32> {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number outside of its range becomes the nearest one"
    )]
    let whole = seconds as u32;
    (f64::from(whole) == seconds).then_some(whole)
}

/// What a token of RFC 9110, section 5.6.2, is made of.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// What a cookie's value is made of (RFC 6265, section 4.1.1).
fn is_cookie_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)
}

const SAME_SITE: &str = "\"lax\", \"strict\" or \"none\"";
const MAX_AGE: &str = "a whole number of seconds from 1 to 4294967295";

/// What browsers keep of one cookie: name, value and attributes together.
const MAX_COOKIE_BYTES: usize = 4096;
/// What browsers read of one attribute.
const MAX_ATTRIBUTE_BYTES: usize = 1024;
const MAX_NAME_BYTES: usize = 256;
const MAX_DOMAIN_BYTES: usize = 255;

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
        let name = |option: &str| {
            format!(
                "cookies.{option} must be a cookie name: 1 to 256 letters, digits or !#$%&'*+-.^_`|~"
            )
        };
        let (jwt_name, token_name) = (name("session_jwt"), name("session_token"));
        let long = format!(r#"{{"session_token":"{}"}}"#, "a".repeat(257));
        let long_path = format!(r#"{{"path":"/{}"}}"#, "a".repeat(1024));
        let object = "cookies must be an object";
        let secure = "cookies.secure must be true when same_site is \"none\" or a name starts with __Host- or __Secure-";
        let same_site = "cookies.same_site must be \"lax\", \"strict\" or \"none\"";
        let path = "cookies.path must start with / and have at most 1024 printable ASCII characters other than ;";
        let domain =
            "cookies.domain must be a domain name: at most 255 letters, digits, dots and hyphens";
        let max_age =
            "cookies.max_age_seconds must be a whole number of seconds from 1 to 4294967295";
        for (json, expected) in [
            ("", object),
            ("[]", object),
            (r#"["a"]"#, object),
            ("null", object),
            (r#"{"nam":"a"}"#, r#"unknown cookies option "nam""#),
            (
                r#"{"nam":null,"secure":1}"#,
                r#"unknown cookies option "nam""#,
            ),
            (
                r#"{"__proto__":{}}"#,
                r#"unknown cookies option "__proto__""#,
            ),
            (r#"{"session_jwt":""}"#, &*jwt_name),
            (r#"{"session_jwt":"a b"}"#, &*jwt_name),
            (r#"{"session_jwt":"a=b"}"#, &*jwt_name),
            (r#"{"session_jwt":"a;b"}"#, &*jwt_name),
            (r#"{"session_token":"a\u00e4"}"#, &*token_name),
            (&*long, &*token_name),
            (
                r#"{"session_jwt":"stytch_session"}"#,
                "cookies.session_jwt and cookies.session_token must be different names",
            ),
            (
                r#"{"session_jwt":{}}"#,
                "cookies.session_jwt must be a string",
            ),
            (
                r#"{"session_token":1}"#,
                "cookies.session_token must be a string",
            ),
            (
                r#"{"http_only":"yes"}"#,
                "cookies.http_only must be a boolean",
            ),
            (r#"{"secure":0}"#, "cookies.secure must be a boolean"),
            (r#"{"secure":[true]}"#, "cookies.secure must be a boolean"),
            (r#"{"same_site":"Lax"}"#, same_site),
            (r#"{"same_site":{"lax":null}}"#, same_site),
            (r#"{"same_site":"none","secure":false}"#, secure),
            (r#"{"session_jwt":"__Host-a","secure":false}"#, secure),
            (r#"{"session_token":"__Secure-a","secure":false}"#, secure),
            (r#"{"path":7}"#, "cookies.path must be a string"),
            (r#"{"path":""}"#, path),
            (r#"{"path":"app"}"#, path),
            (r#"{"path":"/; Domain=evil"}"#, path),
            (r#"{"path":"/\r\nSet-Cookie: a=b"}"#, path),
            (&*long_path, path),
            (r#"{"domain":false}"#, "cookies.domain must be a string"),
            (r#"{"domain":"a;b"}"#, domain),
            (r#"{"max_age_seconds":0}"#, max_age),
            (r#"{"max_age_seconds":-1}"#, max_age),
            (r#"{"max_age_seconds":1.5}"#, max_age),
            (r#"{"max_age_seconds":4294967296}"#, max_age),
            (r#"{"max_age_seconds":"60"}"#, max_age),
            (
                r#"{"session_jwt":"__Host-a","path":"/app"}"#,
                "cookies.path must be \"/\" when a name starts with __Host-",
            ),
            (
                r#"{"session_jwt":"__host-a","domain":"example.com"}"#,
                "cookies.domain must be absent when a name starts with __Host-",
            ),
        ] {
            let error = CookieRules::read(json).unwrap_err();
            assert_eq!(error.code.word(), "invalid_argument", "{json}");
            assert_eq!(error.message, expected, "{json}");
        }
        // As a part of other options, the rules give the same reasons.
        let error = serde_json::from_str::<Vec<CookieRules>>(r#"[{"secure":0}]"#).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("cookies.secure must be a boolean")
        );
        let nulls = r#"{"session_jwt":null,"secure":null,"same_site":null,"max_age_seconds":null}"#;
        assert_eq!(*CookieRules::read(nulls).unwrap(), CookieRules::default());
        let good = r#"{"session_jwt":"__Host-a","session_token":"__Secure-b"}"#;
        CookieRules::read(good).unwrap();
    }
}
