//! Validates the registered claims of a token: issuer, audience and times (RFC 7519, section 4.1).
//!
//! This module reads verified payloads only, and does not know other claims.

use std::fmt;

use super::{JsonObject, Refusal, read};

/// Seconds since 1970-01-01T00:00:00Z, with fractions: a NumericDate (RFC 7519, section 2), or the
/// clock that it is compared with.
pub type UnixSeconds = f64;

/// The rules for the registered claims of a token.
#[derive(Debug, Clone, Copy)]
pub struct ClaimRules<'a> {
    /// The accepted values of `iss`.
    pub issuers: &'a [String],
    /// The value that `aud` must equal or contain.
    pub audience: &'a str,
    /// The time to compare `exp` and `nbf` with.
    pub now: UnixSeconds,
    /// The accepted differences between the clocks of issuer and verifier.
    pub tolerance: ClockTolerance,
}

/// The accepted differences between the clocks of issuer and verifier, in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ClockTolerance {
    /// For `exp`.
    pub after: f64,
    /// For `nbf`, and for `iat` if the age of the token is limited. A longer tolerance accepts a token earlier, and not
    /// for a longer time.
    pub before: f64,
}

impl ClockTolerance {
    /// Returns the same tolerance for every claim.
    #[must_use]
    pub fn of(seconds: f64) -> Self {
        Self {
            after: seconds,
            before: seconds,
        }
    }
}

/// The registered claims of a token that satisfies its [`ClaimRules`].
#[derive(Clone, PartialEq)]
pub struct RegisteredClaims {
    /// `sub`; empty if the claim is absent.
    pub subject: String,
    /// `exp`.
    pub expires_at: UnixSeconds,
    /// `nbf`, if present.
    pub not_before: Option<UnixSeconds>,
    /// `iat`, if present.
    pub issued_at: Option<UnixSeconds>,
}

/// Omits the subject.
impl fmt::Debug for RegisteredClaims {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RegisteredClaims until {}", self.expires_at)
    }
}

impl RegisteredClaims {
    /// Reads the registered claims and validates them by the rules.
    ///
    /// # Errors
    /// The [`Refusal`] for the first broken rule.
    pub fn validate(claims: &JsonObject<'_>, rules: &ClaimRules<'_>) -> Result<Self, Refusal> {
        let issuer = claims.string("iss", Refusal::WrongIssuer)?;
        let issuer = issuer.ok_or(Refusal::WrongIssuer)?;
        if !rules.issuers.iter().any(|name| *name == issuer) {
            return Err(Refusal::WrongIssuer);
        }
        if !names_audience(claims, rules.audience)? {
            return Err(Refusal::WrongAudience);
        }
        let expires_at = claims.number("exp", Refusal::InvalidExp)?;
        let registered = Self {
            expires_at: expires_at.ok_or(Refusal::MissingClaim)?,
            not_before: claims.number("nbf", Refusal::InvalidNbf)?,
            issued_at: claims.number("iat", Refusal::InvalidIat)?,
            subject: claims
                .string("sub", Refusal::InvalidClaim)?
                .unwrap_or_default()
                .into_owned(),
        };
        registered.validate_times(rules.now, rules.tolerance)?;
        Ok(registered)
    }

    /// Validates `exp` and `nbf` at `now`, with clocks that may differ by `tolerance`.
    ///
    /// This is every rule that depends on the time. A token that was validated before needs no
    /// other rule again.
    ///
    /// # Errors
    /// [`Refusal::Expired`] or [`Refusal::NotYetValid`].
    pub fn validate_times(
        &self,
        now: UnixSeconds,
        tolerance: ClockTolerance,
    ) -> Result<(), Refusal> {
        // At `exp` the token is expired: RFC 7519, section 4.1.4, requires "before".
        if self.expires_at <= now - tolerance.after {
            return Err(Refusal::Expired);
        }
        if self
            .not_before
            .is_some_and(|moment| moment > now + tolerance.before)
        {
            return Err(Refusal::NotYetValid);
        }
        Ok(())
    }
}

fn names_audience(claims: &JsonObject<'_>, expected: &str) -> Result<bool, Refusal> {
    Ok(audiences(claims)?.iter().any(|name| name == expected))
}

/// Returns the names in `aud`, which is a string or an array of strings (RFC 7519,
/// section 4.1.3). If `aud` is absent, the list is empty.
///
/// # Errors
/// [`Refusal::DuplicateMember`] if `aud` appears twice, [`Refusal::WrongAudience`] if its value has
/// another type.
pub fn audiences(claims: &JsonObject<'_>) -> Result<Vec<String>, Refusal> {
    let Some(value) = claims.raw("aud")? else {
        return Ok(Vec::new());
    };
    // By the first letter, because an attempt that fails writes the text of an error.
    let names = match value.get().starts_with('"') {
        true => read(value).map(|name| vec![name]),
        false => read(value),
    };
    names.ok_or(Refusal::WrongAudience)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = 1_700_000_000.0;

    fn validate(claims: &str) -> Result<RegisteredClaims, Refusal> {
        validate_with_tolerance(claims, 0.0)
    }

    fn validate_with_tolerance(
        claims: &str,
        clock_tolerance: f64,
    ) -> Result<RegisteredClaims, Refusal> {
        let issuers = ["stytch.com/p".to_owned(), "https://api.example".to_owned()];
        let rules = ClaimRules {
            issuers: &issuers,
            audience: "p",
            now: NOW,
            tolerance: ClockTolerance::of(clock_tolerance),
        };
        RegisteredClaims::validate(&JsonObject::parse(claims.as_bytes()).unwrap(), &rules)
    }

    /// A valid payload with one member replaced; removed if `value` is empty.
    fn with(name: &str, value: &str) -> String {
        let mut members = vec![
            ("iss", r#""stytch.com/p""#),
            ("aud", r#"["p"]"#),
            ("sub", r#""u""#),
            ("iat", "1699999900"),
            ("nbf", "1699999900"),
            ("exp", "1700000200"),
        ];
        members.retain(|(key, _)| *key != name);
        if !value.is_empty() {
            members.push((name, value));
        }
        let members: Vec<String> = members
            .iter()
            .map(|(key, value)| format!("\"{key}\":{value}"))
            .collect();
        format!("{{{}}}", members.join(","))
    }

    #[test]
    fn accepts_a_valid_payload_from_both_issuers() {
        let claims = validate(&with("iss", r#""stytch.com/p""#)).unwrap();
        let expected = RegisteredClaims {
            subject: "u".to_owned(),
            expires_at: 1_700_000_200.0,
            not_before: Some(1_699_999_900.0),
            issued_at: Some(1_699_999_900.0),
        };
        assert_eq!(claims, expected);
        assert!(validate(&with("iss", r#""https://api.example""#)).is_ok());
    }

    /// RFC 8725, section 3.8.
    #[test]
    fn refuses_another_issuer() {
        for iss in [
            "",
            "null",
            "1",
            r#""stytch.com/q""#,
            r#""stytch.com/p/""#,
            r#"["stytch.com/p"]"#,
        ] {
            assert_eq!(
                validate(&with("iss", iss)).err(),
                Some(Refusal::WrongIssuer),
                "{iss}"
            );
        }
    }

    /// RFC 8725, section 3.9.
    #[test]
    fn accepts_the_audience_in_a_string_or_an_array_and_refuses_others() {
        for aud in [r#""p""#, r#"["p"]"#, r#"["x","p"]"#] {
            assert!(validate(&with("aud", aud)).is_ok(), "{aud}");
        }
        for aud in [
            "",
            "null",
            "[]",
            r#""P""#,
            r#""pp""#,
            r#"["q"]"#,
            r#"[["p"]]"#,
            r#"{"p":1}"#,
            r#"["p",1]"#,
        ] {
            assert_eq!(
                validate(&with("aud", aud)).err(),
                Some(Refusal::WrongAudience),
                "{aud}"
            );
        }
    }

    /// RFC 7519, section 4.1.4: "on or after which the JWT MUST NOT be accepted".
    #[test]
    fn refuses_a_token_at_its_exp_and_after() {
        for exp in ["1700000000", "1699999999.999", "0", "-1", "-1e308"] {
            assert_eq!(
                validate(&with("exp", exp)).err(),
                Some(Refusal::Expired),
                "{exp}"
            );
        }
        for exp in ["1700000000.001", "1700000001", "1e308"] {
            assert!(validate(&with("exp", exp)).is_ok(), "{exp}");
        }
        assert!(validate_with_tolerance(&with("exp", "1699999999"), 2.0).is_ok());
        assert_eq!(
            validate_with_tolerance(&with("exp", "1699999998"), 2.0).err(),
            Some(Refusal::Expired)
        );
    }

    #[test]
    fn requires_an_exp_that_is_one_number() {
        assert_eq!(
            validate(&with("exp", "")).err(),
            Some(Refusal::MissingClaim)
        );
        for exp in ["null", r#""1700000200""#, "[1700000200]", "true", "1e999"] {
            assert_eq!(
                validate(&with("exp", exp)).err(),
                Some(Refusal::InvalidExp),
                "{exp}"
            );
        }
        assert_eq!(
            validate(&with("exp", r#"1,"exp":1700000200"#)).err(),
            Some(Refusal::DuplicateMember)
        );
    }

    /// RFC 7519, section 4.1.5.
    #[test]
    fn refuses_a_token_before_its_nbf() {
        assert_eq!(
            validate(&with("nbf", "1700000001")).err(),
            Some(Refusal::NotYetValid)
        );
        assert!(validate(&with("nbf", "1700000000")).is_ok());
        assert!(validate(&with("nbf", "")).is_ok());
        assert!(validate_with_tolerance(&with("nbf", "1700000001"), 1.0).is_ok());
        assert_eq!(
            validate(&with("nbf", r#""x""#)).err(),
            Some(Refusal::InvalidNbf)
        );
    }

    #[test]
    fn accepts_absent_iat_and_sub_and_refuses_other_types() {
        assert_eq!(validate(&with("iat", "")).unwrap().issued_at, None);
        assert_eq!(validate(&with("sub", "")).unwrap().subject, "");
        assert_eq!(
            validate(&with("iat", r#""x""#)).err(),
            Some(Refusal::InvalidIat)
        );
        assert_eq!(
            validate(&with("sub", "7")).err(),
            Some(Refusal::InvalidClaim)
        );
    }
}
