//! Words that the project does not use, in comments, documents, messages and names. CONTRIBUTING.md has the reasons and
//! the glossary.
//!
//! Finds a phrase on one line only, without regard to case. Does not parse sentences.

use super::finding::Finding;
use super::source::Source;

/// Every phrase in every file.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let hand_written = |source: &&Source| {
        !source.is_generated() && !EXEMPT.iter().any(|path| source.path.starts_with(path))
    };
    sources.iter().filter(hand_written).flat_map(find).collect()
}

fn find(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        let line = line.to_lowercase();
        for (phrase, instead) in PHRASES {
            if contains(&line, phrase) {
                let message = format!("\"{phrase}\": write {instead}");
                findings.push(Finding::new(&source.path, index + 1, message));
            }
        }
    }
    findings
}

/// Whether a line contains the phrase as whole words. "There is no" and "is no longer" are accepted.
fn contains(line: &str, phrase: &str) -> bool {
    line.match_indices(phrase).any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default();
        let after = line.get(at + phrase.len()..).unwrap_or_default();
        let negated = [" no", " none"].iter().any(|end| phrase.ends_with(end));
        let is_plain = (phrase == "one that"
            && (before.ends_with("the ") || before.ends_with("only ")))
            || negated && (before.ends_with("there ") || after.starts_with(" longer"));
        !before.ends_with(char::is_alphabetic)
            && !after.starts_with(char::is_alphabetic)
            && !is_plain
    })
}

/// Prefixes of the paths that may contain every phrase: what codegen writes from `api/`, the rule, its explanation, the texts of licences, and the inputs
/// that a fuzzer found.
const EXEMPT: [&str; 5] = [
    "docs/api/",
    "xtask/src/tidy/prose.rs",
    "CONTRIBUTING.md",
    "LICENSE-",
    "fuzz/corpus/",
];

/// Phrases in lower case, and what to write instead.
const PHRASES: &[(&str, &str)] = &[
    ("whoever", ROLE),
    ("somebody", ROLE),
    ("anybody", ROLE),
    ("nobody", ROLE),
    ("those that", NOUN),
    ("one that", NOUN),
    ("is no", NOT),
    ("are no", NOT),
    ("was no", NOT),
    ("is none", NOT),
    ("are none", NOT),
    ("no more than", "\"at most\""),
    ("has no need", "\"does not need\""),
    ("has the last word", "\"is authoritative\""),
    ("stands there", "\"appears\""),
    ("stand there", "\"appear\""),
    ("as it stands", "\"unchanged\""),
    ("be had", "\"is available\""),
    ("judge on", "\"remain valid\""),
    ("all the same", "\"anyway\""),
    ("for good", "\"permanently\""),
    ("by itself", "\"automatically\""),
    ("beside", "\"in addition to\" or \"next to\""),
    ("besides", "\"in addition to\""),
    ("hands over", "\"provides\""),
    ("handed over", "\"provided\""),
    ("takes in", "\"stores\""),
    ("goes along", "\"is sent, too\""),
    ("go along", "\"are sent, too\""),
    ("is told", ACTIVE),
    ("are told", ACTIVE),
    ("is asked", ACTIVE),
    ("are asked", ACTIVE),
    ("is waited for", ACTIVE),
    ("are waited for", ACTIVE),
    ("judge", GLOSSARY),
    ("judges", GLOSSARY),
    ("judged", GLOSSARY),
    ("judging", GLOSSARY),
    ("judgement", GLOSSARY),
    ("a visitor", USER),
    ("the visitor", USER),
    ("visitors", USER),
    ("planted", GLOSSARY),
    ("shelf", GLOSSARY),
    ("household", GLOSSARY),
];

const ROLE: &str = "the role: the client, the caller, the attacker, the API, the user";
const NOUN: &str = "the noun: the token, the key set, the cache entry";
const NOT: &str = "\"is not a\", or the positive case first";
const ACTIVE: &str = "an active verb with a subject, for instance \"`on_event` is called with\"";
const USER: &str = "\"user\", \"request\" or \"caller\"";
const GLOSSARY: &str = "the glossary's term";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_is_found_in_any_case_and_kind_of_file() {
        for (phrase, _) in PHRASES {
            for text in [
                format!("// {phrase} x"),
                format!("It {}.", phrase.to_uppercase()),
                format!("\"{phrase}\""),
            ] {
                let findings = check(&[Source::new("a.rs", &text)]);
                let named =
                    |finding: &Finding| finding.message.starts_with(&format!("\"{phrase}\""));
                assert!(findings.iter().any(named), "{text}");
            }
        }
    }

    #[test]
    fn longer_words_and_exempt_files_are_accepted() {
        for (path, text) in [
            (
                "a.md",
                "There is no key, and there are none. It is no longer valid.",
            ),
            ("a.md", "prejudge misjudges judgemental someone"),
            ("src/generated/a.rs", "// somebody"),
            ("CONTRIBUTING.md", "| whoever | the role |"),
        ] {
            let findings = check(&[Source::new(path, text)]);
            let found: Vec<&str> = findings
                .iter()
                .map(|found| found.message.as_str())
                .collect();
            assert!(found.is_empty(), "{found:?}");
        }
    }
}
