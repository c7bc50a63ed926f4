//! The check of tokens with what is there, for the npm package. What is not there is
//! [`super::load`]'s business.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::{
    failure,
    load::{SCOPES, name_of, place_of},
    tasks,
};
use stytch_edge::{
    client::{
        self, Asking, CheckRequest, Checked, ClientError, Demand, Need, Reason, ResourceDemand,
        explain, introspected,
    },
    jwt::{MAX_TOKEN_BYTES, Refusal as JwtRefusal},
    session::{AuthorizationCheck, CheckOptions, Issuer, Product, Refusal, TokenKind},
};

/// Checks a token with what is there, or reads what the API said of one. `place` is the
/// number that a client gave its project, `kind` one of [`kind_of`]'s, or another for an
/// introspection, whose token is the API's answer, or for a session in its place whose
/// rights are asked; [`FOR_SERVICE`] may be added to it.
/// `demand` is nothing or a list of strings: the scopes that an M2M token must hold;
/// else the action, the resource and the organization that it happens to; or, for a
/// service, the lists of audiences and of scopes, and then these three or nothing. `clock_ms` is
/// what keys and policies age by, and `came_ms` what it showed when the caller came.
///
/// Gives the result as JSON text; or `["ageing", text]` if the keys are to be fetched
/// behind the scenes, or `["needed", names]` if something has to be fetched first, by
/// [`load`](super::load::load).
#[wasm_bindgen]
#[allow(
    clippy::too_many_arguments,
    reason = "an object would have to be taken apart on every check"
)]
pub fn check(
    place: u32,
    kind: u32,
    token: &JsValue,
    clock_tolerance: f64,
    max_token_age: Option<f64>,
    now_ms: f64,
    demand: &JsValue,
    clock_ms: f64,
    came_ms: f64,
) -> JsValue {
    let (is_for_service, number) = (kind >= FOR_SERVICE, kind % FOR_SERVICE);
    let kind = kind_of(number);
    let Some(place) = place_of(place) else {
        return needed(&[Need::Seed]);
    };
    let issuer = &place.issuer;
    let asking = Asking {
        now: clock_ms / 1000.0,
        came: came_ms / 1000.0,
        lifetimes: place.lifetimes,
        source: place.source,
    };
    let options = CheckOptions {
        now: now_ms / 1000.0,
        clock_tolerance,
        max_token_age,
    };
    // First of all: the bytes are a place for every text, and a list may be a caller's own code.
    let token = text_of(token, kind.map_or(usize::MAX, |_| MAX_TOKEN_BYTES));
    let checked = demand_of(demand, kind, is_for_service, issuer).and_then(|demand| {
        let token = token?;
        let scopes = &mut SCOPES.borrow_mut();
        if number == RIGHTS {
            let Demand::Permission(check) = &demand else {
                return Err(no_question());
            };
            return explain(scopes.policies(), issuer, &token, check, asking);
        }
        match kind {
            None => introspected(scopes, issuer, &token, &demand, asking),
            Some(kind) => {
                let request = CheckRequest {
                    issuer,
                    token: &token,
                    kind,
                    demand: &demand,
                    options,
                    cache: place.cache,
                    asking,
                };
                client::check(scopes, &request)
            }
        }
    });
    match checked {
        Ok(Checked::Done(json)) => json.into(),
        Ok(Checked::Ageing(json)) => Array::of2(&"ageing".into(), &json.into()).into(),
        Ok(Checked::Needed(needs)) => needed(&needs),
        Err(error) => tasks::finished(Err(failure::client_error(&error, &JsValue::UNDEFINED))),
    }
}

pub(crate) fn needed(needs: &[Need]) -> JsValue {
    let names = Array::new();
    for need in needs {
        names.push(&name_of(need));
    }
    Array::of2(&"needed".into(), &names).into()
}

/// Added to a kind where a service asks. The demand itself must not tell: what callers
/// put into it would choose what is asked.
const FOR_SERVICE: u32 = 8;

/// What stands in a token's place is a session, and the question what it allows.
const RIGHTS: u32 = 4;

/// None for an introspection, where there is no token to check.
fn kind_of(number: u32) -> Option<TokenKind> {
    match number {
        0 => Some(TokenKind::Session),
        1 => Some(TokenKind::ConnectedApp),
        2 => Some(TokenKind::Machine),
        _ => None,
    }
}

pub(crate) fn demand_of(
    demand: &JsValue,
    kind: Option<TokenKind>,
    is_for_service: bool,
    issuer: &Issuer,
) -> Result<Demand, ClientError> {
    if demand.is_undefined() {
        return Ok(Demand::Nothing);
    }
    // pkg/src/core.ts made the array; what is in it is the caller's.
    let texts = Array::from(demand);
    if is_for_service {
        let (audiences, scopes) = (texts.shift(), texts.shift());
        let (audiences, scopes) = (strings(&audiences)?, strings(&scopes)?);
        let permission = if texts.length() > 0 {
            Some(permission_of(&texts, issuer)?)
        } else {
            None
        };
        return Ok(Demand::Resource(ResourceDemand {
            audiences,
            scopes,
            permission,
        }));
    }
    if kind == Some(TokenKind::Machine) {
        return strings(&texts).map(Demand::Scopes);
    }
    permission_of(&texts, issuer).map(Demand::Permission)
}

fn strings(list: &JsValue) -> Result<Vec<String>, ClientError> {
    let list = Array::from(list);
    let mut texts = Vec::new();
    for place in 0..list.length() {
        let text = list.get(place).as_string();
        texts.push(text.ok_or_else(|| {
            ClientError::invalid_argument("required_scopes must be a list of strings")
        })?);
    }
    Ok(texts)
}

fn permission_of(texts: &Array, issuer: &Issuer) -> Result<AuthorizationCheck, ClientError> {
    let text = |place| texts.get(place).as_string();
    let is_of_members = issuer.product == Product::B2b;
    let organization_id = text(2).filter(|_| is_of_members);
    match (text(0), text(1)) {
        (Some(action), Some(resource_id)) if organization_id.is_some() == is_of_members => {
            Ok(AuthorizationCheck {
                resource_id,
                action,
                organization_id,
            })
        }
        _ => Err(no_question()),
    }
}

fn no_question() -> ClientError {
    ClientError::invalid_argument(
        "authorization_check must have an action and a resource_id, and for members an organization_id",
    )
}

/// The UTF-8 of a token: undefined if there is none, and `false` if it is not text, by
/// `pkg/src/checks.ts`. A token that is too long is not copied into wasm, whose memory never shrinks.
fn text_of(token: &JsValue, longest: usize) -> Result<String, ClientError> {
    if token.is_undefined() {
        return Err(ClientError::refused(Reason::NoCredentials));
    }
    let refused = |refusal| ClientError::refused(Reason::Token(Refusal::Jwt(refusal)));
    let bytes = bytes_of(token);
    if bytes.is_some_and(|bytes| bytes.length() as usize > longest) {
        return Err(refused(JwtRefusal::TooLong));
    }
    bytes
        .and_then(|bytes| String::from_utf8(bytes.to_vec()).ok())
        .ok_or_else(|| refused(JwtRefusal::Malformed))
}

/// The bytes that TypeScript encoded. `instanceof` would not find them in test environments that
/// emulate a browser, where the encoder's arrays are of another realm.
pub(crate) fn bytes_of(value: &JsValue) -> Option<&Uint8Array> {
    value.is_object().then(|| value.unchecked_ref())
}
