//! `/_emulator/oauth`: the page that stands for every OAuth provider. A start URL redirects to it. The person chooses or types
//! an account, and the page redirects to the application, as the provider and the API do.
//!
//! `GET` returns the page. `POST` answers it, with a form or JSON, so that a test can do the same without a browser:
//!
//! - `state`: the parameter of the page's URL.
//! - `email_address`, `email_verified` (default: `true`), `subject` (default: it follows from the address), `name`, and
//!   `tenants`, separated by spaces: the account. An address or a subject is required.
//! - `decision`: `allow` (default) or `deny`.
//!
//! Assumption: if the user denies the log-in, the browser receives the error `oauth_flow_callback_error`, not a redirect.

use serde_json::json;

use crate::b2b;
use crate::clock::UnixSeconds;
use crate::consumer;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::message::{Request, Response};
use crate::oauth::account::{Grant, Identity};
use crate::oauth::flow::{Flow, Purpose};
use crate::oauth::providers::Provider;
use crate::page::provider::{self, Offer};
use crate::product::Product;
use crate::redirects;
use crate::shapes;
use crate::state::State;

/// Returns the page.
pub(super) fn show(state: &mut State, request: &Request, now: UnixSeconds) -> Response {
    let page = || {
        let params = Fields::parse_form(request.query.as_bytes())?;
        let (product, flow) = find(state, &params, now)?;
        let provider = Provider::find(&flow.provider, product)?;
        let offer = |account: Identity| Offer {
            subject: account.subject,
            email_address: account.email_address,
            name: account.name,
        };
        let projects = &state.projects;
        let offers: Vec<Offer> = match product {
            Product::Consumer => consumer::oauth::accounts(&projects.consumer, provider)
                .take(MAX_OFFERS)
                .map(offer)
                .collect(),
            Product::B2b => b2b::oauth::accounts(&projects.b2b, provider, &flow.purpose)
                .take(MAX_OFFERS)
                .map(offer)
                .collect(),
        };
        Ok(provider::page(&provider::Content {
            provider: provider.r#type,
            has_tenants: provider.has_tenants,
            state: &flow.state,
            scopes: &flow.scopes,
            login_hint: &flow.login_hint,
            redirect_url: &flow.redirect_urls.0,
            offers: &offers,
        }))
    };
    page().unwrap_or_else(|failure| refusal(state, &failure))
}

/// Reads the answer of the person, and redirects to the application.
pub(super) fn answer(state: &mut State, request: &Request, now: UnixSeconds) -> Response {
    match redirect_url(state, request, now) {
        Ok(url) => {
            let mut response = Response::json(303, &json!({ "redirect_url": url }));
            response.headers.push(("location".into(), url));
            response
        }
        Err(failure) => refusal(state, &failure),
    }
}

fn redirect_url(state: &mut State, request: &Request, now: UnixSeconds) -> Result<String, Failure> {
    let fields = match request.has_form() {
        true => Fields::parse_form(&request.body)?,
        false => Fields::parse(&request.body)?,
    };
    let (product, flow) = find(state, &fields, now)?;
    let provider = Provider::find(&flow.provider, product)?;
    match fields.text("decision")? {
        None | Some("allow") => {}
        Some("deny") => {
            state.projects.of_mut(product).oauth.end(&flow);
            return Err(errors::OAUTH_FLOW_CALLBACK_ERROR.failure());
        }
        Some(_) => {
            return Err(
                errors::INVALID_ARGUMENT.with_message("The decision must be allow or deny.")
            );
        }
    }
    let identity = read(&fields, provider)?;

    let projects = &state.projects;
    let is_known = match product {
        Product::Consumer => {
            consumer::oauth::is_known(&projects.consumer, &identity, &flow.purpose)
        }
        Product::B2b => b2b::oauth::is_known(&projects.b2b, &identity, &flow.purpose),
    };
    let slug = match product {
        Product::Consumer => None,
        Product::B2b => b2b::oauth::slug(&projects.b2b, &flow.purpose),
    };
    let (for_known, for_new) = flow.redirect_urls.clone();
    let redirect_url = if is_known { for_known } else { for_new };
    let token_type = match flow.purpose {
        Purpose::Discovery => "discovery_oauth",
        _ => "oauth",
    };
    let project = state.projects.of_mut(product);
    let token_time = project.token_time(now);
    let account = (provider, &identity);
    let scopes = flow.scopes.clone();
    let grant = Grant::new(&mut state.ids, &project.keys, account, scopes, token_time)?;
    let account = (identity, grant);
    let token = project.oauth.finish(&mut state.ids, flow, account, now);
    let mut params = vec![("stytch_token_type", token_type), ("token", token.as_str())];
    params.extend(slug.as_deref().map(|slug| ("slug", slug)));
    Ok(redirects::link(&redirect_url, &params))
}

/// Finds the log-in that `state` names, in either project.
fn find(state: &State, fields: &Fields, now: UnixSeconds) -> Result<(Product, Flow), Failure> {
    let text = fields.text("state")?.unwrap_or_default();
    let in_project = |product| {
        let flow = state.projects.of(product).oauth.flow(text, now);
        flow.map(|flow| (product, flow.clone()))
    };
    in_project(Product::Consumer).or_else(|_| in_project(Product::B2b))
}

/// Reads the account.
fn read(fields: &Fields, provider: &Provider) -> Result<Identity, Failure> {
    let text = |name| Ok::<_, Failure>(fields.text(name)?.unwrap_or_default().trim().to_owned());
    let email_address = text("email_address")?.to_lowercase();
    if !email_address.is_empty() && !shapes::is_email(&email_address) {
        return Err(errors::INVALID_EMAIL.failure());
    }
    // A form has only texts.
    let verified = fields
        .value("email_verified")
        .map(|value| match value.as_str() {
            Some(text) => text != "false",
            None => value.as_bool().unwrap_or(true),
        });
    let mut subject = text("subject")?;
    if subject.is_empty() && !email_address.is_empty() {
        subject = Identity::default_subject(provider.name, &email_address);
    }
    if subject.is_empty() || subject.len() > MAX_SUBJECT_BYTES {
        return Err(errors::INVALID_ARGUMENT
            .with_message("An email address, or a subject of at most 255 bytes, is required."));
    }
    let tenants = text("tenants")?;
    let tenants = tenants.split_whitespace().map(str::to_owned);
    Ok(Identity {
        provider: provider.name.to_owned(),
        subject,
        email_verified: verified.unwrap_or(true) && !email_address.is_empty(),
        email_address,
        name: text("name")?,
        tenants: match provider.has_tenants {
            true => tenants.collect(),
            false => Vec::new(),
        },
    })
}

/// Returns an error in the form of the API, because the real page belongs to the API and the provider.
fn refusal(state: &mut State, failure: &Failure) -> Response {
    let request_id = state.ids.id("request-id");
    Response::json(failure.status(), &failure.body(&request_id))
}

/// The number of accounts that the page offers.
const MAX_OFFERS: usize = 20;
/// The limit of OpenID Connect Core 1.0, section 2.
const MAX_SUBJECT_BYTES: usize = 255;
