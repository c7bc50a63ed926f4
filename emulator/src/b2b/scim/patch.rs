//! Changes of a resource by PATCH (RFC 7644, section 3.5.2).
//!
//! Accepts two deviations of widespread directories: operations in capitals, and an object whose names are paths.

use serde_json::{Value, json};

use super::filter::Filter;
use super::path::{Path, canonical};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::merge::Object;

/// Applies the operations of a body to the attributes of a resource.
///
/// Returns an error of RFC 7644, table 9. The attributes can then be changed in part, so the caller must drop them.
pub(super) fn apply(attributes: &mut Value, body: &Fields) -> Result<(), Failure> {
    let operations = body.rows("Operations")?.or(body.rows("operations")?);
    let operations = operations.ok_or(&errors::SCIM_INVALID_SYNTAX)?;
    let mut room = MAX_BYTES.saturating_sub(size(attributes));
    operations
        .iter()
        .try_for_each(|operation| apply_one(attributes, operation, &mut room))
}

/// The value of an operation. A path can name many places, and each receives a copy.
struct New<'a> {
    value: Option<&'a Value>,
    size: usize,
    /// The bytes that the resource may still grow by.
    room: &'a mut usize,
}

impl New<'_> {
    fn copy(&mut self) -> Result<Option<Value>, Failure> {
        let rest = self.room.checked_sub(self.size).ok_or_else(|| {
            errors::SCIM_INVALID_VALUE.with_message("The resource would be too large.")
        })?;
        *self.room = rest;
        Ok(self.value.cloned())
    }
}

/// Returns about the bytes that a value needs.
fn size(value: &Value) -> usize {
    let inner = match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(members) => {
            let members = members.iter();
            members
                .map(|(name, value)| name.len().saturating_add(size(value)))
                .sum()
        }
        Value::String(text) => text.len(),
        _ => 0,
    };
    inner.saturating_add(16)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Add,
    Replace,
    Remove,
}

fn apply_one(attributes: &mut Value, operation: &Fields, room: &mut usize) -> Result<(), Failure> {
    let action = match operation
        .text("op")?
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("add") => Action::Add,
        Some("replace") => Action::Replace,
        Some("remove") => Action::Remove,
        _ => return Err(errors::SCIM_INVALID_SYNTAX.failure()),
    };
    let value = operation.value("value");
    let Some(path) = operation.text("path")? else {
        if action == Action::Remove {
            return Err(errors::SCIM_NO_TARGET.failure());
        }
        let Some(Value::Object(members)) = value else {
            return Err(errors::SCIM_INVALID_VALUE.failure());
        };
        for (name, value) in members {
            if !READ_ONLY.contains(&canonical(name).as_str()) {
                change(attributes, action, (name, Some(value)), room)?;
            }
        }
        return Ok(());
    };
    change(attributes, action, (path, value), room)
}

fn change(
    attributes: &mut Value,
    action: Action,
    (path, value): (&str, Option<&Value>),
    room: &mut usize,
) -> Result<(), Failure> {
    if action != Action::Remove && value.is_none() {
        return Err(errors::SCIM_INVALID_VALUE.failure());
    }
    let (list, filter, rest) = split(path)?;
    let first = list.names().first().map_or("", String::as_str);
    if READ_ONLY.contains(&first) {
        return Err(errors::SCIM_MUTABILITY.failure());
    }
    let mut new = New {
        value,
        size: value.map_or(0, size),
        room,
    };
    let Some(filter) = filter else {
        return set(attributes, list.names(), action, &mut new);
    };
    let [name] = list.names() else {
        return Err(errors::SCIM_INVALID_PATH.failure());
    };
    change_items(attributes, (name, &filter, &rest), action, &mut new)
}

/// Splits `emails[type eq "work"].value` into the list, the filter and the sub-attribute.
fn split(path: &str) -> Result<(Path, Option<Filter>, Vec<String>), Failure> {
    let Some((list, rest)) = path.split_once('[') else {
        return Ok((Path::parse(path)?, None, Vec::new()));
    };
    let malformed = || errors::SCIM_INVALID_PATH.failure();
    let (filter, rest) = rest.rsplit_once(']').ok_or_else(malformed)?;
    let rest = match rest.strip_prefix('.') {
        Some(name) => Path::parse(name)?.names().to_vec(),
        None if rest.is_empty() => Vec::new(),
        None => return Err(malformed()),
    };
    Ok((Path::parse(list)?, Some(Filter::parse(filter)?), rest))
}

/// Changes the items of a list that match a filter.
fn change_items(
    attributes: &mut Value,
    (name, filter, rest): (&str, &Filter, &[String]),
    action: Action,
    new: &mut New,
) -> Result<(), Failure> {
    let no_target = || errors::SCIM_NO_TARGET.failure();
    let attributes = attributes.as_object_mut().ok_or_else(no_target)?;
    let list = attributes.entry(name).or_insert_with(|| json!([]));
    let items = list.as_array_mut().ok_or_else(no_target)?;
    let mut is_found = false;
    match (action, rest) {
        (Action::Remove, []) => {
            let before = items.len();
            items.retain(|item| !filter.matches(item));
            is_found = items.len() != before;
        }
        _ => {
            for item in items.iter_mut().filter(|item| filter.matches(item)) {
                is_found = true;
                set(item, rest, action, new)?;
            }
        }
    }
    if is_found {
        return Ok(());
    }
    // Directories expect that an item which does not exist is created: Entra, for instance, for a first work address.
    let Some((path, wanted)) = filter.as_equality().filter(|_| action != Action::Remove) else {
        return Err(no_target());
    };
    let mut item = json!({});
    let mut first = New {
        value: Some(wanted),
        size: size(wanted),
        room: new.room,
    };
    set(&mut item, path.names(), Action::Add, &mut first)?;
    set(&mut item, rest, Action::Add, new)?;
    items.push(item);
    Ok(())
}

/// Changes the value at these names. Without names, the value itself.
fn set(target: &mut Value, names: &[String], action: Action, new: &mut New) -> Result<(), Failure> {
    let Some((name, rest)) = names.split_first() else {
        return merge_into(target, action, new.copy()?);
    };
    if let Value::Array(items) = target {
        return items
            .iter_mut()
            .try_for_each(|item| set(item, names, action, new));
    }
    let members = target
        .as_object_mut()
        .ok_or_else(|| errors::SCIM_INVALID_PATH.failure())?;
    if action == Action::Remove && rest.is_empty() {
        remove(members, name, new.value);
        return Ok(());
    }
    match members.get_mut(name) {
        Some(inner) => set(inner, rest, action, new),
        None if action == Action::Remove => Ok(()),
        None if rest.is_empty() => {
            members.insert(name.clone(), new.copy()?.unwrap_or_default());
            Ok(())
        }
        None => {
            let mut inner = json!({});
            set(&mut inner, rest, action, new)?;
            members.insert(name.clone(), inner);
            Ok(())
        }
    }
}

/// Removes an attribute. With a list of items as the value, as Entra sends it, removes only these items.
fn remove(members: &mut Object, name: &str, value: Option<&Value>) {
    let removed = value.map(|value| match value {
        Value::Array(items) => items.as_slice(),
        value => std::slice::from_ref(value),
    });
    match (members.get_mut(name), removed) {
        (Some(Value::Array(items)), Some(removed)) => {
            let key = |item: &Value| item.get("value").cloned().unwrap_or_else(|| item.clone());
            let removed: Vec<Value> = removed.iter().map(key).collect();
            items.retain(|item| !removed.contains(&key(item)));
        }
        _ => {
            members.shift_remove(name);
        }
    }
}

fn merge_into(target: &mut Value, action: Action, value: Option<Value>) -> Result<(), Failure> {
    match (target, value) {
        (target, None) => *target = Value::Null,
        (Value::Object(members), Some(Value::Object(added))) => {
            for (name, value) in added {
                members.insert(canonical(&name), value);
            }
        }
        (Value::Array(items), Some(added)) if action == Action::Add => {
            let added = match added {
                Value::Array(added) => added,
                added => vec![added],
            };
            for item in added {
                let is_same = |known: &Value| {
                    known == &item
                        || (item.get("value").is_some() && known.get("value") == item.get("value"))
                };
                if !items.iter().any(is_same) {
                    items.push(item);
                }
            }
        }
        (Value::Array(_), Some(value)) if !value.is_array() => {
            return Err(errors::SCIM_INVALID_VALUE.failure());
        }
        (target, Some(value)) => *target = value,
    }
    Ok(())
}

/// The largest size of a resource that a PATCH results in.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Attributes that the server sets.
pub(super) const READ_ONLY: [&str; 4] = ["id", "meta", "groups", "schemas"];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn patched(before: Value, operations: Value) -> Result<Value, &'static str> {
        let mut attributes = before;
        let body = json!({ "Operations": operations }).to_string();
        let body = Fields::parse(body.as_bytes()).unwrap();
        apply(&mut attributes, &body)
            .map(|()| attributes)
            .map_err(|failure| failure.error_type())
    }

    #[test]
    fn applies_the_operations_of_directories() {
        let user = json!({
            "userName": "ada", "active": true, "name": { "givenName": "Ada", "familyName": "L" },
            "emails": [{ "type": "work", "value": "a@x.example" }, { "type": "home", "value": "b@x.example" }],
        });
        let after = |operations| patched(user.clone(), operations).unwrap();
        let replaced = after(json!([{ "op": "Replace", "path": "active", "value": false }]));
        assert_eq!(replaced["active"], false);
        let pathless = json!([{ "op": "replace", "value": { "active": false, "name.givenName": "Eve", "id": "1" } }]);
        let replaced = after(pathless);
        assert_eq!(
            replaced["name"],
            json!({ "givenName": "Eve", "familyName": "L" })
        );
        assert_eq!(replaced.get("id"), None);
        let by_filter = json!([{ "op": "replace", "path": "emails[type eq \"work\"].value", "value": "c@x.example" }]);
        assert_eq!(after(by_filter)["emails"][0]["value"], "c@x.example");
        let created =
            json!([{ "op": "add", "path": "phoneNumbers[type eq \"work\"].value", "value": "1" }]);
        assert_eq!(
            after(created)["phoneNumbers"],
            json!([{ "type": "work", "value": "1" }])
        );
        let removed = json!([{ "op": "remove", "path": "emails[value co \"B@\"]" }]);
        assert_eq!(after(removed)["emails"].as_array().unwrap().len(), 1);
        let extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let department =
            json!([{ "op": "add", "path": format!("{extension}:department"), "value": "R" }]);
        assert_eq!(after(department)[extension], json!({ "department": "R" }));
        let sub = json!([{ "op": "remove", "path": "name.familyName" }]);
        assert_eq!(after(sub)["name"], json!({ "givenName": "Ada" }));
    }

    #[test]
    fn adds_and_removes_items_once() {
        let group = json!({ "members": [{ "value": "1" }] });
        let add = json!([{ "op": "add", "path": "members", "value": [{ "value": "1" }, { "value": "2" }] }]);
        let after = patched(group.clone(), add).unwrap();
        assert_eq!(
            after["members"],
            json!([{ "value": "1" }, { "value": "2" }])
        );
        for remove in [
            json!({ "op": "remove", "path": "members[value eq \"1\"]" }),
            json!({ "op": "Remove", "path": "members", "value": [{ "value": "1" }] }),
        ] {
            let after = patched(group.clone(), json!([remove])).unwrap();
            assert_eq!(after["members"], json!([]));
        }
        let all = json!([{ "op": "remove", "path": "members" }]);
        assert_eq!(patched(group, all).unwrap(), json!({}));
    }

    #[test]
    fn refuses_malformed_operations() {
        let cases = [
            (
                json!({ "op": "move", "path": "a", "value": 1 }),
                "invalidSyntax",
            ),
            (json!({ "op": "add", "path": "a" }), "invalidValue"),
            (json!({ "op": "add", "value": 1 }), "invalidValue"),
            (json!({ "op": "remove" }), "noTarget"),
            (
                json!({ "op": "replace", "path": "id", "value": "1" }),
                "mutability",
            ),
            (
                json!({ "op": "add", "path": "a[b", "value": 1 }),
                "invalidPath",
            ),
            (
                json!({ "op": "add", "path": "a[b].", "value": 1 }),
                "invalidPath",
            ),
            (
                json!({ "op": "add", "path": "a b", "value": 1 }),
                "invalidPath",
            ),
            (
                json!({ "op": "remove", "path": "emails[type eq \"x\"]" }),
                "noTarget",
            ),
        ];
        for (operation, error) in cases {
            let refused = patched(json!({}), json!([operation])).unwrap_err();
            assert_eq!(refused, error, "{operation}");
        }
    }
}
