//! The risk of email addresses.
//!
//! The API combines public and secret data. The emulator uses only the address: assumptions are the score of each finding, the
//! lists below, and that every domain receives mail, except for those of the reserved top-level domain `invalid` (RFC 2606).

use serde_json::json;

use super::{Action, Fraud};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::shapes;

/// `POST /v1/email/risk`. A malformed address is not refused: it has the highest score.
pub(crate) fn risk(_: &Fraud, call: &Call) -> Result<Reply, Failure> {
    let address = call.fields.text("email_address")?;
    let address = address.ok_or(&errors::INVALID_EMAIL)?.to_lowercase();
    let is_valid = shapes::is_email(&address);
    let (local, domain) = address.split_once('@').unwrap_or((&address, ""));
    let tumbling = local.bytes().filter(|byte| b".+".contains(byte)).count();
    let name = local.split('+').next().unwrap_or_default();
    let is_role = ROLES.contains(&name);
    let is_disposable = DISPOSABLE.contains(&domain);
    let receives_mail = is_valid && !domain.ends_with(".invalid");
    let score = if is_valid {
        let findings = [
            (is_disposable, 80),
            (!receives_mail, 90),
            (is_role, 30),
            (tumbling > 2, 30),
        ];
        let found = findings.into_iter().filter(|(found, _)| *found);
        found.map(|(_, score)| score).sum::<u32>().min(100)
    } else {
        100
    };
    let action = match score {
        0..30 => Action::Allow,
        30..70 => Action::Challenge,
        _ => Action::Block,
    };
    Ok(Reply::ok(json!({
        "address_information": {
            "has_known_bounces": is_valid && !receives_mail,
            "has_valid_syntax": is_valid,
            "is_suspected_role_address": is_role,
            "normalized_email": normalized(name, domain),
            "tumbling_character_count": tumbling,
        },
        "domain_information": {
            "has_mx_or_a_record": receives_mail,
            "is_disposable_domain": is_disposable,
        },
        "action": action,
        "risk_score": score,
    })))
}

/// Returns the address of the mailbox: without a suffix after `+`, and at Gmail without dots.
fn normalized(name: &str, domain: &str) -> String {
    let (name, domain) = match domain {
        "gmail.com" | "googlemail.com" => (name.replace('.', ""), "gmail.com"),
        other => (name.to_owned(), other),
    };
    match domain.is_empty() {
        true => name,
        false => format!("{name}@{domain}"),
    }
}

const ROLES: [&str; 10] = [
    "admin",
    "administrator",
    "billing",
    "help",
    "info",
    "no-reply",
    "noreply",
    "postmaster",
    "sales",
    "support",
];
const DISPOSABLE: [&str; 8] = [
    "10minutemail.com",
    "guerrillamail.com",
    "mailinator.com",
    "sharklasers.com",
    "temp-mail.org",
    "tempmail.com",
    "trashmail.com",
    "yopmail.com",
];
