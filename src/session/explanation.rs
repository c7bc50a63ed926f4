//! Why somebody may do something, or may not: told to a person who looks for the
//! reason of a 403. And whom it is told about: a session, or the claims of a Connected
//! App's token, as a check or the API gave it to the caller who asks.
//!
//! Words what policies say; which policies are asked, and in which order, is the
//! client room's business.

use alloc::{borrow::Cow, string::String, vec::Vec};

use super::{
    AuthorizationCheck, Grants, Policy, Product, Refusal, Subject, object_writer::ObjectWriter,
};
use crate::jwt::{JsonObject, Refusal as JwtRefusal};

impl Subject {
    /// Reads what decides of a session, or of an app's claims, from JSON text: `roles`
    /// or `scope`, and for members `organization_id`. Nothing of it is verified: it is
    /// what the caller already holds.
    ///
    /// # Errors
    /// [`Refusal`] for whatever else it may be: an answer around a session, a session
    /// of the other product, the claims of a program, which no policy speaks of.
    pub fn read(held: &str, product: Product) -> Result<Self, Refusal> {
        let held = JsonObject::parse(held.as_bytes())?;
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

/// What the policies that were looked at say of one question.
pub struct Explanation<'a> {
    subject: &'a Subject,
    check: &'a AuthorizationCheck,
    granted: Option<String>,
    /// Roles or scopes that would do.
    would_allow: Vec<String>,
    /// Those held that no policy defines.
    not_in_policy: Vec<&'a String>,
}

impl<'a> Explanation<'a> {
    /// For a question, before any policy was looked at.
    #[must_use]
    pub fn of(subject: &'a Subject, check: &'a AuthorizationCheck) -> Self {
        Self {
            subject,
            check,
            granted: None,
            would_allow: Vec::new(),
            not_in_policy: subject.grants.names().iter().collect(),
        }
    }

    /// Takes down what a policy says; `owner` is `project` or `organization`. The first
    /// that grants is the one that counts.
    pub fn look_at(&mut self, owner: &str, policy: &Policy) {
        let grants = &self.subject.grants;
        for definition in policy.definitions(grants) {
            self.not_in_policy.retain(|name| **name != definition.name);
            let Some(permission) = definition.allowing(self.check) else {
                continue;
            };
            self.would_allow.push(definition.name.clone());
            if self.granted.is_none() && grants.names().contains(&definition.name) {
                let kind = match grants {
                    Grants::Roles(_) => "role_id",
                    Grants::Scopes(_) => "scope",
                };
                let mut json = self.opened("true");
                json.string("granted_by", owner);
                json.string(kind, &definition.name);
                json.strings("actions", &mut texts(&permission.actions));
                self.granted = Some(json.finish());
            }
        }
    }

    /// The answer, as JSON text.
    #[must_use]
    pub fn to_json(self) -> String {
        if let Some(granted) = self.granted {
            return granted;
        }
        let mut json = self.opened("false");
        if self.subject.is_of_organization(self.check) {
            json.string("reason", "invalid_permissions");
            json.strings("held", &mut texts(self.subject.grants.names()));
            let unknown = &mut self.not_in_policy.iter().map(|name| name.as_str());
            json.strings("not_in_policy", unknown);
            json.strings("would_allow", &mut texts(&self.would_allow));
        } else {
            json.string("reason", "tenancy_mismatch");
            for (name, id) in [
                ("organization_id", &self.subject.organization_id),
                ("asked_organization_id", &self.check.organization_id),
            ] {
                json.string(name, id.as_deref().unwrap_or_default());
            }
        }
        json.finish()
    }

    fn opened(&self, allowed: &str) -> ObjectWriter {
        let mut json = ObjectWriter::new();
        json.raw("allowed", allowed);
        json.string("resource_id", &self.check.resource_id);
        json.string("action", &self.check.action);
        json
    }
}

fn texts(names: &[String]) -> impl Iterator<Item = &str> {
    names.iter().map(String::as_str)
}
