//! Base64url without padding (RFC 7515, section 2; RFC 4648, section 5), decoded strictly: each
//! sequence of bytes has one text.
//!
//! For payloads, which jwt-compact decodes but does not expose, and for keys and thumbprints.
//! base64ct, jwt-compact's decoder, is as strict and takes the same time for every text, which
//! public text does not need: for the payload of a session it takes 7 us in wasm where this
//! table takes less than 1 us, and a first check takes 42 us. The tests compare the two.

/// The bytes; `None` for foreign letters, padding, white space, a length that nothing
/// encodes to, and trailing bits that are not zero (RFC 4648, sections 3.2, 3.3, 3.5).
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; text.len() / 4 * 3 + text.len() % 4 * 3 / 4];
    let (mut free, mut letters) = (bytes.as_mut_slice(), text.as_bytes());
    // Tokens are long and mostly right: foreign letters are noticed at the end.
    let mut seen = 0;
    while let [a, b, c, d, rest @ ..] = letters
        && let [first, second, third, later @ ..] = free
    {
        let (a, b, c, d) = (value_of(*a), value_of(*b), value_of(*c), value_of(*d));
        seen |= a | b | c | d;
        [_, *first, *second, *third] = (a << 18 | b << 12 | c << 6 | d).to_be_bytes();
        (free, letters) = (later, rest);
    }
    // What is left of the last letter when its bytes are full.
    let trailing = match (letters, free) {
        ([], _) => 0,
        ([a, b], [first, ..]) => {
            let (a, b) = (value_of(*a), value_of(*b));
            seen |= a | b;
            let bits = a << 6 | b;
            [_, _, _, *first] = (bits >> 4).to_be_bytes();
            bits & 0b1111
        }
        ([a, b, c], [first, second, ..]) => {
            let (a, b, c) = (value_of(*a), value_of(*b), value_of(*c));
            seen |= a | b | c;
            let bits = a << 12 | b << 6 | c;
            [_, _, *first, *second] = (bits >> 2).to_be_bytes();
            bits & 0b11
        }
        _ => return None,
    };
    (seen & FOREIGN == 0 && trailing == 0).then_some(bytes)
}

/// Six bits, or [`FOREIGN`].
#[inline(always)]
fn value_of(letter: u8) -> u32 {
    VALUES
        .get(usize::from(letter))
        .map_or(FOREIGN, |value| u32::from(*value))
}

/// A bit that no value has.
const FOREIGN: u32 = 0x80;

static VALUES: [u8; 256] = values();

#[allow(clippy::indexing_slicing, reason = "the compiler runs it")]
const fn values() -> [u8; 256] {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut values = [0x80; 256];
    let mut value = 0;
    while value < 64 {
        values[alphabet[value as usize] as usize] = value;
        value += 1;
    }
    values
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
