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
    pub(crate) fn put_fingerprint(&mut self, fingerprint: Fingerprint) {
        self.fingerprints.put(fingerprint);
    }
}

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
