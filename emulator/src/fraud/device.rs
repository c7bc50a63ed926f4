//! A device as a test describes it: with `POST /_emulator/fingerprints`, or in a seed.
//!
//! Every field is optional. Missing ids and fingerprints are drawn.

use serde_json::json;

use super::fingerprints::Fingerprint;
use super::verdict_reasons;
use crate::clock::UnixSeconds;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::merge::Object;

/// Reads the fields of a device. A refusal names the field.
pub(crate) fn read(
    fields: &Fields,
    ids: &mut Ids,
    now: UnixSeconds,
) -> Result<Fingerprint, String> {
    let text = |name: &str, default: &str| {
        let text = fields.text(name);
        let text = text.map_err(|_| format!("{name} must be a string"))?;
        Ok::<_, String>(text.unwrap_or(default).to_owned())
    };
    let flag = |name: &str, default: bool| {
        let flag = fields.flag(name);
        Ok::<_, String>(
            flag.map_err(|_| format!("{name} must be a boolean"))?
                .unwrap_or(default),
        )
    };
    let address = text("ip_address", "203.0.113.7")?;
    if address.parse::<std::net::IpAddr>().is_err() {
        return Err("ip_address must be an IP address".into());
    }
    let asn = text("asn", "64496")?;
    if asn.parse::<u32>().is_err() {
        return Err("asn must be a number from 0 to 4294967295, as a string".into());
    }
    let reasons = fields.texts("reasons");
    let reasons = reasons.map_err(|_| "reasons must be a list of strings")?;
    let reasons = reasons.unwrap_or_default();
    if !reasons
        .iter()
        .all(|reason| verdict_reasons::is_known(reason))
    {
        return Err("reasons must be names of /v1/verdict_reasons/list".into());
    }
    let minutes = fields.whole_number("expires_in_minutes");
    let minutes = minutes
        .ok()
        .map(|minutes| minutes.unwrap_or(LIFETIME_MINUTES));
    let minutes = minutes.filter(|minutes| (1..=MAX_MINUTES).contains(minutes));
    let minutes = minutes.ok_or("expires_in_minutes must be a whole number from 1 to 52560000")?;
    let properties = json!({
        "network_properties": {
            "ip_address": address,
            "asn": {
                "asn": asn,
                "name": text("asn_name", "Example Network")?,
                "network": text("asn_network", "203.0.113.0/24")?,
            },
            "ip_geolocation": {
                "city": text("city", "San Francisco")?,
                "region": text("region", "California")?,
                "country": text("country", "US")?.to_ascii_uppercase(),
            },
            "is_proxy": flag("is_proxy", false)?,
            "is_vpn": flag("is_vpn", false)?,
        },
        "browser_properties": { "user_agent": text("user_agent", USER_AGENT)? },
    });
    let device_type = text("detected_device_type", "WINDOWS_CHROME")?;
    let is_deceptive = reasons.iter().any(|reason| reason.ends_with("_DECEPTION"));
    let is_authentic = flag("is_authentic_device", !is_deceptive)?;
    let mut fingerprints = Object::new();
    for (name, prefix) in IDENTIFIERS {
        let given = text(name, "")?;
        let id = match given.is_empty() {
            true => format!("{prefix}{}", ids.uuid()),
            false => given,
        };
        fingerprints.insert(name.to_owned(), json!(id));
    }
    let given = text("telemetry_id", "")?;
    let telemetry_id = match given.is_empty() {
        true => ids.uuid(),
        false => given,
    };
    Ok(Fingerprint {
        telemetry_id,
        fingerprints,
        properties,
        reasons,
        detected_device_type: device_type,
        is_authentic_device: is_authentic,
        external_metadata: Object::new(),
        created_at: now,
        expires_at: now.plus_minutes(minutes),
    })
}

/// The fields that describe a device.
pub(crate) const FIELDS: [&str; 21] = [
    "telemetry_id",
    "expires_in_minutes",
    "network_fingerprint",
    "hardware_fingerprint",
    "browser_fingerprint",
    "visitor_fingerprint",
    "visitor_id",
    "browser_id",
    "ip_address",
    "asn",
    "asn_name",
    "asn_network",
    "city",
    "region",
    "country",
    "is_proxy",
    "is_vpn",
    "user_agent",
    "reasons",
    "detected_device_type",
    "is_authentic_device",
];
/// The ids and fingerprints, and the prefix of a drawn value.
const IDENTIFIERS: [(&str, &str); 6] = [
    ("network_fingerprint", "network-fingerprint-"),
    ("hardware_fingerprint", "hardware-fingerprint-"),
    ("browser_fingerprint", "browser-fingerprint-"),
    ("visitor_fingerprint", "visitor-fingerprint-"),
    ("visitor_id", "visitor-"),
    ("browser_id", "browser-id-"),
];
const USER_AGENT: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
/// Assumption: the time in which a telemetry id can be looked up.
const LIFETIME_MINUTES: i64 = 60;
const MAX_MINUTES: i64 = 52_560_000;
