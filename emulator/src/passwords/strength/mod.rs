//! The password policy of a project: whether a new password is strong enough, and whether it is known from a data breach.
//!
//! The fields have the names of Stytch's management API. Assumptions: the defaults other than `ZXCVBN`; the order of the
//! checks; and the list of breached passwords, which is built in and short.

#[cfg(feature = "zxcvbn")]
mod by_zxcvbn;
mod luds;
#[cfg(any(test, not(feature = "zxcvbn")))]
mod simple;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::errors::{self, Failure};
use crate::merge::{self, Object};
use luds::Luds;

/// The settings of a project for its passwords.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PasswordConfig {
    pub(crate) check_breach_on_creation: bool,
    pub(crate) check_breach_on_authentication: bool,
    /// Whether a password that does not meet the policy any more must be reset.
    pub(crate) validate_on_authentication: bool,
    pub(crate) validation_policy: ValidationPolicy,
    /// From 8 to 32.
    pub(crate) luds_min_password_length: usize,
    /// The number of character types, from 1 to 4.
    pub(crate) luds_min_password_complexity: usize,
    /// Whether all members with one email address share one password. Only for B2B projects.
    pub(crate) cross_org_passwords: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ValidationPolicy {
    #[default]
    Zxcvbn,
    Luds,
}

impl Default for PasswordConfig {
    fn default() -> Self {
        Self {
            check_breach_on_creation: true,
            check_breach_on_authentication: true,
            validate_on_authentication: false,
            validation_policy: ValidationPolicy::Zxcvbn,
            luds_min_password_length: 8,
            luds_min_password_complexity: 3,
            cross_org_passwords: false,
        }
    }
}

/// What an estimator says about a password.
pub(crate) struct Estimate {
    /// From 0 to 4 (best).
    score: u8,
    /// Empty if there is nothing to warn of.
    warning: String,
    suggestions: Vec<String>,
}

/// The strength of a password under the policy of a project.
pub(crate) struct Strength {
    estimate: Estimate,
    luds: Luds,
    policy: ValidationPolicy,
    is_strong: bool,
    is_breached: bool,
    breach_detection_on_create: bool,
}

impl PasswordConfig {
    /// Returns the settings with these changes, or a message about the field that is unknown, malformed or out of range.
    pub(crate) fn with(&self, changes: Object) -> Result<Self, String> {
        let mut fields = merge::object(json!(self));
        fields.extend(changes);
        let config: Self = serde_json::from_value(Value::Object(fields))
            .map_err(|error| format!("the password config is malformed: {error}"))?;
        if !(8..=32).contains(&config.luds_min_password_length) {
            return Err("luds_min_password_length must be 8 to 32".to_owned());
        }
        if !(1..=4).contains(&config.luds_min_password_complexity) {
            return Err("luds_min_password_complexity must be 1 to 4".to_owned());
        }
        Ok(config)
    }

    /// Measures a password. Breaches are looked up only with an email address, which the password must not resemble either.
    pub(crate) fn strength(&self, password: &str, email_address: Option<&str>) -> Strength {
        let estimate = estimate(password, email_address);
        let luds = Luds::of(
            password,
            self.luds_min_password_length,
            self.luds_min_password_complexity,
        );
        let is_strong = match self.validation_policy {
            ValidationPolicy::Zxcvbn => estimate.score >= MIN_SCORE,
            ValidationPolicy::Luds => luds.is_met(),
        };
        Strength {
            is_breached: email_address.is_some() && is_breached(password),
            breach_detection_on_create: self.check_breach_on_creation,
            policy: self.validation_policy,
            estimate,
            luds,
            is_strong,
        }
    }

    /// Returns an error if a new password is weak or breached.
    pub(crate) fn admit(&self, password: &str, email_address: &str) -> Result<(), Failure> {
        let strength = self.strength(password, Some(email_address));
        if !strength.is_strong {
            return Err(errors::WEAK_PASSWORD.failure());
        }
        if self.check_breach_on_creation && strength.is_breached {
            return Err(errors::BREACHED_PASSWORD.failure());
        }
        Ok(())
    }

    /// Whether a correct password is refused until it is reset, because it is breached or does not meet the policy.
    pub(crate) fn requires_reset(&self, password: &str, email_address: &str) -> bool {
        let is_weak = || !self.strength(password, Some(email_address)).is_strong;
        self.check_breach_on_authentication && is_breached(password)
            || self.validate_on_authentication && is_weak()
    }
}

impl ValidationPolicy {
    /// The name of the policy in responses.
    fn word(self) -> &'static str {
        match self {
            Self::Zxcvbn => "zxcvbn",
            Self::Luds => "luds",
        }
    }
}

impl Strength {
    /// Returns the members that both products have in the response of a strength check.
    pub(crate) fn view(&self) -> Value {
        let is_refused = self.breach_detection_on_create && self.is_breached;
        json!({
            "valid_password": self.is_strong && !is_refused,
            "score": self.estimate.score,
            "breached_password": self.breach_detection_on_create && self.is_breached,
            "strength_policy": self.policy.word(),
            "breach_detection_on_create": self.breach_detection_on_create,
        })
    }

    /// Returns the feedback for users.
    pub(crate) fn feedback(&self) -> Value {
        let luds = self.luds_feedback();
        match self.zxcvbn_feedback() {
            Value::Null => json!({ "warning": "", "suggestions": [], "luds_requirements": luds }),
            feedback => {
                let mut feedback = merge::object(feedback);
                feedback.insert("luds_requirements".into(), luds);
                Value::Object(feedback)
            }
        }
    }

    /// Returns the feedback of zxcvbn, or `null` if the policy is another one.
    pub(crate) fn zxcvbn_feedback(&self) -> Value {
        let Estimate {
            warning,
            suggestions,
            ..
        } = &self.estimate;
        match self.policy {
            ValidationPolicy::Zxcvbn => json!({ "warning": warning, "suggestions": suggestions }),
            ValidationPolicy::Luds => Value::Null,
        }
    }

    /// Returns the feedback of LUDS, or `null` if the policy is another one.
    pub(crate) fn luds_feedback(&self) -> Value {
        match self.policy {
            ValidationPolicy::Zxcvbn => Value::Null,
            ValidationPolicy::Luds => json!(self.luds),
        }
    }
}

fn estimate(password: &str, email_address: Option<&str>) -> Estimate {
    #[cfg(feature = "zxcvbn")]
    return by_zxcvbn::estimate(password, email_address);
    #[cfg(not(feature = "zxcvbn"))]
    return simple::estimate(password, email_address);
}

fn is_breached(password: &str) -> bool {
    BREACHED.contains(&password)
}

/// The least score of an acceptable password.
const MIN_SCORE: u8 = 3;

/// The passwords that the emulator treats as known from a breach. Each is in the data of Have I Been Pwned, except for the
/// last, which is for tests that need a strong breached password.
const BREACHED: [&str; 12] = [
    "123456",
    "123456789",
    "password",
    "password1",
    "qwerty",
    "letmein",
    "iloveyou",
    "Password123!",
    "P@ssw0rd",
    "correcthorsebatterystaple",
    "trustno1",
    "breached-password-of-the-emulator",
];
