//! Claims that a caller requires of a token, beyond those that every token needs.
//!
//! Looks at the top level of a payload that is known to be good, and at nothing but
//! whether a claim is there as it has to be.

use std::fmt;

use serde_json::value::RawValue;

use super::ClientError;
use crate::jwt::{JsonObject, Text, read};

/// A claim and what it has to be.
#[derive(Clone, PartialEq)]
pub struct RequiredClaim {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: RequiredValue,
}

/// What a claim has to be. What is in a list or an object cannot be required.
#[derive(Debug, Clone, PartialEq)]
pub enum RequiredValue {
    /// Anything but null and false.
    Present,
    /// This text, letter by letter.
    Text(String),
    /// This number, however it is written.
    Number(f64),
    /// False.
    False,
    /// Null, and there.
    Null,
}

impl RequiredClaim {
    /// Refuses what nothing equals.
    ///
    /// # Errors
    /// [`ClientError`] with `invalid_argument` for a number that JSON cannot write.
    pub fn check(&self) -> Result<(), ClientError> {
        match self.value {
            RequiredValue::Number(number) if !number.is_finite() => Err(invalid()),
            _ => Ok(()),
        }
    }

    /// Whether `claims` have it. One that stands there twice says nothing for sure.
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

/// Whether a payload has all of the claims.
#[must_use]
pub fn holds_claims(payload: &str, required: &[RequiredClaim]) -> bool {
    // Most callers require none, and the payload need not be read for them.
    required.is_empty()
        || JsonObject::parse_text(payload)
            .is_ok_and(|claims| required.iter().all(|claim| claim.is_in(&claims)))
}

/// What is wrong with a required claim that is none.
#[must_use]
pub fn invalid() -> ClientError {
    ClientError::invalid_argument(
        "required_claims must hold strings, finite numbers, booleans or null",
    )
}

/// Shows no value: it may be an identifier of somebody.
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
    fn takes_anything_for_present_but_null_and_false() {
        let payload = r#"{"a":0,"b":"","c":[],"d":true,"e":null,"f":false}"#;
        let present: Vec<&str> = ["a", "b", "c", "d", "e", "f", "g"]
            .into_iter()
            .filter(|name| holds(payload, name, RequiredValue::Present))
            .collect();
        assert_eq!(present, ["a", "b", "c", "d"]);
    }

    #[test]
    fn takes_a_claim_that_is_there_twice_for_none() {
        let payload = r#"{"role":"admin","r\u006fle":"admin","x":1,"x":2}"#;
        assert!(!holds(payload, "role", RequiredValue::Text("admin".into())));
        assert!(holds_claims(payload, &[]), "nobody asks for it");
    }

    #[test]
    fn requires_all_of_several_claims() {
        let claim = |name: &str| RequiredClaim {
            name: name.into(),
            value: RequiredValue::Present,
        };
        assert!(holds_claims(r#"{"a":1,"b":2}"#, &[claim("a"), claim("b")]));
        assert!(!holds_claims(r#"{"a":1}"#, &[claim("a"), claim("b")]));
        assert!(!holds_claims("[]", &[claim("a")]));
    }

    #[test]
    fn refuses_a_number_that_nothing_equals() {
        for number in [f64::NAN, f64::INFINITY] {
            let value = RequiredValue::Number(number);
            let claim = RequiredClaim {
                name: "a".into(),
                value,
            };
            assert!(claim.check().is_err());
        }
    }
}
