//! `POST /v1/m2m/clients/search`. Clients are returned in the order of creation. Filters compare complete
//! strings.

use serde_json::{Value, json};

use super::client::{Client, Clients};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::search::{Family, Search, Test};

static CLIENTS: Family<Client> = Family {
    name: "m2m_clients",
    filters: &[
        ("client_id", |value| {
            any_of(value, |client| std::slice::from_ref(&client.client_id))
        }),
        ("client_name", |value| {
            any_of(value, |client| std::slice::from_ref(&client.client_name))
        }),
        ("scopes", |value| any_of(value, |client| &client.scopes)),
    ],
    missing_name: &errors::M2M_SEARCH_MISSING_FILTER_NAME,
    missing_value: &errors::M2M_SEARCH_MISSING_FILTER_VALUE,
    name_must_be_string: &errors::M2M_SEARCH_FILTER_NAME_MUST_BE_STRING,
    name_not_recognized: &errors::M2M_SEARCH_FILTER_NAME_NOT_RECOGNIZED,
};

pub(crate) fn search(clients: &Clients, call: &Call) -> Result<Reply, Failure> {
    let search = Search::read(&call.fields, &CLIENTS)?;
    let (page, results_metadata) = search.page(clients.iter());
    Ok(Reply::ok(
        json!({ "m2m_clients": page, "results_metadata": results_metadata }),
    ))
}

fn any_of(value: &Value, held: fn(&Client) -> &[String]) -> Result<Test<Client>, Failure> {
    let wanted: Vec<String> = serde_json::from_value(value.clone())
        .map_err(|_| &errors::M2M_SEARCH_EXPECTED_ARRAY_OF_STRINGS)?;
    Ok(Box::new(move |client| {
        held(client).iter().any(|text| wanted.contains(text))
    }))
}
