//! The attributes of a directory's user in the form in which the API returns them with a member.

use serde_json::{Value, json};

use super::path::ENTERPRISE;
use super::resource::Resource;
use crate::merge::Object;

/// Returns the `scim_registration` of a member. Attributes that the directory has not sent are empty.
pub(super) fn of(user: &Resource, registration_id: &str, groups: &Value) -> Value {
    json!({
        "connection_id": user.connection_id,
        "registration_id": registration_id,
        "external_id": user.text("externalId"),
        "scim_attributes": attributes(user, groups),
    })
}

fn attributes(user: &Resource, groups: &Value) -> Value {
    let mut view = Object::new();
    for (name, attribute) in TEXTS {
        view.insert(name.to_owned(), json!(user.text(attribute)));
    }
    view.insert("id".into(), json!(user.id));
    view.insert("active".into(), json!(user.is_active()));
    let groups = groups.as_array().into_iter().flatten();
    let groups = groups.map(|group| texts(group, &[("value", "value"), ("display", "display")]));
    view.insert("groups".into(), groups.map(Value::Object).collect());
    for (name, attribute, members) in LISTS {
        let items = user.attributes.get(attribute).and_then(Value::as_array);
        let items = items.into_iter().flatten().map(|item| {
            let mut view = texts(item, members);
            let is_primary = item.get("primary").and_then(Value::as_bool);
            view.insert("primary".into(), json!(is_primary.unwrap_or_default()));
            Value::Object(view)
        });
        view.insert(name.to_owned(), items.collect());
    }
    let part = |name: &str| user.attributes.get(name);
    let name = part("name").map(|name| Value::Object(texts(name, &NAME)));
    let enterprise = part(ENTERPRISE).map(|enterprise| {
        let mut view = texts(enterprise, &ENTERPRISE_TEXTS);
        let manager = enterprise
            .get("manager")
            .filter(|manager| manager.is_object());
        view.insert(
            "manager".into(),
            manager.map_or(Value::Null, |manager| {
                Value::Object(texts(manager, &MANAGER))
            }),
        );
        Value::Object(view)
    });
    view.insert("name".into(), json!(name));
    view.insert("enterprise_extension".into(), json!(enterprise));
    Value::Object(view)
}

/// Returns texts of an object under other names. Missing texts are empty.
fn texts(object: &Value, names: &[(&str, &str)]) -> Object {
    let text = |attribute: &str| {
        object
            .get(attribute)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let pairs = names.iter();
    pairs
        .map(|(name, attribute)| ((*name).to_owned(), json!(text(attribute))))
        .collect()
}

type Names = &'static [(&'static str, &'static str)];

const TEXTS: [(&str, &str); 10] = [
    ("user_name", "userName"),
    ("external_id", "externalId"),
    ("display_name", "displayName"),
    ("nick_name", "nickName"),
    ("profile_url", "profileUrl"),
    ("user_type", "userType"),
    ("title", "title"),
    ("preferred_language", "preferredLanguage"),
    ("locale", "locale"),
    ("timezone", "timezone"),
];
const VALUE: Names = &[("value", "value"), ("type", "type")];
const LISTS: [(&str, &str, Names); 8] = [
    ("emails", "emails", VALUE),
    ("phone_numbers", "phoneNumbers", VALUE),
    ("ims", "ims", VALUE),
    ("photos", "photos", VALUE),
    ("entitlements", "entitlements", VALUE),
    ("roles", "roles", VALUE),
    ("x509certificates", "x509Certificates", VALUE),
    (
        "addresses",
        "addresses",
        &[
            ("formatted", "formatted"),
            ("street_address", "streetAddress"),
            ("locality", "locality"),
            ("region", "region"),
            ("postal_code", "postalCode"),
            ("country", "country"),
            ("type", "type"),
        ],
    ),
];
const NAME: [(&str, &str); 6] = [
    ("formatted", "formatted"),
    ("family_name", "familyName"),
    ("given_name", "givenName"),
    ("middle_name", "middleName"),
    ("honorific_prefix", "honorificPrefix"),
    ("honorific_suffix", "honorificSuffix"),
];
const ENTERPRISE_TEXTS: [(&str, &str); 5] = [
    ("employee_number", "employeeNumber"),
    ("cost_center", "costCenter"),
    ("division", "division"),
    ("department", "department"),
    ("organization", "organization"),
];
const MANAGER: [(&str, &str); 3] = [
    ("value", "value"),
    ("ref", "$ref"),
    ("display_name", "displayName"),
];
