//! Masks secrets in JSON: values of fields that are named like secrets, and texts that look like tokens.
//!
//! A masked text is `[masked <fingerprint>]`, with the fingerprint that the request log has for sessions, so that two calls
//! with the same token can be matched. A short value, such as a one-time passcode or a password, could be guessed from a
//! fingerprint, so it becomes `[masked]`.

use rsa::sha2::{Digest as _, Sha256};
use serde_json::Value;

use crate::shapes;

/// Masks every secret of a JSON value.
pub(super) fn masked(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mask = |(name, value): (String, Value)| {
                let value = if is_secret(&name) {
                    hidden(value)
                } else {
                    masked(value)
                };
                (masked_text(&name), value)
            };
            Value::Object(members.into_iter().map(mask).collect())
        }
        Value::Array(items) => items.into_iter().map(masked).collect(),
        Value::String(text) => Value::String(masked_text(&text)),
        other => other,
    }
}

/// Returns the first 8 bytes of the SHA-256 of a text, in hexadecimal digits.
pub(super) fn fingerprint(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Masks a value of a field that is named like a secret, and everything inside the value.
fn hidden(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, value)| (masked_text(&name), hidden(value)))
                    .collect(),
            )
        }
        Value::Array(items) => items.into_iter().map(hidden).collect(),
        Value::String(text) if text.is_empty() => Value::String(text),
        Value::String(text) => Value::String(mask(&text)),
        Value::Number(_) => Value::String(MASK.to_owned()),
        other => other,
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_public = name.ends_with("_id") || PUBLIC.contains(&name.as_str());
    !is_public
        && (PARTS.iter().any(|part| name.contains(part))
            || ENDINGS.iter().any(|ending| name.ends_with(ending)))
}

/// Masks the tokens inside a text, for instance in the query of a URL.
fn masked_text(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (word, after) = rest.split_at(word_length(rest));
        if looks_like_a_token(word) {
            written.push_str(&mask(word));
        } else {
            written.push_str(word);
        }
        let between = separator_length(after);
        let (between, after) = after.split_at(between);
        written.push_str(between);
        rest = after;
    }
    written
}

/// Returns the length of the word at the start of the text: characters of a JWT or an opaque token, and the padding.
fn word_length(text: &str) -> usize {
    let inside = text.bytes().take_while(|byte| is_inside(*byte)).count();
    let padding = text.bytes().skip(inside).take_while(|byte| *byte == b'=');
    inside.saturating_add(padding.count())
}

/// Returns the length of the text between two words. A percent escape is not a part of the word after it. In `name=value`,
/// the first word ends with `=`, and nothing is between the words.
fn separator_length(text: &str) -> usize {
    match text.chars().next() {
        Some('%') if is_escape(text) => 3,
        Some(first) if u8::try_from(first).is_ok_and(is_inside) => 0,
        first => first.map_or(0, char::len_utf8),
    }
}

fn is_inside(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)
}

fn is_escape(text: &str) -> bool {
    let mut bytes = text.bytes();
    let is_digit = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_hexdigit());
    bytes.next() == Some(b'%') && is_digit(bytes.next()) && is_digit(bytes.next())
}

fn looks_like_a_token(word: &str) -> bool {
    let bare = word.trim_end_matches('=');
    let is_jwt = bare.starts_with("eyJ") && bare.matches('.').count() >= 2;
    let is_opaque = (43..=44).contains(&bare.len()) && !bare.contains('.') && !ends_with_uuid(bare);
    is_jwt || is_opaque || PREFIXES.iter().any(|prefix| bare.starts_with(prefix))
}

/// Whether the word is an id, which can have the length of a token.
fn ends_with_uuid(word: &str) -> bool {
    let start = word.len().saturating_sub(36);
    word.get(start..)
        .is_some_and(|end| shapes::is_id("x", &format!("x-test-{end}")))
}

fn mask(text: &str) -> String {
    let is_random = text.len() >= 40 && word_length(text) == text.len();
    if is_random {
        format!("[masked {}]", fingerprint(text))
    } else {
        MASK.to_owned()
    }
}

const MASK: &str = "[masked]";
/// Parts and endings of the names of secrets.
const PARTS: [&str; 8] = [
    "secret",
    "token",
    "jwt",
    "password",
    "code",
    "verifier",
    "private_key",
    "signer_key",
];
const ENDINGS: [&str; 6] = [
    "otp",
    "assertion",
    "authorization",
    "hash",
    "salt",
    "samlresponse",
];
/// Names with such a part whose values are not secret.
const PUBLIC: [&str; 5] = [
    "country_code",
    "status_code",
    "token_type",
    "stytch_token_type",
    "code_challenge_method",
];
const PREFIXES: [&str; 3] = ["secret-test-", "secret-live-", "whsec_"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TOKEN: &str = "DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94=";

    #[test]
    fn masks_secrets_by_name_at_any_depth() {
        let body = json!({
            "Session_Token": "short", "code": 123_456, "recovery_codes": ["a"], "user": { "password": { "hash": "x" } },
            "client_assertion": "x", "otp": "000000", "verifierCode": "y", "authorization": "Basic eA==",
            "SAMLResponse": "PHg+", "id_token": "z",
        });
        let expected = json!({
            "Session_Token": "[masked]", "code": "[masked]", "recovery_codes": ["[masked]"],
            "user": { "password": { "hash": "[masked]" } }, "client_assertion": "[masked]", "otp": "[masked]",
            "verifierCode": "[masked]", "authorization": "[masked]", "SAMLResponse": "[masked]", "id_token": "[masked]",
        });
        assert_eq!(masked(body), expected);
    }

    #[test]
    fn keeps_public_values() {
        let id = "user-test-11111111-2222-4333-8444-555555555555";
        let body = json!({
            "status_code": 200, "user_id": id, "password": null, "token": "", "totps": [], "email": "ada@example.com",
            "short": "s-test-11111111-2222-4333-8444-555555555555", "authorization_check": { "action": "read" },
            "token_type": "bearer", "country_code": "DE", "url": "http://127.0.0.1/a?b=c%20d", "name": "späß 🔑",
        });
        assert_eq!(masked(body.clone()), body);
    }

    #[test]
    fn masks_tokens_inside_texts_and_names() {
        let shown = format!("[masked {}]", fingerprint(TOKEN));
        for (text, expected) in [
            (TOKEN.to_owned(), shown.clone()),
            (
                format!("http://a/?token={TOKEN}&b=c"),
                format!("http://a/?token={shown}&b=c"),
            ),
            (
                format!("next%3Dtoken%3D{TOKEN}%20ä"),
                format!("next%3Dtoken%3D{shown}%20ä"),
            ),
            (format!("Bearer {TOKEN}"), format!("Bearer {shown}")),
            (
                "a eyJhIjoxfQ.eyJhIjoxfQ.c2ln b".to_owned(),
                "a [masked] b".to_owned(),
            ),
            ("secret-test-0123456789".to_owned(), "[masked]".to_owned()),
            ("100%".to_owned(), "100%".to_owned()),
        ] {
            assert_eq!(masked(json!({ "note": text })), json!({ "note": expected }));
            assert_eq!(masked(json!({ text: null })), json!({ expected: null }));
        }
    }
}
