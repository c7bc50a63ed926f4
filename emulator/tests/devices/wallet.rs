//! Crypto wallets: sign messages as the wallets of Ethereum (EIP-191) and Solana do.

use k256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer as _;
use sha3::{Digest as _, Keccak256};

pub enum Wallet {
    Ethereum(SigningKey),
    Solana(ed25519_dalek::SigningKey),
}

impl Wallet {
    pub fn ethereum(seed: u8) -> Self {
        Self::Ethereum(SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    pub fn solana(seed: u8) -> Self {
        Self::Solana(ed25519_dalek::SigningKey::from_bytes(&[seed; 32]))
    }

    pub fn r#type(&self) -> &'static str {
        match self {
            Self::Ethereum(_) => "ethereum",
            Self::Solana(_) => "solana",
        }
    }

    /// The address. Without the checksum of EIP-55.
    pub fn address(&self) -> String {
        match self {
            Self::Ethereum(key) => {
                let point = key.verifying_key().to_encoded_point(false);
                let hash = Keccak256::digest(&point.as_bytes()[1..]);
                format!("0x{}", hex(&hash[12..]))
            }
            Self::Solana(key) => bs58::encode(key.verifying_key().as_bytes()).into_string(),
        }
    }

    pub fn sign(&self, message: &str) -> String {
        match self {
            Self::Ethereum(key) => {
                let text = format!("\x19Ethereum Signed Message:\n{}{message}", message.len());
                let digest = Keccak256::digest(text);
                let (signature, recovery) = key.sign_prehash_recoverable(&digest).unwrap();
                let last = recovery.to_byte() + 27;
                format!("0x{}{last:02x}", hex(&signature.to_bytes()))
            }
            Self::Solana(key) => {
                bs58::encode(key.sign(message.as_bytes()).to_bytes()).into_string()
            }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
