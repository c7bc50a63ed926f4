//! Templates of custom claims: a JSON object with tags such as `{{ user.trusted_metadata.plan }}`, which are replaced by
//! the values of the user or the member.
//!
//! A tag outside of quotes becomes a JSON value, and a tag inside of quotes becomes a part of the text. A value that does
//! not exist is `null` or an empty text. Assumptions: the tags begin with `user`, `member` or `organization`, and have no
//! functions.

use serde_json::Value;

use crate::merge::Object;

/// Returns the reason, as a sentence, if the template is not a JSON object or has a malformed tag. An empty template is
/// valid.
pub(crate) fn validate(template: &str) -> Result<(), &'static str> {
    render(template, &|_| None).map(drop)
}

/// Returns the claims of a template. `value` returns the value of a path, for example `user.trusted_metadata.plan`.
pub(crate) fn render(
    template: &str,
    value: &dyn Fn(&str) -> Option<Value>,
) -> Result<Object, &'static str> {
    if template.trim().is_empty() {
        return Ok(Object::new());
    }
    let mut written = String::with_capacity(template.len());
    let mut rest = template;
    let mut is_quoted = false;
    while let Some(next) = rest.chars().next() {
        if let Some(tag) = rest.strip_prefix("{{") {
            let (path, after) = tag
                .split_once("}}")
                .ok_or("A tag of the template does not end with }}.")?;
            let path = path.trim();
            if !is_path(path) {
                return Err(
                    "A tag of the template must be a path that begins with user, member or organization.",
                );
            }
            written.push_str(&inserted(value(path), is_quoted));
            rest = after;
            continue;
        }
        let taken = match next {
            '\\' if is_quoted => rest.chars().take(2).map(char::len_utf8).sum(),
            '"' => {
                is_quoted = !is_quoted;
                1
            }
            other => other.len_utf8(),
        };
        let (plain, after) = rest.split_at(taken);
        written.push_str(plain);
        rest = after;
    }
    match serde_json::from_str(&written) {
        Ok(Value::Object(claims)) => Ok(claims),
        _ => Err("The template is not a JSON object."),
    }
}

fn is_path(path: &str) -> bool {
    let root = path.split('.').next().unwrap_or_default();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    ["user", "member", "organization"].contains(&root) && path.bytes().all(fits)
}

/// Returns the JSON text of a value, without quotes inside of a text.
fn inserted(value: Option<Value>, is_quoted: bool) -> String {
    let value = value.unwrap_or_default();
    if !is_quoted {
        return value.to_string();
    }
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    };
    let quoted = Value::String(text).to_string();
    let inner = quoted
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
        let mut names = path.split('.').filter(|name| !name.is_empty());
        names.try_fold(value, |value, name| value.get(name))
    }

    #[test]
    fn replaces_tags_inside_and_outside_of_quotes() {
        let user = json!({ "plan": "g\"old", "groups": ["a", "b"], "age": 7 });
        let value = |path: &str| at(&user, path.strip_prefix("user")?).cloned();
        let template = r#"{ "plan": {{ user.plan }}, "text": "is {{user.plan}}, {{user.age}}\"{{user.none}}",
            "groups": {{ user.groups }}, "none": {{ user.a.b }}, "all": {{user}} }"#;
        let expected = json!({
            "plan": "g\"old", "text": "is g\"old, 7\"", "groups": ["a", "b"], "none": null, "all": user,
        });
        assert_eq!(Value::Object(render(template, &value).unwrap()), expected);
        assert!(render(" ", &value).unwrap().is_empty());
    }

    #[test]
    fn refuses_malformed_templates() {
        for template in [
            "[]",
            "sample-text",
            "{ \"a\": {{ user.plan }",
            "{ \"a\": {{ request.x }} }",
            "{ \"a\": {{ user.x() }} }",
            "{ \"a\": {{}} }",
        ] {
            assert!(validate(template).is_err(), "{template}");
        }
        assert!(validate("{ \"a\": \"{{ member.rbac.roles }}\" }").is_ok());
    }
}
