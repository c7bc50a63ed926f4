//! The server around the emulator: reads a request from a connection, passes it to [`Emulator::handle`], and delivers
//! the response as its [`Delivery`] specifies. If hyper cannot send such a response, `broken` sends it.
//!
//! HTTP/1.1, one thread, no TLS.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use stytch_emulator::{Delivery, Emulator, Front, Request, Response};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::broken;
use crate::now;
use crate::static_files;

/// The state that all connections share.
pub struct Server {
    pub emulator: Arc<Mutex<Emulator>>,
    /// The hosts and origins that the server accepts.
    pub front: Front,
    /// The folder whose files are served under `/_emulator/static/`.
    pub serve: Option<PathBuf>,
    /// Whether the server prints a line to stderr for each request.
    pub logs: bool,
    /// Notified after each request that can have changed the state.
    pub requested: Arc<Notify>,
}

impl Server {
    /// Accepts connections forever. A failed connection affects only its own client.
    pub async fn run(self: Arc<Self>, listener: TcpListener) {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                continue;
            };
            tokio::spawn(Arc::clone(&self).serve(stream));
        }
    }

    async fn serve(self: Arc<Self>, stream: TcpStream) {
        // Each chunk of a slow body must leave at once.
        if stream.set_nodelay(true).is_err() {
            return;
        }
        let service = service_fn(|request| Box::pin(Arc::clone(&self).answer(request)));
        let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        let outcome = poll_fn(|context| connection.poll_without_shutdown(context)).await;
        let mut stream = connection.into_parts().io.into_inner();
        let error = outcome.err();
        let cause = error.as_ref().and_then(Error::source);
        match cause.and_then(|cause| cause.downcast_ref()) {
            Some(Broken(response)) => broken::deliver(stream, response).await,
            None => drop(stream.shutdown().await),
        }
    }

    async fn answer(
        self: Arc<Self>,
        request: hyper::Request<Incoming>,
    ) -> Result<hyper::Response<Full<Bytes>>, Box<dyn Error + Send + Sync>> {
        let (head, body) = request.into_parts();
        let body = read(body, Emulator::max_body_bytes(head.uri.path())).await?;
        let header = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        };
        let request = Request {
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: head.headers.iter().map(header).collect(),
            body,
        };
        let started = Instant::now();
        let mut response = self.respond(&request).await;
        self.front.finish(&request, &mut response);
        if self.logs {
            log(&request, &response, started.elapsed());
        }
        match response.delivery {
            Delivery::Whole => {}
            Delivery::Late(milliseconds) => {
                tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
            }
            Delivery::Gzip => return into_hyper(gzip(response).await?),
            // If the service returns an error, hyper stops and leaves the connection open.
            _ => return Err(Broken(response).into()),
        }
        into_hyper(response)
    }

    async fn respond(&self, request: &Request) -> Response {
        if let Some(response) = self.front.check(request) {
            return response;
        }
        if let Some(response) = static_files::answer(self.serve.as_deref(), request).await {
            return response;
        }
        let response = self
            .emulator
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .handle(request, now());
        self.requested.notify_one();
        response
    }
}

/// Prints a request to stderr. The query is not printed, because it may contain tokens.
fn log(request: &Request, response: &Response, elapsed: Duration) {
    let fault = match response.delivery {
        Delivery::Whole => String::new(),
        delivery => format!(" {delivery:?}"),
    };
    let Request { method, path, .. } = request;
    let milliseconds = elapsed.as_millis();
    // If stderr is closed, the server still serves.
    let _ = writeln!(
        io::stderr(),
        "{method} {path} {}{fault} {milliseconds} ms",
        response.status
    );
}

/// Reads a body. Of a body with more than `limit` bytes, returns one byte more than `limit`, so that the emulator refuses
/// it. The rest is read and discarded, because many clients read a response only after they have sent the whole body.
async fn read(mut body: Incoming, limit: usize) -> Result<Vec<u8>, hyper::Error> {
    let (mut kept, mut discarded) = (Vec::new(), 0_usize);
    while discarded < MAX_DISCARDED_BYTES
        && let Some(frame) = body.frame().await
    {
        let data = frame?.into_data().unwrap_or_default();
        let room = limit.saturating_add(1).saturating_sub(kept.len());
        let (first, rest) = data.split_at(room.min(data.len()));
        kept.extend_from_slice(first);
        discarded = discarded.saturating_add(rest.len());
    }
    Ok(kept)
}

/// A response that hyper cannot send.
#[derive(Debug)]
struct Broken(Response);

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "a test requested {:?}", self.0.delivery)
    }
}

impl Error for Broken {}

fn into_hyper(
    response: Response,
) -> Result<hyper::Response<Full<Bytes>>, Box<dyn Error + Send + Sync>> {
    let mut builder = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        builder = builder.header(name, value);
    }
    Ok(builder.body(Full::new(response.body.into()))?)
}

/// Compresses on another thread, because a large body would stop all other connections.
async fn gzip(mut response: Response) -> io::Result<Response> {
    let compress = move || {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&response.body)?;
        response.body = encoder.finish()?;
        let header = ("content-encoding".to_owned(), "gzip".to_owned());
        response.headers.push(header);
        Ok(response)
    };
    tokio::task::spawn_blocking(compress)
        .await
        .map_err(io::Error::other)?
}

/// The largest part of a body that is read only to be discarded. After a larger body, the connection is closed.
const MAX_DISCARDED_BYTES: usize = 64 * 1024 * 1024;
