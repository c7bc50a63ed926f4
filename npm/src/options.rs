//! Configurations, and what calls are asked: TypeScript reads a caller's object once and writes this of it.
//!
//! Unknown names and values of another type are refused there, by name, and never arrive here.

use serde::Deserialize;
use serde_json::value::RawValue;
use stytch_edge::{
    client::{
        CacheLimits, ClientError, CookieRules, Demand, Lifetimes, RemoteFallback, RequiredClaim,
        RequiredValue, ResourceDemand,
    },
    flow::{Challenge, Introspection, Times},
    jwt::JsonObject,
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

/// What a call is asked: a JSON object, of which TypeScript has read each option once. A value is read when it is needed.
pub(crate) struct Asked<'a>(Option<JsonObject<'a>>);

impl<'a> Asked<'a> {
    /// Reads what a call is asked. Nothing at all is every default.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument` for what TypeScript did not write; here and below.
    pub(crate) fn read(json: Option<&'a [u8]>) -> Result<Self, ClientError> {
        let object = json.map(JsonObject::parse).transpose();
        object.map(Self).map_err(|_| unreadable())
    }

    /// An option, as the text that it was written in.
    fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.0.as_ref()?.raw(name).ok()?
    }

    /// The value of an option.
    fn value<T: Deserialize<'a>>(&self, name: &str) -> Result<Option<T>, ClientError> {
        self.raw(name).map(value_of).transpose()
    }

    /// The members of an option that is an object.
    fn members(&self, name: &str) -> Result<Option<JsonObject<'a>>, ClientError> {
        let object = self.raw(name).map(JsonObject::nested).transpose();
        object.map_err(|_| unreadable())
    }

    pub(crate) fn times(&self) -> Result<Times, ClientError> {
        let now: Option<f64> = self.value("current_date")?;
        Ok(Times {
            now: now.map(|milliseconds| milliseconds / 1000.0),
            clock_tolerance: self.value("clock_tolerance_seconds")?.unwrap_or_default(),
            max_token_age: self.value("max_token_age_seconds")?,
        })
    }

    /// The permission that is asked for, if one is. A field of it that is not text is absent.
    pub(crate) fn permission(
        &self,
        product: Product,
    ) -> Result<Option<AuthorizationCheck>, ClientError> {
        let Some(check) = self.members("authorization_check")? else {
            return Ok(None);
        };
        let text = |name: &str| value_of::<String>(check.raw(name).ok()??).ok();
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
        if let Some(scopes) = self.value("required_scopes")? {
            return Ok(Demand::Scopes(scopes));
        }
        let check = self.permission(product)?;
        Ok(check.map_or(Demand::Nothing, Demand::Permission))
    }

    /// What a service requires of a token.
    pub(crate) fn of_service(&self, product: Product) -> Result<ResourceDemand, ClientError> {
        Ok(ResourceDemand {
            audiences: self.value("audience")?.unwrap_or_default(),
            scopes: self.value("required_scopes")?.unwrap_or_default(),
            permission: self.permission(product)?,
        })
    }

    pub(crate) fn remote_fallback(&self) -> Result<Option<RemoteFallback>, ClientError> {
        let word: Option<String> = self.value("remote_fallback")?;
        Ok(word.and_then(|word| fallback_of(&word)))
    }

    pub(crate) fn introspection(&self) -> Introspection {
        match self.raw("introspect").map(RawValue::get) {
            Some("\"always\"") => Introspection::Always,
            _ => Introspection::Never,
        }
    }

    pub(crate) fn challenge(&self) -> Result<Challenge, ClientError> {
        Ok(Challenge {
            realm: self.value("realm")?,
            resource_metadata_url: self.value("resource_metadata_url")?,
        })
    }

    /// How long a session shall last from now on, as JSON text.
    pub(crate) fn session_duration_minutes(&self) -> Option<Box<RawValue>> {
        self.raw("session_duration_minutes").map(ToOwned::to_owned)
    }

    /// Claims to set, as JSON text.
    pub(crate) fn session_custom_claims(&self) -> Option<Box<RawValue>> {
        self.raw("session_custom_claims").map(ToOwned::to_owned)
    }

    pub(crate) fn required_claims(&self) -> Result<Vec<RequiredClaim>, ClientError> {
        let Some(claims) = self.members("required_claims")? else {
            return Ok(Vec::new());
        };
        let claims = claims.members().map(|(name, value)| {
            let value = match value.get() {
                "null" => RequiredValue::Null,
                "true" => RequiredValue::Present,
                "false" => RequiredValue::False,
                text if text.starts_with('"') => RequiredValue::Text(value_of(value)?),
                _ => RequiredValue::Number(value_of(value)?),
            };
            let name = name.to_owned();
            Ok(RequiredClaim { name, value })
        });
        claims.collect()
    }

    /// The rules for cookies, if the call has its own.
    pub(crate) fn cookies(&self) -> Result<Option<Box<CookieRules>>, ClientError> {
        let json = self.raw("cookies").map(RawValue::get);
        json.map(CookieRules::read).transpose()
    }

    /// The texts of a form.
    pub(crate) fn fields(&self) -> Result<Vec<(String, String)>, ClientError> {
        let Some(fields) = self.members("fields")? else {
            return Ok(Vec::new());
        };
        let fields = fields
            .members()
            .map(|(name, value)| Ok((name.to_owned(), value_of(value)?)));
        fields.collect()
    }
}

fn value_of<'a, T: Deserialize<'a>>(value: &'a RawValue) -> Result<T, ClientError> {
    serde_json::from_slice(value.get().as_bytes()).map_err(|_| unreadable())
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
