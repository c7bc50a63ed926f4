//! What a log-in to an organization still needs: an accepted primary factor, or a second factor.
//!
//! Knows the factors of a log-in and the settings of an organization, but not how sessions start.

use serde_json::{Value, json};

use super::member::{Member, Status};
use super::organization::Organization;
use crate::factors::Factor;

/// The requirement that the factors of a log-in do not meet.
pub(crate) enum Missing {
    Nothing,
    /// A primary factor of one of these methods.
    Primary(Vec<String>),
    Second,
}

/// Compares the factors of a log-in with the settings of the organization. `member` is `None` if the user is not a
/// member.
///
/// The primary factor must be of an allowed method, unless the member is a breakglass member. If the email address of
/// the member is not verified, the factor must verify it.
pub(crate) fn missing(
    organization: &Organization,
    member: Option<&Member>,
    factors: &[Factor],
) -> Missing {
    if !meets_primary(organization, member, factors) {
        return Missing::Primary(methods(organization, is_verified(member)));
    }
    let is_enrolled = member.is_some_and(|member| member.mfa_enrolled);
    if (organization.settings.requires_mfa() || is_enrolled)
        && !factors.iter().any(is_second_factor)
    {
        return Missing::Second;
    }
    Missing::Nothing
}

/// Whether the factors have a primary factor that the organization accepts.
pub(crate) fn meets_primary(
    organization: &Organization,
    member: Option<&Member>,
    factors: &[Factor],
) -> bool {
    let is_breakglass = member.is_some_and(|member| member.is_breakglass);
    let is_verified = is_verified(member);
    let allows = |method| organization.settings.allows_method(method);
    factors.iter().any(|factor| {
        !is_second_factor(factor)
            && (is_verified || verifies_email(factor))
            && (is_breakglass || auth_method(factor).is_none_or(allows))
    })
}

impl Missing {
    /// Returns the members `member_authenticated`, `primary_required` and `mfa_required` of a response.
    pub(crate) fn view(&self, member: Option<&Member>) -> Value {
        let without_factors =
            || json!({ "member_options": null, "secondary_auth_initiated": null });
        let primary = match self {
            Self::Primary(methods) => Some(json!({ "allowed_auth_methods": methods })),
            Self::Nothing | Self::Second => None,
        };
        let second = match self {
            Self::Second => Some(member.map_or_else(without_factors, Member::mfa_required)),
            Self::Nothing | Self::Primary(_) => None,
        };
        json!({
            "member_authenticated": matches!(self, Self::Nothing),
            "primary_required": primary,
            "mfa_required": second,
        })
    }
}

/// Whether the factor counts as the second factor of a member.
pub(crate) fn is_second_factor(factor: &Factor) -> bool {
    matches!(
        (factor.r#type(), factor.delivery_method()),
        ("totp" | "recovery_codes", _) | ("otp", "sms")
    )
}

/// Returns the name of the factor's method in `allowed_auth_methods`. `None` if organizations cannot forbid it.
pub(crate) fn auth_method(factor: &Factor) -> Option<&'static str> {
    let found = METHODS.iter().find(|(r#type, delivery_method, ..)| {
        *r#type == factor.r#type()
            && delivery_method.is_none_or(|method| method == factor.delivery_method())
    });
    found.map(|(.., method, _)| *method)
}

fn is_verified(member: Option<&Member>) -> bool {
    member.is_some_and(|member| member.email_address_verified && member.status == Status::Active)
}

/// Whether the factor proves that the user receives messages at the email address now.
fn verifies_email(factor: &Factor) -> bool {
    let method = auth_method(factor);
    let known = METHODS.iter().find(|(.., name, _)| Some(*name) == method);
    known.is_none_or(|(.., verifies)| *verifies)
}

/// Returns the methods whose factor would be accepted.
fn methods(organization: &Organization, is_verified: bool) -> Vec<String> {
    let mut accepted: Vec<String> = Vec::new();
    for (.., method, verifies) in METHODS {
        let is_new = !accepted.iter().any(|known| known == method);
        if is_new && organization.settings.allows_method(method) && (is_verified || verifies) {
            accepted.push(method.to_owned());
        }
    }
    accepted
}

/// A type and a delivery method of factors (`None`: any), the method's name in `allowed_auth_methods`, and whether the
/// method verifies the email address.
type Method = (&'static str, Option<&'static str>, &'static str, bool);

const METHODS: [Method; 14] = [
    ("sso", None, "sso", true),
    ("magic_link", Some("email"), "magic_link", true),
    ("email_otp", None, "email_otp", true),
    ("password", None, "password", false),
    ("oauth", Some("oauth_google"), "google_oauth", true),
    ("oauth", Some("oauth_exchange_google"), "google_oauth", true),
    ("oauth", Some("oauth_microsoft"), "microsoft_oauth", true),
    (
        "oauth",
        Some("oauth_exchange_microsoft"),
        "microsoft_oauth",
        true,
    ),
    ("oauth", Some("oauth_slack"), "slack_oauth", false),
    ("oauth", Some("oauth_exchange_slack"), "slack_oauth", false),
    ("oauth", Some("oauth_github"), "github_oauth", false),
    (
        "oauth",
        Some("oauth_exchange_github"),
        "github_oauth",
        false,
    ),
    ("oauth", Some("oauth_hubspot"), "hubspot_oauth", false),
    (
        "oauth",
        Some("oauth_exchange_hubspot"),
        "hubspot_oauth",
        false,
    ),
];
