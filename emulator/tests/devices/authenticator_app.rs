//! An authenticator app (RFC 6238): HMAC-SHA-1, steps of 30 seconds, six digits.

use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use stytch_emulator::UnixSeconds;

/// The code that the app displays for a secret in base32.
pub fn code(secret: &str, now: UnixSeconds) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(&base32(secret)).unwrap();
    mac.update(&u64::try_from(now.0 / 30).unwrap().to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let start = usize::from(digest[19] & 15);
    let number = u32::from_be_bytes(digest[start..start + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

fn base32(text: &str) -> Vec<u8> {
    let values = text.chars().map(|letter| {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        alphabet.find(letter).unwrap()
    });
    let bits: String = values.map(|value| format!("{value:05b}")).collect();
    let bytes = bits.as_bytes().chunks_exact(8);
    bytes
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect()
}
