//! The common part of all searches: pages, operators, and operands that name a filter. Each search defines its own
//! items and filters.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::errors::{self, ErrorRow, Failure};
use crate::fields::Fields;

/// A filter: its name, and the function that turns its value into a test.
pub(crate) type Filter<T> = (&'static str, fn(&Value) -> Result<Test<T>, Failure>);
pub(crate) type Test<T> = Box<dyn Fn(&T) -> bool>;

/// The filters of a search, and its errors for malformed operands.
pub(crate) struct Family<T: 'static> {
    /// A part of each cursor, so that the cursor of another search is refused.
    pub(crate) name: &'static str,
    pub(crate) filters: &'static [Filter<T>],
    pub(crate) missing_name: &'static ErrorRow,
    pub(crate) missing_value: &'static ErrorRow,
    pub(crate) name_must_be_string: &'static ErrorRow,
    pub(crate) name_not_recognized: &'static ErrorRow,
}

/// A search request.
pub(crate) struct Search<T> {
    family: &'static str,
    limit: usize,
    offset: usize,
    all: bool,
    tests: Vec<Test<T>>,
}

impl<T> Search<T> {
    /// Reads `cursor`, `limit` and `query`.
    pub(crate) fn read(fields: &Fields, family: &Family<T>) -> Result<Self, Failure> {
        let limit = fields
            .whole_number("limit")
            .map_err(|_| &errors::SEARCH_INVALID_LIMIT)?
            .unwrap_or(100);
        let limit = usize::try_from(limit)
            .ok()
            .filter(|limit| (1..=1000).contains(limit));
        let limit = limit.ok_or(&errors::SEARCH_INVALID_LIMIT)?;
        let offset = fields
            .text("cursor")?
            .map_or(Some(0), |cursor| read_cursor(family.name, cursor))
            .ok_or(&errors::SEARCH_INVALID_CURSOR)?;
        let query = fields.inner("query")?.unwrap_or_default();
        let operands = query
            .value("operands")
            .map_or(Some(&[][..]), |list| list.as_array().map(Vec::as_slice));
        let operands = operands.ok_or_else(|| {
            errors::INVALID_ARGUMENT.with_message("The field query.operands must be a list.")
        })?;
        // A test of one of Stytch's SDKs sends the operator in lower case, so both cases are accepted.
        let operator = query.text("operator")?.map(str::to_uppercase);
        let all = match operator.as_deref() {
            Some("AND") => true,
            Some("OR") => false,
            None if operands.is_empty() => true,
            _ => return Err(errors::SEARCH_INVALID_OPERATOR.failure()),
        };
        let tests = operands
            .iter()
            .map(|operand| read_operand(operand, family))
            .collect::<Result<_, Failure>>()?;
        Ok(Self {
            family: family.name,
            limit,
            offset,
            all,
            tests,
        })
    }

    /// Returns one page of the matching items in their original order, and its `results_metadata`.
    pub(crate) fn page<'a>(&self, items: impl Iterator<Item = &'a T>) -> (Vec<&'a T>, Value) {
        let matches = |item: &&T| match self.all {
            true => self.tests.iter().all(|test| test(item)),
            false => self.tests.is_empty() || self.tests.iter().any(|test| test(item)),
        };
        let found: Vec<&T> = items.filter(matches).collect();
        let total = found.len();
        let page: Vec<&T> = found
            .into_iter()
            .skip(self.offset)
            .take(self.limit)
            .collect();
        let end = self.offset.saturating_add(page.len());
        let next_cursor = (end < total).then(|| cursor(self.family, end));
        (page, json!({ "total": total, "next_cursor": next_cursor }))
    }
}

/// Returns the cursor of a page: the number of items before it.
pub(crate) fn cursor(family: &str, offset: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("{family}:{offset}"))
}

/// Decodes a cursor: the number of items before it. The encoding keeps callers from using the number.
pub(crate) fn read_cursor(family: &str, cursor: &str) -> Option<usize> {
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (name, offset) = decoded.split_once(':')?;
    (name == family).then(|| offset.parse().ok()).flatten()
}

fn read_operand<T>(operand: &Value, family: &Family<T>) -> Result<Test<T>, Failure> {
    let name = operand.get("filter_name").filter(|name| !name.is_null());
    let name = name.ok_or(family.missing_name)?;
    let name = name.as_str().ok_or(family.name_must_be_string)?;
    let (_, read) = family
        .filters
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or(family.name_not_recognized)?;
    let value = operand.get("filter_value").filter(|value| !value.is_null());
    read(value.ok_or(family.missing_value)?)
}
