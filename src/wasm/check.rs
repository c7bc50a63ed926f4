//! The check of tokens, its keys and its policies, for the npm package. The state
//! behind it is this isolate's, whatever client object asks.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};

use atomic_refcell::AtomicRefCell;
use js_sys::{Array, Date, JsString};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::{
    arguments::{Seed, config_of, host_of, seed_of},
    call::{self, parse},
    failure,
    fetch::{Answer, Host, exchange, unanswered},
    tasks,
};
use crate::{
    client::{
        self, AnswerKind, CacheLimits, CheckRequest, Checked, ClientError, Config, Demand,
        KEY_FETCH_TIMEOUT_MS, Need, OutgoingRequest, Reason, RequestError, Scopes, SeedNumber,
        classify, introspected, key_set_request, policy_request,
    },
    jwt::{JwkSet, MAX_TOKEN_BYTES, Refusal as JwtRefusal, UnixSeconds},
    session::{AuthorizationCheck, CheckOptions, Issuer, Policy, Product, Refusal, TokenKind},
};

static SCOPES: AtomicRefCell<Scopes> = AtomicRefCell::new(Scopes::new());

/// Checks a token with what is there, or reads what the API said of one. `kind` is a
/// word of [`kind_of`]'s, or `introspection`, whose token is the API's answer.
/// `demand` is nothing or a list of strings: the scopes that an M2M token must hold;
/// else the action, the resource and the organization that it happens to.
///
/// Gives `["done", result]`, or `["needed", names]` if something has to be fetched
/// first, by [`load`].
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

/// Fetches what a check needed, by the name that [`check`] gave. Gives the first step
/// of a task without a value.
#[wasm_bindgen]
pub fn load(config_value: &JsValue, host: &JsValue, need: &str) -> JsValue {
    let Some(config) = config_of(config_value) else {
        return tasks::finished(Err(failure::internal(
            "the configuration did not cross into wasm",
        )));
    };
    let seed = seed_of(config_value);
    if need == KEYS_AHEAD {
        let (issuer, now) = (config.issuer(), now());
        if SCOPES
            .borrow_mut()
            .keys_with_seed(&issuer, seed.number)
            .is_fresh(now)
        {
            return tasks::finished(Ok(JsValue::UNDEFINED));
        }
    }
    match need_of(need) {
        Need::Seed => tasks::finished(plant(&config, &seed)),
        Need::Keys => load_keys(&config, seed.number, host_of(host)),
        Need::Policy(organization_id) => load_policy(&config, host_of(host), organization_id),
    }
}

/// The keys that a caller brought, as `pkg/config.js` keeps them.
fn plant(config: &Config, seed: &Seed) -> Result<JsValue, JsValue> {
    let set = seed.text.as_deref().map(JwkSet::parse);
    let Some(Ok(set)) = set else {
        let message = "\"jwks\" in config is no JWK set";
        let error = ClientError::invalid_argument(message);
        return Err(failure::client_error(&error, &JsValue::UNDEFINED));
    };
    let scopes = &mut SCOPES.borrow_mut();
    let keys = scopes.keys_with_seed(&config.issuer(), seed.number);
    keys.plant(set, seed.is_pinned);
    Ok(JsValue::UNDEFINED)
}

fn load_keys(config: &Config, seed: SeedNumber, host: Host) -> JsValue {
    let issuer = config.issuer();
    let request = key_set_request(&issuer, &config.origin);
    let timeout_ms = config.timeout_ms.min(KEY_FETCH_TIMEOUT_MS);
    let began = now();
    SCOPES
        .borrow_mut()
        .keys_with_seed(&issuer, seed)
        .note_attempt(began);
    tasks::begin(timeout_ms, async move {
        let fetched = exchange(&host, &request, timeout_ms)
            .await
            .and_then(|answer| {
                key_set(&answer).ok_or_else(|| without(&request, &answer, "key set"))
            });
        let scopes = &mut SCOPES.borrow_mut();
        match fetched {
            Ok(set) => {
                scopes.keys_with_seed(&issuer, seed).store(set, began);
                Ok(JsValue::UNDEFINED)
            }
            Err(error) => {
                scopes.keys_with_seed(&issuer, seed).note_failure(began);
                Err(keys_unavailable(&error))
            }
        }
    })
}

/// Unlike keys, policies are asked for with the project's credentials, and a refusal
/// says what is wrong with these: callers get it as it came.
fn load_policy(config: &Config, host: Host, organization_id: Option<String>) -> JsValue {
    let (issuer, timeout_ms) = (config.issuer(), config.timeout_ms);
    let request = match policy_request(config, organization_id.as_deref()) {
        Ok(request) => request,
        Err(error) => {
            return tasks::finished(Err(failure::client_error(&error, &JsValue::UNDEFINED)));
        }
    };
    let began = now();
    tasks::begin(timeout_ms, async move {
        let answer = exchange(&host, &request, timeout_ms)
            .await
            .map_err(|error| failure::request_error(&error))?;
        call::read(&request, &answer)?;
        let policy = answer.text.as_string().as_deref().and_then(Policy::read);
        let policy =
            policy.ok_or_else(|| failure::request_error(&without(&request, &answer, "policy")))?;
        let policies = &mut SCOPES.borrow_mut();
        let policies = policies.policies();
        policies.store(&issuer, organization_id.as_deref(), policy, began);
        Ok(JsValue::UNDEFINED)
    })
}

fn without(request: &OutgoingRequest<JsValue>, answer: &Answer, what: &str) -> RequestError {
    let status = answer.status.to_string();
    let what = ["was answered with status ", &status, " and no ", what].concat();
    unanswered(request, &what)
}

fn key_set(answer: &Answer) -> Option<JwkSet> {
    match classify(answer.status) {
        AnswerKind::Success => JwkSet::parse(&answer.text.as_string()?).ok(),
        AnswerKind::ApiError | AnswerKind::Redirect => None,
    }
}

fn keys_unavailable(error: &RequestError) -> JsValue {
    let reason = match error.reason {
        Reason::Timeout => Reason::Timeout,
        _ => Reason::KeysUnavailable,
    };
    failure::client_error(
        &ClientError::keys_unavailable(reason),
        &failure::request_error(error),
    )
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

/// The name that [`need_of`] reads.
fn name_of(need: Need) -> JsValue {
    match need {
        Need::Seed => SEED.into(),
        Need::Keys => "keys".into(),
        Need::Policy(None) => "policy".into(),
        Need::Policy(Some(organization_id)) => ["policy:", &organization_id].concat().into(),
    }
}

const SEED: &str = "seed";

/// What a caller asks for before any check has needed it.
const KEYS_AHEAD: &str = "keys ahead";

fn need_of(name: &str) -> Need {
    match name.strip_prefix("policy") {
        None if name == SEED => Need::Seed,
        None => Need::Keys,
        Some(rest) => Need::Policy(rest.strip_prefix(':').map(str::to_owned)),
    }
}

fn issuer(product: &str, project_id: &str, base_url: &str) -> Issuer {
    Issuer {
        product: Product::from(product),
        project_id: project_id.to_owned(),
        base_url: base_url.to_owned(),
    }
}

fn now() -> UnixSeconds {
    Date::now() / 1000.0
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
