//! Rules: the action of a project for devices with an identifier. A rule has priority over the reasons of a verdict.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::fingerprints::Fingerprint;
use super::identifiers::{Block, Identifier, RuleType};
use super::{Action, Fraud};
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::merge;
use crate::search;
use crate::store::Record;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    /// The key of the identifier.
    key: String,
    pub(super) identifier: Identifier,
    pub(super) action: Action,
    description: Option<String>,
    created_at: UnixSeconds,
    last_updated_at: UnixSeconds,
    expires_at: Option<UnixSeconds>,
}

impl Record for Rule {
    type Index = ();
    type Stored = Self;
    const UNIQUE: &'static [()] = &[];

    fn id(&self) -> &str {
        &self.key
    }

    fn keys(&self) -> Vec<((), String)> {
        Vec::new()
    }
}

/// `POST /v1/rules/set`. `NONE` removes the rule.
pub(crate) fn set(fraud: &mut Fraud, call: &Call) -> Result<Reply, Failure> {
    apply(fraud, &call.fields, call.now).map(Reply::ok)
}

/// Sets or removes a rule, and returns the reply.
pub(super) fn apply(
    fraud: &mut Fraud,
    fields: &Fields,
    now: UnixSeconds,
) -> Result<Value, Failure> {
    let action = Action::read(fields, "action")?;
    let identifier = Identifier::read(fields)?;
    let minutes = fields.whole_number("expires_in_minutes")?;
    let description = fields.text("description")?.map(str::to_owned);
    if minutes.is_some_and(|minutes| !(1..=MAX_MINUTES).contains(&minutes)) {
        return Err(errors::INVALID_ARGUMENT
            .with_message("The field expires_in_minutes must be at least 1."));
    }
    if action == Some(Action::Allow) && identifier.rule_type == RuleType::CountryCode {
        return Err(errors::INVALID_ARGUMENT
            .with_message("A rule for a country_code must not have the action ALLOW."));
    }

    let key = identifier.key();
    let mut reply = merge::object(json!({
        "action": action.map_or(json!("NONE"), |action| json!(action)),
        identifier.rule_type.field(): identifier.text,
    }));
    let Some(action) = action else {
        fraud.rules.remove(&key);
        return Ok(Value::Object(reply));
    };
    let known = fraud.rules.get(&key).filter(|rule| rule.is_active(now));
    let created_at = known.map_or(now, |rule| rule.created_at);
    let rule = Rule {
        key,
        identifier,
        action,
        description,
        created_at,
        last_updated_at: now,
        expires_at: minutes.map(|minutes| now.plus_minutes(minutes)),
    };
    if let Some(end) = rule.expires_at {
        reply.insert("expires_at".into(), json!(end));
    }
    fraud.rules.put(rule);
    Ok(Value::Object(reply))
}

/// `POST /v1/rules/list`. Returns the rules in the order of creation, without the expired ones.
pub(crate) fn list(fraud: &Fraud, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let limit = fields.whole_number("limit")?.unwrap_or(10);
    let limit = usize::try_from(limit).ok();
    let limit = limit.filter(|limit| (1..=100).contains(limit));
    let limit = limit.ok_or_else(|| {
        errors::INVALID_ARGUMENT.with_message("The field limit must be 1 to 100.")
    })?;
    let cursor = fields.text("cursor")?;
    let offset = cursor.map_or(Some(0), |cursor| search::read_cursor(FAMILY, cursor));
    let offset = offset.ok_or_else(|| {
        errors::INVALID_ARGUMENT.with_message("The cursor must be a next_cursor of this list.")
    })?;

    let active: Vec<&Rule> = active(fraud, call.now).collect();
    let total = active.len();
    let page = active.into_iter().skip(offset).take(limit);
    let page: Vec<Value> = page.map(Rule::view).collect();
    let end = offset.saturating_add(page.len());
    let next_cursor = match end < total {
        true => search::cursor(FAMILY, end),
        false => String::new(),
    };
    Ok(Reply::ok(
        json!({ "rules": page, "next_cursor": next_cursor }),
    ))
}

/// Returns the rules that have not expired, in the order of creation.
pub(super) fn active(fraud: &Fraud, now: UnixSeconds) -> impl Iterator<Item = &Rule> {
    fraud.rules.iter().filter(move |rule| rule.is_active(now))
}

/// Returns the rule with the highest priority that applies to a device.
pub(super) fn of<'a>(fraud: &'a Fraud, device: &Fingerprint, now: UnixSeconds) -> Option<&'a Rule> {
    let matching = active(fraud, now).filter(|rule| device.has(&rule.identifier));
    // Of two blocks, the smaller one has priority, and of equal blocks, the stricter action.
    matching.min_by_key(|rule| {
        let block = Block::parse(&rule.identifier.text);
        let prefix = match rule.identifier.rule_type {
            RuleType::CidrBlock => block.map_or(0, |block| block.prefix),
            _ => 0,
        };
        let rank = (std::cmp::Reverse(prefix), std::cmp::Reverse(rule.action));
        (rule.identifier.rule_type, rank)
    })
}

impl Rule {
    fn is_active(&self, now: UnixSeconds) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    /// Returns the rule in the API's form.
    pub(super) fn view(&self) -> Value {
        let mut view = merge::object(json!({
            "rule_type": self.identifier.rule_type,
            "action": self.action,
            self.identifier.rule_type.field(): self.identifier.text,
            "created_at": self.created_at,
            "last_updated_at": self.last_updated_at,
        }));
        if let Some(description) = &self.description {
            view.insert("description".into(), json!(description));
        }
        if let Some(end) = self.expires_at {
            view.insert("expires_at".into(), json!(end));
        }
        Value::Object(view)
    }
}

/// The name of the list in its cursors.
const FAMILY: &str = "fraud_rules";
/// One hundred years. The documentation does not have a limit.
const MAX_MINUTES: i64 = 52_560_000;
