//! Configurations, and the options of calls, which TypeScript reads from a caller's object.
//!
//! TypeScript reads the names in `api/options.yaml`, and refuses unknown names. The values of a call's options are checked
//! here. The values of a configuration are checked in TypeScript, because a constructor does not wait for the wasm.

use serde::Deserialize;
use serde_json::value::RawValue;
use stytch_edge::{
    client::{
        CacheLimits, ClientError, CookieRules, DEFAULT_RETRIES, DEFAULT_TIMEOUT_MS, Lifetimes,
        MemberSession, ProtectedResource, RefreshLimits, RemoteFallback, RequiredClaim,
        RequiredValue, Requirement, ServiceRequirement,
    },
    flow::{Challenge, Introspection, Times},
    jwt::{ClockTolerance, JsonObject},
    session::{AuthorizationCheck, Product},
};

use super::{
    cookie_options,
    given::{self, Given, STRINGS},
    urls,
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
    timeout: Option<f64>,
    /// The `timeout` of a call.
    call_timeout: Option<f64>,
    retries: Option<f64>,
    pub(crate) max_response_bytes: Option<u32>,
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
    refresh_timeout: Option<f64>,
    /// Infinity: no limit.
    unverified_refreshes: Option<f64>,
    /// Infinity: no limit.
    session_refreshes: Option<f64>,
    refused_session_seconds: Option<f64>,
    max_pause_seconds: Option<f64>,
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

    pub(crate) fn timeout_ms(&self) -> u32 {
        self.timeout.and_then(whole).unwrap_or(DEFAULT_TIMEOUT_MS)
    }

    pub(crate) fn call_timeout_ms(&self) -> Option<u32> {
        self.call_timeout.and_then(whole)
    }

    pub(crate) fn retries(&self) -> u32 {
        self.retries.and_then(whole).unwrap_or(DEFAULT_RETRIES)
    }

    pub(crate) fn refreshes(&self) -> RefreshLimits {
        let usual = RefreshLimits::default();
        RefreshLimits {
            timeout_ms: self
                .refresh_timeout
                .and_then(whole)
                .unwrap_or(usual.timeout_ms),
            unverified_refreshes: self
                .unverified_refreshes
                .map_or(usual.unverified_refreshes, whole),
            session_refreshes: self
                .session_refreshes
                .map_or(usual.session_refreshes, whole),
            refused_session_seconds: self
                .refused_session_seconds
                .unwrap_or(usual.refused_session_seconds),
            max_pause_seconds: self.max_pause_seconds.unwrap_or(usual.max_pause_seconds),
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

/// The options of a call: a JSON object, for which TypeScript has read each option once. A value is checked when it is read.
pub(crate) struct Asked<'a>(Option<JsonObject<'a>>);

impl<'a> Asked<'a> {
    /// Parses the options of a call. `None` is the default for every option.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument` that names the option and says what is accepted; here and below.
    pub(crate) fn read(json: Option<&'a [u8]>) -> Result<Self, ClientError> {
        let object = json.map(JsonObject::parse).transpose();
        object
            .map(Self)
            .map_err(|_| ClientError::invalid_argument("the options cannot be read"))
    }

    /// An option, which `api/options.yaml` has to list.
    pub(crate) fn option(&self, name: &'static str) -> Given<'a> {
        Given::of(self.0.as_ref(), name)
    }

    pub(crate) fn times(&self) -> Result<Times, ClientError> {
        let now = self.option("current_date").number("a valid Date")?;
        let age = self.option("max_token_age_seconds").seconds()?;
        Ok(Times {
            now: now.map(|milliseconds| milliseconds / 1000.0),
            tolerance: ClockTolerance::of(
                self.option("clock_tolerance_seconds")
                    .seconds()?
                    .unwrap_or_default(),
            ),
            // TypeScript writes `f64::MAX` for Infinity: the age is not limited.
            max_token_age: age.filter(|age| *age < f64::MAX),
        })
    }

    /// The required permission, if there is one. A field that is not a string counts as absent.
    pub(crate) fn permission(
        &self,
        product: Product,
    ) -> Result<Option<AuthorizationCheck>, ClientError> {
        let Some(check) = self.option("authorization_check").value() else {
            return Ok(None);
        };
        let check = JsonObject::nested(check).map_err(|_| no_permission())?;
        let text = |field: Given<'a>| field.value().and_then(given::read::<String>);
        let is_of_members = product == Product::B2b;
        let organization_id = text(given::field(CHECK, &check, "organization_id"));
        let organization_id = organization_id.filter(|_| is_of_members);
        let action = text(given::field(CHECK, &check, "action"));
        let resource_id = text(given::field(CHECK, &check, "resource_id"));
        match (action, resource_id) {
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

    /// The permission that a token must give, as a requirement.
    pub(crate) fn requirement(&self, product: Product) -> Result<Requirement, ClientError> {
        let check = self.permission(product)?;
        Ok(check.map_or(Requirement::Nothing, Requirement::Permission))
    }

    /// The scopes that a token must have.
    pub(crate) fn scopes(&self) -> Result<Requirement, ClientError> {
        let scopes = self.option("required_scopes").strings()?;
        let scopes = scopes.filter(|scopes| !scopes.is_empty());
        Ok(scopes.map_or(Requirement::Nothing, Requirement::Scopes))
    }

    /// The requirement of a service for a token. A list that is null is refused, because an empty list requires nothing.
    pub(crate) fn of_service(&self, product: Product) -> Result<ServiceRequirement, ClientError> {
        let (audience, scopes) = (self.option("audience"), self.option("required_scopes"));
        let audiences = audience.text().map(|text| {
            let one = given::read(text).map(|audience: String| vec![audience]);
            let list = one.or_else(|| given::read(text));
            list.filter(|list| !list.is_empty() && !list.iter().any(String::is_empty))
                .ok_or_else(|| audience.must_be("a string, or a list of strings"))
        });
        let scopes = scopes
            .text()
            .map(|text| given::read(text).ok_or_else(|| scopes.must_be(STRINGS)));
        Ok(ServiceRequirement {
            audiences: audiences.transpose()?.unwrap_or_default(),
            scopes: scopes.transpose()?.unwrap_or_default(),
            permission: self.permission(product)?,
        })
    }

    pub(crate) fn remote_fallback(&self) -> Result<Option<RemoteFallback>, ClientError> {
        let accepted = "\"always\", \"stale\" or \"never\"";
        self.option("remote_fallback").word(fallback_of, accepted)
    }

    pub(crate) fn introspection(&self) -> Result<Introspection, ClientError> {
        let meaning: fn(&str) -> _ = |word| match word {
            "always" => Some(Introspection::Always),
            "never" => Some(Introspection::Never),
            _ => None,
        };
        let introspection = self
            .option("introspect")
            .word(meaning, "\"never\" or \"always\"")?;
        Ok(introspection.unwrap_or_default())
    }

    pub(crate) fn challenge(&self) -> Result<Challenge, ClientError> {
        let url = self.option("resource_metadata_url");
        let href = url.string(urls::ACCEPTED)?.map(|text| {
            let href = urls::secure_href(&text);
            href.ok_or_else(|| url.must_be(urls::ACCEPTED))
        });
        Ok(Challenge {
            realm: self
                .option("realm")
                .string("a string of printable ASCII characters")?,
            resource_metadata_url: href.transpose()?,
        })
    }

    /// The new lifetime of a session, as JSON text.
    pub(crate) fn session_duration_minutes(&self) -> Result<Option<Box<RawValue>>, ClientError> {
        self.option("session_duration_minutes").number_text()
    }

    /// The time limit of a refresh in milliseconds.
    pub(crate) fn refresh_timeout_ms(&self) -> Result<Option<u32>, ClientError> {
        let accepted = "a number of milliseconds, at least 1 and below 2^31";
        let timeout = self.option("refresh_timeout");
        let Some(milliseconds) = timeout.number(accepted)? else {
            return Ok(None);
        };
        if !(1.0..2_147_483_648.0).contains(&milliseconds) {
            return Err(timeout.must_be(accepted));
        }
        Ok(whole(milliseconds))
    }

    /// Claims to set, as JSON text.
    pub(crate) fn session_custom_claims(&self) -> Result<Option<Box<RawValue>>, ClientError> {
        self.option("session_custom_claims").object_text()
    }

    pub(crate) fn required_claims(&self) -> Result<Vec<RequiredClaim>, ClientError> {
        let claims = self.option("required_claims");
        let Some(members) = claims.members("a plain object")? else {
            return Ok(Vec::new());
        };
        let value_of = |value: &'a RawValue| match value.get() {
            "null" => Some(RequiredValue::Null),
            "true" => Some(RequiredValue::Present),
            "false" => Some(RequiredValue::False),
            text if text.starts_with('"') => given::read(value).map(RequiredValue::Text),
            _ => given::read(value).map(RequiredValue::Number),
        };
        let members = members.members().map(|(name, value)| {
            let value = value_of(value).ok_or_else(|| {
                ClientError::invalid_argument(
                    "required_claims must have values that are strings, finite numbers, booleans or null",
                )
            })?;
            let name = name.to_owned();
            Ok(RequiredClaim { name, value })
        });
        members.collect()
    }

    /// The rules for cookies, if the call has cookie options.
    pub(crate) fn cookies(
        &self,
        client: &CookieRules,
    ) -> Result<Option<Box<CookieRules>>, ClientError> {
        cookie_options::rules(client, self.option("cookies"))
    }

    /// The session of the member whose permissions a call uses, if there is an `authorization`. It must contain a session:
    /// otherwise the call would have the permissions of the project.
    pub(crate) fn member(&self) -> Result<MemberSession, ClientError> {
        let Some(authorization) = self.option("authorization").value() else {
            return Ok(MemberSession::default());
        };
        let no_session = || {
            ClientError::invalid_argument(
                "authorization must have a session_token or a session_jwt",
            )
        };
        let authorization = JsonObject::nested(authorization).map_err(|_| no_session())?;
        let text = |field: Given<'a>| -> Result<Option<String>, ClientError> {
            let text = field.string("a string")?;
            Ok(text.filter(|text| !text.is_empty()))
        };
        let session_token = text(given::field(MEMBER, &authorization, "session_token"))?;
        let session_jwt = text(given::field(MEMBER, &authorization, "session_jwt"))?;
        if session_token.is_none() && session_jwt.is_none() {
            return Err(no_session());
        }
        Ok(MemberSession {
            session_token,
            session_jwt,
        })
    }

    /// The description of a service.
    pub(crate) fn protected_resource(&self) -> Result<ProtectedResource, ClientError> {
        let resource = self.option("resource").string(urls::ACCEPTED)?;
        let scopes = self.option("scopes_supported").strings()?;
        Ok(ProtectedResource {
            resource: resource
                .ok_or_else(|| ClientError::invalid_argument("resource is required"))?,
            authorization_servers: self.option("authorization_servers").strings()?,
            scopes_supported: scopes.unwrap_or_default(),
        })
    }
}

pub(crate) fn no_permission() -> ClientError {
    ClientError::invalid_argument(
        "authorization_check must have an action and a resource_id, and for members an organization_id",
    )
}

/// The whole part of a number of at least 0; `None` for Infinity.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a larger number becomes the largest"
)]
pub(crate) fn whole(number: f64) -> Option<u32> {
    number.is_finite().then_some(number as u32)
}

fn fallback_of(word: &str) -> Option<RemoteFallback> {
    match word {
        "always" => Some(RemoteFallback::Always),
        "stale" => Some(RemoteFallback::Stale),
        "never" => Some(RemoteFallback::Never),
        _ => None,
    }
}

const CHECK: &str = "authorization_check.";
const MEMBER: &str = "authorization.";
