//! Delivers responses that hyper refuses to send: incomplete, endless or slow ones, and ones with a wrong length. Writes
//! their bytes to the connection, which then ends.

use std::io;
use std::time::Duration;

use http::StatusCode;
use stytch_emulator::{Delivery, End, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Delivers one response. If the client closes the connection, the delivery stops.
pub async fn deliver(mut stream: TcpStream, response: &Response) {
    // An error means that the client has closed or reset the connection. Dropping the stream closes this side.
    let Ok(end) = send(&mut stream, response).await else {
        return;
    };
    match end {
        End::Closes => drop(stream.shutdown().await),
        // With this option, closing the connection sends RST instead of FIN.
        End::Resets => drop(stream.set_zero_linger()),
        End::Hangs => client_closes(&mut stream).await,
    }
}

async fn send(stream: &mut TcpStream, response: &Response) -> io::Result<End> {
    let body = response.body.as_slice();
    match response.delivery {
        Delivery::Hangs => return Ok(End::Hangs),
        Delivery::Resets => return Ok(End::Resets),
        Delivery::Closes => {}
        Delivery::BodyHangs => {
            stream.write_all(&head(response, CHUNKED)).await?;
            send_chunk(stream, body).await?;
            return Ok(End::Hangs);
        }
        Delivery::PartialHead { end } => {
            let head = head(response, &content_length(body.len()));
            stream.write_all(first_part(&head)).await?;
            return Ok(end);
        }
        Delivery::PartialBody {
            bytes,
            delay_ms,
            end,
        } => {
            // An empty body is incomplete too.
            let announced = body.len().max(bytes.saturating_add(1));
            let mut message = head(response, &content_length(announced));
            message.extend(body.iter().take(bytes));
            stream.write_all(&message).await?;
            wait(stream, delay_ms).await?;
            return Ok(end);
        }
        Delivery::ShortLength { bytes } => {
            let mut message = head(response, &content_length(bytes));
            message.extend(body);
            stream.write_all(&message).await?;
        }
        Delivery::SlowBody {
            chunk_bytes,
            delay_ms,
        } => {
            stream.write_all(&head(response, CHUNKED_AND_CLOSE)).await?;
            for chunk in body.chunks(chunk_bytes) {
                wait(stream, delay_ms).await?;
                send_chunk(stream, chunk).await?;
            }
            stream.write_all(LAST_CHUNK).await?;
        }
        Delivery::EndlessBody {
            chunk_bytes,
            delay_ms,
            max_bytes,
        } => {
            stream.write_all(&head(response, CHUNKED)).await?;
            let spaces = vec![b' '; chunk_bytes];
            let mut chunk = body;
            let mut left = max_bytes;
            while left > 0 {
                wait(stream, delay_ms).await?;
                let sent = chunk.get(..left).unwrap_or(chunk);
                send_chunk(stream, sent).await?;
                left = left.saturating_sub(sent.len());
                chunk = &spaces;
            }
        }
        // hyper sends these.
        Delivery::Whole | Delivery::Late(_) | Delivery::Gzip => {}
    }
    Ok(End::Closes)
}

/// `framing` are the header lines that delimit the body.
fn head(response: &Response, framing: &str) -> Vec<u8> {
    let status = response.status;
    let reason = StatusCode::from_u16(status).ok();
    let reason = reason.and_then(|status| status.canonical_reason());
    let mut head = format!("HTTP/1.1 {status} {}\r\n", reason.unwrap_or_default());
    for (name, value) in &response.headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    head.extend([framing, "\r\n"]);
    head.into_bytes()
}

fn content_length(bytes: usize) -> String {
    format!("content-length: {bytes}\r\n")
}

/// Returns the status line and the first half of the headers.
fn first_part(head: &[u8]) -> &[u8] {
    let status_line = head.iter().position(|byte| *byte == b'\n');
    let cut = status_line.unwrap_or_default().midpoint(head.len());
    head.get(..cut).unwrap_or(head)
}

/// Sends a chunk. An empty chunk would end the body, so it is not sent.
async fn send_chunk(stream: &mut TcpStream, chunk: &[u8]) -> io::Result<()> {
    if chunk.is_empty() {
        return Ok(());
    }
    let mut message = format!("{:x}\r\n", chunk.len()).into_bytes();
    message.extend(chunk);
    message.extend(b"\r\n");
    stream.write_all(&message).await
}

/// Waits. Returns an error if the client closes the connection in the meantime.
async fn wait(stream: &mut TcpStream, milliseconds: u32) -> io::Result<()> {
    if milliseconds == 0 {
        return Ok(());
    }
    tokio::select! {
        () = tokio::time::sleep(Duration::from_millis(milliseconds.into())) => Ok(()),
        () = client_closes(stream) => Err(io::ErrorKind::BrokenPipe.into()),
    }
}

/// Waits until the client closes the connection. Ignores all further requests on it.
async fn client_closes(stream: &mut TcpStream) {
    let mut ignored = [0; 1024];
    while matches!(stream.read(&mut ignored).await, Ok(1..)) {}
}

const CHUNKED: &str = "transfer-encoding: chunked\r\n";
/// A body that is delivered completely needs `connection: close`. Otherwise the client may send its next request on a
/// connection that is being closed.
const CHUNKED_AND_CLOSE: &str = "transfer-encoding: chunked\r\nconnection: close\r\n";
const LAST_CHUNK: &[u8] = b"0\r\n\r\n";
