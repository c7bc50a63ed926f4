//! Whether a sentence says anything that a name does not say already.
//!
//! Compares stems of words, and ignores words that say nothing by themselves. Too crude to know English: it is to find
//! `The ID of the member` for `member_id`, not to judge style.

/// Whether every word of a sentence that means something is in the name.
pub fn restates(sentence: &str, name: &str) -> bool {
    let known = stems(name);
    stems(sentence).iter().all(|stem| known.contains(stem))
}

/// The stems of the words in a sentence, or in a name in any case, without those that mean nothing.
fn stems(text: &str) -> Vec<String> {
    words(text)
        .into_iter()
        .filter(|word| !EMPTY.contains(&word.as_str()))
        .map(|word| stem(&word))
        .collect()
}

/// Lower-case words: `memberID`, `member_id` and `The member's ID` all have `member` and `id`.
fn words(text: &str) -> Vec<String> {
    let text = text.replace("e-mail", "email").replace("E-mail", "email");
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in text.chars() {
        let begins = c.is_uppercase() && before.is_lowercase();
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A word without what number, tense and person do to it, and with one spelling for an identifier.
fn stem(word: &str) -> String {
    if word.starts_with("identif") {
        return "id".to_owned();
    }
    let stem = replace_ending(&replace_ending(word, &PLURALS), &FORMS);
    // `dropped` and `drop`.
    let mut letters: Vec<char> = stem.chars().collect();
    if let [_, _, .., a, b] = letters.as_slice()
        && a == b
    {
        letters.pop();
    }
    letters.into_iter().collect()
}

/// A word with the first ending that it has replaced, unless too little of it would be left.
fn replace_ending(word: &str, endings: &[(&str, &str)]) -> String {
    endings
        .iter()
        .find_map(|(ending, kept)| Some((word.strip_suffix(ending)?, kept)))
        .filter(|(rest, _)| rest.len() >= 3)
        .map_or_else(|| word.to_owned(), |(rest, kept)| format!("{rest}{kept}"))
}

/// Endings of more than one and of `it does`, and what stands in their place.
const PLURALS: [(&str, &str); 3] = [("ies", "y"), ("ss", "ss"), ("s", "")];
/// Endings of what was done, is being done, or does it.
const FORMS: [(&str, &str); 5] = [("ied", "y"), ("ing", ""), ("ed", ""), ("er", ""), ("e", "")];

/// Words that say nothing of a thing by themselves.
const EMPTY: [&str; 41] = [
    "a", "an", "and", "are", "as", "at", "be", "been", "by", "can", "do", "does", "for", "from",
    "has", "have", "if", "in", "is", "it", "its", "of", "on", "or", "s", "that", "the", "their",
    "them", "these", "they", "this", "those", "to", "value", "was", "were", "whether", "which",
    "who", "with",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_sentences_that_only_repeat_the_name() {
        for (sentence, name) in [
            ("The member id.", "member_id"),
            ("The ID of the member", "member_id"),
            ("Identifies the member.", "memberId"),
            ("Revokes.", "revoke"),
            ("Revokes the sessions of members.", "b2bMemberSessionRevoke"),
            ("Whether it is verified.", "verified"),
            ("The policies.", "policy"),
            ("Dropped things.", "thing_drop"),
            ("The e-mail address.", "email_address"),
            ("The JWK set", "jwkSet"),
            ("", "anything"),
        ] {
            assert!(restates(sentence, name), "{sentence} / {name}");
        }
    }

    #[test]
    fn lets_sentences_pass_that_say_more() {
        for (sentence, name) in [
            ("Identifies the member; starts with member-.", "member_id"),
            ("The user who logged in.", "user_id"),
            ("Ends a session at once.", "consumerSessionsRevoke"),
            ("Seconds until the token stops working.", "expires_in"),
            ("Whether the person has proved to hold it.", "verified"),
        ] {
            assert!(!restates(sentence, name), "{sentence} / {name}");
        }
    }
}
