//! The check of tokens with what is there, for the npm package. What is not there is
//! [`super::load`]'s business.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use js_sys::{Array, JsString};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::{
    call::parse,
    failure,
    load::{SCOPES, name_of, now},
    tasks,
};
use crate::{
    client::{self, CacheLimits, CheckRequest, Checked, ClientError, Demand, Reason, introspected},
    jwt::{MAX_TOKEN_BYTES, Refusal as JwtRefusal},
    session::{AuthorizationCheck, CheckOptions, Issuer, Product, Refusal, TokenKind},
};

/// Checks a token with what is there, or reads what the API said of one. `kind` is a
/// word of [`kind_of`]'s, or `introspection`, whose token is the API's answer.
/// `demand` is nothing or a list of strings: the scopes that an M2M token must hold;
/// else the action, the resource and the organization that it happens to.
///
/// Gives `["done", result]`, or `["needed", names]` if something has to be fetched
/// first, by [`load`](super::load::load).
#[wasm_bindgen]
#[allow(
    clippy::too_many_arguments,
    reason = "an object would have to be taken apart on every check"
)]
pub fn check(
    kind: &str,
    product: &str,
    project_id: &str,
    base_url: &str,
    token: &JsValue,
    clock_tolerance: f64,
    max_token_age: Option<f64>,
    now_ms: f64,
    demand: &JsValue,
    max_entries: u32,
    max_bytes: u32,
    seed: u32,
) -> JsValue {
    let issuer = issuer(product, project_id, base_url);
    let options = CheckOptions {
        now: now_ms / 1000.0,
        clock_tolerance,
        max_token_age,
    };
    let checked = demand_of(demand, kind, &issuer).and_then(|demand| {
        let longest = kind_of(kind).map_or(usize::MAX, |_| MAX_TOKEN_BYTES);
        let token = text_of(token, longest)?;
        // A clock may be the caller's own code, which must find the state free.
        let clock = now();
        let scopes = &mut SCOPES.borrow_mut();
        match kind_of(kind) {
            None => introspected(scopes, &issuer, &token, &demand, clock),
            Some(kind) => {
                let request = CheckRequest {
                    issuer: &issuer,
                    token: &token,
                    kind,
                    demand: &demand,
                    options,
                    seed,
                    cache: CacheLimits {
                        max_entries: max_entries as usize,
                        max_bytes: max_bytes as usize,
                    },
                    clock,
                };
                client::check(scopes, &request)
            }
        }
    });
    match checked {
        Ok(Checked::Done(json)) => tasks::finished(
            // Written by this crate; only a runtime's own limits could refuse it.
            parse(&json.into()).map_err(|_| failure::internal("the result cannot be parsed here")),
        ),
        Ok(Checked::Needed(needs)) => {
            let names: Array = needs.into_iter().map(name_of).collect();
            Array::of2(&"needed".into(), &names).into()
        }
        Err(error) => tasks::finished(Err(failure::client_error(&error, &JsValue::UNDEFINED))),
    }
}

/// None for an introspection, where there is no token to check.
fn kind_of(word: &str) -> Option<TokenKind> {
    match word {
        "session" => Some(TokenKind::Session),
        "connected_app" => Some(TokenKind::ConnectedApp),
        "machine" => Some(TokenKind::Machine),
        _ => None,
    }
}

fn demand_of(demand: &JsValue, kind: &str, issuer: &Issuer) -> Result<Demand, ClientError> {
    if demand.is_undefined() {
        return Ok(Demand::Nothing);
    }
    // pkg/core.js made the array; what is in it is the caller's.
    let texts = Array::from(demand).into_iter();
    let mut texts: Vec<Option<String>> = texts.map(|text| text.as_string()).collect();
    if kind == "machine" {
        let required: Option<Vec<String>> = texts.into_iter().collect();
        return required.map(Demand::Scopes).ok_or_else(|| {
            ClientError::invalid_argument("required_scopes must be a list of strings")
        });
    }
    let mut text = |place: usize| texts.get_mut(place).and_then(Option::take);
    match (text(0), text(1), text(2), issuer.product) {
        (Some(action), Some(resource_id), organization_id, product)
            if product == Product::Consumer || organization_id.is_some() =>
        {
            Ok(Demand::Permission(AuthorizationCheck {
                resource_id,
                action,
                organization_id: organization_id.filter(|_| product == Product::B2b),
            }))
        }
        _ => Err(ClientError::invalid_argument(
            "authorization_check must have an action and a resource_id, and for members an organization_id",
        )),
    }
}

fn issuer(product: &str, project_id: &str, base_url: &str) -> Issuer {
    Issuer {
        product: Product::from(product),
        project_id: project_id.to_owned(),
        base_url: base_url.to_owned(),
    }
}

/// Whatever a visitor sent in place of a token. One that is too long is not even
/// copied into wasm, whose memory never shrinks.
fn text_of(token: &JsValue, longest: usize) -> Result<String, ClientError> {
    let malformed = ClientError::refused(Reason::Token(Refusal::Jwt(JwtRefusal::Malformed)));
    if token.is_null_or_undefined() {
        return Err(ClientError::refused(Reason::NoCredentials));
    }
    match token.dyn_ref::<JsString>() {
        Some(text) if text.length() as usize <= longest => Ok(text.into()),
        _ => Err(malformed),
    }
}
