//! Crypto wallets: their addresses, and the signatures of messages. Ethereum signs by EIP-191 (`personal_sign`), Solana with
//! Ed25519.
//!
//! Does not know users and the state.

pub(crate) mod siwe;

use ed25519_dalek::{Signature as EdSignature, VerifyingKey as EdKey};
use k256::ecdsa::{RecoveryId, Signature as EcSignature, VerifyingKey as EcKey};
use serde::{Deserialize, Serialize};
use sha3::{Digest as _, Keccak256};

use crate::errors::{self, Failure};

/// A chain. Chains that are compatible with Ethereum count as `ethereum`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Chain {
    Ethereum,
    Solana,
}

/// The address of a wallet in its canonical form: for Ethereum with the checksum of EIP-55.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Address {
    pub(crate) chain: Chain,
    pub(crate) text: String,
}

impl Chain {
    /// Reads `crypto_wallet_type`.
    pub(crate) fn read(name: &str) -> Option<Self> {
        match name {
            "ethereum" => Some(Self::Ethereum),
            "solana" => Some(Self::Solana),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ethereum => "ethereum",
            Self::Solana => "solana",
        }
    }
}

impl Address {
    /// Reads an address. An address of Ethereum can have any case.
    pub(crate) fn read(chain: Chain, text: &str) -> Result<Self, Failure> {
        let canonical = match chain {
            Chain::Ethereum => {
                let bytes = from_hex(text.strip_prefix("0x").unwrap_or_default());
                let bytes = bytes.filter(|bytes| bytes.len() == 20);
                checksummed(&bytes.ok_or(&errors::INVALID_ETHEREUM_ADDRESS)?)
            }
            Chain::Solana => {
                solana_key(text).ok_or(&errors::INVALID_SOLANA_ADDRESS)?;
                text.to_owned()
            }
        };
        Ok(Self {
            chain,
            text: canonical,
        })
    }

    /// Returns an error unless the wallet has signed the message.
    pub(crate) fn verify(&self, message: &str, signature: &str) -> Result<(), Failure> {
        let is_valid = match self.chain {
            Chain::Ethereum => {
                let hex = signature.strip_prefix("0x").unwrap_or(signature);
                let bytes = from_hex(hex).ok_or(&errors::INVALID_SIGNATURE)?;
                let bytes: [u8; 65] = bytes
                    .try_into()
                    .map_err(|_| &errors::SIGNATURE_IS_INCORRECT_SIZE)?;
                ethereum_signer(message, &bytes).as_ref() == Some(&self.text)
            }
            Chain::Solana => {
                let bytes = solana_signature(signature)?;
                let key = solana_key(&self.text).ok_or(&errors::INVALID_SOLANA_ADDRESS)?;
                let signature = EdSignature::from_bytes(&bytes);
                key.verify_strict(message.as_bytes(), &signature).is_ok()
            }
        };
        if is_valid {
            Ok(())
        } else {
            Err(errors::UNABLE_TO_AUTHENTICATE_CRYPTO_WALLET.failure())
        }
    }
}

/// Returns the address of the wallet that has signed a message (EIP-191, version `E`).
fn ethereum_signer(message: &str, signature: &[u8; 65]) -> Option<String> {
    let prefixed = format!("\u{19}Ethereum Signed Message:\n{}{message}", message.len());
    let (compact, recovery) = signature.split_at_checked(64)?;
    // Wallets add 27 to the recovery id.
    let recovery = match *recovery.first()? {
        id @ (27 | 28) => id.checked_sub(27)?,
        id => id,
    };
    let recovery = RecoveryId::from_byte(recovery).filter(|id| !id.is_x_reduced())?;
    let compact = EcSignature::from_slice(compact).ok()?;
    let digest = Keccak256::digest(prefixed);
    let key = EcKey::recover_from_prehash(&digest, &compact, recovery).ok()?;
    let point = key.to_encoded_point(false);
    let hash = Keccak256::digest(point.as_bytes().get(1..)?);
    Some(checksummed(hash.get(12..)?))
}

/// Writes an address of Ethereum with a checksum in the case of its letters (EIP-55).
fn checksummed(bytes: &[u8]) -> String {
    let lower: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let hash = Keccak256::digest(&lower);
    let digits = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let cased = lower
        .chars()
        .zip(digits)
        .map(|(letter, digit)| match digit {
            8.. => letter.to_ascii_uppercase(),
            _ => letter,
        });
    format!("0x{}", cased.collect::<String>())
}

fn solana_key(address: &str) -> Option<EdKey> {
    let bytes = from_base58(address)?;
    EdKey::from_bytes(&bytes.try_into().ok()?).ok()
}

/// Reads a signature in hexadecimal digits, base58 or base64: the documentation does not name the form.
fn solana_signature(text: &str) -> Result<[u8; 64], Failure> {
    use base64::Engine as _;
    let hex = from_hex(text.strip_prefix("0x").unwrap_or(text));
    let in_base58 = || from_base58(text);
    let in_base64 = || base64::engine::general_purpose::STANDARD.decode(text).ok();
    let forms = [hex, in_base58(), in_base64()];
    let known: Vec<Vec<u8>> = forms.into_iter().flatten().collect();
    if known.is_empty() {
        return Err(errors::INVALID_SIGNATURE.failure());
    }
    let mut fitting = known.into_iter().filter_map(|bytes| bytes.try_into().ok());
    fitting
        .next()
        .ok_or_else(|| errors::SIGNATURE_IS_INCORRECT_SIZE.failure())
}

/// Decodes base58, whose decoding needs quadratic time. 128 digits are more than a signature has.
fn from_base58(text: &str) -> Option<Vec<u8>> {
    let is_short = text.len() <= 128;
    is_short
        .then(|| bs58::decode(text).into_vec().ok())
        .flatten()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|pair| {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let value = digit(pair[0])?
            .checked_mul(16)?
            .checked_add(digit(pair[1])?)?;
        u8::try_from(value).ok()
    });
    let bytes: Option<Vec<u8>> = bytes.collect();
    bytes.filter(|bytes| rest.is_empty() && !bytes.is_empty())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn writes_the_checksums_of_eip_55() {
        for address in [
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
            "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
            "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        ] {
            let read = Address::read(Chain::Ethereum, &address.to_lowercase().replace("0X", "0x"));
            assert_eq!(read.unwrap().text, address);
        }
        for malformed in ["", "0x", "0x12", "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"] {
            assert!(Address::read(Chain::Ethereum, malformed).is_err());
        }
        assert!(Address::read(Chain::Solana, "0OIl").is_err());
    }
}
