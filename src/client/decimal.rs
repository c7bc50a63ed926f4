//! Writes and reads whole numbers in decimal digits.
//!
//! The standard library's functions, which support widths and signs, add a kilobyte to the npm package.

/// Writes a number in decimal digits.
#[must_use]
pub fn decimal(number: u64) -> String {
    let mut unit = 1;
    while number / unit >= 10 {
        unit *= 10;
    }
    let mut digits = String::new();
    while unit > 0 {
        digits.push(char::from(b'0' + (number / unit % 10) as u8));
        unit /= 10;
    }
    digits
}

/// Reads a text that must consist of digits only. Returns `None` if the number exceeds `u64`.
pub(super) fn read_decimal(digits: &str) -> Option<u64> {
    let digit = |number: u64, digit| number.checked_mul(10)?.checked_add(u64::from(digit - b'0'));
    digits.bytes().try_fold(0, digit)
}
