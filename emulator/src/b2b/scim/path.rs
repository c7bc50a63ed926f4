//! Attribute paths of SCIM (RFC 7644, section 3.5.2): `userName`, `name.givenName`, or an attribute of an extension.

use serde_json::Value;

use crate::errors::{self, Failure};
use crate::merge::Object;

/// The names from an attribute to its sub-attribute: one to three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path(Vec<String>);

impl Path {
    /// Parses a path without a filter.
    ///
    /// Returns `invalidPath` if the path is malformed.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let malformed = || errors::SCIM_INVALID_PATH.failure();
        let mut names = Vec::new();
        let mut rest = text;
        let lower = text.to_ascii_lowercase();
        for schema in [CORE_USER, CORE_GROUP] {
            if let Some(after) = lower.strip_prefix(&format!("{}:", schema.to_ascii_lowercase())) {
                rest = text
                    .get(text.len().saturating_sub(after.len())..)
                    .unwrap_or_default();
            }
        }
        if let Some(after) = lower.strip_prefix(&ENTERPRISE.to_ascii_lowercase()) {
            names.push(ENTERPRISE.to_owned());
            rest = text
                .get(text.len().saturating_sub(after.len())..)
                .unwrap_or_default();
            match rest.strip_prefix(':') {
                Some(after) => rest = after,
                None if rest.is_empty() => return Ok(Self(names)),
                None => return Err(malformed()),
            }
        }
        for name in rest.split('.') {
            let mut bytes = name.bytes();
            let starts = bytes
                .next()
                .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'$');
            if !starts || !bytes.all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
                return Err(malformed());
            }
            names.push(canonical(name));
        }
        if names.len() > 3 {
            return Err(malformed());
        }
        Ok(Self(names))
    }

    /// Returns the names.
    pub(super) fn names(&self) -> &[String] {
        &self.0
    }

    /// Returns all values at this path. The items of lists are values of their own, and an object in a list counts as its
    /// `value`.
    pub(super) fn values<'a>(&self, resource: &'a Value) -> Vec<&'a Value> {
        let mut found = vec![resource];
        for name in &self.0 {
            found = found
                .into_iter()
                .flat_map(items)
                .filter_map(|value| member(value.as_object()?, name))
                .collect();
        }
        let in_list = found.iter().any(|value| value.is_array());
        let found = found.into_iter().flat_map(items);
        let inner = |value: &'a Value| match value.get("value") {
            Some(inner) if in_list => inner,
            _ => value,
        };
        found.map(inner).collect()
    }
}

/// Returns the member of an object. The names of attributes are not case-sensitive (RFC 7643, section 2.1).
pub(super) fn member<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    let exact = object.get(name);
    exact.or_else(|| {
        let mut members = object.iter();
        members
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}

/// Returns the spelling of RFC 7643 for a known name of an attribute.
pub(super) fn canonical(name: &str) -> String {
    let mut known = NAMES.iter();
    let found = known.find(|known| known.eq_ignore_ascii_case(name));
    found.map_or_else(|| name.to_owned(), |known| (*known).to_owned())
}

fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        other => vec![other],
    }
}

pub(super) const CORE_USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const CORE_GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The attributes and sub-attributes of users and groups (RFC 7643, section 8.7.1).
const NAMES: [&str; 54] = [
    "schemas",
    "id",
    "externalId",
    "meta",
    "userName",
    "name",
    "formatted",
    "familyName",
    "givenName",
    "middleName",
    "honorificPrefix",
    "honorificSuffix",
    "displayName",
    "nickName",
    "profileUrl",
    "title",
    "userType",
    "preferredLanguage",
    "locale",
    "timezone",
    "active",
    "password",
    "emails",
    "phoneNumbers",
    "ims",
    "photos",
    "addresses",
    "groups",
    "entitlements",
    "roles",
    "x509Certificates",
    "value",
    "display",
    "type",
    "primary",
    "streetAddress",
    "locality",
    "region",
    "postalCode",
    "country",
    "members",
    "$ref",
    "employeeNumber",
    "costCenter",
    "organization",
    "division",
    "department",
    "manager",
    "resourceType",
    "created",
    "lastModified",
    "location",
    "version",
    ENTERPRISE,
];
