//! Sign-In with Ethereum (EIP-4361): the parameters of a message, and its text.

use std::str::FromStr as _;

use http::Uri;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::errors::{self, ErrorRow, Failure};
use crate::fields::Fields;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiweParams {
    domain: String,
    uri: String,
    resources: Vec<String>,
    chain_id: String,
    statement: Option<String>,
    issued_at: UnixSeconds,
    pub(crate) not_before: UnixSeconds,
    message_request_id: Option<String>,
}

impl SiweParams {
    /// Reads the members of `siwe_params`.
    pub(crate) fn read(fields: &Fields, now: UnixSeconds) -> Result<Self, Failure> {
        let domain = checked(fields, "domain", is_authority, &errors::INVALID_SIWE_DOMAIN)?;
        let uri = checked(fields, "uri", is_uri, &errors::INVALID_SIWE_URI)?;
        let resources = fields.texts("resources")?.unwrap_or_default();
        if !resources.iter().all(|resource| is_uri(resource)) {
            return Err(errors::INVALID_SIWE_RESOURCE.failure());
        }
        let chain_id = fields.text("chain_id")?.unwrap_or("1");
        let is_chain_id = |text: &str| {
            let number = text
                .parse()
                .is_ok_and(|id| (1..=MAX_CHAIN_ID).contains(&id));
            number && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !is_chain_id(chain_id) {
            return Err(errors::INVALID_SIWE_CHAIN_ID.failure());
        }
        let statement = &errors::INVALID_SIWE_STATEMENT;
        let id = &errors::INVALID_SIWE_MESSAGE_REQUEST_ID;
        Ok(Self {
            domain: domain.ok_or(&errors::INVALID_SIWE_DOMAIN)?,
            uri: uri.ok_or(&errors::INVALID_SIWE_URI)?,
            resources,
            chain_id: chain_id.to_owned(),
            statement: checked(fields, "statement", is_statement, statement)?,
            issued_at: time(fields, "issued_at")?.unwrap_or(now),
            not_before: time(fields, "not_before")?.unwrap_or(now),
            message_request_id: checked(fields, "message_request_id", is_pchars, id)?,
        })
    }

    /// Returns the text of the message.
    pub(crate) fn message(&self, address: &str, nonce: &str, expires_at: UnixSeconds) -> String {
        let mut lines = vec![
            format!(
                "{} wants you to sign in with your Ethereum account:",
                self.domain
            ),
            address.to_owned(),
            String::new(),
        ];
        lines.extend(self.statement.clone());
        lines.extend([
            String::new(),
            format!("URI: {}", self.uri),
            "Version: 1".to_owned(),
            format!("Chain ID: {}", self.chain_id),
            format!("Nonce: {nonce}"),
            format!("Issued At: {}", self.issued_at.rfc3339()),
            format!("Expiration Time: {}", expires_at.rfc3339()),
            format!("Not Before: {}", self.not_before.rfc3339()),
        ]);
        let id = self.message_request_id.iter();
        lines.extend(id.map(|id| format!("Request ID: {id}")));
        if !self.resources.is_empty() {
            lines.push("Resources:".to_owned());
            lines.extend(
                self.resources
                    .iter()
                    .map(|resource| format!("- {resource}")),
            );
        }
        lines.join("\n")
    }

    /// Returns the `siwe_params` of a response.
    pub(crate) fn view(&self) -> Value {
        json!({
            "domain": self.domain,
            "uri": self.uri,
            "chain_id": self.chain_id,
            "resources": self.resources,
            "status_code": 200,
            "issued_at": self.issued_at,
            "message_request_id": self.message_request_id,
        })
    }
}

fn checked(
    fields: &Fields,
    name: &str,
    is_valid: impl Fn(&str) -> bool,
    row: &'static ErrorRow,
) -> Result<Option<String>, Failure> {
    match fields.text(name)? {
        None => Ok(None),
        Some(text) if is_valid(text) => Ok(Some(text.to_owned())),
        Some(_) => Err(row.failure()),
    }
}

fn time(fields: &Fields, name: &str) -> Result<Option<UnixSeconds>, Failure> {
    let Some(text) = fields.text(name)? else {
        return Ok(None);
    };
    let time = UnixSeconds::parse_rfc3339(text).map(Some);
    time.ok_or_else(|| {
        let message = format!("The field siwe_params.{name} must be an RFC 3339 timestamp.");
        errors::INVALID_ARGUMENT.with_message(message)
    })
}

/// Whether the text is an authority (RFC 3986, section 3.2).
fn is_authority(text: &str) -> bool {
    http::uri::Authority::from_str(text).is_ok()
}

fn is_uri(text: &str) -> bool {
    let is_printable = text.bytes().all(|byte| byte.is_ascii_graphic());
    // `Uri` does not parse schemes without an authority, such as `urn` and `ipfs:`.
    let (scheme, rest) = text.split_once(':').unwrap_or_default();
    let is_known = Uri::from_str(text).is_ok() || !rest.starts_with("//");
    is_printable && !scheme.is_empty() && !rest.is_empty() && is_known
}

/// Whether the text has only reserved and unreserved characters and spaces (RFC 3986, section 2).
fn is_statement(text: &str) -> bool {
    let fits = |byte: u8| byte == b' ' || byte.is_ascii_alphanumeric() || MARKS.contains(&byte);
    text.bytes().all(fits)
}

/// Whether the text has only characters of a path segment (RFC 3986, section 3.3).
fn is_pchars(text: &str) -> bool {
    let fits = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || (MARKS.contains(&byte) && !b"/?#[]".contains(&byte))
            || byte == b'%'
    };
    text.bytes().all(fits)
}

const MARKS: &[u8] = b"-._~:/?#[]@!$&'()*+,;=";
const MAX_CHAIN_ID: u64 = 9_223_372_036_854_775_771;
