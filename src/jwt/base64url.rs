//! Base64url without padding (RFC 7515, section 2; RFC 4648, section 5), decoded by base64ct.
//!
//! The decoder has to be strict, so that each sequence of bytes has one text. base64ct, which
//! also decodes the parts of a token for jwt-compact, is: the tests enumerate every short text.

use base64ct::{Base64UrlUnpadded, Encoding};

/// The bytes; `None` for letters of other alphabets, padding, white space, an impossible length,
/// and trailing bits that are not zero (RFC 4648, sections 3.2, 3.3 and 3.5).
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether `text` decodes, in which case it is the one text of its bytes.
    fn decodes(text: &str) -> bool {
        let bytes = decode(text);
        if let Some(bytes) = &bytes {
            assert_eq!(Base64UrlUnpadded::encode_string(bytes), text);
        }
        bytes.is_some()
    }

    #[test]
    fn accepts_one_text_for_each_sequence_of_bytes() {
        let letters: Vec<char> = (0..=127).chain([233]).map(char::from).collect();
        let mut good = 0;
        for first in &letters {
            good += usize::from(decodes(&first.to_string()));
            for second in &letters {
                good += usize::from(decodes(&format!("{first}{second}")));
                for third in "AQgwEZz09-_=+/ \n.".chars() {
                    good += usize::from(decodes(&format!("{first}{second}{third}")));
                    good += usize::from(decodes(&format!("A{first}{second}{third}")));
                }
            }
        }
        // Two letters leave four bits over, and three letters two.
        assert_eq!(good, 64 * 4 + 64 * 64 * (6 + 11));
        assert_eq!(decode("-_8"), Some(vec![0xfb, 0xff]));
    }

    #[test]
    fn decodes_what_was_encoded() {
        for length in 0..600 {
            let bytes: Vec<u8> = (0..length).map(|n| (n * 7 + length) as u8).collect();
            let text = Base64UrlUnpadded::encode_string(&bytes);
            assert_eq!(decode(&text), Some(bytes));
        }
    }
}
