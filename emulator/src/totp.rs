//! Codes of authenticator apps (RFC 6238): HMAC-SHA-1, steps of 30 seconds, 6 digits.
//!
//! Does not know users, members and the state.

use hmac::{Hmac, Mac as _};
use sha1::Sha1;

use crate::clock::UnixSeconds;

/// Returns the steps at which the secret has this code: the current step, then one step earlier and one step later, for
/// clocks that differ (RFC 6238, section 5.2).
pub(crate) fn steps(secret: &[u8], code: &str, now: UnixSeconds) -> impl Iterator<Item = i64> {
    let current = now.0.div_euclid(STEP_SECONDS);
    let window = [0, -1, 1].map(|offset: i64| current.saturating_add(offset));
    window
        .into_iter()
        .filter(move |step| self::code(secret, *step).as_deref() == Some(code))
}

/// Returns the code at a step (RFC 4226, section 5.3). `None` before 1970.
fn code(secret: &[u8], step: i64) -> Option<String> {
    let counter = u64::try_from(step).ok()?;
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&counter.to_be_bytes());
    let digest: [u8; 20] = mac.finalize().into_bytes().into();
    let start = usize::from(digest.last()? & 0x0f);
    let four = digest.get(start..)?.first_chunk()?;
    let number = u32::from_be_bytes(*four) & 0x7fff_ffff;
    Some(format!("{:06}", number % 1_000_000))
}

/// Writes base32 without padding (RFC 4648, section 6).
pub(crate) fn to_base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        count = count.saturating_add(8);
        while count >= 5 {
            count = count.saturating_sub(5);
            text.push(letter(bits >> count));
        }
    }
    if count > 0 {
        text.push(letter(bits << 5_u32.saturating_sub(count)));
    }
    text
}

/// Reads base32 of any case, with or without padding. `None` if the text is malformed or empty.
pub(crate) fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0_u32);
    for character in text.trim_end_matches('=').bytes() {
        let known = character.to_ascii_uppercase();
        let value = ALPHABET.iter().position(|letter| *letter == known)?;
        bits = (bits << 5) | u32::try_from(value).ok()?;
        count = count.saturating_add(5);
        if count >= 8 {
            count = count.saturating_sub(8);
            bytes.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    (!bytes.is_empty()).then_some(bytes)
}

fn letter(bits: u32) -> char {
    let index = usize::try_from(bits & 31).unwrap_or_default();
    ALPHABET.get(index).copied().map_or('A', char::from)
}

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const STEP_SECONDS: i64 = 30;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// RFC 6238, appendix B, with the last six of the eight digits.
    const VECTORS: [(i64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn has_the_codes_of_rfc_6238() {
        let mut checked = 0;
        for (time, expected) in VECTORS {
            assert_eq!(code(SECRET, time / 30).unwrap(), expected);
            checked += 1;
        }
        assert_eq!(checked, 6);
    }

    #[test]
    fn accepts_a_code_one_step_early_and_one_step_late() {
        let step = |now| steps(SECRET, "050471", UnixSeconds(now)).next();
        let time = 1_111_111_111;
        let own = Some(time / 30);
        assert_eq!(
            [-60, -30, 0, 30, 60].map(|offset| step(time + offset)),
            [None, own, own, own, None]
        );
        assert_eq!(step(-1), None);
    }

    #[test]
    fn reads_the_base32_that_it_writes() {
        assert_eq!(to_base32(SECRET), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        // RFC 4648, section 10.
        for (bytes, text) in [("f", "MY"), ("fo", "MZXQ"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(to_base32(bytes.as_bytes()), text);
            assert_eq!(
                from_base32(&format!("{text}======")).unwrap(),
                bytes.as_bytes()
            );
            assert_eq!(from_base32(&text.to_lowercase()).unwrap(), bytes.as_bytes());
        }
        assert_eq!(from_base32("A1"), None);
        assert_eq!(from_base32(""), None);
    }
}
