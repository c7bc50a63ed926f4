//! Loads key sets and policies: first from the store that isolates share, if the client has one, then from the API.
//!
//! If calls may await each other's requests, concurrent loads of the same key set or policy share one request.

use std::{pin::Pin, sync::Arc};

use super::{
    Core, Error, Event, LoadFailure, StoreError, StoreOperation,
    attempts::CallLimits,
    notify::{SharedResult, shared_result},
    state::{with_isolate, with_state},
};
use crate::{
    client::{
        ClientError, Config, Denial, LOAD_TIMEOUT_MS, Loaded, Loading, MAX_ENTRY_BYTES, Need,
        Purpose, Reason, Secret, is_outage,
    },
    jwt::JwkSet,
    session::Issuer,
};

/// Loads that are in flight and may be awaited by other calls.
pub(super) struct InFlight(Vec<(Key, SharedResult<Result<(), LoadFailure>>)>);

/// The identity of a load. Loads with equal keys share one request.
#[derive(Clone, PartialEq)]
struct Key {
    issuer: Issuer,
    source: u32,
    network: u64,
    what: Loaded,
    timeout_ms: u32,
    retries: u32,
    /// The secret of a request for a policy. If the secret of another client is wrong, its load fails, so loads with
    /// different secrets are not shared. `None` for key sets, which need no secret.
    secret: Option<Secret>,
}

impl InFlight {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    fn find(&self, key: &Key) -> Option<SharedResult<Result<(), LoadFailure>>> {
        let found = self.0.iter().find(|(known, _)| known == key)?;
        Some(found.1.clone())
    }
}

/// Removes a load from the list of loads in flight when it is dropped, also if the load is abandoned.
struct InFlightGuard(Key);

impl Drop for InFlightGuard {
    fn drop(&mut self) {
        with_isolate(|isolate| isolate.in_flight.0.retain(|(key, _)| *key != self.0));
    }
}

impl Core {
    /// Loads the keys or the policy that a check needs.
    pub(super) async fn provide(&self, need: &Need) -> Result<(), LoadFailure> {
        match need {
            Need::ProvidedKeys => self.load_provided_keys().map_err(LoadFailure::from),
            Need::Keys => self.load(self.keys()).await,
            Need::KeysBeingFetched => {
                self.await_keys_of_another_call().await;
                Ok(())
            }
            Need::Policy(organization_id) => {
                self.load(Loaded::Policy(organization_id.clone())).await
            }
        }
    }

    /// Fetches the key set again, in the background if that is possible. A failure is reported as an event.
    pub(super) async fn refresh_keys(&self) {
        let core = self.with_time_of_client();
        let work = Box::pin(async move {
            let _ = core.load(core.keys()).await;
        });
        if let Some(work) = self.platform.run_in_background(work) {
            work.await;
        }
    }

    /// A client for work that does not belong to one call, so that the time limit of a call does not apply.
    fn with_time_of_client(&self) -> Self {
        if self.config.call_timeout_ms.is_none() {
            return self.clone();
        }
        let config = Config {
            call_timeout_ms: None,
            ..Config::clone(&self.config)
        };
        Self::new(Arc::clone(&self.platform), Arc::new(config))
    }

    /// The key set of this client's project, at the URL of its configuration.
    pub(super) fn keys(&self) -> Loaded {
        Loaded::Keys(self.config.jwks_url.clone())
    }

    /// Returns a boxed future: several futures await it, and each would otherwise contain its whole state.
    pub(super) fn load(
        &self,
        what: Loaded,
    ) -> Pin<Box<dyn Future<Output = Result<(), LoadFailure>> + '_>> {
        Box::pin(async move {
            if !self.platform.may_await_others() {
                return self.load_now(what).await;
            }
            let key = self.key(&what);
            loop {
                let known = with_isolate(|isolate| isolate.in_flight.find(&key));
                let Some(known) = known else { break };
                // If the other call was abandoned, its result is missing, and this call starts the load itself.
                if let Some(result) = known.result().await {
                    return result;
                }
            }
            let (shared, completer) = shared_result();
            with_isolate(|isolate| isolate.in_flight.0.push((key.clone(), shared)));
            let guard = InFlightGuard(key);
            let result = self.load_now(what).await;
            drop(guard);
            completer.complete(result.clone());
            result
        })
    }

    fn key(&self, what: &Loaded) -> Key {
        let is_policy = matches!(what, Loaded::Policy(_));
        Key {
            issuer: self.config.issuer.clone(),
            source: self.config.source.number,
            network: self.platform.network(),
            what: what.clone(),
            timeout_ms: self.config.time_limit_ms(),
            retries: self.config.retries,
            secret: is_policy.then(|| self.config.secret.clone()),
        }
    }

    async fn load_now(&self, what: Loaded) -> Result<(), LoadFailure> {
        let purpose = match what {
            Loaded::Keys(_) => Purpose::KeySet,
            Loaded::Policy(_) => Purpose::Policy,
        };
        let organization_id = match &what {
            Loaded::Keys(_) => None,
            Loaded::Policy(organization_id) => organization_id.clone(),
        };
        // The clock may run the caller's code, so it is read before isolate state is borrowed.
        let began = self.platform.now();
        let of = (self.config.issuer.clone(), self.config.source);
        let lifetimes = self.config.lifetimes;
        let loading = with_state(|state| Loading::begin(state, what, of, lifetimes, began));
        let loaded = self.fetch(&loading, purpose).await;
        let error = match loaded {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        let now = self.platform.now();
        with_state(|state| match &error {
            // The API refuses this client, which is not an outage: a client with another secret may succeed.
            Error::Api(refusal) if purpose == Purpose::Policy && !is_outage(refusal.status) => {
                loading.refused(state);
            }
            Error::Client(_) => loading.refused(state),
            // Other calls wait for this load while it lasts, so one load begins per time limit.
            Error::Request(error)
                if error.reason == Reason::Timeout
                    && self
                        .config
                        .is_shortened(self.config.time_limit_ms(), LOAD_TIMEOUT_MS) =>
            {
                loading.refused(state);
            }
            _ => loading.failed(state, now),
        });
        let error = match purpose {
            // A request for the key set needs no credentials, so every failure is an outage.
            Purpose::KeySet => keys_unavailable(error),
            _ => error,
        };
        self.platform.report(&match purpose {
            Purpose::KeySet => Event::KeysRefreshFailed { error: &error },
            _ => Event::PolicyRefreshFailed {
                organization_id: organization_id.as_deref(),
                error: &error,
            },
        });
        let purpose = Some(purpose).filter(|_| !error.is_invalid_argument());
        Err(LoadFailure { purpose, error })
    }

    /// Reads the store, then sends a request to the API if the store has no usable entry.
    async fn fetch(&self, loading: &Loading, purpose: Purpose) -> Result<(), Error> {
        let request = loading.request(&self.config)?;
        let name = self.platform.store().map(|_| loading.name());
        if let Some(name) = &name
            && let Some(entry) = self.read_from_store(name).await
        {
            let now = self.platform.now();
            if with_state(|state| loading.recall(state, &entry, now)) {
                return Ok(());
            }
        }
        let timeout_ms = self.config.time_limit_ms().min(LOAD_TIMEOUT_MS);
        let limits = CallLimits::of_method(timeout_ms);
        let body = self.exchange(request, &limits).await?;
        let entry = with_state(|state| loading.arrived(state, &body.text));
        let entry = entry.ok_or_else(|| {
            body.unusable(match purpose {
                Purpose::KeySet => "a body that is not a key set",
                _ => "a body that is not a policy",
            })
        })?;
        if let Some(name) = name {
            self.write_to_store(&name, &entry).await;
        }
        Ok(())
    }

    /// Reads an entry of the store. Returns `None` if the store has no entry, fails, or does not respond in time.
    async fn read_from_store(&self, name: &str) -> Option<String> {
        let entry = self.platform.store()?.get(name);
        let read = super::select(entry, self.platform.sleep(STORE_TIMEOUT_MS)).await;
        match read.unwrap_or_else(|| Err(store_timeout())) {
            Ok(entry) => entry.filter(|entry| entry.len() <= MAX_ENTRY_BYTES),
            Err(error) => {
                self.platform.report(&Event::StoreFailed {
                    operation: StoreOperation::Get,
                    error: &error,
                });
                None
            }
        }
    }

    /// Writes an entry to the store: in the background if that is possible, else within the store's time limit.
    async fn write_to_store(&self, name: &str, entry: &str) {
        let Some(store) = self.platform.store() else {
            return;
        };
        if entry.len() > MAX_ENTRY_BYTES {
            return;
        }
        let put = store.put(name, entry, self.config.lifetimes.max_stale);
        let core = self.clone();
        let work = Box::pin(async move {
            if let Err(error) = put.await {
                core.report_failed_write(&error);
            }
        });
        let Some(work) = self.platform.run_in_background(work) else {
            return;
        };
        let written = super::select(work, self.platform.sleep(STORE_TIMEOUT_MS)).await;
        if written.is_none() {
            self.report_failed_write(&store_timeout());
        }
    }

    fn report_failed_write(&self, error: &StoreError) {
        self.platform.report(&Event::StoreFailed {
            operation: StoreOperation::Put,
            error,
        });
    }

    /// Parses the keys of the option `jwks` and adds them to isolate state.
    pub(super) fn load_provided_keys(&self) -> Result<(), ClientError> {
        let Some(provided) = &self.config.provided_keys else {
            return Ok(());
        };
        let set = JwkSet::parse(&provided.text).map_err(|_| {
            ClientError::invalid_argument("\"jwks\" in config must be a JWK set (RFC 7517)")
        })?;
        let issuer = &self.config.issuer;
        with_state(|state| {
            let keys = state.keys_from(issuer, self.config.source);
            keys.set_provided(set, provided.is_pinned);
        });
        Ok(())
    }

    /// Awaits the key set that another call fetches. If calls must not await each other, waits 30 milliseconds.
    async fn await_keys_of_another_call(&self) {
        let key = self.key(&self.keys());
        let known = self
            .platform
            .may_await_others()
            .then(|| with_isolate(|isolate| isolate.in_flight.find(&key)));
        match known.flatten() {
            Some(known) => drop(known.result().await),
            None => self.platform.sleep(WAIT_MS).await,
        }
    }
}

fn store_timeout() -> StoreError {
    StoreError(format!(
        "the store did not respond within {STORE_TIMEOUT_MS} milliseconds"
    ))
}

fn keys_unavailable(error: Error) -> Error {
    let reason = match error.denial(Purpose::KeySet) {
        Denial::Unavailable(reason)
        | Denial::Unauthenticated(reason)
        | Denial::Forbidden(reason) => reason,
    };
    Error::Caused(ClientError::keys_unavailable(reason), Box::new(error))
}

/// The time limit of a call of the store.
const STORE_TIMEOUT_MS: u32 = 250;

/// The interval between two attempts of a call that needs the keys that another call fetches.
const WAIT_MS: u32 = 30;
