//! Reads a private RSA key from a JWK (RFC 7518, section 6.3.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::pkcs1v15::{SigningKey, VerifyingKey};
use rsa::sha2::Sha256;
use rsa::signature::{Keypair as _, Signer as _, Verifier as _};
use rsa::{BigUint, RsaPrivateKey};
use serde_json::Value;

/// Reads `n`, `e`, `p` and `q`, and verifies that they belong together. Other members are ignored.
///
/// Returns a message without a full stop if the JWK is not an RSA key of 2048 to 4096 bits.
pub(crate) fn read(jwk: &Value) -> Result<RsaPrivateKey, String> {
    if jwk.get("kty").and_then(Value::as_str) != Some("RSA") {
        return Err("must be a private JWK with kty RSA".into());
    }
    let number = |name: &str| {
        let text = jwk.get(name).and_then(Value::as_str);
        let bytes = text.and_then(|text| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok());
        let bytes = bytes.filter(|bytes| (1..=MAX_BYTES).contains(&bytes.len()));
        bytes
            .map(|bytes| BigUint::from_bytes_be(&bytes))
            .ok_or_else(|| format!("has no valid member {name}"))
    };
    let (n, e, p, q) = (number("n")?, number("e")?, number("p")?, number("q")?);
    if !(2048..=4096).contains(&n.bits()) || &p * &q != n {
        return Err("must have 2048 to 4096 bits, and n must be the product of p and q".into());
    }
    if p.bits() < 512 || q.bits() < 512 || e.bits() < 2 || e.bits() > 32 {
        return Err("has a factor or an exponent of an unusual length".into());
    }
    let private = RsaPrivateKey::from_p_q(p, q, e).map_err(|_| UNUSABLE)?;
    // The factors are not tested for primality. If one of them is composite, signatures do not verify.
    let signer = SigningKey::<Sha256>::new(private.clone());
    let signature = signer.try_sign(b"test").map_err(|_| UNUSABLE)?;
    let verifier: VerifyingKey<Sha256> = signer.verifying_key();
    verifier.verify(b"test", &signature).map_err(|_| UNUSABLE)?;
    Ok(private)
}

const UNUSABLE: &str = "is not a usable RSA key";
const MAX_BYTES: usize = 512;
