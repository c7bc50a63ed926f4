//! Base64url without padding (RFC 7515, section 2; RFC 4648, section 5), decoded
//! strictly: one text for each sequence of bytes.
//!
//! Ours, because base64ct's decoder takes care to take the same time for every text,
//! which what a stranger sent has no need of, and is 0.9 KB more of the package. It
//! judges in the tests.

use alloc::vec::Vec;

/// The bytes; `None` for foreign letters, padding, white space, a length that nothing
/// encodes to, and trailing bits that are not zero (RFC 4648, sections 3.2, 3.3, 3.5).
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.bytes() {
        bits = bits << 6 | u32::from(value_of(letter)?);
        held += 6;
        if held >= 8 {
            held -= 8;
            let [.., byte] = (bits >> held).to_be_bytes();
            bytes.push(byte);
            bits &= (1 << held) - 1;
        }
    }
    (held < 6 && bits == 0).then_some(bytes)
}

fn value_of(letter: u8) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64UrlUnpadded, Encoding};

    use super::*;

    fn compare(text: &str) -> bool {
        let judge = Base64UrlUnpadded::decode_vec(text).ok();
        assert_eq!(decode(text), judge, "{text:?}");
        judge.is_some()
    }

    #[test]
    fn agrees_on_every_short_text() {
        let letters: Vec<char> = (0..=127).chain([233]).map(char::from).collect();
        let mut good = 0;
        for first in &letters {
            good += usize::from(compare(&first.to_string()));
            for second in &letters {
                good += usize::from(compare(&format!("{first}{second}")));
                for third in "AQgwEZz09-_=+/ \n.".chars() {
                    good += usize::from(compare(&format!("{first}{second}{third}")));
                    good += usize::from(compare(&format!("A{first}{second}{third}")));
                }
            }
        }
        // What is left over of two letters are four bits, and of three letters two.
        assert_eq!(good, 64 * 4 + 64 * 64 * (6 + 11));
    }

    #[test]
    fn reads_what_was_encoded() {
        for length in 0..600 {
            let bytes: Vec<u8> = (0..length).map(|n| (n * 7 + length) as u8).collect();
            let text = Base64UrlUnpadded::encode_string(&bytes);
            assert_eq!(decode(&text), Some(bytes));
        }
    }
}
