//! The words that callers compare: whoever adds one tells of it.

const SOURCES: [&str; 3] = [
    include_str!("../../src/jwt/refusal.rs"),
    include_str!("../../src/session/refusal.rs"),
    include_str!("../../src/client/error.rs"),
];
const TYPES: [&str; 2] = [
    include_str!("../../pkg/errors.d.ts"),
    include_str!("../../pkg/visits.d.ts"),
];
const README: &str = include_str!("../../README.md");

fn words() -> Vec<&'static str> {
    let lines = SOURCES.iter().flat_map(|source| source.lines());
    let words = lines.filter_map(|line| {
        let (_, word) = line.trim().split_once("=> \"")?;
        word.strip_suffix("\",")
    });
    words.collect()
}

#[test]
fn are_all_in_the_types_and_in_the_readme() {
    let words = words();
    assert!(words.len() > 40, "{words:?}");
    for word in words {
        let quoted = format!("\"{word}\"");
        assert!(TYPES.iter().any(|types| types.contains(&quoted)), "{word}");
        assert!(README.contains(&format!("`{word}`")), "{word}");
    }
}

/// A word stands for one rule.
#[test]
fn of_a_token_are_all_different() {
    let words = words();
    for (place, word) in words.iter().enumerate() {
        let again = words.iter().skip(place + 1).any(|other| other == word);
        // These are the only reasons that are codes as well.
        let as_code = [
            "invalid_permissions",
            "tenancy_mismatch",
            "missing_scopes",
            "internal",
        ];
        assert!(!again || as_code.contains(word), "{word}");
    }
}
