//! A network with faults, and a clock that passes only in delays and slow responses. Requests without a fault reach the
//! emulator of [`TestPlatform`].

use std::{
    collections::VecDeque,
    future::{pending, ready},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
};

use stytch_edge::{
    Answer, Client, ClientConfig, Pending, Platform,
    client::{OutgoingRequest, Reason, RequestError},
};

use crate::test_platform::TestPlatform;

/// What happens to a request.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The API responds itself.
    Pass,
    /// A response with this status, body and `Retry-After`.
    Answer(u16, String, Option<u32>),
    /// The request fails.
    Failure(Reason),
    /// The API responds after this many milliseconds.
    Slow(u32),
    /// The request never ends.
    Hang,
}

pub struct Scripted {
    api: Arc<TestPlatform>,
    /// The faults of the next requests.
    pub faults: Mutex<VecDeque<Fault>>,
    /// The number of requests.
    pub sent: AtomicUsize,
    /// The number of requests that were dropped before they ended.
    pub dropped: Arc<AtomicUsize>,
    pub elapsed_ms: Mutex<u32>,
    /// The delays, in milliseconds.
    pub delays: Mutex<Vec<u32>>,
    /// Whether delays never end.
    pub holds_delays: AtomicBool,
    /// The number that the delays before retries are made of.
    pub random: Mutex<f64>,
}

impl Scripted {
    pub fn new(api: Arc<TestPlatform>) -> Arc<Self> {
        Arc::new(Self {
            api,
            faults: Mutex::default(),
            sent: AtomicUsize::new(0),
            dropped: Arc::default(),
            elapsed_ms: Mutex::new(0),
            delays: Mutex::default(),
            holds_delays: AtomicBool::new(false),
            random: Mutex::new(0.0),
        })
    }

    /// A client with the default number of retries, and with changes of its configuration.
    pub fn client(self: &Arc<Self>, change: impl FnOnce(&mut ClientConfig)) -> Client {
        let mut config = None;
        self.api.client_with(|its| {
            its.retries = ClientConfig::new("", "").retries;
            config = Some(its.clone());
        });
        let mut config = config.unwrap();
        change(&mut config);
        Client::on(self.clone(), &config).unwrap()
    }

    pub fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        *self.faults.lock().unwrap() = faults.into_iter().collect();
    }

    pub fn sent(&self) -> usize {
        self.sent.load(Relaxed)
    }

    pub fn elapsed_ms(&self) -> u32 {
        *self.elapsed_ms.lock().unwrap()
    }

    fn pass(&self, milliseconds: u32) {
        *self.elapsed_ms.lock().unwrap() += milliseconds;
    }
}

/// Counts a request that is dropped before it ends.
struct CountDrop(Arc<AtomicUsize>);

impl Drop for CountDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

impl Platform for Scripted {
    fn send(
        &self,
        request: OutgoingRequest<String>,
        timeout_ms: u32,
    ) -> Pending<Result<Answer, RequestError>> {
        self.sent.fetch_add(1, Relaxed);
        let fault = self.faults.lock().unwrap().pop_front();
        let failed = |reason| RequestError {
            method: request.method.word(),
            url: request.shown_url().to_owned(),
            message: "injected".to_owned(),
            reason,
            status_code: None,
            retry_after: None,
            request_id: None,
            attempts: 1,
        };
        let result = match fault.unwrap_or(Fault::Pass) {
            Fault::Pass => return self.api.send(request, timeout_ms),
            Fault::Slow(delay_ms) if delay_ms < timeout_ms => {
                self.pass(delay_ms);
                return self.api.send(request, timeout_ms);
            }
            Fault::Slow(_) => {
                self.pass(timeout_ms);
                Err(failed(Reason::Timeout))
            }
            Fault::Answer(status, text, retry_after) => Ok(Answer {
                status,
                text,
                retry_after,
                ..Answer::default()
            }),
            Fault::Failure(reason) => Err(failed(reason)),
            Fault::Hang => {
                let counted = CountDrop(Arc::clone(&self.dropped));
                return Box::pin(async move {
                    let _counted = counted;
                    pending().await
                });
            }
        };
        Box::pin(ready(result))
    }

    fn now(&self) -> f64 {
        self.api.now() + f64::from(self.elapsed_ms()) / 1000.0
    }

    fn sleep(&self, milliseconds: u32) -> Pending<()> {
        self.delays.lock().unwrap().push(milliseconds);
        if self.holds_delays.load(Relaxed) {
            return Box::pin(pending());
        }
        self.pass(milliseconds);
        Box::pin(ready(()))
    }

    fn random(&self) -> f64 {
        *self.random.lock().unwrap()
    }
}
