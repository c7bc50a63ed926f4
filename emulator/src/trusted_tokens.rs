//! Trusted auth tokens: JWTs of another issuer that a project trusts. A profile names the issuer, the audience and the
//! keys.
//!
//! The API manages profiles in the dashboard; the emulator has `POST /_emulator/trusted_token_profiles`. A profile without
//! keys of its own trusts a known key of the emulator, with which a test mints tokens. Assumptions: the
//! only algorithm is RS256, the claim `email` or else the claim `sub` (an external id) selects the user, and the `jti`
//! is the id of the token.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::sha2::Sha256;
use rsa::signature::Verifier as _;
use rsa::{BigUint, RsaPublicKey};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::jws;
use crate::keys::SigningKey;
use crate::merge::{Object, object};

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    pub(crate) profile_id: String,
    pub(crate) issuer: String,
    pub(crate) audience: String,
    pub(crate) keys: Vec<PublicJwk>,
    /// Whether an unknown user is created.
    pub(crate) can_jit_provision: bool,
}

/// A public RSA key (RFC 7518, section 6.3.1). Other members of a JWK are ignored.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PublicJwk {
    #[serde(default)]
    kid: Option<String>,
    n: String,
    e: String,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Profiles(BTreeMap<String, Profile>);

impl Profiles {
    pub(crate) fn put(&mut self, profile: Profile) {
        self.0.insert(profile.profile_id.clone(), profile);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.0.values()
    }

    pub(crate) fn find(&self, profile_id: &str) -> Result<&Profile, Failure> {
        let found = self.0.get(profile_id);
        found.ok_or_else(|| errors::TRUSTED_TOKEN_PROFILE_NOT_FOUND.failure())
    }
}

/// Returns the known key with which the emulator signs trusted auth tokens.
pub(crate) fn issuer_key() -> Option<SigningKey> {
    SigningKey::of_identity_provider(ISSUER)
}

/// The number of the identity provider of the emulator whose key signs trusted auth tokens.
const ISSUER: usize = 1;

impl Profile {
    /// Reads a profile. A missing id is drawn, and without `keys`, the profile trusts the key of the emulator. A refusal names
    /// the field.
    pub(crate) fn read(fields: &Fields, ids: &mut Ids) -> Result<Self, String> {
        let text = |name: &str| {
            let text = fields.text(name);
            let text = text.map_err(|_| format!("{name} must be a string"))?;
            Ok::<_, String>(text.map(str::to_owned))
        };
        let required = |name: &str| text(name)?.ok_or_else(|| format!("{name} is required"));
        let can_jit_provision = fields.flag("can_jit_provision");
        let can_jit_provision =
            can_jit_provision.map_err(|_| "can_jit_provision must be a boolean")?;
        Ok(Self {
            issuer: required("issuer")?,
            audience: required("audience")?,
            keys: read_keys(fields)?,
            can_jit_provision: can_jit_provision.unwrap_or_default(),
            profile_id: match text("profile_id")? {
                Some(id) => id,
                None => ids.id("trusted-token-profile"),
            },
        })
    }

    /// Whether the emulator can sign tokens of this profile.
    pub(crate) fn trusts_the_emulator(&self) -> bool {
        let own = PublicJwk::of_the_emulator();
        own.is_some_and(|own| self.keys.contains(&own))
    }

    /// Returns the claims of a token that this profile trusts at this time.
    pub(crate) fn verify(&self, token: &str, now: UnixSeconds) -> Result<Object, Failure> {
        let claims = self.signed_claims(token);
        let claims = claims.ok_or(&errors::INVALID_TRUSTED_AUTH_TOKEN)?;
        if claims.get("iss").and_then(Value::as_str) != Some(&self.issuer) {
            return Err(errors::JWT_INVALID_ISSUER.failure());
        }
        let audience = claims.get("aud").unwrap_or(&Value::Null);
        let names = audience.as_array().map_or(&[][..], Vec::as_slice);
        let is_ours = |name: &Value| name.as_str() == Some(&self.audience);
        if !is_ours(audience) && !names.iter().any(is_ours) {
            return Err(errors::JWT_INVALID_AUDIENCE.failure());
        }
        if !jws::is_live(&claims, now) {
            return Err(errors::JWT_INVALID_CLAIMS.failure());
        }
        Ok(claims)
    }

    fn signed_claims(&self, token: &str) -> Option<Object> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header = decode(header)?;
        if header.get("alg")? != "RS256" || header.get("crit").is_some() {
            return None;
        }
        let kid = header.get("kid").and_then(Value::as_str);
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let mut keys = self.keys.iter();
        let is_signed = keys.any(|key| {
            (key.kid.as_deref() == kid || key.kid.is_none())
                && key.verifies(signed.as_bytes(), &signature)
        });
        let claims = decode(claims)?;
        (is_signed && claims.is_object()).then(|| object(claims))
    }
}

fn read_keys(fields: &Fields) -> Result<Vec<PublicJwk>, String> {
    let refusal = "keys must be a list of public RSA keys as JWKs";
    let Some(keys) = fields.value("keys") else {
        let own = PublicJwk::of_the_emulator();
        return Ok(vec![own.ok_or("cannot prepare the key")?]);
    };
    let keys: Vec<PublicJwk> = serde_json::from_value(keys.clone()).map_err(|_| refusal)?;
    match keys.iter().all(PublicJwk::is_valid) && !keys.is_empty() {
        true => Ok(keys),
        false => Err(refusal.into()),
    }
}

impl PublicJwk {
    /// Returns the public part of [`issuer_key`].
    pub(crate) fn of_the_emulator() -> Option<Self> {
        serde_json::from_value(issuer_key()?.jwk()).ok()
    }

    /// Whether the members encode a key.
    pub(crate) fn is_valid(&self) -> bool {
        self.public().is_some()
    }

    fn verifies(&self, signed: &[u8], signature: &[u8]) -> bool {
        let (Some(public), Ok(signature)) = (self.public(), Signature::try_from(signature)) else {
            return false;
        };
        let verifier = VerifyingKey::<Sha256>::new(public);
        verifier.verify(signed, &signature).is_ok()
    }

    fn public(&self) -> Option<RsaPublicKey> {
        let number = |text: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            Some(BigUint::from_bytes_be(&bytes))
        };
        RsaPublicKey::new(number(&self.n)?, number(&self.e)?).ok()
    }
}

fn decode(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
