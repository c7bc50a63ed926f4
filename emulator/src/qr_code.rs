//! A QR code as a PNG in a data URI.
//!
//! The PNG has one bit for each pixel. Its data is stored without compression (RFC 1951, section 3.2.4), because a code has
//! only a few kilobytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrcode::{Color, QrCode};

/// Returns `data:image/png;base64,...`, or an empty text if the content is too long for a QR code.
pub(crate) fn data_uri(content: &str) -> String {
    match QrCode::new(content) {
        Ok(code) => format!("data:image/png;base64,{}", STANDARD.encode(png(&code))),
        Err(_) => String::new(),
    }
}

fn png(code: &QrCode) -> Vec<u8> {
    let width = code.width();
    let side = width.saturating_add(QUIET * 2).saturating_mul(SCALE);
    let is_dark = |x: usize, y: usize| {
        let module = |position: usize| (position / SCALE).checked_sub(QUIET);
        match (module(x), module(y)) {
            (Some(x), Some(y)) if x < width && y < width => {
                code.to_colors()
                    .get(y.saturating_mul(width).saturating_add(x))
                    == Some(&Color::Dark)
            }
            _ => false,
        }
    };
    let mut rows = Vec::new();
    for y in 0..side {
        // The filter of the row: none.
        rows.push(0);
        for start in (0..side).step_by(8) {
            let bits = (0..8_usize).map(|bit| !is_dark(start.saturating_add(bit), y));
            rows.push(bits.fold(0_u8, |byte, is_light| (byte << 1) | u8::from(is_light)));
        }
    }
    let side = u32::try_from(side).unwrap_or_default().to_be_bytes();
    // One bit of grey, without interlacing.
    let header = [&side[..], &side, &[1, 0, 0, 0, 0]].concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in [
        (b"IHDR", header),
        (b"IDAT", zlib(&rows)),
        (b"IEND", Vec::new()),
    ] {
        let named = [&name[..], &data].concat();
        png.extend(length(&data).to_be_bytes());
        png.extend(&named);
        png.extend(crc32(&named).to_be_bytes());
    }
    png
}

/// A zlib stream (RFC 1950) of stored blocks.
fn zlib(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = data.chunks(MAX_BLOCK).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or_default();
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    stream.extend(adler32(data).to_be_bytes());
    stream
}

fn adler32(data: &[u8]) -> u32 {
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in data {
        low = low.wrapping_add(u32::from(*byte)) % 65_521;
        high = high.wrapping_add(low) % 65_521;
    }
    (high << 16) | low
}

fn crc32(data: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in data {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let mask = (crc & 1).wrapping_neg();
            crc = (crc >> 1) ^ (0xedb8_8320 & mask);
        }
    }
    !crc
}

fn length(data: &[u8]) -> u32 {
    u32::try_from(data.len()).unwrap_or_default()
}

/// The pixels of a module, and the modules of the margin.
const SCALE: usize = 4;
const QUIET: usize = 4;
const MAX_BLOCK: usize = 65_535;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Read as _;

    use super::*;

    #[test]
    fn the_png_contains_the_modules_of_the_code() {
        let content = "otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=a";
        let uri = data_uri(content);
        let png = STANDARD
            .decode(uri.strip_prefix("data:image/png;base64,").unwrap())
            .unwrap();
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"));
        // The table of the CRC of PNG (its specification, annex D) has this check value.
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        let side = u32::from_be_bytes(*png[16..].first_chunk().unwrap()) as usize;
        let start = png.windows(4).position(|four| four == b"IDAT").unwrap();
        let mut rows = Vec::new();
        let mut inflater = flate2::read::ZlibDecoder::new(&png[start + 4..]);
        inflater.read_to_end(&mut rows).unwrap();
        let code = QrCode::new(content).unwrap();
        assert_eq!(side, (code.width() + 8) * 4);
        let row = 1 + side.div_ceil(8);
        assert_eq!(rows.len(), side * row);
        for y in 0..code.width() {
            for x in 0..code.width() {
                let (left, top) = ((x + 4) * 4, (y + 4) * 4);
                let byte = rows[top * row + 1 + left / 8];
                let is_light = byte >> (7 - left % 8) & 1 == 1;
                assert_eq!(is_light, code[(x, y)] == Color::Light);
            }
        }
    }
}
