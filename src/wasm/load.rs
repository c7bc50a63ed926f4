//! What checks need of a project: its keys and its policies, fetched or handed over
//! for the npm package. The state is this isolate's, whatever client object asks.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};

use atomic_refcell::AtomicRefCell;
use js_sys::Date;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    arguments::{Seed, config_of, host_of, seed_of},
    call, failure,
    fetch::{Answer, Host, exchange, unanswered},
    heap, tasks,
};
use crate::{
    client::{
        AnswerKind, ClientError, Config, KEY_FETCH_TIMEOUT_MS, Need, OutgoingRequest, Reason,
        RequestError, Scopes, SeedNumber, classify, key_set_request, policy_request,
    },
    jwt::{JwkSet, UnixSeconds},
    session::{Issuer, Policy},
};

/// What the isolate knows of projects.
pub(super) static SCOPES: AtomicRefCell<Scopes> = AtomicRefCell::new(Scopes::new());

/// Projects by the numbers that clients gave them, with the keys that these bring.
static PLACES: AtomicRefCell<Vec<Place>> = AtomicRefCell::new(Vec::new());

struct Place {
    number: u32,
    issuer: Issuer,
    seed: SeedNumber,
}

/// The project behind a number, unless it has not been told or was forgotten.
pub(super) fn place_of(number: u32) -> Option<(Issuer, SeedNumber)> {
    let places = PLACES.borrow();
    let place = places.iter().rev().find(|place| place.number == number)?;
    Some((place.issuer.clone(), place.seed))
}

/// Fetches what a check needed, by the name that [`check`](super::check::check) gave. Gives the first step
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
        Need::Seed => tasks::finished(introduce(&config, &seed)),
        Need::Keys => load_keys(&config, seed.number, host_of(host)),
        Need::Policy(organization_id) => load_policy(&config, host_of(host), organization_id),
    }
}

/// Learns what a number stands for, and takes the keys that come with it.
fn introduce(config: &Config, seed: &Seed) -> Result<JsValue, JsValue> {
    if PLACES.borrow().is_empty() {
        heap::reserve();
    }
    let issuer = config.issuer();
    if let Some(text) = &seed.text {
        let set = JwkSet::parse(text).map_err(|_| {
            let error = ClientError::invalid_argument("\"jwks\" in config is no JWK set");
            failure::client_error(&error, &JsValue::UNDEFINED)
        })?;
        let scopes = &mut SCOPES.borrow_mut();
        let keys = scopes.keys_with_seed(&issuer, seed.number);
        if !keys.is_seeded() {
            keys.plant(set, seed.is_pinned);
        }
    }
    let place = Place {
        number: seed.place,
        issuer,
        seed: seed.number,
    };
    let places = &mut PLACES.borrow_mut();
    places.retain(|known| known.number != place.number);
    if places.len() >= MAX_PLACES {
        places.remove(0);
    }
    places.push(place);
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

/// The clock that keys and policies age by.
pub(super) fn now() -> UnixSeconds {
    Date::now() / 1000.0
}

/// The name that [`need_of`] reads.
pub(super) fn name_of(need: Need) -> JsValue {
    match need {
        Need::Seed => SEED.into(),
        Need::Keys => "keys".into(),
        Need::Policy(None) => "policy".into(),
        Need::Policy(Some(organization_id)) => ["policy:", &organization_id].concat().into(),
    }
}

/// More than there are caches for keys.
const MAX_PLACES: usize = 512;

const SEED: &str = "place";

/// What a caller asks for before any check has needed it.
const KEYS_AHEAD: &str = "keys ahead";

fn need_of(name: &str) -> Need {
    match name.strip_prefix("policy") {
        None if name == SEED => Need::Seed,
        None => Need::Keys,
        Some(rest) => Need::Policy(rest.strip_prefix(':').map(str::to_owned)),
    }
}
