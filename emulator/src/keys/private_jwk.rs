//! Private RSA keys as JWKs (RFC 7518, section 6.3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::pkcs1v15::{SigningKey, VerifyingKey};
use rsa::sha2::{Digest as _, Sha256};
use rsa::signature::{Keypair as _, Signer as _, Verifier as _};
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BigUint, RsaPrivateKey};
use serde_json::{Value, json};

/// The members of a private JWK that determine the key.
pub(super) struct Members {
    n: BigUint,
    e: BigUint,
    p: BigUint,
    q: BigUint,
}

impl Members {
    /// Reads `n`, `e`, `p` and `q`. Other members are ignored.
    pub(super) fn read(jwk: &Value) -> Result<Self, String> {
        if jwk.get("kty").and_then(Value::as_str) != Some("RSA") {
            return Err("must be a private JWK with kty RSA".into());
        }
        let number = |name: &str| {
            let text = jwk.get(name).and_then(Value::as_str);
            let bytes =
                text.and_then(|text| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok());
            let bytes = bytes.filter(|bytes| (1..=MAX_BYTES).contains(&bytes.len()));
            bytes
                .map(|bytes| BigUint::from_bytes_be(&bytes))
                .ok_or_else(|| format!("has no valid member {name}"))
        };
        Ok(Self {
            n: number("n")?,
            e: number("e")?,
            p: number("p")?,
            q: number("q")?,
        })
    }

    /// Returns the same digest for the same numbers only.
    pub(super) fn digest(&self) -> [u8; 32] {
        let Self { n, e, p, q } = self;
        let mut digest = Sha256::new();
        for number in [n, e, p, q] {
            digest.update(format!("{number:x} "));
        }
        digest.finalize().into()
    }

    /// Returns the key. Verifies that the members belong together.
    pub(super) fn key(&self) -> Result<RsaPrivateKey, String> {
        let Self { n, e, p, q } = self;
        if !(2048..=4096).contains(&n.bits()) || p * q != *n {
            return Err("must have 2048 to 4096 bits, and n must be the product of p and q".into());
        }
        if p.bits() < 512 || q.bits() < 512 || e.bits() < 2 || e.bits() > 32 {
            return Err("has a factor or an exponent of an unusual length".into());
        }
        let private =
            RsaPrivateKey::from_p_q(p.clone(), q.clone(), e.clone()).map_err(|_| UNUSABLE)?;
        // The factors are not tested for primality. If one of them is composite, signatures do not verify.
        let signer = SigningKey::<Sha256>::new(private.clone());
        let signature = signer.try_sign(b"test").map_err(|_| UNUSABLE)?;
        let verifier: VerifyingKey<Sha256> = signer.verifying_key();
        verifier.verify(b"test", &signature).map_err(|_| UNUSABLE)?;
        Ok(private)
    }
}

/// Writes the members that [`Members::read`] reads.
pub(super) fn write(private: &RsaPrivateKey) -> Value {
    let encode = |number: &BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
    let mut primes = private.primes().iter().map(encode);
    json!({
        "kty": "RSA",
        "n": encode(private.n()),
        "e": encode(private.e()),
        "p": primes.next(),
        "q": primes.next(),
    })
}

pub(super) const UNUSABLE: &str = "is not a usable RSA key";
const MAX_BYTES: usize = 512;
