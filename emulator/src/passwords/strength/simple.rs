//! A rough estimate for WebAssembly, which does not have zxcvbn: its crate needs functions of JavaScript there, and its
//! dictionaries would make the package larger.
//!
//! Every character adds to the length of the number of guesses, except for repetitions, steps of a sequence, and the
//! characters of common passwords. The scores are those of zxcvbn for the same number of guesses.

use super::Estimate;

/// Estimates a password. A password that contains the email address or its parts is easier to guess.
pub(super) fn estimate(password: &str, email_address: Option<&str>) -> Estimate {
    let lower = password.to_lowercase();
    let own = email_address.unwrap_or_default().to_lowercase();
    let own = own
        .split(['@', '.'])
        .filter(|part| part.chars().count() > 2);
    let mut rest = lower.clone();
    let mut is_common = false;
    for known in COMMON.iter().copied().chain(own) {
        if rest.contains(known) {
            is_common = true;
            // A common word is one of a thousand, which is worth two characters.
            rest = rest.replace(known, "\u{0}\u{2}");
        }
    }
    let mut tenths = 0_u32;
    let mut before: Option<char> = None;
    // A run of capitals or of leetspeak hardly helps, so the lower-case form is counted.
    for character in rest.chars() {
        let distance = |before: char| u32::from(before).abs_diff(u32::from(character));
        if before.is_none_or(|before| distance(before) > 1) {
            tenths = tenths.saturating_add(tenths_of(character));
        }
        before = Some(character);
    }
    let has_mixed_case = lower != password && password.to_uppercase() != password;
    tenths = tenths.saturating_add(if has_mixed_case { 10 } else { 0 });
    let score = match tenths {
        0..30 => 0,
        30..60 => 1,
        60..80 => 2,
        80..100 => 3,
        _ => 4,
    };
    let is_weak = score < 3;
    let warning = match (is_weak, is_common) {
        (true, true) => "This is similar to a commonly used password.",
        (true, false) | (false, _) => "",
    };
    let suggestions: &[&str] = match is_weak {
        true => &["Add another word or two. Uncommon words are better."],
        false => &[],
    };
    Estimate {
        score,
        warning: warning.to_owned(),
        suggestions: suggestions.iter().map(|text| (*text).to_owned()).collect(),
    }
}

/// Returns the logarithm of the guesses for one character, in tenths of a decimal digit. Letters are parts of words.
fn tenths_of(character: char) -> u32 {
    match character {
        'a'..='z' => 8,
        '0'..='9' => 10,
        _ => 14,
    }
}

/// The parts of the most common passwords.
const COMMON: [&str; 26] = [
    "password", "passw0rd", "p@ssw0rd", "p@ssword", "qwerty", "qwertz", "asdf", "zxcv", "letmein",
    "iloveyou", "welcome", "monkey", "dragon", "football", "baseball", "princess", "sunshine",
    "shadow", "master", "admin", "login", "abc123", "trustno1", "superman", "hunter", "test",
];
