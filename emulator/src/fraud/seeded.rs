//! The fraud prevention of a seed: devices, rules and overrides of verdict reasons.

use serde_json::json;

use super::{Fraud, device, rules, verdict_reasons};
use crate::clock::UnixSeconds;
use crate::given::{Given, SeedError};
use crate::ids::Ids;

/// Takes the lists `fingerprints`, `rules` and `verdict_reasons`, whose objects have the fields of
/// `POST /_emulator/fingerprints`, `POST /v1/rules/set` and `POST /v1/verdict_reasons/override`.
pub(crate) fn add(
    fraud: &mut Fraud,
    ids: &mut Ids,
    mut given: Given,
    now: UnixSeconds,
) -> Result<(), SeedError> {
    for mut one in given.objects("fingerprints")? {
        let fields = one.fields(&device::FIELDS);
        let fingerprint = device::read(&fields, ids, now);
        let fingerprint = fingerprint.map_err(|message| one.refused("", message))?;
        if fraud.fingerprints.get(&fingerprint.telemetry_id).is_some() {
            return Err(one.refused("telemetry_id", "is the id of another fingerprint"));
        }
        one.finish(&json!({}))?;
        fraud.put_fingerprint(fingerprint);
    }
    for mut rule in given.objects("rules")? {
        let fields = rule.fields(&RULE);
        rules::apply(fraud, &fields, now).map_err(|failure| rule.failed(&failure))?;
        rule.ignore(&["rule_type", "created_at", "last_updated_at"]);
        rule.finish(&json!({}))?;
    }
    for mut reason in given.objects("verdict_reasons")? {
        let fields = reason.fields(&["verdict_reason", "override_action", "override_description"]);
        verdict_reasons::apply(fraud, &fields, now).map_err(|failure| reason.failed(&failure))?;
        reason.ignore(&["default_action", "override_created_at"]);
        reason.finish(&json!({}))?;
    }
    given.finish(&json!({}))
}

/// The fields of a rule.
const RULE: [&str; 12] = [
    "action",
    "description",
    "expires_in_minutes",
    "visitor_id",
    "browser_id",
    "visitor_fingerprint",
    "browser_fingerprint",
    "hardware_fingerprint",
    "network_fingerprint",
    "cidr_block",
    "asn",
    "country_code",
];
