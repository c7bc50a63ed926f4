//! The authenticator data of a response (section 6.1): the hash of the RP ID, flags, a counter, and for a new credential
//! its id and key.

use minicbor::Decoder;
use rsa::sha2::{Digest as _, Sha256};

use super::Refusal;

pub(super) struct AuthenticatorData {
    rp_id_hash: [u8; 32],
    flags: u8,
    pub(super) sign_count: u32,
    /// Present in the response to a registration.
    pub(super) attested: Option<Attested>,
}

/// The attested credential data (section 6.5.1).
pub(super) struct Attested {
    pub(super) credential_id: Vec<u8>,
    /// The key as CBOR.
    pub(super) public_key: Vec<u8>,
}

impl AuthenticatorData {
    /// Reads all bytes. Additional bytes are an error.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        Self::read(bytes).ok_or(Refusal::MalformedAuthenticatorData)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>()?;
        let (flags, rest) = rest.split_first()?;
        let (sign_count, mut rest) = rest.split_first_chunk::<4>()?;
        let attested = match flags & ATTESTED {
            0 => None,
            _ => {
                let (attested, after) = Attested::read(rest)?;
                rest = after;
                Some(attested)
            }
        };
        if flags & EXTENSIONS != 0 {
            rest = after_item(rest)?;
        }
        rest.is_empty().then_some(Self {
            rp_id_hash: *rp_id_hash,
            flags: *flags,
            sign_count: u32::from_be_bytes(*sign_count),
            attested,
        })
    }

    /// Checks the RP ID and that the user was present. The verification of the user is preferred, not required.
    pub(super) fn validate(&self, domain: &str) -> Result<(), Refusal> {
        if self.rp_id_hash != *Sha256::digest(domain) {
            return Err(Refusal::Mismatch(
                "The credential belongs to another domain.",
            ));
        }
        if self.flags & USER_PRESENT == 0 {
            return Err(Refusal::Mismatch("The user was not present."));
        }
        if self.flags & (BACKUP_ELIGIBLE | BACKED_UP) == BACKED_UP {
            return Err(Refusal::Mismatch(
                "The flags say that a credential without backup is backed up.",
            ));
        }
        Ok(())
    }
}

impl Attested {
    fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (_aaguid, rest) = bytes.split_first_chunk::<16>()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (credential_id, rest) = rest.split_at_checked(length)?;
        if credential_id.is_empty() || credential_id.len() > 1023 {
            return None;
        }
        let after = after_item(rest)?;
        let public_key = rest.get(..rest.len().checked_sub(after.len())?)?;
        let attested = Self {
            credential_id: credential_id.to_owned(),
            public_key: public_key.to_owned(),
        };
        Some((attested, after))
    }
}

/// Returns the bytes after the first CBOR item.
fn after_item(bytes: &[u8]) -> Option<&[u8]> {
    let mut decoder = Decoder::new(bytes);
    decoder.skip().ok()?;
    bytes.get(decoder.position()..)
}

const USER_PRESENT: u8 = 1;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;
const EXTENSIONS: u8 = 1 << 7;
