//! The attestation object of a new credential (section 6.5): its format, its statement and the authenticator data.
//!
//! Verifies the statements of the formats `none` and `packed`. Those of the other registered formats are accepted
//! unverified: they prove the model of the authenticator, which the emulator does not report.

use minicbor::Decoder;
use minicbor::data::Type;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use super::Refusal;
use super::cose_key::PublicKey;

pub(super) struct Object {
    format: String,
    statement: Statement,
    pub(super) authenticator_data: Vec<u8>,
}

#[derive(Default)]
struct Statement {
    is_empty: bool,
    alg: i64,
    signature: Vec<u8>,
    /// The first certificate of `x5c`.
    certificate: Option<Vec<u8>>,
}

impl Object {
    pub(super) fn parse(cbor: &[u8]) -> Result<Self, Refusal> {
        Self::read(cbor).ok_or(Refusal::MalformedAttestationObject)
    }

    fn read(cbor: &[u8]) -> Option<Self> {
        let mut decoder = Decoder::new(cbor);
        let (mut format, mut statement, mut data) = (None, None, None);
        for _ in 0..decoder.map().ok()?? {
            match decoder.str().ok()? {
                "fmt" => format = Some(decoder.str().ok()?.to_owned()),
                "attStmt" => statement = Some(Statement::read(&mut decoder)?),
                "authData" => data = Some(decoder.bytes().ok()?.to_owned()),
                _ => decoder.skip().ok()?,
            }
        }
        (decoder.position() == cbor.len()).then_some(())?;
        Some(Self {
            format: format?,
            statement: statement?,
            authenticator_data: data?,
        })
    }

    /// Verifies the statement (sections 8.2 and 8.7).
    pub(super) fn verify(&self, key: &PublicKey, client_data_hash: &[u8]) -> Result<(), Refusal> {
        let Statement {
            is_empty,
            alg,
            signature,
            certificate,
        } = &self.statement;
        match self.format.as_str() {
            "none" if *is_empty => Ok(()),
            "none" => Err(Refusal::MalformedAttestationObject),
            "packed" => {
                let signed = [self.authenticator_data.as_slice(), client_data_hash].concat();
                let own;
                let signer = match certificate {
                    // Self attestation: the new key signs.
                    None => key,
                    Some(der) => {
                        own = key_of(der).ok_or(Refusal::MalformedAttestationObject)?;
                        &own
                    }
                };
                if signer.alg() == *alg && signer.verifies(&signed, signature) {
                    Ok(())
                } else {
                    Err(Refusal::InvalidSignature)
                }
            }
            known if UNVERIFIED.contains(&known) => Ok(()),
            _ => Err(Refusal::MalformedAttestationObject),
        }
    }
}

impl Statement {
    fn read(decoder: &mut Decoder) -> Option<Self> {
        let count = decoder.map().ok()??;
        let mut statement = Self {
            is_empty: count == 0,
            ..Self::default()
        };
        for _ in 0..count {
            match (decoder.str().ok()?, decoder.datatype().ok()?) {
                ("sig", Type::Bytes) => statement.signature = decoder.bytes().ok()?.to_owned(),
                ("x5c", Type::Array) => {
                    for index in 0..decoder.array().ok()?? {
                        let certificate = decoder.bytes().ok()?;
                        if index == 0 {
                            statement.certificate = Some(certificate.to_owned());
                        }
                    }
                }
                ("alg", Type::String) => decoder.skip().ok()?,
                ("alg", _) => statement.alg = decoder.i64().ok()?,
                _ => decoder.skip().ok()?,
            }
        }
        Some(statement)
    }
}

/// Returns the key of a certificate, if it is a key of the curve P-256. Authenticators use this curve.
fn key_of(der: &[u8]) -> Option<PublicKey> {
    let certificate = Certificate::from_der(der).ok()?;
    let info = certificate.tbs_certificate.subject_public_key_info;
    PublicKey::es256(info.subject_public_key.raw_bytes())
}

/// The other formats of sections 8.3 to 8.8.
const UNVERIFIED: [&str; 5] = [
    "tpm",
    "android-key",
    "android-safetynet",
    "fido-u2f",
    "apple",
];
