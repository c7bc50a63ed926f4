//! JSON strings (RFC 8259, section 7), from their escapes to text and back.

use alloc::{borrow::Cow, string::String};
use core::str::Chars;

/// What a string says; `None` for a value of another type and for half a surrogate
/// pair. Trusts the reader that found the value to know the grammar.
pub(super) fn read(json: &str) -> Option<Cow<'_, str>> {
    let [b'"', .., b'"'] = json.as_bytes() else {
        return None;
    };
    let inside = json.get(1..json.len() - 1)?;
    if inside.bytes().all(|byte| byte != b'\\') {
        return Some(Cow::Borrowed(inside));
    }
    unescaped(inside).map(Cow::Owned)
}

/// Writes `text` behind `json`, as a JSON string.
pub fn write_quoted(json: &mut String, text: &str) {
    json.push('"');
    if text
        .bytes()
        .all(|byte| !matches!(byte, b'"' | b'\\' | ..0x20))
    {
        json.push_str(text);
    } else {
        for c in text.chars() {
            match c {
                '"' | '\\' => json.extend(['\\', c]),
                ..'\u{20}' => {
                    let digit = |value| char::from_digit(value, 16).unwrap_or_default();
                    json.push_str("\\u00");
                    json.extend([digit(u32::from(c) >> 4), digit(u32::from(c) & 15)]);
                }
                _ => json.push(c),
            }
        }
    }
    json.push('"');
}

fn unescaped(inside: &str) -> Option<String> {
    let mut text = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        let c = match c {
            '\\' => match chars.next()? {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => escaped_char(&mut chars)?,
                itself => itself,
            },
            c => c,
        };
        text.push(c);
    }
    Some(text)
}

/// The character of `\uXXXX`, or of two of them that make a surrogate pair.
fn escaped_char(chars: &mut Chars<'_>) -> Option<char> {
    let first = utf16_unit(chars)?;
    if first & 0xfc00 != 0xd800 {
        // `None` for the second half of a pair.
        return char::from_u32(first);
    }
    let escape = (chars.next()?, chars.next()?);
    let second = utf16_unit(chars)?;
    let is_pair = escape == ('\\', 'u') && second & 0xfc00 == 0xdc00;
    is_pair
        .then(|| char::from_u32(0x1_0000 + ((first & 0x3ff) << 10) + (second & 0x3ff)))
        .flatten()
}

fn utf16_unit(chars: &mut Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |unit, _| Some(unit << 4 | chars.next()?.to_digit(16)?))
}
