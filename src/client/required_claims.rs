//! The claims that a caller requires in a token, in addition to the claims that every token must have.
//!
//! This module reads only the top level of a verified and validated payload.

use std::fmt;

use serde_json::value::RawValue;

use super::ClientError;
use crate::jwt::{JsonObject, Text, read};

/// A required claim.
#[derive(Clone, PartialEq)]
pub struct RequiredClaim {
    /// The name of the claim.
    pub name: String,
    /// The required value.
    pub value: RequiredValue,
}

/// The required value of a claim. Lists, objects and their content cannot be required.
#[derive(Debug, Clone, PartialEq)]
pub enum RequiredValue {
    /// Any value except `null` and `false`.
    Present,
    /// Exactly this string.
    Text(String),
    /// This number, in any notation.
    Number(f64),
    /// `false`.
    False,
    /// `null`. An absent claim does not match.
    Null,
}

impl RequiredClaim {
    /// Checks that a claim can have the required value.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument` for a number that is not finite, which JSON cannot contain.
    pub fn check(&self) -> Result<(), ClientError> {
        match self.value {
            RequiredValue::Number(number) if !number.is_finite() => {
                let rule = " must be a string, a finite number, a boolean or null";
                let message = ["required_claims.", &self.name, rule].concat();
                Err(ClientError::invalid_argument(message))
            }
            _ => Ok(()),
        }
    }

    /// Returns whether `claims` have this claim. A duplicate claim does not match.
    fn is_in(&self, claims: &JsonObject<'_>) -> bool {
        let found = claims.raw(&self.name).ok().flatten();
        found.is_some_and(|claim| self.value.is(claim))
    }
}

impl RequiredValue {
    fn is(&self, claim: &RawValue) -> bool {
        match self {
            Self::Present => !matches!(claim.get(), "null" | "false"),
            Self::Text(text) => read(claim).is_some_and(|Text(found)| found == text.as_str()),
            #[allow(clippy::float_cmp, reason = "the same number, not a computed one")]
            Self::Number(number) => read(claim) == Some(*number),
            Self::False => claim.get() == "false",
            Self::Null => claim.get() == "null",
        }
    }
}

/// Returns whether a payload has all of the required claims. `payload` is JSON text.
#[must_use]
pub fn holds_claims(payload: &str, required: &[RequiredClaim]) -> bool {
    // Most callers do not require claims. The payload is then not parsed.
    required.is_empty()
        || JsonObject::parse_text(payload)
            .is_ok_and(|claims| required.iter().all(|claim| claim.is_in(&claims)))
}

/// Omits the value, which may identify a user.
impl fmt::Debug for RequiredClaim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RequiredClaim {}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(payload: &str, name: &str, value: RequiredValue) -> bool {
        let name = name.into();
        holds_claims(payload, &[RequiredClaim { name, value }])
    }

    #[test]
    fn compares_a_claim_with_a_text_a_number_false_and_null() {
        use RequiredValue::{False, Null, Number, Text};
        let payload = r#"{"plan":"g\u006fld","seats":5.0,"trial":false,"parent":null,"five":"5","list":["gold"]}"#;
        for (name, value, expected) in [
            ("plan", Text("gold".into()), true),
            ("plan", Text("Gold".into()), false),
            ("plan", Text("".into()), false),
            ("list", Text("gold".into()), false),
            ("seats", Number(5.0), true),
            ("seats", Number(6.0), false),
            ("five", Number(5.0), false),
            ("seats", Text("5.0".into()), false),
            ("trial", False, true),
            ("parent", False, false),
            ("parent", Null, true),
            ("trial", Null, false),
            ("absent", Null, false),
            ("absent", False, false),
        ] {
            assert_eq!(
                holds(payload, name, value.clone()),
                expected,
                "{name} {value:?}"
            );
        }
    }

    #[test]
    fn treats_every_value_except_null_and_false_as_present() {
        let payload = r#"{"a":0,"b":"","c":[],"d":true,"e":null,"f":false}"#;
        let present: Vec<&str> = ["a", "b", "c", "d", "e", "f", "g"]
            .into_iter()
            .filter(|name| holds(payload, name, RequiredValue::Present))
            .collect();
        assert_eq!(present, ["a", "b", "c", "d"]);
    }

    #[test]
    fn does_not_match_a_duplicate_claim() {
        let payload = r#"{"role":"admin","r\u006fle":"admin","x":1,"x":2}"#;
        assert!(!holds(payload, "role", RequiredValue::Text("admin".into())));
        assert!(holds_claims(payload, &[]), "no claim is required");
    }

    #[test]
    fn requires_every_claim() {
        let claim = |name: &str| RequiredClaim {
            name: name.into(),
            value: RequiredValue::Present,
        };
        assert!(holds_claims(r#"{"a":1,"b":2}"#, &[claim("a"), claim("b")]));
        assert!(!holds_claims(r#"{"a":1}"#, &[claim("a"), claim("b")]));
        assert!(!holds_claims("[]", &[claim("a")]));
    }

    #[test]
    fn refuses_a_number_that_is_not_finite() {
        for number in [f64::NAN, f64::INFINITY] {
            let value = RequiredValue::Number(number);
            let claim = RequiredClaim {
                name: "a".into(),
                value,
            };
            let message = "required_claims.a must be a string, a finite number, a boolean or null";
            assert_eq!(claim.check().unwrap_err().message, message);
        }
    }
}
