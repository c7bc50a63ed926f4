//! Loads key sets and policies: from the store that isolates share if there is one, else from the API.
//!
//! Of concurrent loads of the same thing one is made, where calls may await each other's requests.

use std::pin::Pin;

use super::{
    Core, Error, Event, LoadFailure, StoreError, StoreOperation,
    notify::{Ending, begun},
    state::{with_isolate, with_state},
};
use crate::{
    client::{
        ClientError, Denial, LOAD_TIMEOUT_MS, Loaded, Loading, MAX_ENTRY_BYTES, Need, Purpose,
        Secret, is_outage,
    },
    jwt::JwkSet,
    session::Issuer,
};

/// Loads that are in flight and may be awaited by other calls.
pub(super) struct InFlight(Vec<(Key, Ending<Result<(), LoadFailure>>)>);

/// What makes two loads the same.
#[derive(Clone, PartialEq)]
struct Key {
    issuer: Issuer,
    source: u32,
    what: Loaded,
    timeout_ms: u32,
    /// A policy is requested with a secret, which may be wrong.
    secret: Option<Secret>,
}

impl InFlight {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    fn find(&self, key: &Key) -> Option<Ending<Result<(), LoadFailure>>> {
        let found = self.0.iter().find(|(known, _)| known == key)?;
        Some(found.1.clone())
    }
}

/// Removes a load from those in flight, however it ends.
struct Listed(Key);

impl Drop for Listed {
    fn drop(&mut self) {
        with_isolate(|isolate| isolate.in_flight.0.retain(|(key, _)| *key != self.0));
    }
}

impl Core {
    /// Makes available what a check needs.
    pub(super) async fn provide(&self, need: &Need) -> Result<(), LoadFailure> {
        match need {
            Need::ProvidedKeys => self.take_provided_keys().map_err(LoadFailure::from),
            Need::Keys => self.load(self.keys()).await,
            Need::KeysUnderWay => {
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
        let core = self.clone();
        let work = Box::pin(async move {
            let _ = core.load(core.keys()).await;
        });
        if let Some(work) = self.platform.run_in_background(work) {
            work.await;
        }
    }

    /// The key set of this client's project, from where the client wants it.
    pub(super) fn keys(&self) -> Loaded {
        Loaded::Keys(self.config.jwks_url.clone())
    }

    /// Boxed, because checks in several places await it and each would hold all of its state.
    pub(super) fn load(
        &self,
        what: Loaded,
    ) -> Pin<Box<dyn Future<Output = Result<(), LoadFailure>> + '_>> {
        Box::pin(async move {
            if !self.platform.shares_requests() {
                return self.load_now(what).await;
            }
            let key = self.key(&what);
            loop {
                let known = with_isolate(|isolate| isolate.in_flight.find(&key));
                let Some(known) = known else { break };
                // An abandoned load has no result: this call makes it then.
                if let Some(result) = known.result().await {
                    return result;
                }
            }
            let (ending, ender) = begun();
            with_isolate(|isolate| isolate.in_flight.0.push((key.clone(), ending)));
            let listed = Listed(key);
            let result = self.load_now(what).await;
            drop(listed);
            ender.end(result.clone());
            result
        })
    }

    fn key(&self, what: &Loaded) -> Key {
        let is_policy = matches!(what, Loaded::Policy(_));
        Key {
            issuer: self.config.issuer.clone(),
            source: self.config.source.number,
            what: what.clone(),
            timeout_ms: self.config.timeout_ms,
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
        // The clock may be the caller's own code, which must find the state free; here and below.
        let began = self.platform.now();
        let of = (self.config.issuer.clone(), self.config.source);
        let lifetimes = self.config.lifetimes;
        let loading = with_state(|scopes| Loading::begin(scopes, what, of, lifetimes, began));
        let loaded = self.fetch(&loading, purpose).await;
        let error = match loaded {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        let now = self.platform.now();
        with_state(|scopes| match &error {
            // The API refuses this client, which is not an outage: another client's secret may do.
            Error::Api(refusal) if purpose == Purpose::Policy && !is_outage(refusal.status) => {
                loading.refused(scopes);
            }
            Error::Client(_) => loading.refused(scopes),
            _ => loading.failed(scopes, now),
        });
        let error = match purpose {
            // Keys are public: their absence is an outage, whatever went wrong.
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

    /// Looks into the store, then asks the API.
    async fn fetch(&self, loading: &Loading, purpose: Purpose) -> Result<(), Error> {
        let request = loading.request(&self.config)?;
        let name = self.platform.store().map(|_| loading.name());
        if let Some(name) = &name
            && let Some(entry) = self.stored(name).await
        {
            let now = self.platform.now();
            if with_state(|scopes| loading.recall(scopes, &entry, now)) {
                return Ok(());
            }
        }
        let timeout_ms = self.config.timeout_ms.min(LOAD_TIMEOUT_MS);
        let body = self.exchange(request, timeout_ms).await?;
        let entry = with_state(|scopes| loading.arrived(scopes, &body.text));
        let entry = entry.ok_or_else(|| {
            body.is_not(match purpose {
                Purpose::KeySet => "key set",
                _ => "policy",
            })
        })?;
        if let Some(name) = name {
            self.keep(&name, &entry).await;
        }
        Ok(())
    }

    /// What the store has under a name, unless it takes too long.
    async fn stored(&self, name: &str) -> Option<String> {
        let entry = self.platform.store()?.get(name);
        let read = super::select(entry, self.platform.sleep(STORE_TIMEOUT_MS)).await;
        match read.unwrap_or_else(|| Err(too_slow())) {
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

    /// Has the store keep an entry: in the background, or for a limited time if that is not possible.
    async fn keep(&self, name: &str, entry: &str) {
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
                core.report_unkept(&error);
            }
        });
        let Some(work) = self.platform.run_in_background(work) else {
            return;
        };
        let kept = super::select(work, self.platform.sleep(STORE_TIMEOUT_MS)).await;
        if kept.is_none() {
            self.report_unkept(&too_slow());
        }
    }

    fn report_unkept(&self, error: &StoreError) {
        self.platform.report(&Event::StoreFailed {
            operation: StoreOperation::Put,
            error,
        });
    }

    pub(super) fn take_provided_keys(&self) -> Result<(), ClientError> {
        let Some(provided) = &self.config.provided_keys else {
            return Ok(());
        };
        let set = JwkSet::parse(&provided.text).map_err(|_| {
            ClientError::invalid_argument("\"jwks\" in config must be a JWK set (RFC 7517)")
        })?;
        let issuer = &self.config.issuer;
        with_state(|scopes| {
            let keys = scopes.keys_from(issuer, self.config.source);
            keys.plant(set, provided.is_pinned);
        });
        Ok(())
    }

    /// Waits for the key set that another call fetches: with that call, or, if that is not allowed, for a while.
    async fn await_keys_of_another_call(&self) {
        let key = self.key(&self.keys());
        let known = self
            .platform
            .shares_requests()
            .then(|| with_isolate(|isolate| isolate.in_flight.find(&key)));
        match known.flatten() {
            Some(known) => drop(known.result().await),
            None => self.platform.sleep(WAIT_MS).await,
        }
    }
}

fn too_slow() -> StoreError {
    StoreError("the store took too long".to_owned())
}

fn keys_unavailable(error: Error) -> Error {
    let reason = match error.denial(Purpose::KeySet) {
        Denial::Unavailable(reason)
        | Denial::Unauthenticated(reason)
        | Denial::Forbidden(reason) => reason,
    };
    Error::Caused(ClientError::keys_unavailable(reason), Box::new(error))
}

/// How long a store may take.
const STORE_TIMEOUT_MS: u32 = 250;

/// How long a call waits before it looks again for the keys that another call fetches.
const WAIT_MS: u32 = 30;
