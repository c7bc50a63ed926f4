//! The server around the emulator: reads a request from a connection, passes it to [`Emulator::handle`], and delivers
//! the response as its [`Delivery`] specifies. With `Hangs` and `Closes`, it sends nothing.
//!
//! HTTP/1.1 on loopback only, one thread, no TLS.

use std::convert::Infallible;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use stytch_emulator::{Delivery, Emulator, Request, Response, UnixSeconds};
use tokio::net::TcpListener;

use crate::static_files;

/// The state that all connections share.
pub struct Server {
    emulator: Mutex<Emulator>,
    serve: Option<PathBuf>,
}

impl Server {
    /// `serve` is the folder whose files are served under `/_emulator/static/`.
    pub fn new(emulator: Emulator, serve: Option<PathBuf>) -> Arc<Self> {
        Arc::new(Self {
            emulator: Mutex::new(emulator),
            serve,
        })
    }

    /// Accepts connections forever. A failed connection affects only its own client.
    pub async fn run(self: Arc<Self>, listener: TcpListener) {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                continue;
            };
            let server = Arc::clone(&self);
            let service = service_fn(move |request| Arc::clone(&server).answer(request));
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service);
            tokio::spawn(connection);
        }
    }

    async fn answer(
        self: Arc<Self>,
        request: hyper::Request<Incoming>,
    ) -> io::Result<hyper::Response<Delivered>> {
        let (head, body) = request.into_parts();
        let body = Limited::new(body, MAX_BODY_BYTES).collect().await;
        // If the body is too large, the connection is closed. Callers of the API do not send such bodies.
        let body = body
            .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?
            .to_bytes();
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
            body: body.to_vec(),
        };
        let response = match static_files::answer(self.serve.as_deref(), &request).await {
            Some(response) => response,
            None => self
                .emulator
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .handle(&request, now()),
        };
        match response.delivery {
            // If the service returns an error, hyper closes the connection.
            Delivery::Closes => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
            Delivery::Hangs => std::future::pending().await,
            Delivery::Late(milliseconds) => {
                tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
                into_hyper(response)
            }
            Delivery::Whole | Delivery::BodyHangs => into_hyper(response),
        }
    }
}

/// A body of one piece. If `hangs` is true, the body does not end after that piece.
pub struct Delivered {
    piece: Option<Bytes>,
    hangs: bool,
}

impl Body for Delivered {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.piece.take() {
            Some(piece) => Poll::Ready(Some(Ok(Frame::data(piece)))),
            // The fault: the waker is never called, so the body never ends.
            None if self.hangs => Poll::Pending,
            None => Poll::Ready(None),
        }
    }

    fn size_hint(&self) -> SizeHint {
        let length = self.piece.as_ref().map_or(0, |piece| piece.len() as u64);
        if self.hangs {
            SizeHint::default()
        } else {
            SizeHint::with_exact(length)
        }
    }
}

fn into_hyper(response: Response) -> io::Result<hyper::Response<Delivered>> {
    let mut builder = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        builder = builder.header(name, value);
    }
    let hangs = response.delivery == Delivery::BodyHangs;
    builder
        .body(Delivered {
            piece: Some(response.body.into()),
            hangs,
        })
        .map_err(io::Error::other)
}

fn now() -> UnixSeconds {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    UnixSeconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

const MAX_BODY_BYTES: usize = 1024 * 1024;
