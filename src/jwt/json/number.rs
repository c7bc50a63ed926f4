//! JSON numbers (RFC 8259, section 6) as doubles.
//!
//! Not the exact reading of core, whose tables are 8 KB of the package.

/// What a number says; `None` for a value of another type and for more than a double
/// can hold.
///
/// Exact wherever the digits make a number up to 2^53 and the exponent is at most 22
/// (W. D. Clinger, "How to read floating point numbers accurately", 1990), which
/// covers dates with any fraction; elsewhere off by a few units in the last place.
pub(super) fn read(json: &str) -> Option<f64> {
    let digits = json.strip_prefix('-').unwrap_or(json);
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let (mut whole, mut exponent, mut fraction) = (0_u64, 0_i64, false);
    let mut bytes = digits.bytes();
    for byte in bytes.by_ref() {
        match byte {
            b'.' => fraction = true,
            b'e' | b'E' => break,
            _ if whole < MOST_DIGITS => {
                whole = whole * 10 + u64::from(byte & 15);
                exponent -= i64::from(fraction);
            }
            _ => exponent += i64::from(!fraction),
        }
    }
    let magnitude = scaled(whole as f64, exponent + written_exponent(bytes));
    let number = if digits.len() < json.len() {
        -magnitude
    } else {
        magnitude
    };
    number.is_finite().then_some(number)
}

/// The number behind the `e`, as large as it may matter.
fn written_exponent(text: impl Iterator<Item = u8>) -> i64 {
    let (mut exponent, mut sign) = (0, 1);
    for byte in text {
        match byte {
            b'-' => sign = -1,
            b'+' => {}
            _ => exponent = (exponent * 10 + i64::from(byte & 15)).min(MOST_EXPONENT),
        }
    }
    sign * exponent
}

/// `number * 10^exponent`. Ends soon: 0 and infinity stay what they are.
fn scaled(mut number: f64, exponent: i64) -> f64 {
    let mut left = exponent.unsigned_abs();
    while left > 0 && number != 0.0 && number.is_finite() {
        let power = usize::try_from(left)
            .ok()
            .and_then(|step| POWERS_OF_TEN.get(step));
        let power = power.copied().unwrap_or(1e22);
        number = if exponent < 0 {
            number / power
        } else {
            number * power
        };
        left = left.saturating_sub(22);
    }
    number
}

/// Those that a double holds exactly.
const POWERS_OF_TEN: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
/// Below it there is room for one more digit in 64 bits.
const MOST_DIGITS: u64 = u64::MAX / 10;
/// More than any text has digits that could make up for it.
const MOST_EXPONENT: i64 = 1 << 40;
