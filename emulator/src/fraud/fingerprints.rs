//! The fingerprints of devices, and the verdict about a device: the action of the first rule that applies, or else the
//! strictest action of its reasons.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::identifiers::{Block, Identifier, RuleType};
use super::{Action, Fraud, rules, verdict_reasons};
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::merge::{self, Object};
use crate::store::Record;

/// A fingerprint, as `POST /_emulator/fingerprints` creates it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fingerprint {
    pub(crate) telemetry_id: String,
    /// The ids and fingerprints in the API's form.
    pub(crate) fingerprints: Object,
    /// The network and browser properties in the API's form.
    pub(crate) properties: Value,
    pub(crate) reasons: Vec<String>,
    pub(crate) detected_device_type: String,
    pub(crate) is_authentic_device: bool,
    /// The metadata of the last lookup.
    pub(crate) external_metadata: Object,
    pub(crate) created_at: UnixSeconds,
    pub(crate) expires_at: UnixSeconds,
}

impl Record for Fingerprint {
    type Index = ();
    type Stored = Self;
    const UNIQUE: &'static [()] = &[];

    fn id(&self) -> &str {
        &self.telemetry_id
    }

    fn keys(&self) -> Vec<((), String)> {
        Vec::new()
    }
}

/// `POST /v1/fingerprint/lookup`.
pub(crate) fn lookup(fraud: &mut Fraud, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let telemetry_id = fields.text("telemetry_id")?.unwrap_or_default();
    let metadata = match fields.inner("external_metadata")? {
        Some(given) => Some(read_metadata(&given)?),
        None => None,
    };

    let found = fraud.fingerprints.get(telemetry_id);
    let found = found.filter(|found| call.now < found.expires_at);
    let mut found = found.ok_or(&errors::TELEMETRY_ID_NOT_FOUND)?.clone();
    if let Some(metadata) = metadata {
        found.external_metadata = metadata;
        fraud.fingerprints.put(found.clone());
    }
    Ok(Reply::ok(found.view(fraud, call.now)))
}

impl Fingerprint {
    /// Returns the form of the API.
    pub(super) fn view(&self, fraud: &Fraud, now: UnixSeconds) -> Value {
        json!({
            "telemetry_id": self.telemetry_id,
            "fingerprints": self.fingerprints,
            "verdict": verdict(fraud, self, now),
            "external_metadata": self.external_metadata,
            "created_at": self.created_at,
            "expires_at": self.expires_at,
            "properties": self.properties,
        })
    }

    /// Whether the identifier is that of this device.
    pub(super) fn has(&self, identifier: &Identifier) -> bool {
        let network = |pointer: &str| {
            let found = self.properties.pointer(pointer);
            found.and_then(Value::as_str).unwrap_or_default()
        };
        let text = identifier.text.as_str();
        match identifier.rule_type {
            RuleType::CidrBlock => Block::parse(text)
                .is_some_and(|block| block.contains(network("/network_properties/ip_address"))),
            RuleType::Asn => network("/network_properties/asn/asn") == text,
            RuleType::CountryCode => network("/network_properties/ip_geolocation/country") == text,
            other => self.fingerprints.get(other.field()).and_then(Value::as_str) == Some(text),
        }
    }
}

fn verdict(fraud: &Fraud, device: &Fingerprint, now: UnixSeconds) -> Value {
    let mut reasons = device.reasons.clone();
    let actions = reasons
        .iter()
        .map(|reason| verdict_reasons::action(fraud, reason));
    let mut action = actions.max().unwrap_or(Action::Allow);
    let overrides: Vec<Value> = reasons
        .iter()
        .filter_map(|reason| {
            let changed = fraud.overrides.get(reason)?;
            Some(json!({ "verdict_reason": reason, "override_action": changed.action }))
        })
        .collect();
    let rule = rules::of(fraud, device, now);
    if let Some(rule) = rule {
        action = rule.action;
        reasons.push("RULE_MATCH".to_owned());
    }
    let mut verdict = merge::object(json!({
        "action": action,
        "reasons": reasons,
        "detected_device_type": device.detected_device_type,
        "is_authentic_device": device.is_authentic_device,
        "verdict_reason_overrides": overrides,
    }));
    if let Some(rule) = rule {
        let identifier = &rule.identifier;
        verdict.insert("rule_match_type".into(), json!(identifier.rule_type));
        verdict.insert("rule_match_identifier".into(), json!(identifier.text));
    }
    Value::Object(verdict)
}

/// Reads `external_metadata`. Unknown members are dropped.
fn read_metadata(given: &Fields) -> Result<Object, Failure> {
    let mut metadata = Object::new();
    for name in ["external_id", "organization_id", "user_action"] {
        let Some(text) = given.text(name)? else {
            continue;
        };
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_-+.@".contains(&byte);
        if text.len() > MAX_METADATA_BYTES || !text.bytes().all(fits) {
            return Err(errors::INVALID_ARGUMENT.with_message(format!(
                "The field external_metadata.{name} must have at most 65 letters, digits and characters of _-+.@"
            )));
        }
        metadata.insert(name.into(), json!(text));
    }
    Ok(metadata)
}

const MAX_METADATA_BYTES: usize = 65;
