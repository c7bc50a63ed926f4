//! The user or member on whose behalf an app acts: the claims about the person, and the values of templates.

use serde_json::{Value, json};

use crate::b2b;
use crate::b2b::B2b;
use crate::claim_templates;
use crate::connected_apps::app::ConnectedApp;
use crate::consumer;
use crate::consumer::Consumer;
use crate::merge::{Object, REGISTERED_CLAIMS};
use crate::product::Product;
use crate::session_jwt::ORGANIZATION_CLAIM;
use crate::state::Projects;

pub(crate) struct Person {
    /// The claims that each of the scopes `profile`, `email` and `phone` grants.
    by_scope: Value,
    /// The organization of a member, as a claim.
    organization: Option<Value>,
    /// The objects that templates can name: `user`, or `member` and `organization`.
    objects: Value,
}

impl Person {
    /// Finds an existing user or member.
    pub(crate) fn find(projects: &Projects, product: Product, subject: &str) -> Option<Self> {
        match product {
            Product::Consumer => Self::user(&projects.consumer, subject),
            Product::B2b => Self::member(&projects.b2b, subject),
        }
    }

    fn user(consumer: &Consumer, subject: &str) -> Option<Self> {
        let user = consumer.users.find(subject).ok()?;
        Some(Self {
            by_scope: consumer::idp::claims_by_scope(user),
            organization: None,
            objects: json!({ "user": with_roles(json!(user), &user.roles) }),
        })
    }

    fn member(b2b: &B2b, subject: &str) -> Option<Self> {
        let member = b2b.members.by_id(subject).ok()?;
        let organization = b2b.organizations.find(&member.organization_id).ok()?;
        Some(Self {
            by_scope: b2b::idp::claims_by_scope(member),
            organization: Some(json!({
                "organization_id": organization.organization_id,
                "slug": organization.organization_slug,
            })),
            objects: json!({
                "member": with_roles(json!(member), &member.role_ids()),
                "organization": organization,
            }),
        })
    }

    /// Returns the claims about the person that these scopes grant.
    pub(crate) fn claims<'a>(&self, scopes: impl Iterator<Item = &'a str>) -> Object {
        let granted = scopes.filter_map(|scope| self.by_scope.get(scope)?.as_object());
        granted.flat_map(Object::clone).collect()
    }

    pub(super) fn organization_claim(&self) -> Object {
        let claim = self.organization.iter();
        claim
            .map(|claim| (ORGANIZATION_CLAIM.to_owned(), claim.clone()))
            .collect()
    }

    /// Returns the claims of a template, without the registered names and the names that Stytch reserves.
    pub(super) fn custom_claims(&self, template: &str) -> Object {
        let value = |path: &str| {
            let mut names = path.split('.');
            names
                .try_fold(&self.objects, |value, name| value.get(name))
                .cloned()
        };
        // The template has been validated when the app was created.
        let mut claims = claim_templates::render(template, &value).unwrap_or_default();
        claims.retain(|name, _| {
            !name.starts_with("https://stytch.com/") && !REGISTERED_CLAIMS.contains(&name.as_str())
        });
        claims
    }
}

/// Whether the organization of a member still allows the app. Users do not have an organization.
pub(super) fn is_allowed(
    projects: &Projects,
    product: Product,
    subject: &str,
    app: &ConnectedApp,
) -> bool {
    if product == Product::Consumer {
        return true;
    }
    let b2b = &projects.b2b;
    let member = b2b.members.by_id(subject);
    let organization = member.and_then(|member| b2b.organizations.find(&member.organization_id));
    organization.is_ok_and(|organization| b2b::idp::validate_app(organization, app).is_ok())
}

/// Adds `rbac.roles`, which templates can name.
fn with_roles(mut object: Value, roles: &[String]) -> Value {
    if let Value::Object(members) = &mut object {
        members.insert("rbac".into(), json!({ "roles": roles }));
    }
    object
}
