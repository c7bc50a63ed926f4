// A `fetch` that the emulator answers in this process. Faults behave as they do on a network: a promise that does not settle
// until its signal is aborted, a TypeError, or a body that fails.

import type { Answer, Delivery, RawRequest } from "./message.js";

/** The type of a `fetch` function. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Returns a `fetch` for any host. `handle` answers one request. */
export function createFetch(handle: (request: RawRequest) => Answer): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const signal = signalOf(input, init);
    throwIfAborted(signal);
    const body = await unlessAborted(request.arrayBuffer(), signal);
    let url = new URL(request.url);
    let raw: RawRequest = {
      method: request.method,
      target: "",
      headers: [...request.headers].filter(([name]) => name !== "host"),
      body: new Uint8Array(body),
    };
    for (let redirects = 0; ; redirects += 1) {
      const answer = handle({ ...raw, target: url.pathname + url.search, headers: [["host", url.host], ...raw.headers] });
      const response = await deliver(answer, raw.method, signal);
      Object.defineProperties(response, { url: { value: withoutFragment(url) }, redirected: { value: redirects > 0 } });
      const location = REDIRECTS.includes(answer.status) && response.headers.get("location");
      if (!location || request.redirect === "manual") return response;
      if (request.redirect === "error" || redirects === MAX_REDIRECTS) throw failed("unexpected redirect");
      const next = new URL(location, url);
      if (!/^https?:$/.test(next.protocol)) throw failed("URL scheme must be a HTTP(S) scheme");
      raw = redirected(raw, answer.status, next.origin === url.origin);
      url = next;
    }
  };
}

/** The next request after a redirect, as the Fetch standard defines it. */
function redirected(raw: RawRequest, status: number, isSameOrigin: boolean): RawRequest {
  const losesBody = status === 303 ? !/^(GET|HEAD)$/.test(raw.method) : raw.method === "POST" && (status === 301 || status === 302);
  const headers = raw.headers.filter(([name]) => (isSameOrigin || name !== "authorization") && !(losesBody && name.startsWith("content-")));
  return losesBody ? { ...raw, method: "GET", headers, body: new Uint8Array() } : { ...raw, headers };
}

async function deliver(answer: Answer, method: string, signal: AbortSignal | undefined): Promise<Response> {
  const { delivery, body } = answer;
  const isEmpty = method === "HEAD" || NULL_BODIES.includes(answer.status);
  const respond = (its: BodyInit, more: Record<string, string> = {}): Response => {
    const headers = new Headers(answer.headers);
    for (const [name, value] of Object.entries(more)) headers.set(name, value);
    return new Response(isEmpty ? null : its, { status: answer.status, headers });
  };
  const stream = (chunks: AsyncGenerator<Uint8Array>): BodyInit => streamOf(chunks, signal);
  switch (delivery.kind) {
    case "late":
      await wait(delivery.delay_ms, signal);
      return respond(body, { "content-length": `${body.length}` });
    case "gzip":
      // `fetch` decodes the body and keeps the header.
      return respond(body, { "content-encoding": "gzip" });
    case "hangs":
      return forever(signal);
    case "closes":
      throw failed("other side closed", "UND_ERR_SOCKET");
    case "resets":
      throw failed("read ECONNRESET", "ECONNRESET");
    case "partial_head":
      return delivery.end === "hangs" ? forever(signal) : Promise.reject(ended(delivery.end));
    case "body_hangs":
    case "partial_body":
    case "slow_body":
    case "endless_body": {
      const length = delivery.kind === "partial_body" ? { "content-length": `${Math.max(body.length, delivery.bytes + 1)}` } : {};
      return respond(stream(chunksOf(delivery, body, signal)), length);
    }
    case "short_length":
      return respond(body.slice(0, delivery.bytes), { "content-length": `${delivery.bytes}` });
    default:
      return respond(body, { "content-length": `${body.length}` });
  }
}

type Streamed = Extract<Delivery, { kind: "body_hangs" | "partial_body" | "slow_body" | "endless_body" }>;

/** The parts of a body that does not arrive at once. Throws if the connection ends within the body. */
async function* chunksOf(delivery: Streamed, body: Uint8Array, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  if (delivery.kind === "slow_body") {
    for (let at = 0; at < body.length; at += delivery.chunk_bytes) {
      await wait(delivery.delay_ms, signal);
      yield body.slice(at, at + delivery.chunk_bytes);
    }
    return;
  }
  if (delivery.kind === "endless_body") {
    for (let [chunk, left] = [body, delivery.max_bytes]; left > 0; chunk = new Uint8Array(delivery.chunk_bytes).fill(SPACE)) {
      await wait(delivery.delay_ms, signal);
      yield chunk.slice(0, left);
      left -= Math.min(left, chunk.length);
    }
    throw ended("closes");
  }
  const isPart = delivery.kind === "partial_body";
  yield isPart ? body.slice(0, delivery.bytes) : body;
  if (isPart) await wait(delivery.delay_ms, signal);
  if (isPart && delivery.end !== "hangs") throw ended(delivery.end);
  await forever(signal);
}

/** A stream is pulled, so that an endless body costs nothing unless it is read. An abort ends it at once. */
function streamOf(chunks: AsyncGenerator<Uint8Array>, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const { done, value } = await unlessAborted(chunks.next(), signal);
          if (done) return controller.close();
          if (value.length > 0) return controller.enqueue(value);
        }
      },
      // A generator that waits would not end before its wait does.
      cancel: () => void chunks.return(undefined),
    },
    { highWaterMark: 0 },
  );
}

function ended(end: string): TypeError {
  const [message, code] = end === "resets" ? ["read ECONNRESET", "ECONNRESET"] : ["other side closed", "UND_ERR_SOCKET"];
  return failed(message!, code, "terminated");
}

/** The error of a `fetch` whose connection failed, in the form of Node. */
function failed(reason: string, code?: string, message = "fetch failed"): TypeError {
  return new TypeError(message, { cause: Object.assign(new Error(reason), code && { code }) });
}

function signalOf(input: string | URL | Request, init: RequestInit | undefined): AbortSignal | undefined {
  const own = typeof input === "object" && "signal" in input ? input.signal : undefined;
  return (init && "signal" in init ? init.signal : own) ?? undefined;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw signal.reason;
}

/** Settles as the promise does, or fails with the reason of the signal. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Uses the timers at the time of the call, which may be those of a test. */
async function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (milliseconds === 0) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const time = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.min(milliseconds, MAX_TIMER_MS))));
  await unlessAborted(time, signal).finally(() => clearTimeout(timer));
}

/** Like an open connection, keeps the process alive: the timers of `AbortSignal.timeout` do not. */
async function forever(signal: AbortSignal | undefined): Promise<never> {
  for (;;) await wait(MAX_TIMER_MS, signal);
}

function withoutFragment(url: URL): string {
  return url.href.split("#", 1)[0]!;
}

const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 20;
/** A `Response` with one of these statuses must not have a body. */
const NULL_BODIES = [204, 205, 304];
const SPACE = 0x20;
const MAX_TIMER_MS = 2 ** 31 - 1;
