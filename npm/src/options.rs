//! Configurations, and what calls are asked: TypeScript reads a caller's object once and writes this of it.
//!
//! Unknown names and values of another type are refused there, by name, and never arrive here.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use stytch_edge::{
    client::{
        CacheLimits, ClientError, CookieRules, Demand, Lifetimes, RemoteFallback, RequiredClaim,
        RequiredValue, ResourceDemand,
    },
    flow::{Challenge, Introspection, Times},
    session::{AuthorizationCheck, Product},
};

/// A client's configuration, as `pkg/src/config_checks.ts` has checked it.
#[derive(Deserialize)]
pub(crate) struct ClientConfig {
    product: String,
    pub(crate) project_id: String,
    pub(crate) secret: String,
    pub(crate) base_url: String,
    pub(crate) origin: String,
    pub(crate) fraud_origin: String,
    pub(crate) timeout_ms: u32,
    pub(crate) jwks: Option<String>,
    #[serde(default)]
    pub(crate) jwks_pinned: bool,
    pub(crate) jwks_url: Option<String>,
    /// A number of its own, if the client shares no state.
    pub(crate) isolated: Option<u32>,
    pub(crate) keys_max_stale_seconds: Option<f64>,
    pub(crate) policy_ttl_seconds: Option<f64>,
    pub(crate) max_entries: Option<u32>,
    pub(crate) max_bytes: Option<u32>,
    remote_fallback: Option<String>,
    /// As JSON text.
    pub(crate) cookies: Option<String>,
}

impl ClientConfig {
    pub(crate) fn product(&self) -> Product {
        Product::from(self.product.as_str())
    }

    pub(crate) fn remote_fallback(&self) -> Option<RemoteFallback> {
        fallback_of(self.remote_fallback.as_deref()?)
    }

    pub(crate) fn lifetimes(&self) -> Lifetimes {
        let usual = Lifetimes::default();
        Lifetimes {
            max_stale: self.keys_max_stale_seconds.unwrap_or(usual.max_stale),
            policy_ttl: self.policy_ttl_seconds.unwrap_or(usual.policy_ttl),
        }
    }

    pub(crate) fn token_cache(&self) -> CacheLimits {
        let usual = CacheLimits::default();
        let number = |given: Option<u32>, usual| given.map_or(usual, |number| number as usize);
        CacheLimits {
            max_entries: number(self.max_entries, usual.max_entries),
            max_bytes: number(self.max_bytes, usual.max_bytes),
        }
    }
}

/// What a call is asked. TypeScript writes what a method accepts and nothing else, so one type serves all calls: each
/// type would bring a reader of its own into the package.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    clock_tolerance_seconds: Text,
    max_token_age_seconds: Text,
    /// In milliseconds.
    current_date: Text,
    authorization_check: Text,
    required_claims: Text,
    required_scopes: Text,
    audience: Text,
    remote_fallback: Text,
    introspect: Text,
    realm: Text,
    resource_metadata_url: Text,
    session_duration_minutes: Text,
    session_custom_claims: Text,
    cookies: Text,
    /// The form of an introspection.
    fields: Text,
}

/// A value as JSON text, which is read when it is needed.
type Text = Option<Box<RawValue>>;

/// The value of a text.
fn read<T: DeserializeOwned>(text: &Text) -> Result<Option<T>, ClientError> {
    let Some(text) = text else {
        return Ok(None);
    };
    let value = serde_json::from_slice(text.get().as_bytes());
    value.map(Some).map_err(|_| unreadable())
}

/// The members of an object.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Members;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

impl Asked {
    /// Reads what a call is asked. Nothing at all is every default.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument` for what TypeScript did not write.
    #[inline(never)]
    pub(crate) fn read(json: Option<Vec<u8>>) -> Result<Self, ClientError> {
        let Some(json) = json else {
            return Ok(Self::default());
        };
        serde_json::from_slice(&json).map_err(|_| unreadable())
    }

    pub(crate) fn times(&self) -> Result<Times, ClientError> {
        let now: Option<f64> = read(&self.current_date)?;
        Ok(Times {
            now: now.map(|milliseconds| milliseconds / 1000.0),
            clock_tolerance: read(&self.clock_tolerance_seconds)?.unwrap_or_default(),
            max_token_age: read(&self.max_token_age_seconds)?,
        })
    }

    /// The permission that is asked for, if one is. A field of it that is not text is absent.
    pub(crate) fn permission(
        &self,
        product: Product,
    ) -> Result<Option<AuthorizationCheck>, ClientError> {
        let Some(Members(members)) = read(&self.authorization_check)? else {
            return Ok(None);
        };
        let text = |wanted: &str| {
            let (_, value) = members.iter().find(|(name, _)| name == wanted)?;
            serde_json::from_slice(value.get().as_bytes()).ok()
        };
        let is_of_members = product == Product::B2b;
        let organization_id = text("organization_id").filter(|_| is_of_members);
        match (text("action"), text("resource_id")) {
            (Some(action), Some(resource_id)) if organization_id.is_some() == is_of_members => {
                Ok(Some(AuthorizationCheck {
                    resource_id,
                    action,
                    organization_id,
                }))
            }
            _ => Err(no_permission()),
        }
    }

    /// What a token must allow: scopes if some are named, else a permission.
    pub(crate) fn demand(&self, product: Product) -> Result<Demand, ClientError> {
        if let Some(scopes) = read(&self.required_scopes)? {
            return Ok(Demand::Scopes(scopes));
        }
        let check = self.permission(product)?;
        Ok(check.map_or(Demand::Nothing, Demand::Permission))
    }

    /// What a service requires of a token.
    pub(crate) fn of_service(&self, product: Product) -> Result<ResourceDemand, ClientError> {
        Ok(ResourceDemand {
            audiences: read(&self.audience)?.unwrap_or_default(),
            scopes: read(&self.required_scopes)?.unwrap_or_default(),
            permission: self.permission(product)?,
        })
    }

    pub(crate) fn remote_fallback(&self) -> Option<RemoteFallback> {
        let word: String = read(&self.remote_fallback).ok()??;
        fallback_of(&word)
    }

    pub(crate) fn introspection(&self) -> Introspection {
        let word: Option<String> = read(&self.introspect).ok().flatten();
        match word.as_deref() {
            Some("always") => Introspection::Always,
            _ => Introspection::Never,
        }
    }

    pub(crate) fn challenge(&self) -> Result<Challenge, ClientError> {
        Ok(Challenge {
            realm: read(&self.realm)?,
            resource_metadata_url: read(&self.resource_metadata_url)?,
        })
    }

    /// As JSON text.
    pub(crate) fn session_duration_minutes(&self) -> Option<&RawValue> {
        self.session_duration_minutes.as_deref()
    }

    /// As JSON text.
    pub(crate) fn session_custom_claims(&self) -> Option<&RawValue> {
        self.session_custom_claims.as_deref()
    }

    pub(crate) fn required_claims(&self) -> Result<Vec<RequiredClaim>, ClientError> {
        let Some(Members(members)) = read(&self.required_claims)? else {
            return Ok(Vec::new());
        };
        let claims = members.into_iter();
        claims
            .map(|(name, value)| {
                let value = match value.get() {
                    "null" => RequiredValue::Null,
                    "true" => RequiredValue::Present,
                    "false" => RequiredValue::False,
                    text if text.starts_with('"') => {
                        RequiredValue::Text(read(&Some(value))?.unwrap_or_default())
                    }
                    _ => RequiredValue::Number(read(&Some(value))?.unwrap_or(f64::NAN)),
                };
                let claim = RequiredClaim { name, value };
                claim.check()?;
                Ok(claim)
            })
            .collect()
    }

    /// The rules for cookies, if the call has its own.
    pub(crate) fn cookies(&self) -> Result<Option<Box<CookieRules>>, ClientError> {
        let read = |json: &RawValue| CookieRules::read(json.get());
        self.cookies.as_deref().map(read).transpose()
    }

    /// The texts of a form.
    pub(crate) fn fields(&self) -> Result<Vec<(String, String)>, ClientError> {
        let Some(Members(members)) = read(&self.fields)? else {
            return Ok(Vec::new());
        };
        let fields = members.into_iter();
        fields
            .map(|(name, value)| Ok((name, read(&Some(value))?.unwrap_or_default())))
            .collect()
    }
}

pub(crate) fn no_permission() -> ClientError {
    ClientError::invalid_argument(
        "authorization_check must have an action and a resource_id, and for members an organization_id",
    )
}

fn fallback_of(word: &str) -> Option<RemoteFallback> {
    match word {
        "always" => Some(RemoteFallback::Always),
        "stale" => Some(RemoteFallback::Stale),
        "never" => Some(RemoteFallback::Never),
        _ => None,
    }
}

fn unreadable() -> ClientError {
    ClientError::invalid_argument("the options cannot be read")
}
