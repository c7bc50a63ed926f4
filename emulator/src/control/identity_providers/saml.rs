//! The SAML endpoint of an identity provider.

use serde_json::json;

use super::page::{Input, page};
use super::{Submitted, query_param, refused, text};
use crate::clock::UnixSeconds;
use crate::identity_provider::IdentityProvider;
use crate::message::{Request, Response};
use crate::saml::issue::{self, Content};
use crate::saml::request::AuthnRequest;
use crate::state::State;

/// Shows the page for a request. Without a request, the person types the service provider, too.
pub(super) fn show(provider: &IdentityProvider, request: &Request) -> Response {
    let parameter = query_param(request, "SAMLRequest");
    let relay_state = query_param(request, "RelayState");
    let action = provider.saml_url();
    let user = [
        Input::new("Email address", "email").required(),
        Input::new("NameID (follows from the address)", "name_id"),
        Input::new("Full name", "name"),
        Input::new("First name", "first_name"),
        Input::new("Last name", "last_name"),
        Input::new("Groups, separated by commas", "groups"),
        Input::new(
            "More attributes: name=value, separated by commas",
            "attributes",
        ),
    ];
    if parameter.is_empty() {
        let mut inputs = vec![
            Input::new("ACS URL", "acs_url").required(),
            Input::new("Audience (follows from the ACS URL)", "audience"),
        ];
        inputs.extend(user);
        let lead = "The identity provider starts the log-in, without a request.";
        return page(
            "Log in with SAML",
            lead,
            &action,
            &[("RelayState", &relay_state)],
            &inputs,
        );
    }
    let Some(asked) = AuthnRequest::decode(&parameter) else {
        return refused("the parameter SAMLRequest must be a request of the emulator");
    };
    let hidden = [
        ("acs_url", asked.acs_url.as_str()),
        ("audience", &asked.issuer),
        ("in_response_to", &asked.id),
        ("RelayState", &relay_state),
    ];
    let lead = format!(
        "This identity provider stands for yours. It continues at {}.",
        asked.acs_url
    );
    page("Log in with SAML", &lead, &action, &hidden, &user)
}

/// Signs a response for the user of the form, and shows the page that posts it to the service provider.
pub(super) fn respond(
    state: &mut State,
    provider: &IdentityProvider,
    request: &Request,
    now: UnixSeconds,
) -> Response {
    let Submitted { form, url, email } = match Submitted::read(request, "acs_url") {
        Ok(submitted) => submitted,
        Err(refusal) => return refusal,
    };
    let (acs_url, email) = (url.as_str(), email.as_str());
    let or = |value: &str, default: &str| match value {
        "" => default.to_owned(),
        value => value.to_owned(),
    };
    let mut attributes = Vec::new();
    for name in ["email", "name", "first_name", "last_name"] {
        let value = text(&form, name);
        if !value.is_empty() {
            attributes.push((name.to_owned(), value.to_owned()));
        }
    }
    let listed = |name| {
        let items = text(&form, name).split(',');
        items.map(str::trim).filter(|item| !item.is_empty())
    };
    attributes.extend(listed("groups").map(|group| ("groups".to_owned(), group.to_owned())));
    for pair in listed("attributes") {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        attributes.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    let in_response_to = text(&form, "in_response_to");
    let content = Content {
        in_response_to: Some(in_response_to).filter(|id| !id.is_empty()),
        acs_url,
        audience: &or(text(&form, "audience"), acs_url),
        name_id: &or(text(&form, "name_id"), email),
        attributes: &attributes,
    };
    let ids = [state.ids.bearer_token(), state.ids.bearer_token()].map(|id| format!("_{id}"));
    let [response_id, assertion_id] = &ids;
    let Some(signed) = issue::response(provider, &content, [response_id, assertion_id], now) else {
        return refused("the identity provider cannot sign");
    };
    let relay_state = text(&form, "RelayState");
    let accepted = request.header("accept").unwrap_or_default();
    if accepted.contains("application/json") {
        let fields =
            json!({ "acs_url": acs_url, "SAMLResponse": signed, "RelayState": relay_state });
        return Response::json(200, &fields);
    }
    let hidden = [
        ("SAMLResponse", signed.as_str()),
        ("RelayState", relay_state),
    ];
    let lead = format!("The response is signed. It is sent to {acs_url}.");
    page("Return to the application", &lead, acs_url, &hidden, &[])
}
