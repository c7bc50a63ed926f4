//! The estimate by zxcvbn (Wheeler 2016), with its dictionaries.

use super::Estimate;

/// Estimates a password. A password that contains the email address or its parts is easier to guess.
pub(super) fn estimate(password: &str, email_address: Option<&str>) -> Estimate {
    let inputs: Vec<&str> = email_address
        .into_iter()
        .flat_map(|address| std::iter::once(address).chain(address.split('@')))
        .collect();
    let entropy = zxcvbn::zxcvbn(password, &inputs);
    let feedback = entropy.feedback();
    let warning = feedback.and_then(|feedback| feedback.warning());
    let suggestions = feedback.map(|feedback| feedback.suggestions());
    Estimate {
        score: entropy.score().into(),
        warning: warning
            .map(|warning| warning.to_string())
            .unwrap_or_default(),
        suggestions: suggestions
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::simple;
    use super::*;

    #[test]
    fn estimates_as_documented() {
        // The scores of the first four are in the documentation of zxcvbn.
        for (password, score) in [
            ("zxcvbn", 0),
            ("qwER43@!", 2),
            ("Tr0ub4dour&3", 2),
            ("correcthorsebatterystaple", 4),
            ("Password123!", 1),
        ] {
            assert_eq!(estimate(password, None).score, score, "{password}");
        }
        let weak = estimate("password", None);
        assert!(!weak.warning.is_empty() && !weak.suggestions.is_empty());
        assert!(estimate("ada.lovelace.1815", Some("ada.lovelace.1815@example.com")).score < 3);
    }

    #[test]
    fn the_simple_estimate_agrees_on_clear_cases() {
        for password in [
            "password",
            "Password123!",
            "aaaaaaaaaaaaaaaaaaaaaaaa",
            "abcdefghijklmnop",
            "12345678901234567890",
            "qwerty",
            "hunter2",
            "monkey",
        ] {
            assert!(estimate(password, None).score < 3, "zxcvbn: {password}");
            assert!(simple::estimate(password, None).score < 3, "{password}");
        }
        for password in [
            "correct horse battery staple",
            "violet-harbour-lantern-41",
            "kX9#vQ2$mL7!",
            "Rumpelstilzchen tanzt im Wald",
        ] {
            assert!(estimate(password, None).score >= 3, "zxcvbn: {password}");
            assert!(simple::estimate(password, None).score >= 3, "{password}");
        }
    }
}
