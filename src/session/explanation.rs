//! Why somebody may do something, or may not: told to a person who looks for the
//! reason of a 403. And whom it is told about: a session, or the claims of a Connected
//! App's token, as a check or the API gave it to the caller who asks.
//!
//! Words what policies say; which policies are asked, and in which order, is the
//! client room's business.

use std::borrow::Cow;

use serde::Serialize;

use super::{AuthorizationCheck, Grants, Policy, Product, Refusal, Subject, results::to_json};
use crate::jwt::{JsonObject, Refusal as JwtRefusal};

impl Subject {
    /// Reads what decides about a session, or an app's claims, from JSON text: `roles` or
    /// `scope`, and for members `organization_id`. The text is not verified: the caller already
    /// holds it.
    ///
    /// # Errors
    /// [`Refusal`] for anything else: an answer that contains a session, a session of the other
    /// product, the claims of an M2M client, to which no policy applies.
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

/// What the policies that were looked at say about one question.
pub struct Explanation<'a> {
    subject: &'a Subject,
    check: &'a AuthorizationCheck,
    granted: Option<Grant<'a>>,
    /// Roles or scopes that would allow it.
    would_allow: Vec<String>,
    /// Those held that no policy defines.
    not_in_policy: Vec<&'a str>,
}

/// What allows it.
#[derive(Serialize)]
struct Grant<'a> {
    granted_by: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    actions: Vec<String>,
}

/// The answer to the question.
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
    /// For a question, before any policy was looked at.
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

    /// Looks at a policy; `owner` is `project` or `organization`. The first policy that grants
    /// the permission is reported.
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

    /// The answer, as JSON text.
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
        // Writing it cannot fail; see `to_json`.
        to_json(&answer).unwrap_or_default()
    }
}
