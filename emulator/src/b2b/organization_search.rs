//! `POST /v1/b2b/organizations/search`: one table row per filter. Pages and operators are in `src/search.rs`.
//!
//! Organizations are returned in the order of creation. A fuzzy filter compares substrings in lower case.

use serde_json::{Value, json};

use super::B2b;
use super::organization::Organization;
use crate::call::{Call, Reply};
use crate::errors::{self, ErrorRow, Failure};
use crate::search::{self, Family, Search};

/// `POST /v1/b2b/organizations/search`.
pub(crate) fn search(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let search = Search::read(&call.fields, &ORGANIZATIONS)?;
    let entries: Vec<Entry> = b2b
        .organizations
        .iter()
        .map(|organization| Entry::new(b2b, organization))
        .collect();
    let (page, results_metadata) = search.page(entries.iter());
    let page: Vec<&Organization> = page.into_iter().map(|entry| &entry.organization).collect();
    Ok(Reply::ok(
        json!({ "organizations": page, "results_metadata": results_metadata }),
    ))
}

/// An organization, and the email addresses of its members.
struct Entry {
    organization: Organization,
    emails: Vec<String>,
}

impl Entry {
    fn new(b2b: &B2b, organization: &Organization) -> Self {
        let members = b2b.members.of(&organization.organization_id);
        Self {
            organization: organization.clone(),
            emails: members.map(|member| member.email_address.clone()).collect(),
        }
    }

    /// The connections, which are a part of the API's form only.
    fn connection_ids(&self) -> Vec<String> {
        let view = json!(self.organization);
        let connections = view.get("sso_active_connections").and_then(Value::as_array);
        let ids = connections.into_iter().flatten();
        ids.filter_map(|connection| connection.get("connection_id")?.as_str().map(str::to_owned))
            .collect()
    }

    fn settings(&self) -> &super::settings::Settings {
        &self.organization.settings
    }
}

type Test = search::Test<Entry>;

static ORGANIZATIONS: Family<Entry> = Family {
    name: "organizations",
    filters: &[
        ("organization_ids", |value| {
            any_of(value, |entry| {
                let external_id = entry.organization.organization_external_id.clone();
                let mut ids = vec![entry.organization.organization_id.clone()];
                ids.extend(external_id);
                ids
            })
        }),
        ("organization_slugs", |value| {
            any_of(value, |entry| {
                vec![entry.organization.organization_slug.clone()]
            })
        }),
        ("organization_slug_fuzzy", |value| {
            fuzzy(
                value,
                &errors::ORGANIZATION_SEARCH_SLUG_TOO_SHORT,
                |entry| vec![entry.organization.organization_slug.clone()],
            )
        }),
        ("organization_name_fuzzy", |value| {
            fuzzy(
                value,
                &errors::ORGANIZATION_SEARCH_NAME_TOO_SHORT,
                |entry| vec![entry.organization.organization_name.clone()],
            )
        }),
        ("member_emails", |value| {
            any_of(value, |entry| entry.emails.clone())
        }),
        ("member_email_fuzzy", |value| {
            fuzzy(
                value,
                &errors::ORGANIZATION_SEARCH_EMAIL_TOO_SHORT,
                |entry| entry.emails.clone(),
            )
        }),
        ("allowed_domains", |value| {
            any_of(value, |entry| entry.settings().allowed_domains().to_vec())
        }),
        ("allowed_domain_fuzzy", |value| {
            fuzzy(
                value,
                &errors::ORGANIZATION_SEARCH_DOMAIN_TOO_SHORT,
                |entry| entry.settings().allowed_domains().to_vec(),
            )
        }),
        ("claimed_email_domains", |value| {
            any_of(value, |entry| entry.settings().claimed_domains().to_vec())
        }),
        ("has_active_sso_connection", |value| {
            let wanted = value.as_bool();
            let wanted = wanted.ok_or(&errors::ORGANIZATION_SEARCH_EXPECTED_BOOLEAN)?;
            Ok(Box::new(move |entry: &Entry| {
                entry.connection_ids().is_empty() != wanted
            }))
        }),
        ("sso_connection_id", |value| {
            let wanted = text(value)?.to_owned();
            Ok(Box::new(move |entry: &Entry| {
                entry.connection_ids().contains(&wanted)
            }))
        }),
    ],
    missing_name: &errors::ORGANIZATION_SEARCH_MISSING_FILTER_NAME,
    missing_value: &errors::ORGANIZATION_SEARCH_MISSING_FILTER_VALUE,
    name_must_be_string: &errors::ORGANIZATION_SEARCH_FILTER_NAME_MUST_BE_STRING,
    name_not_recognized: &errors::ORGANIZATION_SEARCH_FILTER_NAME_NOT_RECOGNIZED,
};

fn any_of(value: &Value, held: fn(&Entry) -> Vec<String>) -> Result<Test, Failure> {
    let wanted: Vec<String> = serde_json::from_value(value.clone())
        .map_err(|_| &errors::ORGANIZATION_SEARCH_EXPECTED_STRINGS)?;
    let wanted: Vec<String> = wanted.iter().map(|text| text.to_lowercase()).collect();
    Ok(Box::new(move |entry| {
        let mut held = held(entry).into_iter();
        held.any(|text| wanted.contains(&text.to_lowercase()))
    }))
}

fn fuzzy(
    value: &Value,
    too_short: &'static ErrorRow,
    held: fn(&Entry) -> Vec<String>,
) -> Result<Test, Failure> {
    let wanted = text(value)?.to_lowercase();
    if wanted.chars().count() < 3 {
        return Err(too_short.failure());
    }
    Ok(Box::new(move |entry| {
        let mut held = held(entry).into_iter();
        held.any(|text| text.to_lowercase().contains(&wanted))
    }))
}

fn text(value: &Value) -> Result<&str, Failure> {
    let text = value.as_str();
    text.ok_or_else(|| errors::ORGANIZATION_SEARCH_EXPECTED_STRING.failure())
}
