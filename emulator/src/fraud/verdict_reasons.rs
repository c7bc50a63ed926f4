//! The reasons of verdicts. Each has an action, which a project can override.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Action, Fraud};
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::merge;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Override {
    pub(super) action: Action,
    description: Option<String>,
    created_at: UnixSeconds,
}

/// Stytch publishes the complete list to customers only. The first four and their actions are in public examples; the
/// others are plausible.
const REASONS: [(&str, Action); 10] = [
    ("HEADLESS_BROWSER_AUTOMATION", Action::Block),
    ("VIRTUAL_MACHINE", Action::Challenge),
    ("SMART_RATE_LIMIT_WARNING", Action::Challenge),
    ("USER_AGENT_DECEPTION", Action::Block),
    ("SMART_RATE_LIMIT_BANNED", Action::Block),
    ("JAILBROKEN_DEVICE", Action::Challenge),
    ("TRUE_OPERATING_SYSTEM_DECEPTION", Action::Block),
    ("KNOWN_DATACENTER_IP", Action::Challenge),
    ("KNOWN_VPN_IP", Action::Allow),
    ("INCOGNITO_BROWSER", Action::Allow),
];

/// Whether a verdict can have this reason without a rule.
pub(crate) fn is_known(reason: &str) -> bool {
    REASONS.iter().any(|(known, _)| *known == reason)
}

/// `POST /v1/verdict_reasons/override`. `NONE` removes the override.
pub(crate) fn set(fraud: &mut Fraud, call: &Call) -> Result<Reply, Failure> {
    let changed = apply(fraud, &call.fields, call.now)?;
    Ok(Reply::ok(json!({ "verdict_reason_action": changed })))
}

/// Sets or removes an override, and returns the reason in the form of the API.
pub(super) fn apply(
    fraud: &mut Fraud,
    fields: &Fields,
    now: UnixSeconds,
) -> Result<Value, Failure> {
    let reason = fields.text("verdict_reason")?.unwrap_or_default();
    let action = Action::read(fields, "override_action")?;
    let description = fields.text("override_description")?.map(str::to_owned);
    let reason = REASONS.iter().find(|(known, _)| *known == reason);
    let reason = reason.ok_or_else(|| {
        let names = REASONS.map(|(name, _)| name).join(", ");
        errors::INVALID_ARGUMENT.with_message(format!("The verdict_reason must be one of {names}."))
    })?;
    match action {
        None => drop(fraud.overrides.remove(reason.0)),
        Some(action) => {
            let changed = Override {
                action,
                description,
                created_at: now,
            };
            fraud.overrides.insert(reason.0.to_owned(), changed);
        }
    }
    Ok(view(fraud, reason))
}

/// `POST /v1/verdict_reasons/list`.
pub(crate) fn list(fraud: &Fraud, call: &Call) -> Result<Reply, Failure> {
    let only = call.fields.flag("overrides_only")?.unwrap_or_default();
    let listed = match only {
        true => overridden(fraud),
        false => REASONS.iter().map(|reason| view(fraud, reason)).collect(),
    };
    Ok(Reply::ok(json!({ "verdict_reason_actions": listed })))
}

/// Returns the reasons whose action the project has changed.
pub(super) fn overridden(fraud: &Fraud) -> Vec<Value> {
    let changed = REASONS.iter();
    let changed = changed.filter(|(name, _)| fraud.overrides.contains_key(*name));
    changed.map(|reason| view(fraud, reason)).collect()
}

/// Returns the action of a reason: the override of the project, or the default.
pub(super) fn action(fraud: &Fraud, reason: &str) -> Action {
    let default = REASONS.iter().find(|(known, _)| *known == reason);
    let default = default.map_or(Action::Allow, |(_, action)| *action);
    let changed = fraud.overrides.get(reason);
    changed.map_or(default, |changed| changed.action)
}

fn view(fraud: &Fraud, (name, default): &(&str, Action)) -> Value {
    let mut view = merge::object(json!({ "verdict_reason": name, "default_action": default }));
    if let Some(changed) = fraud.overrides.get(*name) {
        view.insert("override_action".into(), json!(changed.action));
        view.insert("override_created_at".into(), json!(changed.created_at));
        if let Some(description) = &changed.description {
            view.insert("override_description".into(), json!(description));
        }
    }
    Value::Object(view)
}
