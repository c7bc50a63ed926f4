//! The policy LUDS: a minimum length, and a minimum number of the four character types lower case, upper case, digit and
//! symbol.

use serde::Serialize;

/// The requirements that a password meets and lacks, in the JSON form of the API.
#[derive(Serialize)]
pub(super) struct Luds {
    has_lower_case: bool,
    has_upper_case: bool,
    has_digit: bool,
    /// Every character that is not an ASCII letter or digit is a symbol.
    has_symbol: bool,
    missing_complexity: usize,
    missing_characters: usize,
}

impl Luds {
    pub(super) fn of(password: &str, min_length: usize, min_complexity: usize) -> Self {
        let has =
            |is_meant: fn(&char) -> bool| password.chars().any(|character| is_meant(&character));
        let found = [
            has(char::is_ascii_lowercase),
            has(char::is_ascii_uppercase),
            has(char::is_ascii_digit),
            has(|character| !character.is_ascii_alphanumeric()),
        ];
        let complexity = found.iter().filter(|is_found| **is_found).count();
        let [has_lower_case, has_upper_case, has_digit, has_symbol] = found;
        Self {
            has_lower_case,
            has_upper_case,
            has_digit,
            has_symbol,
            missing_complexity: min_complexity.saturating_sub(complexity),
            missing_characters: min_length.saturating_sub(password.chars().count()),
        }
    }

    pub(super) fn is_met(&self) -> bool {
        self.missing_complexity == 0 && self.missing_characters == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_missing() {
        let weak = Luds::of("ab1", 8, 4);
        assert!(weak.has_lower_case && weak.has_digit && !weak.has_upper_case && !weak.has_symbol);
        assert_eq!((weak.missing_complexity, weak.missing_characters), (2, 5));
        assert!(Luds::of("aB1ä5678", 8, 4).is_met());
    }
}
