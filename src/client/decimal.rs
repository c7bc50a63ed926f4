//! Whole numbers in decimal digits. The library's ways to write and read them, which know
//! widths and signs, are a kilobyte of the package.

use alloc::{string::String, vec::Vec};

/// Writes a number.
#[must_use]
pub fn decimal(mut number: u64) -> String {
    let mut digits = Vec::new();
    while number > 0 || digits.is_empty() {
        digits.push(char::from(b'0' + (number % 10) as u8));
        number /= 10;
    }
    digits.iter().rev().collect()
}

/// Reads a text that has nothing but digits in it.
pub(super) fn read_decimal(digits: &str) -> Option<u64> {
    let digit = |number: u64, digit| number.checked_mul(10)?.checked_add(u64::from(digit - b'0'));
    digits.bytes().try_fold(0, digit)
}
