//! Changes of a member: the fields of an update, and the roles.

use serde_json::Value;

use super::{ADMIN_ROLE, MEMBER_ROLE, Member, Role, external_id, phone_number};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::merge;

impl Member {
    /// Changes the fields that the call has. The caller changes the email address, which needs other members.
    pub(crate) fn update(&mut self, fields: &Fields) -> Result<(), Failure> {
        if let Some(name) = fields.text("name")? {
            name.clone_into(&mut self.name);
        }
        self.is_breakglass = fields.flag("is_breakglass")?.unwrap_or(self.is_breakglass);
        self.mfa_enrolled = fields.flag("mfa_enrolled")?.unwrap_or(self.mfa_enrolled);
        if let Some(number) = phone_number(fields)? {
            if !self.mfa_phone_number.is_empty() {
                return Err(errors::DUPLICATE_PHONE_NUMBER_FOR_MEMBER.failure());
            }
            self.mfa_phone_number = number;
        }
        if let Some(id) = external_id(fields)? {
            self.external_id = Some(id);
        }
        if let Some(roles) = fields.texts("roles")? {
            self.assign(&roles);
        }
        if let Some(method) = fields.text("default_mfa_method")? {
            let has_factor = match method {
                "sms_otp" => !self.mfa_phone_number.is_empty(),
                "totp" => !self.totp_registration_id.is_empty(),
                _ => return Err(errors::INVALID_MFA_DEFAULT_METHOD.failure()),
            };
            if !has_factor {
                return Err(errors::DEFAULT_MFA_MEMBER_MISSING_FACTOR.failure());
            }
            method.clone_into(&mut self.default_mfa_method);
        }
        if let Some(patch) = fields.object("trusted_metadata")? {
            merge::metadata(&mut self.trusted_metadata, patch)?;
        }
        if let Some(patch) = fields.object("untrusted_metadata")? {
            merge::metadata(&mut self.untrusted_metadata, patch)?;
        }
        Ok(())
    }

    /// Replaces the direct assignments of roles. Roles with another source remain.
    pub(in crate::b2b) fn assign(&mut self, role_ids: &[String]) {
        for role in &mut self.roles {
            role.sources.retain(|source| !is_direct(source));
        }
        for role_id in std::iter::once(MEMBER_ROLE).chain(role_ids.iter().map(String::as_str)) {
            match self.roles.iter_mut().find(|role| role.role_id == role_id) {
                Some(role) if !role.sources.iter().any(is_direct) => {
                    role.sources.extend(Role::assigned(role_id).sources);
                }
                Some(_) => {}
                None => self.roles.push(Role::assigned(role_id)),
            }
        }
        self.roles.retain(|role| !role.sources.is_empty());
        self.is_admin = self.has_role(ADMIN_ROLE);
    }

    /// Returns the SSO connections that still assign a role which these roles do not list.
    pub(in crate::b2b) fn connections_of_other_roles(&self, role_ids: &[String]) -> Vec<String> {
        let others = self
            .roles
            .iter()
            .filter(|role| !role_ids.contains(&role.role_id));
        let sources = others.flat_map(|role| &role.sources);
        let ids = sources.filter_map(|source| source.pointer("/details/connection_id")?.as_str());
        ids.map(str::to_owned).collect()
    }

    /// Replaces the roles that a connection assigns. Each role has its source, whose details name the connection.
    pub(in crate::b2b) fn replace_sources_of(
        &mut self,
        connection_id: &str,
        assigned: Vec<(String, Value)>,
    ) {
        for role in &mut self.roles {
            role.sources
                .retain(|source| !is_of_connection(source, connection_id));
        }
        for (role_id, source) in assigned {
            match self.roles.iter_mut().find(|role| role.role_id == role_id) {
                Some(role) if role.sources.contains(&source) => {}
                Some(role) => role.sources.push(source),
                None => self.roles.push(Role {
                    role_id,
                    sources: vec![source],
                }),
            }
        }
        self.roles.retain(|role| !role.sources.is_empty());
        self.is_admin = self.has_role(ADMIN_ROLE);
    }

    /// Removes the account of the member at an SSO connection, and the roles that the connection has assigned. Returns
    /// whether the member had any of them.
    pub(in crate::b2b) fn unlink_connection(&mut self, connection_id: &str) -> bool {
        let count = |member: &Self| {
            let sources = member.roles.iter().map(|role| role.sources.len());
            sources.fold(member.sso_registrations.len(), usize::saturating_add)
        };
        let before = count(self);
        self.sso_registrations.retain(|known| {
            known.get("connection_id").and_then(Value::as_str) != Some(connection_id)
        });
        let roles = self.roles.len();
        self.replace_sources_of(connection_id, Vec::new());
        count(self) != before || self.roles.len() != roles
    }

    /// Makes the member an administrator of the organization.
    pub(in crate::b2b) fn make_admin(&mut self) {
        self.roles.push(Role::assigned(ADMIN_ROLE));
        self.is_admin = true;
    }
}

fn is_of_connection(source: &Value, connection_id: &str) -> bool {
    let id = source.pointer("/details/connection_id");
    id.and_then(Value::as_str) == Some(connection_id)
}

fn is_direct(source: &Value) -> bool {
    source.get("type").and_then(Value::as_str) == Some("direct_assignment")
}
