//! The last part of a token: a signature, a wrong one, or nothing.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use rsa::sha2::Sha256;
use rsa::{BigUint, RsaPublicKey};
use serde_json::Value;
use x509_cert::der::Encode as _;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use crate::jws;
use crate::keys::SigningKey;
use crate::merge::Object;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Seal {
    /// RS256 with the project's current key.
    Current,
    /// RS256 with a key that is not in a JWK set.
    Stranger,
    /// An empty signature.
    None,
    /// HMAC-SHA256 with the PEM text of the current public key as the secret.
    HmacOfPublicKey,
}

impl Seal {
    /// Returns the complete token. The header names the algorithm; this function does not change it.
    pub(super) fn token(
        self,
        header: &Object,
        claims: &Object,
        current: &SigningKey,
        unlisted: Option<&SigningKey>,
    ) -> Result<String, String> {
        let unsigned = || jws::unsigned(header, claims);
        let token = match self {
            Self::Current => jws::sign(current, header, claims),
            Self::Stranger => jws::sign(unlisted.unwrap_or(current), header, claims),
            Self::None => Ok(format!("{}.", unsigned())),
            Self::HmacOfPublicKey => {
                let pem = public_key_pem(&current.jwk()).ok_or("cannot encode the public key")?;
                let tag = hmac_sha256(pem.as_bytes(), unsigned().as_bytes())
                    .ok_or("cannot sign the token")?;
                Ok(format!("{}.{}", unsigned(), URL_SAFE_NO_PAD.encode(tag)))
            }
        };
        token.map_err(|_| "cannot sign the token".to_owned())
    }
}

/// Returns the public key as tools write it into a file (RFC 7468, section 13).
fn public_key_pem(jwk: &Value) -> Option<String> {
    let number = |name| {
        let text = jwk.get(name).and_then(Value::as_str)?;
        Some(BigUint::from_bytes_be(&URL_SAFE_NO_PAD.decode(text).ok()?))
    };
    let key = RsaPublicKey::new(number("n")?, number("e")?).ok()?;
    let der = SubjectPublicKeyInfoOwned::from_key(key)
        .ok()?
        .to_der()
        .ok()?;
    let text = STANDARD.encode(der);
    let mut pem = "-----BEGIN PUBLIC KEY-----\n".to_owned();
    for (position, character) in text.chars().enumerate() {
        if position > 0 && position % 64 == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem.push_str("\n-----END PUBLIC KEY-----\n");
    Some(pem)
}

fn hmac_sha256(secret: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(message);
    Some(mac.finalize().into_bytes().to_vec())
}
