//! Reads the body of a response as a stream, and stops at a limit.
//!
//! The limit counts bytes after decompression: a gzip body of 200 KB may have 200 MB. The text of the body stays in
//! JavaScript, so a body above the limit does not enlarge the memory of the wasm, which never shrinks.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::fetch::{Exchange, parse, stringify};
use crate::client::RequestError;

/// Returns the body of a response, a JavaScript string. Bytes that are not UTF-8 become U+FFFD, as in `Response.text`.
///
/// # Errors
/// [`RequestError`] if the body has more than `max_response_bytes`, is incomplete, or cannot be read.
pub(super) async fn read(
    exchange: &mut Exchange<'_>,
    response: &JsValue,
) -> Result<JsValue, Box<RequestError>> {
    match reader_of(response) {
        Ok(reader) => read_stream(exchange, &reader).await,
        Err(_) => read_whole(exchange, response).await,
    }
}

async fn read_stream(
    exchange: &mut Exchange<'_>,
    reader: &Reader,
) -> Result<JsValue, Box<RequestError>> {
    let max_bytes = exchange.request.max_response_bytes;
    let mut left = f64::from(max_bytes);
    let mut text = Text::default();
    // The newest chunk is not decoded yet, because the decoder must know whether it is the last one. A short body needs
    // one call of the decoder then.
    let mut newest: Option<JsValue> = None;
    loop {
        let result: ReadResult = exchange.step(reader.read()).await?.unchecked_into();
        let is_done = result.done().map_err(|thrown| exchange.failed(&thrown))?;
        if let Some(chunk) = newest.take() {
            let added = text.add(&chunk, is_done);
            added.map_err(|thrown| exchange.failed(&thrown))?;
        }
        if is_done {
            return Ok(text.whole());
        }
        let chunk = result.value().map_err(|thrown| exchange.failed(&thrown))?;
        let length = chunk.unchecked_ref::<Chunk>().byte_length();
        left -= length.unwrap_or(f64::NAN);
        if left.is_nan() {
            return Err(exchange.unusable("was answered with a body that is not a stream of bytes"));
        }
        if left < 0.0 {
            cancel(reader);
            let what = format!("was answered with a body of more than {max_bytes} bytes");
            return Err(exchange.unusable(&what));
        }
        newest = Some(chunk);
    }
}

/// Reads a body that is not a stream. In many tests the responses of the caller's `fetch` have only `text` or only `json`.
async fn read_whole(
    exchange: &mut Exchange<'_>,
    response: &JsValue,
) -> Result<JsValue, Box<RequestError>> {
    let method = |name: &str| Reflect::get(response, &name.into())?.dyn_into::<Function>();
    let text = method("text");
    let is_text = text.is_ok();
    let read = text.or_else(|_| method("json"));
    let body = exchange.step(read.and_then(|read| read.call0(response)));
    let body = body.await?;
    if is_text && body.is_string() {
        return Ok(body);
    }
    stringify(&body).map_err(|_| exchange.unusable("was answered with a body that is not JSON"))
}

/// The text of the chunks so far.
#[derive(Default)]
struct Text {
    decoder: Option<Decoder>,
    text: Option<Piece>,
}

impl Text {
    fn add(&mut self, chunk: &JsValue, is_last: bool) -> Result<(), JsValue> {
        let decoder = match self.decoder.take() {
            Some(decoder) => decoder,
            None => Decoder::new()?,
        };
        let added = if is_last {
            decoder.decode_last(chunk)?
        } else {
            decoder.decode_part(chunk, &parse("{\"stream\":true}")?)?
        };
        self.decoder = Some(decoder);
        self.text = Some(match &self.text {
            Some(text) => text.concat(&added)?,
            None => added,
        });
        Ok(())
    }

    fn whole(self) -> JsValue {
        let text = self.text.map(JsValue::from);
        text.unwrap_or_else(|| JsValue::from_str(""))
    }
}

/// Locks the body. The error says that the body is not a stream, or that it has been read already.
fn reader_of(response: &JsValue) -> Result<Reader, JsValue> {
    response.unchecked_ref::<Streaming>().body()?.reader()
}

/// Cancels the rest of the body. Aborting the request does not stop the stream of a `fetch` that ignores the signal.
fn cancel(reader: &Reader) {
    if let Ok(cancelled) = reader.cancel() {
        // The result does not matter, but a rejection without a handler ends the process in Node.
        let _ = Promise::all_settled(&Array::of1(&cancelled));
    }
}

#[wasm_bindgen]
extern "C" {
    /// A response, if its body is a stream. The caller's `fetch` may return any value, so each property may throw.
    type Streaming;

    #[wasm_bindgen(method, getter, catch)]
    fn body(this: &Streaming) -> Result<Body, JsValue>;

    /// A `ReadableStream`.
    type Body;

    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn reader(this: &Body) -> Result<Reader, JsValue>;

    /// A `ReadableStreamDefaultReader`.
    type Reader;

    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn cancel(this: &Reader) -> Result<JsValue, JsValue>;

    /// A `ReadableStreamReadResult`.
    type ReadResult;

    #[wasm_bindgen(method, getter, catch)]
    fn done(this: &ReadResult) -> Result<bool, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn value(this: &ReadResult) -> Result<JsValue, JsValue>;

    /// A `Uint8Array`, possibly of another realm.
    type Chunk;

    #[wasm_bindgen(method, getter, catch, js_name = byteLength)]
    fn byte_length(this: &Chunk) -> Result<f64, JsValue>;

    /// A string. Each runtime limits the length of strings, and `concat` throws above it.
    type Piece;

    #[wasm_bindgen(method, catch)]
    fn concat(this: &Piece, more: &Piece) -> Result<Piece, JsValue>;

    /// A `TextDecoder` for UTF-8. The bindings of web-sys would copy the text into the wasm.
    #[wasm_bindgen(js_name = TextDecoder)]
    type Decoder;

    #[wasm_bindgen(constructor, catch, js_class = "TextDecoder")]
    fn new() -> Result<Decoder, JsValue>;

    #[wasm_bindgen(method, catch, js_class = "TextDecoder", js_name = decode)]
    fn decode_last(this: &Decoder, chunk: &JsValue) -> Result<Piece, JsValue>;

    #[wasm_bindgen(method, catch, js_class = "TextDecoder", js_name = decode)]
    fn decode_part(this: &Decoder, chunk: &JsValue, options: &JsValue) -> Result<Piece, JsValue>;
}
