//! Signing keys: RSA 2048 with exponent 65537 for RS256 (RFC 7518, section 3.3), and the JWK set of their public keys.

mod known;
mod material;
mod private_jwk;

use rsa::RsaPrivateKey;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding as _, Signer as _, Verifier as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::errors::{self, Failure};
use crate::ids::{Ids, KID_PREFIX};
use crate::product::Product;
pub(crate) use material::Material;

/// A private key and its id. In a snapshot, it is a private JWK.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub(crate) struct SigningKey {
    pub(crate) kid: String,
    material: Material,
}

/// The current signing key, and the previous keys, which the JWK set still contains.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SigningKeys {
    current: SigningKey,
    retired: Vec<SigningKey>,
    supply: Supply,
}

/// The source of the next keys of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub(crate) enum Supply {
    /// Keys are generated. This takes about a second, and several seconds in WebAssembly.
    Generated,
    /// Keys are taken from the list of known keys, starting with this number. After the last number of the project, keys
    /// are generated.
    Known {
        next: usize,
        /// The first number that belongs to another project.
        end: usize,
    },
}

impl SigningKeys {
    /// Starts with a given key, or else with a key of the supply.
    pub(crate) fn new(
        given: Option<Material>,
        mut supply: Supply,
        ids: &mut Ids,
    ) -> Result<Self, Failure> {
        Ok(Self {
            current: SigningKey::next(given, &mut supply, ids)?,
            retired: Vec::new(),
            supply,
        })
    }

    /// Replaces the current key with a given key, or else with a key of the supply. Tokens that the old key signed still
    /// verify.
    pub(crate) fn rotate(&mut self, given: Option<Material>, ids: &mut Ids) -> Result<(), Failure> {
        let next = SigningKey::next(given, &mut self.supply, ids)?;
        let old = std::mem::replace(&mut self.current, next);
        self.retired.insert(0, old);
        Ok(())
    }

    pub(crate) fn current(&self) -> &SigningKey {
        &self.current
    }

    pub(crate) fn by_kid(&self, kid: &str) -> Option<&SigningKey> {
        std::iter::once(&self.current)
            .chain(&self.retired)
            .find(|key| key.kid == kid)
    }

    /// Returns the `keys` of the JWK set (RFC 7517, section 5), newest first.
    pub(crate) fn jwk_set(&self) -> Vec<Value> {
        std::iter::once(&self.current)
            .chain(&self.retired)
            .map(SigningKey::jwk)
            .collect()
    }
}

impl Supply {
    /// The known keys of a project: the first half of the list for consumer projects, the second half for B2B projects.
    pub(crate) fn known(product: Product) -> Self {
        let (next, end) = match product {
            Product::Consumer => (0, known::COUNT / 2),
            Product::B2b => (known::COUNT / 2, known::COUNT),
        };
        Self::Known { next, end }
    }

    fn next(&mut self, ids: &mut Ids) -> Result<Material, Failure> {
        if let Self::Known { next, end } = self
            && *next < *end
            && let Some(material) = Material::known(*next)
        {
            *next = next.saturating_add(1);
            return Ok(material);
        }
        let failed = || errors::INTERNAL_SERVER_ERROR.failure();
        let private = RsaPrivateKey::new(ids.rng(), 2048).map_err(|_| failed())?;
        Material::new(private).map_err(|_| failed())
    }
}

impl SigningKey {
    fn next(given: Option<Material>, supply: &mut Supply, ids: &mut Ids) -> Result<Self, Failure> {
        let kid = ids.kid();
        let material = match given {
            Some(material) => material,
            None => supply.next(ids)?,
        };
        Ok(Self { kid, material })
    }

    /// Returns a key that is not in a JWK set. It is the same in every emulator, because a token that it signs must be
    /// refused.
    pub(crate) fn unlisted(ids: &mut Ids) -> Result<Self, Failure> {
        let material = Material::known(known::UNLISTED);
        Ok(Self {
            kid: ids.kid(),
            material: material.ok_or_else(|| errors::INTERNAL_SERVER_ERROR.failure())?,
        })
    }

    /// Returns the known key of an identity provider of the emulator.
    pub(crate) fn of_identity_provider(number: usize) -> Option<Self> {
        Some(Self {
            kid: format!("{KID_PREFIX}idp-{number}"),
            material: Material::of_identity_provider(number)?,
        })
    }

    /// Returns the JWK of the public key, with the members that the API sends. The API spells the thumbprint `x5tS256`;
    /// RFC 7517 spells it `x5t#S256`.
    pub(crate) fn jwk(&self) -> Value {
        self.material.public_jwk(&self.kid)
    }

    /// Returns the RS256 signature of these bytes. The signature has as many bytes as the modulus.
    pub(crate) fn sign(&self, signed: &[u8]) -> Result<Vec<u8>, Failure> {
        let signature = self
            .material
            .signer()
            .try_sign(signed)
            .map_err(|_| &errors::INTERNAL_SERVER_ERROR)?;
        Ok(signature.to_vec())
    }

    pub(crate) fn verifies(&self, signed: &[u8], signature: &[u8]) -> bool {
        let verifier = VerifyingKey::<Sha256>::new(self.material.public().clone());
        let signature = Signature::try_from(signature);
        signature.is_ok_and(|signature| verifier.verify(signed, &signature).is_ok())
    }
}

impl From<SigningKey> for Value {
    fn from(key: SigningKey) -> Self {
        let mut jwk = key.material.private_jwk();
        if let Value::Object(members) = &mut jwk {
            members.insert("kid".into(), json!(key.kid));
        }
        jwk
    }
}

impl TryFrom<Value> for SigningKey {
    type Error = String;

    fn try_from(jwk: Value) -> Result<Self, String> {
        let kid = jwk.get("kid").and_then(Value::as_str);
        let kid = kid.filter(|kid| kid.starts_with(KID_PREFIX));
        Ok(Self {
            kid: kid.ok_or("the key has no kid of an emulator")?.to_owned(),
            material: Material::of_jwk(&jwk).map_err(|message| format!("the key {message}"))?,
        })
    }
}
