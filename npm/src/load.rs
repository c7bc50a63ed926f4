//! What checks need of a project: its keys and its policies, fetched or handed over
//! for the npm package. The state is this isolate's, whatever client object asks.

use std::sync::Arc;

use atomic_refcell::AtomicRefCell;
use js_sys::{Date, Promise};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::{
    arguments::{Place, Seed, Shelf, config_of, host_of, jwks_url_in, place_in, seed_in, shelf_in},
    call, failure,
    tasks::{self, settled},
};
use stytch_edge::{
    client::{
        AnswerKind, ClientError, Config, LOAD_TIMEOUT_MS, Loaded, Loading, Need, OutgoingRequest,
        Reason, RequestError, Scopes, classify, decimal, is_outage,
    },
    jwt::{JwkSet, UnixSeconds},
    wasm::{Answer, Host, exchange, unanswered},
};

/// What the isolate knows of projects.
pub(crate) static SCOPES: AtomicRefCell<Scopes> = AtomicRefCell::new(Scopes::new());

/// Projects by the numbers that clients gave them.
static PLACES: AtomicRefCell<Vec<Arc<Place>>> = AtomicRefCell::new(Vec::new());

/// The project behind a number, unless it has not been told or was forgotten.
pub(crate) fn place_of(number: u32) -> Option<Arc<Place>> {
    let places = PLACES.borrow();
    let place = places.iter().rev().find(|place| place.number == number)?;
    Some(Arc::clone(place))
}

/// Fetches what a check needed, by the name that [`check`](super::check::check) gave. Gives the first step
/// of a task without a value, or, for [`KEYS_TEXT`], the text of the key set that is here.
#[wasm_bindgen]
pub fn load(config_value: &JsValue, host: &JsValue, need: &str) -> JsValue {
    let Some(config) = config_of(config_value) else {
        return tasks::finished(Err(not_crossed()));
    };
    let place = place_in(config_value, &config);
    if need == KEYS_AHEAD || need == KEYS_TEXT {
        let now = now();
        let scopes = &mut SCOPES.borrow_mut();
        let keys = scopes.keys_from(&place.issuer, place.source);
        if need == KEYS_TEXT {
            return tasks::finished(Ok(keys.text().map_or(JsValue::UNDEFINED, Into::into)));
        }
        if keys.is_loaded(now) {
            return tasks::finished(Ok(JsValue::UNDEFINED));
        }
    }
    let what = match need_of(need) {
        Need::Seed => return tasks::finished(introduce(place, seed_in(config_value))),
        Need::Keys | Need::KeysUnderWay => Loaded::Keys(jwks_url_in(config_value)),
        Need::Policy(organization_id) => Loaded::Policy(organization_id),
    };
    begin(&config, place, (host_of(host), shelf_in(host)), what)
}

/// Forgets what a client knows of its project: keys, verified tokens and policies. `place` is the number of a
/// client whose configuration is registered.
#[wasm_bindgen]
pub fn reset(place: u32) -> JsValue {
    if let Some(place) = place_of(place) {
        SCOPES.borrow_mut().forget(&place.issuer, place.source);
    }
    // The keys that clients provide are taken when they introduce themselves.
    PLACES.borrow_mut().clear();
    tasks::finished(Ok(JsValue::UNDEFINED))
}

/// Learns what a number stands for, and takes the keys that come with it.
fn introduce(place: Place, seed: Option<Seed>) -> Result<JsValue, JsValue> {
    if let Some(seed) = seed {
        let set = JwkSet::parse(&seed.text).map_err(|_| {
            let error = ClientError::invalid_argument("\"jwks\" in config is no JWK set");
            failure::client_error(&error, &JsValue::UNDEFINED)
        })?;
        let scopes = &mut SCOPES.borrow_mut();
        let keys = scopes.keys_from(&place.issuer, place.source);
        if !keys.is_seeded() {
            keys.plant(set, seed.is_pinned);
        }
    }
    let places = &mut PLACES.borrow_mut();
    let known = places.iter().position(|known| known.number == place.number);
    if known.is_some() || places.len() >= MAX_PLACES {
        places.remove(known.unwrap_or_default());
    }
    places.push(Arc::new(place));
    Ok(JsValue::UNDEFINED)
}

pub(crate) fn not_crossed() -> JsValue {
    failure::internal("the configuration did not cross into wasm")
}

/// Looks into the store, then asks the API.
fn begin(config: &Config, place: Place, (host, shelf): (Host, Shelf), what: Loaded) -> JsValue {
    let is_keys = matches!(what, Loaded::Keys(_));
    let of = (place.issuer, place.source);
    // A clock may be the caller's own code, which must find the state free; here and below.
    let began = now();
    let loading = Loading::begin(&mut SCOPES.borrow_mut(), what, of, place.lifetimes, began);
    let request = match loading.request(config) {
        Ok(request) => request,
        Err(error) => {
            loading.refused(&mut SCOPES.borrow_mut());
            return tasks::finished(Err(failure::client_error(&error, &JsValue::UNDEFINED)));
        }
    };
    let timeout_ms = config.timeout_ms.min(LOAD_TIMEOUT_MS);
    let task = async move {
        let name = shelf.recall.is_some().then(|| loading.name());
        if let Some(name) = &name
            && let Some(promise) = shelf.recalled(name)
            && let Some(entry) = settled(promise).await.ok().and_then(|it| it.as_string())
        {
            let now = now();
            if loading.recall(&mut SCOPES.borrow_mut(), &entry, now) {
                return Ok(JsValue::UNDEFINED);
            }
        }
        let fetched = exchange(&host, &request, timeout_ms).await;
        let failure = match &fetched {
            Ok(answer) => {
                if let Some(entry) = arrived(&loading, answer) {
                    if let Some(name) = name
                        && let Some(promise) = shelf.kept(&name, &entry)
                    {
                        let _ = settled(promise).await;
                    }
                    return Ok(JsValue::UNDEFINED);
                }
                unusable(&request, answer, is_keys)
            }
            Err(error) if is_keys => keys_unavailable(error),
            Err(error) => failure::request_error(error),
        };
        let now = now();
        let scopes = &mut SCOPES.borrow_mut();
        match fetched {
            Ok(answer) if !is_keys && answer.status >= 400 && !is_outage(answer.status) => {
                loading.refused(scopes);
            }
            _ => loading.failed(scopes, now),
        }
        Err(failure)
    };
    tasks::begin(timeout_ms, Box::pin(task))
}

fn arrived(loading: &Loading, answer: &Answer) -> Option<String> {
    match classify(answer.status) {
        AnswerKind::Success => {
            let text = answer.text.as_string()?;
            loading.arrived(&mut SCOPES.borrow_mut(), &text)
        }
        AnswerKind::ApiError | AnswerKind::Redirect => None,
    }
}

/// Unlike keys, policies are asked for with the project's credentials, and a refusal
/// says what is wrong with these: callers get it as it came.
fn unusable(request: &OutgoingRequest<JsValue>, answer: &Answer, is_keys: bool) -> JsValue {
    let status = decimal(answer.status.into());
    let without = |what| {
        let what = ["was answered with status ", &status, " and no ", what].concat();
        unanswered(request, &what)
    };
    if is_keys {
        return keys_unavailable(&without("key set"));
    }
    call::read(request, answer)
        .err()
        .unwrap_or_else(|| failure::request_error(&without("policy")))
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

impl Shelf {
    /// The promise of what the store has under a name.
    fn recalled(&self, name: &str) -> Option<Promise> {
        let promise = self
            .recall
            .as_ref()?
            .call1(&JsValue::UNDEFINED, &name.into());
        promise.ok().and_then(promised)
    }

    /// Has the store keep an entry; returns a promise if that has to be awaited.
    fn kept(&self, name: &str, entry: &str) -> Option<Promise> {
        let keep = self.keep.as_ref()?;
        let promise = keep.call2(&JsValue::UNDEFINED, &name.into(), &entry.into());
        promise.ok().and_then(promised)
    }
}

/// The promise that `pkg/src/stores.ts` returned, if it did. Its class says nothing: a polyfill's or that of
/// another realm is another one.
fn promised(value: JsValue) -> Option<Promise> {
    value.is_object().then(|| value.unchecked_into())
}

/// The clock that keys and policies age by, unless a check tells it.
fn now() -> UnixSeconds {
    Date::now() / 1000.0
}

/// The name that [`need_of`] reads.
pub(crate) fn name_of(need: &Need) -> JsValue {
    match need {
        Need::Seed => SEED.into(),
        Need::Keys => "keys".into(),
        Need::KeysUnderWay => "keys under way".into(),
        Need::Policy(None) => "policy".into(),
        Need::Policy(Some(organization_id)) => ["policy:", organization_id].concat().into(),
    }
}

/// More than there are caches for keys.
const MAX_PLACES: usize = 512;

const SEED: &str = "place";

/// What a caller asks for before any check has needed it.
const KEYS_AHEAD: &str = "keys ahead";

/// What a caller asks for to have it elsewhere.
const KEYS_TEXT: &str = "keys text";

fn need_of(name: &str) -> Need {
    match name.strip_prefix("policy") {
        None if name == SEED => Need::Seed,
        None => Need::Keys,
        Some(rest) => Need::Policy(rest.strip_prefix(':').map(str::to_owned)),
    }
}
