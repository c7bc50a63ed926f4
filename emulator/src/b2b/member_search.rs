//! `POST /v1/b2b/organizations/members/search`: one table row per filter. Pages and operators are in `src/search.rs`.
//!
//! Members are returned in the order of the organizations in the call, and then in the order of creation.

use serde_json::{Value, json};

use super::B2b;
use super::member::{Member, Status};
use crate::call::{Call, Reply};
use crate::errors::{self, ErrorRow, Failure};
use crate::fields::Fields;
use crate::merge::Object;
use crate::search::{self, Family, Search};

/// `POST /v1/b2b/organizations/members/search`. Deleted members are found only if the filter `statuses` lists `deleted`.
pub(crate) fn search(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let ids = call.fields.texts("organization_ids")?.unwrap_or_default();
    if ids.is_empty() {
        return Err(errors::MEMBER_SEARCH_ORGANIZATION_IDS_EMPTY.failure());
    }
    let search = Search::read(&call.fields, &MEMBERS)?;
    let mut organization_ids: Vec<&str> = Vec::new();
    for id in &ids {
        let id = b2b.organizations.find(id)?.organization_id.as_str();
        if !organization_ids.contains(&id) {
            organization_ids.push(id);
        }
    }
    let finds_deleted = finds_deleted(&call.fields)?;
    let members = organization_ids
        .iter()
        .flat_map(|id| b2b.members.every_of(id))
        .filter(|member| finds_deleted || !member.is_deleted());
    let (page, results_metadata) = search.page(members);
    let mut organizations = Object::new();
    for member in &page {
        let organization = b2b.organizations.find(&member.organization_id)?;
        organizations.insert(member.organization_id.clone(), json!(organization));
    }
    Ok(Reply::ok(json!({
        "members": page,
        "organizations": organizations,
        "results_metadata": results_metadata,
    })))
}

/// Whether a filter asks for deleted members.
fn finds_deleted(fields: &Fields) -> Result<bool, Failure> {
    let query = fields.inner("query")?.unwrap_or_default();
    let operands = query.value("operands").and_then(Value::as_array);
    let asks = |operand: &Value| {
        let values = operand.get("filter_value").and_then(Value::as_array);
        let is_status = operand.get("filter_name").and_then(Value::as_str) == Some("statuses");
        is_status && values.is_some_and(|values| values.iter().any(|value| value == "deleted"))
    };
    Ok(operands.into_iter().flatten().any(asks))
}

type Test = search::Test<Member>;

static MEMBERS: Family<Member> = Family {
    name: "members",
    filters: &[
        ("member_ids", member_ids),
        ("member_emails", |value| {
            any_of(value, |member| vec![member.email_address.clone()])
        }),
        ("member_email_fuzzy", |value| {
            fuzzy(value, &errors::MEMBER_SEARCH_EMAIL_TOO_SHORT, |member| {
                &member.email_address
            })
        }),
        ("member_is_breakglass", |value| {
            flag(value, |member| member.is_breakglass)
        }),
        ("statuses", statuses),
        ("member_phone_numbers", phone_numbers),
        ("member_mfa_phone_numbers", phone_numbers),
        ("member_phone_number_fuzzy", phone_number_fuzzy),
        ("member_mfa_phone_number_fuzzy", phone_number_fuzzy),
        ("member_password_exists", |value| {
            flag(value, |member| !member.member_password_id.is_empty())
        }),
        ("member_totp_exists", |value| {
            flag(value, |member| !member.totp_registration_id.is_empty())
        }),
        ("member_roles", |value| any_of(value, Member::role_ids)),
        ("member_oauth_providers", |value| {
            any_of(value, |member| {
                let registrations = member.oauth_registrations.iter();
                let providers = registrations.filter_map(|one| one.get("provider_type")?.as_str());
                providers.map(str::to_owned).collect()
            })
        }),
    ],
    missing_name: &errors::MEMBER_SEARCH_MISSING_FILTER_NAME,
    missing_value: &errors::MEMBER_SEARCH_MISSING_FILTER_VALUE,
    name_must_be_string: &errors::MEMBER_SEARCH_FILTER_NAME_MUST_BE_STRING,
    name_not_recognized: &errors::MEMBER_SEARCH_FILTER_NAME_NOT_RECOGNIZED,
};

/// A list of ids, or a list of external ids. The API does not accept both in one list.
fn member_ids(value: &Value) -> Result<Test, Failure> {
    let wanted = texts(value)?;
    let internal = wanted.iter().filter(|id| id.starts_with("member-")).count();
    if internal != 0 && internal != wanted.len() {
        return Err(errors::MEMBER_SEARCH_CANNOT_MIX_IDS.failure());
    }
    Ok(Box::new(move |member| {
        let external_id = member.external_id.as_ref();
        wanted.contains(&member.member_id) || external_id.is_some_and(|id| wanted.contains(id))
    }))
}

fn statuses(value: &Value) -> Result<Test, Failure> {
    let wanted = texts(value)?;
    let wanted: Result<Vec<Status>, _> = wanted
        .into_iter()
        .map(|status| serde_json::from_value(json!(status)))
        .collect();
    let wanted = wanted.map_err(|_| &errors::SEARCH_INVALID_MEMBER_STATUS_FILTER)?;
    Ok(Box::new(move |member| wanted.contains(&member.status)))
}

fn phone_numbers(value: &Value) -> Result<Test, Failure> {
    any_of(value, |member| vec![member.mfa_phone_number.clone()])
}

fn phone_number_fuzzy(value: &Value) -> Result<Test, Failure> {
    fuzzy(value, &errors::MEMBER_SEARCH_PHONE_TOO_SHORT, |member| {
        &member.mfa_phone_number
    })
}

fn any_of(value: &Value, held: fn(&Member) -> Vec<String>) -> Result<Test, Failure> {
    let wanted = texts(value)?;
    let wanted: Vec<String> = wanted.iter().map(|text| text.to_lowercase()).collect();
    Ok(Box::new(move |member| {
        let mut held = held(member).into_iter();
        held.any(|text| wanted.contains(&text.to_lowercase()))
    }))
}

fn flag(value: &Value, held: fn(&Member) -> bool) -> Result<Test, Failure> {
    let wanted = value.as_bool();
    let wanted = wanted.ok_or(&errors::MEMBER_SEARCH_EXPECTED_BOOLEAN)?;
    Ok(Box::new(move |member| held(member) == wanted))
}

fn fuzzy(
    value: &Value,
    too_short: &'static ErrorRow,
    held: fn(&Member) -> &str,
) -> Result<Test, Failure> {
    let wanted = value.as_str();
    let wanted = wanted.ok_or(&errors::MEMBER_SEARCH_EXPECTED_STRING)?;
    let wanted = wanted.to_lowercase();
    if wanted.chars().count() < 3 {
        return Err(too_short.failure());
    }
    Ok(Box::new(move |member| held(member).contains(&wanted)))
}

fn texts(value: &Value) -> Result<Vec<String>, Failure> {
    let texts = serde_json::from_value(value.clone());
    texts.map_err(|_| errors::MEMBER_SEARCH_EXPECTED_STRINGS.failure())
}
