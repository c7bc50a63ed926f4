//! A caller's objects as the client room reads them.

use js_sys::{Array, Function, JsString, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use crate::tasks::settled;
use stytch_edge::{
    client::{
        Arguments, CacheLimits, ClientError, Config, KeySource, Lifetimes, MAX_TEXT_LENGTH,
        MemberSession, Secret,
    },
    session::{Issuer, Product},
    wasm::{Host, stringify},
};

/// The first argument of a method, whatever the caller passed.
pub(crate) struct JsArguments(JsValue);

impl JsArguments {
    /// Takes an object, or nothing.
    pub(crate) fn new(value: JsValue) -> Result<Self, ClientError> {
        let acceptable = value.is_null_or_undefined()
            || (value.is_object() && !is_array(&value).map_err(|_| unreadable())?);
        if !acceptable {
            return Err(ClientError::invalid_argument(
                "the first argument must be an object",
            ));
        }
        Ok(Self(value))
    }

    /// Names and values of the fields that are not taken.
    fn rest(&self, taken: &[&str]) -> Result<Array, ClientError> {
        let entries = entries(&self.0).map_err(|_| unreadable())?;
        let rest = Array::new();
        for place in 0..entries.length() {
            let entry: Array = entries.get(place).unchecked_into();
            if !taken.contains(&name_of(&entry).as_str()) {
                rest.push(&entry);
            }
        }
        Ok(rest)
    }
}

impl Arguments for JsArguments {
    type Json = JsValue;

    fn is_absent(&self) -> bool {
        self.0.is_null_or_undefined()
    }

    fn text(&self, name: &str) -> Option<String> {
        text_up_to(MAX_TEXT_LENGTH, property(&self.0, name)?.dyn_ref()?)
    }

    fn pairs_without(
        &self,
        taken: &[&str],
        longest: u32,
    ) -> Result<Vec<(String, String)>, ClientError> {
        let mut pairs = Vec::new();
        let rest = self.rest(taken)?;
        for place in 0..rest.length() {
            let entry: Array = rest.get(place).unchecked_into();
            let (name, value) = (name_of(&entry), entry.get(1));
            if value.is_undefined() {
                continue;
            }
            let text = text_of(&value)
                .ok()
                .and_then(|text| text_up_to(longest, &text));
            let text = text.ok_or_else(|| {
                ClientError::invalid_argument(
                    "a field that goes into the query or a form has no text, or too much",
                )
            })?;
            pairs.push((name, text));
        }
        Ok(pairs)
    }

    fn json_without(&self, taken: &[&str]) -> Result<JsValue, ClientError> {
        let json = if taken.is_empty() {
            stringify(&self.0)
        } else {
            from_entries(&self.rest(taken)?).and_then(|rest| stringify(&rest))
        };
        let json = json.ok().filter(JsValue::is_string);
        json.ok_or_else(|| ClientError::invalid_argument("the arguments cannot be written as JSON"))
    }
}

/// The `authorization` of a method's options. One that names no session is refused:
/// the call would otherwise be made with the rights of the project in place of the
/// member's.
pub(crate) fn member_session(options: &JsValue) -> Result<MemberSession, ClientError> {
    if options.is_null_or_undefined() {
        return Ok(MemberSession::default());
    }
    let authorization = Reflect::get(options, &"authorization".into()).map_err(|_| unreadable())?;
    if authorization.is_null_or_undefined() {
        return Ok(MemberSession::default());
    }
    let text = |name: &str| match property(&authorization, name) {
        None => Ok(None),
        Some(value) => match value.as_string() {
            Some(text) => Ok(Some(text).filter(|text| !text.is_empty())),
            None => Err(ClientError::invalid_argument(
                ["authorization.", name, " must be a string"].concat(),
            )),
        },
    };
    let (session_token, session_jwt) = (text("session_token")?, text("session_jwt")?);
    if session_token.is_none() && session_jwt.is_none() {
        return Err(ClientError::invalid_argument(
            "authorization must hold a session_token or a session_jwt",
        ));
    }
    Ok(MemberSession {
        session_token,
        session_jwt,
    })
}

/// A client's configuration, which `pkg/src/config_checks.ts` has checked and written. Field by
/// field, because a library for it would be 11 KB of the package.
pub(crate) fn config_of(config: &JsValue) -> Option<Box<Config>> {
    let text = |name| property(config, name)?.as_string();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number below 2^31"
    )]
    let timeout_ms = property(config, "timeout_ms")?.as_f64()? as u32;
    Some(Box::new(Config {
        product: Product::from(text("product")?.as_str()),
        project_id: text("project_id")?,
        secret: Secret::new(text("secret")?),
        base_url: text("base_url")?,
        origin: text("origin")?,
        fraud_origin: text("fraud_origin")?,
        timeout_ms,
    }))
}

/// Which project a client is for, and on which conditions, by `pkg/src/config_checks.ts`.
pub(crate) struct Place {
    /// The number that stands for all of it.
    pub(crate) number: u32,
    pub(crate) issuer: Issuer,
    pub(crate) source: KeySource,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) cache: CacheLimits,
}

/// The keys that a client was given.
pub(crate) struct Seed {
    /// The JWK set.
    pub(crate) text: String,
    /// Whether no others are to be fetched.
    pub(crate) is_pinned: bool,
}

pub(crate) fn place_in(config_value: &JsValue, config: &Config) -> Place {
    let conditions = property(config_value, "conditions").unwrap_or(JsValue::UNDEFINED);
    let conditions = Array::from(&conditions);
    let number = |place| conditions.get(place).as_f64().unwrap_or(0.0);
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole numbers below 2^31"
    )]
    let whole = |place| number(place) as u32;
    Place {
        number: whole(0),
        issuer: config.issuer(),
        source: KeySource {
            number: whole(1),
            has_seed: property(config_value, "jwks").is_some(),
        },
        lifetimes: Lifetimes {
            max_stale: number(2),
            policy_ttl: number(3),
        },
        cache: CacheLimits {
            max_entries: whole(4) as usize,
            max_bytes: whole(5) as usize,
        },
    }
}

pub(crate) fn seed_in(config: &JsValue) -> Option<Seed> {
    Some(Seed {
        text: property(config, "jwks")?.as_string()?,
        is_pinned: property(config, "jwks_pinned").is_some_and(|pinned| pinned == JsValue::TRUE),
    })
}

/// The URL that a client wants its key set from.
pub(crate) fn jwks_url_in(config: &JsValue) -> Option<String> {
    property(config, "jwks_url")?.as_string()
}

/// The way to the store that a client was given, by `pkg/src/stores.ts`: neither function
/// throws, nor takes longer than it may.
#[derive(Default)]
pub(crate) struct Shelf {
    /// The promise of an entry's text, or of nothing.
    pub(crate) recall: Option<Function>,
    /// Keeps an entry; gives a promise where that has to be waited for.
    pub(crate) keep: Option<Function>,
}

pub(crate) fn shelf_in(host: &JsValue) -> Shelf {
    let function = |name| property(host, name)?.dyn_into::<Function>().ok();
    Shelf {
        recall: function("recall"),
        keep: function("keep"),
    }
}

/// What a caller's runtime provides beside its globals.
pub(crate) fn host_of(host: &JsValue) -> Host {
    Host {
        settled: |promise| Box::pin(settled(promise)),
        fetch: property(host, "fetch").and_then(|fetch| fetch.dyn_into::<Function>().ok()),
        dispatcher: property(host, "dispatcher"),
    }
}

/// A property that is there; reading one may run the caller's code and throw.
fn property(object: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(object, &name.into()).ok()?;
    (!value.is_null_or_undefined()).then_some(value)
}

fn name_of(entry: &Array) -> String {
    entry.get(0).as_string().unwrap_or_default()
}

/// A text that is not too long. A longer one is not even copied into wasm, whose
/// memory never shrinks.
fn text_up_to(longest: u32, text: &JsString) -> Option<String> {
    (text.length() <= longest).then(|| text.into())
}

fn unreadable() -> ClientError {
    ClientError::invalid_argument("the arguments cannot be read")
}

// Each of these may run the caller's code (getters, proxies, toString, toJSON), and
// what that throws must not pass for a trap.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object)]
    fn entries(value: &JsValue) -> Result<Array, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = fromEntries)]
    fn from_entries(entries: &Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = String)]
    fn text_of(value: &JsValue) -> Result<JsString, JsValue>;
}
