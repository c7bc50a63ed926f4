//! The options of calls, which TypeScript reads from a caller's object.
//!
//! TypeScript reads the names in `api/options.yaml`, and refuses unknown names. The values are checked here.

use serde_json::value::RawValue;
use stytch_edge::{
    client::{ClientError, CookieRules, RemoteFallback, RequiredClaim, RequiredValue, Requirement},
    flow::Times,
    jwt::{ClockTolerance, JsonObject},
    session::{AuthorizationCheck, Product},
};

use super::{
    cookie_options,
    given::{self, Given},
};

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

    /// The options in a field of an option.
    #[cfg(feature = "api")]
    pub(crate) fn of(field: Given<'a>) -> Result<Option<Self>, ClientError> {
        let members = field.members("an object")?;
        Ok(members.map(|members| Self(Some(members))))
    }

    /// An option, which `api/options.yaml` has to list.
    pub(crate) fn option(&self, name: &'static str) -> Given<'a> {
        Given::of(self.0.as_ref(), name)
    }

    /// A member of an object that TypeScript wrote, and not a caller.
    #[cfg(feature = "api")]
    pub(crate) fn part(&self, name: &'static str) -> Given<'a> {
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

    pub(crate) fn remote_fallback(&self) -> Result<Option<RemoteFallback>, ClientError> {
        let accepted = "\"always\", \"stale\" or \"never\"";
        self.option("remote_fallback").word(fallback_of, accepted)
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

pub(crate) fn fallback_of(word: &str) -> Option<RemoteFallback> {
    match word {
        "always" => Some(RemoteFallback::Always),
        "stale" => Some(RemoteFallback::Stale),
        "never" => Some(RemoteFallback::Never),
        _ => None,
    }
}

const CHECK: &str = "authorization_check.";
