//! Explains why policies allow or deny a permission, for a developer who debugs a 403. The subject
//! is a session or the claims of a Connected App's token that a check or the API returned before.
//!
//! This module describes the content of policies. The `client` module chooses the policies and
//! their order.

use std::borrow::Cow;

use serde::Serialize;

use super::{AuthorizationCheck, Grants, Policy, Product, Refusal, Subject, results::to_json};
use crate::jwt::{JsonObject, Refusal as JwtRefusal};

impl Subject {
    /// Reads the subject from the JSON text of a session or of a Connected App's claims: `roles` or
    /// `scope`, and for B2B `organization_id`. The text is not verified: it is the caller's own.
    ///
    /// # Errors
    /// A [`Refusal`] for any other object: a response that contains a session, a session of the
    /// other product, the claims of an M2M client, to which policies do not apply.
    pub fn read(held: &str, product: Product) -> Result<Self, Refusal> {
        let held = JsonObject::parse_text(held)?;
        let roles = held.strings("roles", JwtRefusal::InvalidClaim)?;
        let scope = held.string("scope", JwtRefusal::InvalidClaim)?;
        let id = held.string("organization_id", JwtRefusal::InvalidClaim)?;
        let grants = match (roles, scope) {
            (Some(roles), None) => Grants::Roles(roles),
            (None, Some(scope)) => Grants::scopes(&scope),
            _ => return Err(Refusal::WrongTokenKind),
        };
        if id.as_ref().map(|id| !id.is_empty()) != (product == Product::B2b).then_some(true) {
            return Err(Refusal::WrongTokenKind);
        }
        Ok(Self {
            grants,
            organization_id: id.map(Cow::into_owned),
            audience: Vec::new(),
        })
    }
}

/// The explanation of one permission, built from one policy after another.
pub struct Explanation<'a> {
    subject: &'a Subject,
    check: &'a AuthorizationCheck,
    granted: Option<Grant<'a>>,
    /// The roles or scopes that allow the action, held or not.
    would_allow: Vec<String>,
    /// The held roles or scopes that the policies do not define.
    not_in_policy: Vec<&'a str>,
}

/// The role or scope that grants the permission.
#[derive(Serialize)]
struct Grant<'a> {
    granted_by: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    actions: Vec<String>,
}

/// The explanation in the format for callers.
#[derive(Serialize)]
struct Answer<'a> {
    allowed: bool,
    resource_id: &'a str,
    action: &'a str,
    #[serde(flatten)]
    why: Why<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Why<'a> {
    Granted(Grant<'a>),
    NotPermitted {
        reason: &'static str,
        held: &'a [String],
        not_in_policy: Vec<&'a str>,
        would_allow: Vec<String>,
    },
    OtherOrganization {
        reason: &'static str,
        organization_id: &'a str,
        asked_organization_id: &'a str,
    },
}

impl<'a> Explanation<'a> {
    /// Creates an explanation without policies.
    #[must_use]
    pub fn of(subject: &'a Subject, check: &'a AuthorizationCheck) -> Self {
        let held = subject.grants.names().iter();
        Self {
            subject,
            check,
            granted: None,
            would_allow: Vec::new(),
            not_in_policy: held.map(String::as_str).collect(),
        }
    }

    /// Adds a policy; `owner` is `project` or `organization`. The explanation reports the first
    /// policy that grants the permission.
    pub fn look_at(&mut self, owner: &'static str, policy: &Policy) {
        let grants = &self.subject.grants;
        for definition in policy.definitions(grants) {
            self.not_in_policy.retain(|name| *name != definition.name);
            let Some(permission) = definition.allowing(self.check) else {
                continue;
            };
            self.would_allow.push(definition.name.clone());
            if self.granted.is_none() && grants.names().contains(&definition.name) {
                let name = Some(definition.name.clone());
                let (role_id, scope) = match grants {
                    Grants::Roles(_) => (name, None),
                    Grants::Scopes(_) => (None, name),
                };
                self.granted = Some(Grant {
                    granted_by: owner,
                    role_id,
                    scope,
                    actions: permission.actions.clone(),
                });
            }
        }
    }

    /// Writes the explanation as JSON text.
    #[must_use]
    pub fn to_json(self) -> String {
        let (subject, check) = (self.subject, self.check);
        let id = |id: &'a Option<String>| id.as_deref().unwrap_or_default();
        let why = match self.granted {
            Some(grant) => Why::Granted(grant),
            None if subject.is_of_organization(check) => Why::NotPermitted {
                reason: "invalid_permissions",
                held: subject.grants.names(),
                not_in_policy: self.not_in_policy,
                would_allow: self.would_allow,
            },
            None => Why::OtherOrganization {
                reason: "tenancy_mismatch",
                organization_id: id(&subject.organization_id),
                asked_organization_id: id(&check.organization_id),
            },
        };
        let answer = Answer {
            allowed: matches!(why, Why::Granted(_)),
            resource_id: &check.resource_id,
            action: &check.action,
            why,
        };
        // This cannot fail: see `to_json`.
        to_json(&answer).unwrap_or_default()
    }
}
