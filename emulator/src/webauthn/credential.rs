//! The credential that a browser returns, as JSON text: `PublicKeyCredential` with its binary values in base64 or base64url.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use crate::errors::{self, ErrorRow, Failure};
use crate::merge::Object;

pub(crate) struct Credential {
    pub(crate) id: Vec<u8>,
    pub(super) client_data_json: Vec<u8>,
    /// Empty in the response to a log-in.
    pub(super) attestation_object: Vec<u8>,
    /// Empty in the response to a registration.
    pub(super) authenticator_data: Vec<u8>,
    pub(super) signature: Vec<u8>,
    pub(crate) user_handle: Vec<u8>,
    /// `platform`, `cross-platform` or empty.
    pub(crate) attachment: String,
}

impl Credential {
    /// Reads the response to `navigator.credentials.create`.
    pub(crate) fn registration(text: &str) -> Result<Self, Failure> {
        let (mut credential, response) = Self::read(text)?;
        credential.attestation_object = binary(
            &response,
            "attestationObject",
            &errors::CREDENTIAL_MISSING_ATTESTATION_OBJECT,
            &errors::CREDENTIAL_MALFORMED_ATTESTATION_OBJECT,
        )?;
        Ok(credential)
    }

    /// Reads the response to `navigator.credentials.get`.
    pub(crate) fn assertion(text: &str) -> Result<Self, Failure> {
        let (mut credential, response) = Self::read(text)?;
        credential.authenticator_data = binary(
            &response,
            "authenticatorData",
            &errors::CREDENTIAL_MISSING_AUTHENTICATOR_DATA,
            &errors::CREDENTIAL_INVALID_AUTHENTICATOR_DATA,
        )?;
        credential.signature = binary(
            &response,
            "signature",
            &errors::CREDENTIAL_MISSING_SIGNATURE,
            &errors::CREDENTIAL_INVALID_SIGNATURE,
        )?;
        // A security key without a stored user has none.
        let handle = response.get("userHandle");
        if handle.is_some_and(|handle| !handle.is_null() && handle != "") {
            let malformed = &errors::INVALID_PUBLIC_KEY_CREDENTIAL;
            credential.user_handle = binary(&response, "userHandle", malformed, malformed)?;
        }
        Ok(credential)
    }

    /// Reads the members that both responses have, and returns the inner response.
    fn read(text: &str) -> Result<(Self, Object), Failure> {
        let malformed = || errors::INVALID_PUBLIC_KEY_CREDENTIAL.failure();
        let value: Value = serde_json::from_str(text).map_err(|_| malformed())?;
        let Value::Object(outer) = value else {
            return Err(malformed());
        };
        let text = |name: &str| outer.get(name).and_then(Value::as_str);
        if text("type").is_some_and(|name| name != "public-key") {
            return Err(malformed());
        }
        let id = text("id").filter(|id| !id.is_empty());
        let id = id.ok_or(&errors::CREDENTIAL_MISSING_ID)?;
        let Some(Value::Object(response)) = outer.get("response") else {
            return Err(errors::CREDENTIAL_MISSING_RESPONSE.failure());
        };
        let credential = Self {
            id: from_base64(id).ok_or(&errors::CREDENTIAL_INVALID_ID)?,
            client_data_json: binary(
                response,
                "clientDataJSON",
                &errors::CREDENTIAL_MISSING_CLIENT_DATA_JSON,
                &errors::CREDENTIAL_MALFORMED_CLIENT_DATA_JSON,
            )?,
            attestation_object: Vec::new(),
            authenticator_data: Vec::new(),
            signature: Vec::new(),
            user_handle: Vec::new(),
            attachment: text("authenticatorAttachment")
                .unwrap_or_default()
                .to_owned(),
        };
        Ok((credential, response.clone()))
    }
}

fn binary(
    response: &Object,
    name: &str,
    missing: &'static ErrorRow,
    malformed: &'static ErrorRow,
) -> Result<Vec<u8>, Failure> {
    let text = response.get(name).and_then(Value::as_str);
    let text = text.filter(|text| !text.is_empty()).ok_or(missing)?;
    Ok(from_base64(text).ok_or(malformed)?)
}

/// Reads base64 or base64url, with or without padding.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let decoded = LENIENT_URL.decode(text).or_else(|_| LENIENT.decode(text));
    decoded.ok()
}

const CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const LENIENT_URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);
const LENIENT: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
