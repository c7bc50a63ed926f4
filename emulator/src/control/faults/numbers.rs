//! The numbers of a fault: whole numbers with a range.

use std::ops::RangeInclusive;

use super::Refusal;
use crate::fields::Fields;

/// Reads a whole number. Returns `None` if the field is missing.
pub(super) fn read(
    fields: &Fields,
    name: &str,
    range: RangeInclusive<u64>,
) -> Result<Option<u64>, Refusal> {
    let Some(value) = fields.value(name) else {
        return Ok(None);
    };
    let number = value.as_u64().filter(|number| range.contains(number));
    let (least, greatest) = range.into_inner();
    number
        .map(Some)
        .ok_or_else(|| format!("{name} must be a whole number from {least} to {greatest}"))
}

/// Reads `delay_ms`.
pub(super) fn read_delay(fields: &Fields) -> Result<Option<u32>, Refusal> {
    let delay = read(fields, "delay_ms", 0..=u32::MAX.into())?;
    Ok(delay.and_then(|delay| u32::try_from(delay).ok()))
}

/// Reads a number of bytes.
pub(super) fn read_bytes(
    fields: &Fields,
    name: &str,
    range: RangeInclusive<u64>,
) -> Result<Option<usize>, Refusal> {
    let bytes = read(fields, name, range)?;
    Ok(bytes.and_then(|bytes| usize::try_from(bytes).ok()))
}
