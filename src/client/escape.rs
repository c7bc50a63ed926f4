//! Encodes text for paths, queries, forms and the `Authorization` header.
//!
//! Only this module escapes text. The crates percent-encoding, form_urlencoded and base64ct would add 2 KB to the npm
//! package; the tests compare this module with them.

/// Escapes a path segment like JavaScript's `encodeURIComponent`.
pub(super) fn segment(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    percent_encode(&mut escaped, text, b"-_.!~*'()");
    escaped
}

/// Encodes pairs as `application/x-www-form-urlencoded` (WHATWG URL, section 5.2), for queries and forms.
pub(super) fn form(pairs: &[(String, String)]) -> String {
    let mut form = String::new();
    for (name, value) in pairs {
        if !form.is_empty() {
            form.push('&');
        }
        percent_encode(&mut form, name, FORM);
        form.push('=');
        percent_encode(&mut form, value, FORM);
    }
    form
}

/// Encodes text as base64 with padding (RFC 4648, section 4), for HTTP Basic (RFC 7617).
pub(super) fn base64(text: &str) -> String {
    base64_of(text.as_bytes())
}

/// Encodes bytes as base64url without padding (RFC 4648, section 5).
#[cfg(feature = "api")]
pub(super) fn base64url(bytes: &[u8]) -> String {
    let url_safe = |letter| match letter {
        '+' => '-',
        '/' => '_',
        other => other,
    };
    let letters = base64_of(bytes);
    letters
        .trim_end_matches('=')
        .chars()
        .map(url_safe)
        .collect()
}

/// Encodes a part of the value of a cookie, in which a colon separates the parts.
#[cfg(feature = "api")]
pub(super) fn cookie_part(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    percent_encode(&mut escaped, text, b"-_.!~*'()/?=&@#$+[]");
    escaped
}

/// The meaning of a plus sign.
#[cfg(feature = "api")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Plus {
    /// A space, in queries and forms.
    Space,
    /// A plus sign, in paths and cookies.
    Literal,
}

/// Decodes each `%XX` (WHATWG URL, section 1.3). Other percent signs are kept. Returns `None` if the result is not UTF-8.
#[cfg(feature = "api")]
pub(super) fn decoded(text: &str, plus: Plus) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    while let [first, after @ ..] = rest {
        let pair = match (first, after) {
            (b'%', [high, low, ..]) => digit(*high).zip(digit(*low)),
            _ => None,
        };
        let byte = match pair {
            Some((high, low)) => u8::try_from(high << 4 | low).ok()?,
            None if *first == b'+' && plus == Plus::Space => b' ',
            None => *first,
        };
        bytes.push(byte);
        rest = rest.get(if pair.is_some() { 3 } else { 1 }..)?;
    }
    String::from_utf8(bytes).ok()
}

fn base64_of(bytes: &[u8]) -> String {
    let mut letters = String::new();
    for bytes in bytes.chunks(3) {
        let mut bits = bytes
            .iter()
            .fold(0, |bits, byte| bits << 8 | u32::from(*byte));
        bits <<= 8 * (3 - bytes.len());
        for index in 0..4 {
            let letter = BASE64.get((bits >> (18 - 6 * index) & 63) as usize);
            let padding = index > bytes.len();
            letters.push(char::from(*letter.filter(|_| !padding).unwrap_or(&b'=')));
        }
    }
    letters
}

/// Appends `text` with every byte as `%XX`, except for ASCII letters, digits and the bytes of `plain`. If `plain`
/// contains a space, a space is written as `+`.
fn percent_encode(escaped: &mut String, text: &str, plain: &[u8]) {
    for byte in text.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || plain.contains(&byte);
        if is_plain {
            escaped.push(if byte == b' ' { '+' } else { char::from(byte) });
        } else {
            escaped.push('%');
            for digit in [byte >> 4, byte & 15] {
                escaped.push(char::from(
                    digit + if digit < 10 { b'0' } else { b'A' - 10 },
                ));
            }
        }
    }
}

const FORM: &[u8] = b"*-._ ";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding};
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

    use super::*;

    /// Characters of one to four UTF-8 bytes, alone and among others; all of one byte, some of the others.
    fn texts() -> impl Iterator<Item = String> {
        let letters = (0..=0x2ff).chain([0x7ff, 0x800, 0xfffd, 0xffff, 0x10000, 0x1f511, 0x10ffff]);
        let letters: Vec<char> = letters.filter_map(char::from_u32).collect();
        let all = letters.iter().collect();
        let alone = letters.clone().into_iter().map(String::from);
        let among = letters
            .into_iter()
            .map(|letter| ["a ", "~"].join(&String::from(letter)));
        [String::new(), all].into_iter().chain(alone).chain(among)
    }

    #[test]
    fn escapes_segments_like_percent_encoding() {
        const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
            .remove(b'-')
            .remove(b'_')
            .remove(b'.')
            .remove(b'!')
            .remove(b'~')
            .remove(b'*')
            .remove(b'\'')
            .remove(b'(')
            .remove(b')');
        for text in texts() {
            let theirs = utf8_percent_encode(&text, ESCAPED).to_string();
            assert_eq!(segment(&text), theirs, "{text:?}");
        }
    }

    #[test]
    fn writes_forms_like_form_urlencoded() {
        let pairs: Vec<(String, String)> = texts().zip(texts().skip(1)).collect();
        let theirs = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&pairs)
            .finish();
        assert_eq!(form(&pairs), theirs);
        assert_eq!(form(&[]), "");
    }

    #[test]
    fn writes_base64_like_base64ct() {
        for text in texts() {
            let theirs = Base64::encode_string(text.as_bytes());
            assert_eq!(base64(&text), theirs, "{text:?}");
        }
    }
}
