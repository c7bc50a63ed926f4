//! PEM (RFC 7468): one block of base64 between two marked lines. Line breaks inside the block can be missing, because
//! users copy certificates from forms and XML documents.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Returns the bytes of the first block with this label, or `None` if the text does not have such a block.
pub(crate) fn decode(label: &str, text: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (block, _) = rest.split_once(&format!("-----END {label}-----"))?;
    decode_base64(block)
}

/// Decodes base64 that can contain white space.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let compact: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(compact).ok()
}

/// Writes a block with lines of 64 characters.
pub(crate) fn encode(label: &str, bytes: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    for (position, character) in STANDARD.encode(bytes).chars().enumerate() {
        if position > 0 && position % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push_str(&format!("\n-----END {label}-----\n"));
    text
}

pub(crate) const CERTIFICATE: &str = "CERTIFICATE";
/// A private key of PKCS #1. The label of PKCS #8 is `PRIVATE KEY`.
pub(crate) const RSA_PRIVATE_KEY: &str = "RSA PRIVATE KEY";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_with_and_without_line_breaks() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = encode(CERTIFICATE, &bytes);
        assert_eq!(decode(CERTIFICATE, &text), Some(bytes.clone()));
        assert_eq!(decode(CERTIFICATE, &text.replace('\n', "")), Some(bytes));
        assert_eq!(decode(RSA_PRIVATE_KEY, &text), None);
        assert_eq!(decode(CERTIFICATE, "-----BEGIN CERTIFICATE-----?"), None);
    }
}
