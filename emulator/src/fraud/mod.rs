//! Fraud prevention: fingerprints of devices with verdicts, the rules and overrides of a project that change verdicts, and the
//! risk of email addresses.
//!
//! The API takes fingerprints with a script in the browser; the emulator has `POST /_emulator/fingerprints`.

pub(crate) mod device;
pub(crate) mod email;
pub(crate) mod fingerprints;
pub(crate) mod identifiers;
pub(crate) mod rules;
pub(crate) mod seeded;
pub(crate) mod verdict_reasons;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::store::Store;
use fingerprints::Fingerprint;
use rules::Rule;
use verdict_reasons::Override;

/// Whether the API has the path on its host for fraud prevention. The emulator has one host for all paths.
pub(crate) fn serves(path: &str) -> bool {
    let prefixes = [
        "/v1/fingerprint/",
        "/v1/rules/",
        "/v1/verdict_reasons/",
        "/v1/email/",
    ];
    prefixes.iter().any(|prefix| path.starts_with(prefix))
}

/// The state of the fraud prevention of a project.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Fraud {
    fingerprints: Store<Fingerprint>,
    rules: Store<Rule>,
    /// The overrides, by the name of the reason.
    overrides: BTreeMap<String, Override>,
}

impl Fraud {
    /// Returns what the page displays: the newest devices with their verdicts, the active rules and the overrides; and the
    /// number of all of them.
    pub(crate) fn overview(&self, now: UnixSeconds) -> (Value, usize) {
        let devices: Vec<&Fingerprint> = self.fingerprints.iter().collect();
        let newest = devices.iter().rev().take(MAX_LISTED);
        let newest: Vec<Value> = newest.map(|device| device.view(self, now)).collect();
        let rules: Vec<Value> = rules::active(self, now).map(Rule::view).collect();
        let overrides = verdict_reasons::overridden(self);
        let count = [devices.len(), rules.len(), overrides.len()];
        let view = json!({
            "fingerprints": newest,
            "fingerprint_count": devices.len(),
            "rules": rules,
            "overrides": overrides,
        });
        (view, count.into_iter().fold(0, usize::saturating_add))
    }

    pub(crate) fn put_fingerprint(&mut self, fingerprint: Fingerprint) {
        self.fingerprints.put(fingerprint);
    }
}

const MAX_LISTED: usize = 200;

/// What a project does with a device. The order is that of the strictness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Action {
    Allow,
    Challenge,
    Block,
}

impl Action {
    /// Reads an action of a rule or override. `None` is `NONE`, which removes it.
    fn read(fields: &Fields, name: &str) -> Result<Option<Self>, Failure> {
        match fields.text(name)? {
            Some("ALLOW") => Ok(Some(Self::Allow)),
            Some("CHALLENGE") => Ok(Some(Self::Challenge)),
            Some("BLOCK") => Ok(Some(Self::Block)),
            Some("NONE") => Ok(None),
            _ => Err(errors::INVALID_ARGUMENT.with_message(format!(
                "The field {name} must be ALLOW, CHALLENGE, BLOCK or NONE."
            ))),
        }
    }
}
