//! The identifiers of a device that a rule can name: IDs, fingerprints, IP addresses, autonomous systems and countries.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::errors::{self, Failure};
use crate::fields::Fields;

/// The types of identifiers, in the order of the priority of their rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum RuleType {
    VisitorId,
    BrowserId,
    VisitorFingerprint,
    BrowserFingerprint,
    HardwareFingerprint,
    NetworkFingerprint,
    CidrBlock,
    Asn,
    CountryCode,
}

/// The types, and the names of their fields.
pub(crate) const TYPES: [(RuleType, &str); 9] = [
    (RuleType::VisitorId, "visitor_id"),
    (RuleType::BrowserId, "browser_id"),
    (RuleType::VisitorFingerprint, "visitor_fingerprint"),
    (RuleType::BrowserFingerprint, "browser_fingerprint"),
    (RuleType::HardwareFingerprint, "hardware_fingerprint"),
    (RuleType::NetworkFingerprint, "network_fingerprint"),
    (RuleType::CidrBlock, "cidr_block"),
    (RuleType::Asn, "asn"),
    (RuleType::CountryCode, "country_code"),
];

impl RuleType {
    /// Returns the name of the field.
    pub(crate) fn field(self) -> &'static str {
        let found = TYPES.iter().find(|(known, _)| *known == self);
        found.map_or("", |(_, name)| name)
    }
}

/// An identifier, and the text that names it in responses.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identifier {
    pub(crate) rule_type: RuleType,
    pub(crate) text: String,
}

impl Identifier {
    /// Reads the only identifier of a call.
    pub(crate) fn read(fields: &Fields) -> Result<Self, Failure> {
        let mut found = None;
        for (rule_type, name) in TYPES {
            let Some(text) = fields.text(name)? else {
                continue;
            };
            let text = normal(rule_type, text)?;
            if found.replace(Self { rule_type, text }).is_some() {
                return Err(errors::INVALID_ARGUMENT
                    .with_message("Only one identifier may be given for a rule."));
            }
        }
        found.ok_or_else(|| {
            let names = TYPES.map(|(_, name)| name).join(", ");
            errors::INVALID_ARGUMENT.with_message(format!("One of {names} is required."))
        })
    }

    /// The key under which a rule is stored.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.rule_type.field(), self.text)
    }
}

/// Returns the normal form of an identifier, so that one network or country has one rule.
fn normal(rule_type: RuleType, text: &str) -> Result<String, Failure> {
    let refused = |message: &str| Err(errors::INVALID_ARGUMENT.with_message(message));
    match rule_type {
        RuleType::CidrBlock => match Block::parse(text) {
            Some(block) => Ok(block.to_string()),
            None => refused(
                "The cidr_block must be an IPv4 address, or an IPv4 block with a prefix of 16 to 32 bits.",
            ),
        },
        RuleType::Asn => match text.parse::<u32>() {
            Ok(number) => Ok(number.to_string()),
            Err(_) => refused("The asn must be a number from 0 to 4294967295, as a string."),
        },
        RuleType::CountryCode => {
            let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
            match is_code {
                true => Ok(text.to_ascii_uppercase()),
                false => refused("The country_code must have two letters (ISO 3166-1)."),
            }
        }
        _ if text.len() > MAX_BYTES => refused("An identifier must have at most 255 bytes."),
        _ => Ok(text.to_owned()),
    }
}

/// A block of IPv4 addresses.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Block {
    network: u32,
    pub(crate) prefix: u32,
}

impl Block {
    /// Reads an address, or a block with a prefix of 16 to 32 bits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, prefix.parse().ok()?),
            None => (text, 32),
        };
        let address: Ipv4Addr = address.parse().ok()?;
        let is_in_range = (16..=32).contains(&prefix);
        is_in_range.then(|| Self {
            network: address.to_bits() & mask(prefix),
            prefix,
        })
    }

    pub(crate) fn contains(self, address: &str) -> bool {
        let address = address.parse::<Ipv4Addr>();
        address.is_ok_and(|address| address.to_bits() & mask(self.prefix) == self.network)
    }
}

impl std::fmt::Display for Block {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{}/{}",
            Ipv4Addr::from_bits(self.network),
            self.prefix
        )
    }
}

fn mask(prefix: u32) -> u32 {
    u32::MAX
        .checked_shl(32_u32.saturating_sub(prefix))
        .unwrap_or(0)
}

const MAX_BYTES: usize = 255;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_block_has_one_form_and_contains_its_addresses_only() {
        for (text, normal) in [
            ("10.1.2.3", Some("10.1.2.3/32")),
            ("10.1.2.3/24", Some("10.1.2.0/24")),
            ("10.1.2.3/16", Some("10.1.0.0/16")),
            ("10.1.2.3/15", None),
            ("10.1.2.3/33", None),
            ("10.1.2/24", None),
            ("::1/128", None),
            ("", None),
        ] {
            let block = Block::parse(text).map(|block| block.to_string());
            assert_eq!(block.as_deref(), normal, "{text}");
        }
        let block = Block::parse("10.1.2.0/24");
        assert!(block.is_some_and(|block| block.contains("10.1.2.255")));
        assert!(block.is_some_and(|block| !block.contains("10.1.3.0") && !block.contains("x")));
        assert_eq!(json!(RuleType::CidrBlock), "CIDR_BLOCK");
    }
}
