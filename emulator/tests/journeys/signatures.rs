//! Verifies the signature of a token with the public JWK set, as a client does.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::sha2::Sha256;
use rsa::signature::Verifier as _;
use rsa::{BigUint, RsaPublicKey};
use serde_json::Value;

use crate::stand::{SETTINGS, Stand, open_jwt};

/// Whether the key with the `kid` of the token is in the JWK set and signed the token.
pub fn verifies(stand: &mut Stand, route: &str, token: &str) -> bool {
    let set = stand.open(&format!("GET {route}"), Value::Null).ok();
    let (header, _) = open_jwt(token);
    let key = set.body["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["kid"] == header["kid"]);
    let Some(key) = key else { return false };
    let number = |name: &str| {
        BigUint::from_bytes_be(&URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap())
    };
    let key = RsaPublicKey::new(number("n"), number("e")).unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let signature = Signature::try_from(signature.as_slice());
    signature.is_ok_and(|signature| {
        VerifyingKey::<Sha256>::new(key)
            .verify(signed.as_bytes(), &signature)
            .is_ok()
    })
}

pub fn consumer_keys() -> String {
    format!("/v1/sessions/jwks/{}", SETTINGS.consumer.project_id)
}

pub fn b2b_keys() -> String {
    format!("/v1/b2b/sessions/jwks/{}", SETTINGS.b2b.project_id)
}
