//! Filters of SCIM (RFC 7644, section 3.4.2.2): a parser by recursive descent, and the evaluation.
//!
//! Texts are compared without regard to case, except for `id` and `externalId`.

use std::cmp::Ordering;

use serde_json::Value;

use super::path::Path;
use crate::errors::{self, Failure};

/// A parsed filter.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Filter {
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Present(Path),
    Compare(Path, Operator, Value),
    /// A filter on the items of a list: `emails[type eq "work"]`.
    Items(Path, Box<Self>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Filter {
    /// Parses a complete text.
    ///
    /// Returns `invalidFilter` if the text is malformed, is longer than 4096 bytes, or has more than 30 levels.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        // Before the parsing: a long filter would be a deep tree, which is dropped recursively.
        if text.len() > MAX_LENGTH {
            return Err(malformed());
        }
        let mut parser = Parser { rest: text };
        let filter = parser.alternatives(0)?;
        parser.skip_spaces();
        match parser.rest.is_empty() {
            true => Ok(filter),
            false => Err(malformed()),
        }
    }

    /// Whether the resource matches.
    pub(super) fn matches(&self, resource: &Value) -> bool {
        match self {
            Self::And(left, right) => left.matches(resource) && right.matches(resource),
            Self::Or(left, right) => left.matches(resource) || right.matches(resource),
            Self::Not(inner) => !inner.matches(resource),
            Self::Present(path) => path.values(resource).into_iter().any(is_present),
            Self::Items(path, inner) => {
                let lists = resource.pointer(&pointer(path));
                let items = lists.and_then(Value::as_array).into_iter().flatten();
                items.into_iter().any(|item| inner.matches(item))
            }
            Self::Compare(path, operator, wanted) => {
                let is_exact = path
                    .names()
                    .last()
                    .is_some_and(|name| name == "id" || name == "externalId");
                let found = path.values(resource);
                match operator {
                    Operator::NotEqual => !found
                        .iter()
                        .any(|value| compares(value, Operator::Equal, wanted, is_exact)),
                    _ if found.is_empty() => *operator == Operator::Equal && wanted.is_null(),
                    _ => found
                        .iter()
                        .any(|value| compares(value, *operator, wanted, is_exact)),
                }
            }
        }
    }

    /// Returns the attribute and the value if the filter is one comparison by `eq`, from which an item can be created.
    pub(super) fn as_equality(&self) -> Option<(&Path, &Value)> {
        match self {
            Self::Compare(path, Operator::Equal, value) => Some((path, value)),
            _ => None,
        }
    }
}

fn pointer(path: &Path) -> String {
    path.names().iter().fold(String::new(), |pointer, name| {
        format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
    })
}

fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn compares(value: &Value, operator: Operator, wanted: &Value, is_exact: bool) -> bool {
    let (Some(text), Some(wanted_text)) = (value.as_str(), wanted.as_str()) else {
        // Some directories send booleans as texts.
        let as_text = |value: &Value| match value {
            Value::Bool(flag) => Some(flag.to_string()),
            Value::String(text) => Some(text.to_ascii_lowercase()),
            _ => None,
        };
        let ordering = match (value.as_f64(), wanted.as_f64()) {
            (Some(left), Some(right)) => left.partial_cmp(&right),
            _ if value == wanted => Some(Ordering::Equal),
            _ => (as_text(value).is_some() && as_text(value) == as_text(wanted))
                .then_some(Ordering::Equal),
        };
        return orders(ordering, operator);
    };
    let fold = |text: &str| match is_exact {
        true => text.to_owned(),
        false => text.to_lowercase(),
    };
    let (text, wanted) = (fold(text), fold(wanted_text));
    match operator {
        Operator::Contains => text.contains(&wanted),
        Operator::StartsWith => text.starts_with(&wanted),
        Operator::EndsWith => text.ends_with(&wanted),
        _ => orders(Some(text.cmp(&wanted)), operator),
    }
}

fn orders(ordering: Option<Ordering>, operator: Operator) -> bool {
    match operator {
        Operator::Equal => ordering == Some(Ordering::Equal),
        Operator::Greater => ordering == Some(Ordering::Greater),
        Operator::GreaterOrEqual => ordering.is_some_and(Ordering::is_ge),
        Operator::Less => ordering == Some(Ordering::Less),
        Operator::LessOrEqual => ordering.is_some_and(Ordering::is_le),
        Operator::NotEqual | Operator::Contains | Operator::StartsWith | Operator::EndsWith => {
            false
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn alternatives(&mut self, level: usize) -> Result<Filter, Failure> {
        let mut left = self.conjunction(level)?;
        while self.takes_word("or") {
            left = Filter::Or(Box::new(left), Box::new(self.conjunction(level)?));
        }
        Ok(left)
    }

    fn conjunction(&mut self, level: usize) -> Result<Filter, Failure> {
        let mut left = self.term(level)?;
        while self.takes_word("and") {
            left = Filter::And(Box::new(left), Box::new(self.term(level)?));
        }
        Ok(left)
    }

    fn term(&mut self, level: usize) -> Result<Filter, Failure> {
        if level > MAX_LEVELS {
            return Err(malformed());
        }
        let inner = level.saturating_add(1);
        self.skip_spaces();
        if self.takes_word("not") {
            self.skip_spaces();
            self.expect('(')?;
            let negated = self.alternatives(inner)?;
            self.skip_spaces();
            self.expect(')')?;
            return Ok(Filter::Not(Box::new(negated)));
        }
        if self.takes('(') {
            let grouped = self.alternatives(inner)?;
            self.skip_spaces();
            self.expect(')')?;
            return Ok(grouped);
        }
        let path = Path::parse(self.word()).map_err(|_| malformed())?;
        if self.takes('[') {
            let items = self.alternatives(inner)?;
            self.skip_spaces();
            self.expect(']')?;
            return Ok(Filter::Items(path, Box::new(items)));
        }
        self.skip_spaces();
        let name = self.word().to_ascii_lowercase();
        if name == "pr" {
            return Ok(Filter::Present(path));
        }
        let mut operators = OPERATORS.iter();
        let operator = operators.find(|(known, _)| *known == name);
        let (_, operator) = operator.ok_or_else(malformed)?;
        self.skip_spaces();
        Ok(Filter::Compare(path, *operator, self.value()?))
    }

    /// Reads a JSON value that is not a list or an object.
    fn value(&mut self) -> Result<Value, Failure> {
        let end = if self.rest.starts_with('"') {
            let mut is_escaped = false;
            let mut end = None;
            for (index, character) in self.rest.char_indices().skip(1) {
                match character {
                    _ if is_escaped => is_escaped = false,
                    '\\' => is_escaped = true,
                    '"' => {
                        end = Some(index.saturating_add(1));
                        break;
                    }
                    _ => {}
                }
            }
            end.ok_or_else(malformed)?
        } else {
            self.word_length()
        };
        let (text, rest) = self.rest.split_at_checked(end).ok_or_else(malformed)?;
        self.rest = rest;
        let value: Value = serde_json::from_str(text)
            .or_else(|_| serde_json::from_str(&text.to_ascii_lowercase()))
            .map_err(|_| malformed())?;
        match value {
            Value::Array(_) | Value::Object(_) => Err(malformed()),
            value => Ok(value),
        }
    }

    fn word(&mut self) -> &'a str {
        let (word, rest) = self.rest.split_at(self.word_length());
        self.rest = rest;
        word
    }

    fn word_length(&self) -> usize {
        let ends = |character: char| character.is_whitespace() || "()[]\"".contains(character);
        self.rest.find(ends).unwrap_or(self.rest.len())
    }

    /// Reads the word if it comes next.
    fn takes_word(&mut self, wanted: &str) -> bool {
        let before = self.rest;
        self.skip_spaces();
        if self.word().eq_ignore_ascii_case(wanted) {
            return true;
        }
        self.rest = before;
        false
    }

    fn takes(&mut self, wanted: char) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, wanted: char) -> Result<(), Failure> {
        match self.takes(wanted) {
            true => Ok(()),
            false => Err(malformed()),
        }
    }

    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }
}

fn malformed() -> Failure {
    errors::SCIM_INVALID_FILTER.failure()
}

const OPERATORS: [(&str, Operator); 9] = [
    ("eq", Operator::Equal),
    ("ne", Operator::NotEqual),
    ("co", Operator::Contains),
    ("sw", Operator::StartsWith),
    ("ew", Operator::EndsWith),
    ("gt", Operator::Greater),
    ("ge", Operator::GreaterOrEqual),
    ("lt", Operator::Less),
    ("le", Operator::LessOrEqual),
];
const MAX_LENGTH: usize = 4096;
const MAX_LEVELS: usize = 30;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn filters_match_as_in_rfc_7644() {
        let user = json!({
            "id": "Abc", "userName": "bjensen", "title": "Tour Guide", "active": true, "nickName": "",
            "name": { "familyName": "O'Malley" },
            "emails": [
                { "type": "work", "value": "b@example.com", "primary": true },
                { "type": "home", "value": "babs@jensen.example" },
            ],
            "meta": { "lastModified": "2011-05-13T04:42:34Z" },
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "Tours" },
        });
        let cases = [
            (r#"userName Eq "BJensen""#, true),
            (r#"id eq "abc""#, false),
            (r#"id eq "Abc""#, true),
            (r#"name.familyName co "o'malley""#, true),
            (
                r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "bj""#,
                true,
            ),
            ("title pr", true),
            ("nickName pr", false),
            ("nickname pr or title pr", true),
            (r#"meta.lastModified gt "2011-05-13T04:42:34Z""#, false),
            (r#"meta.lastModified ge "2011-05-13T04:42:34Z""#, true),
            (r#"title pr and userName eq "x""#, false),
            (r#"userName eq "x" or title pr and active eq true"#, true),
            (
                r#"(userName eq "x" or title pr) and active eq false"#,
                false,
            ),
            (r#"not (userName eq "x")"#, true),
            (
                r#"emails[type eq "work" and value co "@example.com"]"#,
                true,
            ),
            (
                r#"emails[type eq "home" and value co "@example.com"]"#,
                false,
            ),
            (r#"emails co "jensen.example""#, true),
            (r#"emails.type eq "home""#, true),
            (r#"userName ne "bjensen""#, false),
            (r#"unknown eq null"#, true),
            (r#"active eq "True""#, true),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"tours\"",
                true,
            ),
            (r#"title ew "guide""#, true),
        ];
        for (text, expected) in cases {
            assert_eq!(
                Filter::parse(text).unwrap().matches(&user),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_malformed_filters() {
        let deep = "(".repeat(100);
        let long = format!("a eq \"{}\"", "x".repeat(5000));
        for text in [
            "",
            "a",
            "a eq",
            "a xx 1",
            "a eq \"",
            "(a pr",
            "a pr)",
            "a pr and",
            "a[b pr",
            "a eq [1]",
            "a eq 1 2",
            "1 pr",
            "not a pr",
            &deep,
            &long,
            "a eq \u{1f600}",
            "é pr",
        ] {
            assert!(Filter::parse(text).is_err(), "{text}");
        }
    }
}
