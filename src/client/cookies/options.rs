//! Parses the `cookies` option of callers.
//!
//! The parser is not derived, so that errors name the option and the accepted values, both with serde_json and with
//! serde-wasm-bindgen.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{CookieMode, CookieRules, SameSite};

/// The names and values of the options, not checked yet.
pub(super) struct CookieOptions(Vec<(String, Setting)>);

/// The value of one option. Its type is checked when its name is known, so that the error can name the option.
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
        let mut sets_names = false;
        for (name, value) in options {
            let is_of_mode = matches!(&*name, "session_jwt" | "session_token" | "http_only");
            sets_names |= is_of_mode && !matches!(value, Setting::Absent);
            rules.set_option(&name, value)?;
        }
        if let Some(mode) = rules.mode {
            if sets_names {
                return Err(MODE_SETS.to_owned());
            }
            rules = rules.with_mode(mode);
        }
        rules.check().map_err(|error| error.message.clone())?;
        Ok(rules)
    }
}

impl CookieRules {
    fn set_option(&mut self, name: &str, value: Setting) -> Result<(), String> {
        let accepted = match name {
            "session_jwt" | "session_token" | "path" | "domain" => "a string",
            "http_only" | "secure" | "partitioned" => "a boolean",
            "mode" => MODE,
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
            ("mode", Setting::Text(word)) if let Some(mode) = CookieMode::of(&word) => {
                self.mode = Some(mode);
            }
            ("partitioned", Setting::Flag(is_set)) => self.partitioned = is_set,
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
        formatter.write_str("the value of a cookies option")
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

impl CookieMode {
    fn of(word: &str) -> Option<Self> {
        match word {
            "server" => Some(Self::Server),
            "browser_sdk" => Some(Self::BrowserSdk),
            _ => None,
        }
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

const MODE: &str = "\"server\" or \"browser_sdk\"";
const MODE_SETS: &str =
    "cookies.mode sets session_jwt, session_token and http_only, which must be absent then";
const SAME_SITE: &str = "\"lax\", \"strict\" or \"none\"";
const MAX_AGE: &str = "a whole number of seconds from 1 to 4294967295";
