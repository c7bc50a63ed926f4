//! RBAC: the roles or scopes granted to a token's subject, and the policies that define what each
//! role or scope allows.
//!
//! This module does not know where policies come from or how old they may be.

use std::fmt;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::jwt::{Member, Object, from_json, read};

/// The claims of a token that decide about permissions.
#[derive(Clone, PartialEq, Eq)]
pub struct Subject {
    /// The roles or scopes of the subject.
    pub grants: Grants,
    /// The organization that the token was issued for; B2B only.
    pub organization_id: Option<String>,
    /// The `aud` of an access token; empty for a session.
    pub audience: Vec<String>,
}

/// The roles or scopes that a token grants.
#[derive(Clone, PartialEq, Eq)]
pub enum Grants {
    /// The roles of a user or member.
    Roles(Vec<String>),
    /// The scopes of an access token.
    Scopes(Vec<String>),
}

/// A permission to check: `action` on `resource_id`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AuthorizationCheck {
    /// The identifier of the resource in the policy.
    pub resource_id: String,
    /// The action in the policy.
    pub action: String,
    /// The organization that the resource belongs to; B2B only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<String>,
}

/// The RBAC policy of a project (roles and scopes) or of an organization (roles).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    roles: Vec<Definition>,
    scopes: Vec<Definition>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) name: String,
    permissions: Vec<Permission>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Permission {
    resource_id: String,
    pub(super) actions: Vec<String>,
}

impl Subject {
    /// Returns whether the check is for the subject's own organization. For a consumer project,
    /// both organizations are absent and therefore equal.
    #[must_use]
    pub fn is_of_organization(&self, check: &AuthorizationCheck) -> bool {
        self.organization_id == check.organization_id
    }

    /// Returns whether `policy` gives the permission to one of the subject's roles or scopes.
    #[must_use]
    pub fn is_permitted(&self, check: &AuthorizationCheck, policy: &Policy) -> bool {
        let names = self.grants.names();
        policy.definitions(&self.grants).iter().any(|definition| {
            names.contains(&definition.name) && definition.allowing(check).is_some()
        })
    }
}

impl Grants {
    /// Parses a `scope` claim: scopes with spaces between them (RFC 6749, section 3.3).
    #[must_use]
    pub fn scopes(scope: &str) -> Self {
        let scopes = scope.split(' ').filter(|scope| !scope.is_empty());
        Self::Scopes(scopes.map(str::to_owned).collect())
    }

    /// Returns the names of the roles or scopes.
    #[must_use]
    pub fn names(&self) -> &[String] {
        match self {
            Self::Roles(names) | Self::Scopes(names) => names,
        }
    }
}

impl Definition {
    /// Returns the first permission that allows the action on the resource.
    pub(super) fn allowing(&self, check: &AuthorizationCheck) -> Option<&Permission> {
        let mut permissions = self.permissions.iter();
        permissions.find(|permission| permission.allows(check))
    }
}

impl Permission {
    fn allows(&self, check: &AuthorizationCheck) -> bool {
        let named = |action: &String| action == "*" || *action == check.action;
        self.resource_id == check.resource_id && self.actions.iter().any(named)
    }
}

impl Policy {
    /// Parses the response to a policy request: its member `policy`, or else `org_policy`, with
    /// lists of roles and scopes. Returns `None` if any part is malformed: a policy must not be
    /// applied in part.
    #[must_use]
    pub fn read(answer: &str) -> Option<Self> {
        let Object(answer): Object<Answer<'_>> = from_json(answer)?;
        let policy = answer.policy.0.or(answer.org_policy.0)?;
        let Object(policy): Object<Definitions> = read(policy)?;
        Some(Self {
            roles: definitions(policy.roles, |role| (role.role_id, role.permissions)),
            scopes: definitions(policy.scopes, |scope| (scope.scope, scope.permissions)),
        })
    }

    /// Returns the definitions of roles or of scopes.
    pub(super) fn definitions(&self, kind: &Grants) -> &[Definition] {
        match kind {
            Grants::Roles(_) => &self.roles,
            Grants::Scopes(_) => &self.scopes,
        }
    }
}

/// The response to a policy request. The policy remains text until one of the two members is
/// chosen.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default)]
    policy: Member<&'a RawValue>,
    #[serde(borrow, default)]
    org_policy: Member<&'a RawValue>,
}

/// A policy in the API's format. A list that is absent or `null` is empty.
#[derive(Deserialize)]
struct Definitions {
    roles: Option<Vec<Object<Role>>>,
    scopes: Option<Vec<Object<Scope>>>,
}

#[derive(Deserialize)]
struct Role {
    role_id: String,
    permissions: Option<Vec<Object<Permission>>>,
}

#[derive(Deserialize)]
struct Scope {
    scope: String,
    permissions: Option<Vec<Object<Permission>>>,
}

fn definitions<T>(
    list: Option<Vec<Object<T>>>,
    parts: impl Fn(T) -> (String, Option<Vec<Object<Permission>>>),
) -> Vec<Definition> {
    let list = list.into_iter().flatten();
    let definition = |Object(of): Object<T>| {
        let (name, permissions) = parts(of);
        let permissions = permissions.into_iter().flatten();
        Definition {
            name,
            permissions: permissions.map(|Object(permission)| permission).collect(),
        }
    };
    list.map(definition).collect()
}

/// Omits the roles, the scopes and the organization.
impl fmt::Debug for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Subject(…)")
    }
}

/// Writes the kind of the grants, not their names.
impl fmt::Debug for Grants {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Roles(_) => "Roles(…)",
            Self::Scopes(_) => "Scopes(…)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"{"status_code":200,"policy":{
        "roles":[{"role_id":"editor","description":"","permissions":[{"resource_id":"documents","actions":["read","write"]}]},
                 {"role_id":"admin","description":"","permissions":[{"resource_id":"documents","actions":["*"]},{"resource_id":"*","actions":["read"]}]}],
        "resources":[{"resource_id":"documents","description":"","actions":["read","write","delete"]}],
        "scopes":[{"scope":"read:documents","description":"","permissions":[{"resource_id":"documents","actions":["read"]}]}]}}"#;

    fn roles(names: &[&str]) -> Subject {
        Subject {
            grants: Grants::Roles(names.iter().map(|name| (*name).to_owned()).collect()),
            organization_id: None,
            audience: Vec::new(),
        }
    }

    fn check(action: &str, resource_id: &str) -> AuthorizationCheck {
        AuthorizationCheck {
            resource_id: resource_id.to_owned(),
            action: action.to_owned(),
            organization_id: None,
        }
    }

    #[test]
    fn permits_only_the_permissions_of_held_roles() {
        let policy = Policy::read(POLICY).unwrap();
        let may = |subject: &Subject, action: &str, resource: &str| {
            subject.is_permitted(&check(action, resource), &policy)
        };
        let editor = roles(&["stytch_user", "editor"]);
        assert!(may(&editor, "write", "documents"));
        assert!(!may(&editor, "delete", "documents"));
        assert!(!may(&editor, "write", "images"));
        assert!(
            !may(&editor, "*", "documents"),
            "the policy has no wildcard for this role"
        );
        let admin = roles(&["admin"]);
        assert!(may(&admin, "delete", "documents"));
        assert!(!may(&admin, "read", "images"), "a resource has no wildcard");
        assert!(!may(&roles(&[]), "read", "documents"));
        assert!(
            !may(&roles(&["read:documents"]), "read", "documents"),
            "a scope is not a role"
        );
    }

    #[test]
    fn permits_only_the_permissions_of_held_scopes() {
        let policy = Policy::read(POLICY).unwrap();
        let subject = |scope: &str| Subject {
            grants: Grants::Scopes(vec![scope.to_owned()]),
            organization_id: None,
            audience: Vec::new(),
        };
        assert!(subject("read:documents").is_permitted(&check("read", "documents"), &policy));
        assert!(!subject("read:documents").is_permitted(&check("write", "documents"), &policy));
        assert!(
            !subject("admin").is_permitted(&check("read", "documents"), &policy),
            "a role is not a scope"
        );
    }

    #[test]
    fn reads_the_policy_of_an_organization() {
        let organization = Policy::read(
            r#"{"org_policy":{"roles":[{"role_id":"auditor","permissions":[{"resource_id":"logs","actions":["read"]}]}]}}"#,
        )
        .unwrap();
        assert!(roles(&["auditor"]).is_permitted(&check("read", "logs"), &organization));
        assert!(!roles(&["auditor"]).is_permitted(&check("write", "logs"), &organization));
    }

    #[test]
    fn refuses_a_policy_if_any_part_is_malformed() {
        for answer in [
            "",
            "{}",
            r#"{"policy":null}"#,
            r#"{"policy":[]}"#,
            r#"{"policy":{"roles":{}}}"#,
            r#"{"policy":{"roles":[1]}}"#,
            r#"{"policy":{"roles":[{"permissions":[]}]}}"#,
            r#"{"policy":{"roles":[{"role_id":"a","permissions":[{"resource_id":"b"}]}]}}"#,
            r#"{"policy":{"roles":[{"role_id":"a","permissions":[{"resource_id":"b","actions":[1]}]}]}}"#,
            r#"{"policy":{"roles":[]},"policy":{"roles":[]}}"#,
            r#"{"policy":{"roles":[],"r\u006fles":[]}}"#,
            r#"{"policy":{"roles":[{"role_id":"a","role_id":"b"}]}}"#,
            r#"{"policy":{"roles":[{"role_id":"a","permissions":[{"resource_id":"b","actions":["c"],"actions":["*"]}]}]}}"#,
            r#"{"policy":{"roles":[{"role_id":"a","permissions":[{"resource_id":"b","actions":null}]}]}}"#,
            r#"{"policy":{"roles":[{"role_id":null}]}}"#,
            r#"{"policy":null,"org_policy":{"roles":[]}}"#,
            // serde alone would also accept arrays for structs.
            r#"[{"roles":[]}]"#,
            r#"{"policy":[[],[]]}"#,
            r#"{"policy":{"roles":[["a",[]]]}}"#,
            r#"{"policy":{"roles":[{"role_id":"a","permissions":[["b",["c"]]]}]}}"#,
        ] {
            assert_eq!(Policy::read(answer), None, "{answer}");
        }
        for text in [
            r#"{"policy":{},"org_policy":7}"#,
            r#"{"policy":{"roles":[{"role_id":"a","permissions":null,"x":1,"x":2}]}}"#,
        ] {
            assert!(Policy::read(text).is_some(), "{text}");
        }
        let empty = Policy::read(r#"{"org_policy":{"roles":null}}"#).unwrap();
        assert!(!roles(&["a"]).is_permitted(&check("b", "c"), &empty));
    }
}
