//! Delivers webhooks to one URL, with retries. Knows the emulator only as the log of its webhooks, which it reads every
//! 50 milliseconds. The calls of the API never wait for the receiver.
//!
//! The first attempts follow the order of the events, one at a time. If an attempt fails, the message is tried again
//! after 0.2, 1, 5, 15 and 60 seconds while later messages continue, as Svix does. A response of 2xx within 5 seconds is
//! a success. Each attempt has the same id and a new signature, because receivers refuse old signatures.
//!
//! Failures are written to stderr without the URL and the body, which can contain secrets.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::uri::Scheme;
use http::{Method, Request, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use stytch_emulator::{Emulator, UnixSeconds, WebhookMessage};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// The last webhook that has been sent.
struct Position {
    /// The number of resets and restores at that time. The numbers of webhooks are those of the state.
    replaced: u64,
    last: u64,
}

/// The URL that receives the webhooks.
pub struct Receiver {
    host: String,
    port: u16,
    authority: String,
    path: String,
}

/// Delivers the webhooks of all changes that happen after the call of this function. Does not return.
pub async fn deliver(emulator: Arc<Mutex<Emulator>>, receiver: Receiver, now: fn() -> UnixSeconds) {
    let delivery = Arc::new(Delivery {
        emulator,
        receiver,
        now,
        retries: Semaphore::new(MAX_RETRIES_AT_ONCE),
    });
    let waiting = Arc::new(Semaphore::new(MAX_WAITING));
    let mut position = delivery.with_emulator(|emulator| Position {
        replaced: emulator.webhook_start().0,
        last: emulator.last_webhook(),
    });
    loop {
        for message in delivery.messages_after(&mut position) {
            let Err(failure) = delivery.attempt(&message).await else {
                continue;
            };
            match Arc::clone(&waiting).try_acquire_owned() {
                Ok(permit) => {
                    tokio::spawn(Arc::clone(&delivery).retry(message, failure, permit));
                }
                Err(_) => report(&message, 1, &failure),
            }
        }
        sleep(READ_INTERVAL).await;
    }
}

impl Receiver {
    /// Parses an `http` URL. The emulator has no TLS, so an `https` URL is refused.
    pub fn parse(url: &str) -> Result<Self, String> {
        let uri: Uri = url.parse().map_err(|_| "the URL is malformed".to_owned())?;
        if uri.scheme() == Some(&Scheme::HTTPS) {
            return Err("https is not supported; use an http URL of this machine".into());
        }
        let authority = uri
            .authority()
            .filter(|_| uri.scheme() == Some(&Scheme::HTTP));
        let authority = authority.ok_or("the URL must start with http://")?;
        if authority.as_str().contains('@') {
            return Err("the URL must not contain credentials".into());
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self {
            // An IPv6 address is in brackets in a URL, and without them in a socket address.
            host: authority
                .host()
                .trim_start_matches('[')
                .trim_end_matches(']')
                .to_owned(),
            port: authority.port_u16().unwrap_or(80),
            authority: authority.to_string(),
            path: path.to_owned(),
        })
    }
}

struct Delivery {
    emulator: Arc<Mutex<Emulator>>,
    receiver: Receiver,
    now: fn() -> UnixSeconds,
    retries: Semaphore,
}

impl Delivery {
    /// Returns the messages after the position, and moves the position to the newest.
    fn messages_after(&self, position: &mut Position) -> Vec<WebhookMessage> {
        let (newest, messages) = self.with_emulator(|emulator| {
            let (replaced, start) = emulator.webhook_start();
            if replaced != position.replaced {
                (position.replaced, position.last) = (replaced, start);
            }
            let messages = emulator.webhooks_after(position.last, (self.now)());
            (emulator.last_webhook(), messages)
        });
        let missed = newest
            .saturating_sub(position.last)
            .saturating_sub(u64::try_from(messages.len()).unwrap_or(u64::MAX));
        if missed > 0 {
            eprintln!("stytch-emulator: {missed} webhooks were removed before their delivery");
        }
        position.last = newest;
        messages
    }

    /// Tries a message again until an attempt succeeds or the schedule ends. The permit limits the number of messages
    /// that wait.
    async fn retry(
        self: Arc<Self>,
        message: WebhookMessage,
        mut failure: String,
        _permit: OwnedSemaphorePermit,
    ) {
        for delay in SCHEDULE {
            sleep(delay).await;
            let Ok(_turn) = self.retries.acquire().await else {
                return;
            };
            match self.attempt(&message).await {
                Ok(()) => return,
                Err(reason) => failure = reason,
            }
        }
        report(&message, SCHEDULE.len() + 1, &failure);
    }

    async fn attempt(&self, message: &WebhookMessage) -> Result<(), String> {
        match timeout(TIME_LIMIT, self.post(message)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(format!(
                "no response within {} seconds",
                TIME_LIMIT.as_secs()
            )),
        }
    }

    async fn post(&self, message: &WebhookMessage) -> Result<(), String> {
        let mut message = message.clone();
        self.with_emulator(|emulator| emulator.sign_webhook(&mut message, (self.now)()));
        let Receiver {
            host,
            port,
            authority,
            path,
        } = &self.receiver;
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(HOST, authority)
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, "stytch-emulator");
        for (name, value) in message.headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(message.body)));
        let request = request.map_err(|error| error.to_string())?;
        let stream = TcpStream::connect((host.as_str(), *port)).await;
        let stream = stream.map_err(|error| format!("cannot connect: {error}"))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| error.to_string())?;
        // The connection makes progress only in a task. Dropping the set ends the task, also after the time limit.
        let mut tasks = JoinSet::new();
        tasks.spawn(connection);
        let response = sender.send_request(request).await;
        let response = response.map_err(|error| error.to_string())?;
        let status = response.status();
        // Some receivers report an error if the connection ends before they have sent their body.
        drop(
            Limited::new(response.into_body(), MAX_BODY_BYTES)
                .collect()
                .await,
        );
        if status.is_success() {
            Ok(())
        } else {
            Err(format!("status {}", status.as_u16()))
        }
    }

    fn with_emulator<T>(&self, read: impl FnOnce(&Emulator) -> T) -> T {
        let emulator = self.emulator.lock();
        read(&emulator.unwrap_or_else(PoisonError::into_inner))
    }
}

fn report(message: &WebhookMessage, attempts: usize, failure: &str) {
    let WebhookMessage { event_type, id, .. } = message;
    eprintln!(
        "stytch-emulator: webhook {event_type} ({id}) was not delivered in {attempts} attempts: {failure}"
    );
}

const READ_INTERVAL: Duration = Duration::from_millis(50);
const TIME_LIMIT: Duration = Duration::from_secs(5);
const SCHEDULE: [Duration; 5] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(60),
];
const MAX_BODY_BYTES: usize = 64 * 1024;
/// The number of retries that are sent at the same time.
const MAX_RETRIES_AT_ONCE: usize = 8;
/// The number of messages that wait for a retry. Further messages have one attempt.
const MAX_WAITING: usize = 1000;
