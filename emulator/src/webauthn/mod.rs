//! The checks of WebAuthn (Web Authentication, Level 2): client data, authenticator data, attestation and signatures.
//!
//! Knows the credential that a browser returns and the challenge that it answers. Does not know users and the state.

mod attestation;
mod authenticator_data;
mod client_data;
mod cose_key;
mod credential;

pub(crate) use credential::Credential;

use rsa::sha2::{Digest as _, Sha256};

use crate::errors::{self, ErrorRow, Failure};
use authenticator_data::AuthenticatorData;
use client_data::{Ceremony, ClientData};
use cose_key::PublicKey;

/// The challenge that a response must answer, and the domain of the relying party (its RP ID).
pub(crate) struct Expected<'a> {
    pub(crate) challenge: &'a [u8],
    pub(crate) domain: &'a str,
}

/// A new credential.
pub(crate) struct Registered {
    pub(crate) credential_id: Vec<u8>,
    /// The public key in the form of COSE (RFC 9053).
    pub(crate) public_key: Vec<u8>,
    pub(crate) sign_count: u32,
}

/// Why a response is refused.
pub(crate) enum Refusal {
    MalformedClientData,
    MalformedAttestationObject,
    MalformedAuthenticatorData,
    InvalidSignature,
    /// A value is well formed, but it is not the expected one.
    Mismatch(&'static str),
}

impl Refusal {
    /// Returns the error. `mismatch` is its type if a value is well formed, but not the expected one.
    pub(crate) fn failure(self, mismatch: &'static ErrorRow) -> Failure {
        match self {
            Self::MalformedClientData => errors::CREDENTIAL_MALFORMED_CLIENT_DATA_JSON.failure(),
            Self::MalformedAttestationObject => {
                errors::CREDENTIAL_MALFORMED_ATTESTATION_OBJECT.failure()
            }
            Self::MalformedAuthenticatorData => {
                errors::CREDENTIAL_INVALID_AUTHENTICATOR_DATA.failure()
            }
            Self::InvalidSignature => mismatch.with_message("The signature is wrong."),
            Self::Mismatch(reason) => mismatch.with_message(reason),
        }
    }
}

/// Whether the bytes are a public key in the form of COSE, of a supported algorithm.
pub(crate) fn is_public_key(cose: &[u8]) -> bool {
    PublicKey::parse(cose).is_some()
}

/// Returns the challenge that a response claims to answer.
pub(crate) fn claimed_challenge(credential: &Credential) -> Result<Vec<u8>, Refusal> {
    Ok(ClientData::parse(&credential.client_data_json)?.challenge)
}

/// Verifies the response to `navigator.credentials.create` (section 7.1).
pub(crate) fn verify_registration(
    credential: &Credential,
    expected: &Expected,
) -> Result<Registered, Refusal> {
    let client_data = ClientData::parse(&credential.client_data_json)?;
    client_data.validate(Ceremony::Create, expected)?;
    let client_data_hash = Sha256::digest(&credential.client_data_json);
    let object = attestation::Object::parse(&credential.attestation_object)?;
    let data = AuthenticatorData::parse(&object.authenticator_data)?;
    data.validate(expected.domain)?;
    let attested = data
        .attested
        .as_ref()
        .ok_or(Refusal::MalformedAuthenticatorData)?;
    if attested.credential_id != credential.id {
        return Err(Refusal::Mismatch(
            "The id is not that of the authenticator data.",
        ));
    }
    let key = PublicKey::parse(&attested.public_key).ok_or(Refusal::Mismatch(
        "The key is malformed, or its algorithm is not ES256, RS256 or EdDSA.",
    ))?;
    object.verify(&key, &client_data_hash)?;
    Ok(Registered {
        credential_id: attested.credential_id.clone(),
        public_key: attested.public_key.clone(),
        sign_count: data.sign_count,
    })
}

/// Verifies the response to `navigator.credentials.get` (section 7.2). Returns the new value of the signature counter.
pub(crate) fn verify_assertion(
    credential: &Credential,
    expected: &Expected,
    (public_key, sign_count): (&[u8], u32),
) -> Result<u32, Refusal> {
    let client_data = ClientData::parse(&credential.client_data_json)?;
    client_data.validate(Ceremony::Get, expected)?;
    let data = AuthenticatorData::parse(&credential.authenticator_data)?;
    data.validate(expected.domain)?;
    let key = PublicKey::parse(public_key).ok_or(Refusal::Mismatch("The key is malformed."))?;
    let client_data_hash = Sha256::digest(&credential.client_data_json);
    let signed = [credential.authenticator_data.as_slice(), &client_data_hash].concat();
    if !key.verifies(&signed, &credential.signature) {
        return Err(Refusal::InvalidSignature);
    }
    // Step 21: a counter that does not increase is the sign of a copied authenticator. Passkeys do not count.
    let counts = data.sign_count != 0 || sign_count != 0;
    if counts && data.sign_count <= sign_count {
        return Err(Refusal::Mismatch(
            "The signature counter has not increased.",
        ));
    }
    Ok(data.sign_count)
}
