// The network and the server: broken connections, bodies that are too large, and bodies that are not objects.

import { deepSame, failure, matches, ok, same } from "./assert.js";
import { answering } from "./signer.js";

const WHOAMI = "/v1/debug/whoami";
const SEARCH = "/v1/users/search";

/** Faults that end the connection before the response is complete. */
const BROKEN = {
  "closes the connection": { kind: "close" },
  "resets the connection": { kind: "reset" },
  "closes the connection within the headers": { kind: "partial_head", end: "close" },
  "resets the connection within the headers": { kind: "partial_head" },
  "closes the connection within the body": { kind: "partial_body" },
  "resets the connection within the body": { kind: "partial_body", end: "reset", delay_ms: 50 },
};

export default (test) => {
  for (const [what, fault] of Object.entries(BROKEN)) {
    test(`reports the reason if the server ${what}`, async (t) => {
      const error = await t.emulator.withFault({ path_prefix: SEARCH, ...fault }, () => failure(() => t.consumer().users.search({ limit: 1 })));
      // Chromium reads headers that end early as a whole response.
      if (t.runtime === "chromium") return ok(["unknown", "api_unavailable"].includes(error.reason), error.message);
      isRequestError(t, error, "connection_reset");
      // A runtime's messages may contain parts of the request.
      matches(error.message, /^POST \S+ could not be completed: connection_reset \([\w ]+\)$/);
    });
  }

  test("sends a POST once if the server closes or resets the connection", async (t) => {
    for (const [what, fault] of Object.entries(BROKEN)) {
      const calls = await t.emulator.callsDuring(() =>
        t.emulator.withFault({ path_prefix: SEARCH, ...fault }, () => failure(() => t.consumer({ retries: 0 }).users.search({ limit: 1 }))),
      );
      same(calls.length, 1, what);
    }
  });

  test("maps a broken connection to the reason api_unavailable in a verdict", async (t) => {
    const request = { headers: { cookie: "stytch_session=a-session-token" } };
    const verdict = await t.emulator.withFault({ path_prefix: "/v1/sessions/authenticate", kind: "reset" }, () =>
      t.consumer().authenticateRequest(request),
    );
    deepSame([verdict.status, verdict.reason], ["unavailable", "api_unavailable"]);
  });

  test("reports the reason of an error of the caller's fetch, and does not repeat its message", async (t) => {
    const errors = [
      [{ name: "AbortError", message: "hush" }, "aborted"],
      [{ name: "TimeoutError", message: "hush" }, "timeout"],
      [{ name: "TypeError", cause: { code: "ECONNREFUSED", message: "hush" } }, "connection_refused"],
      [{ name: "TypeError", cause: { code: "ENOTFOUND" } }, "dns"],
      [{ code: "CERT_HAS_EXPIRED" }, "tls"],
      [{ name: "Error", message: "hush: Connection refused (os error 111)" }, "connection_refused"],
      [{ name: "TypeError", message: "http://a/?q=dns%20error hush" }, "unknown"],
      [{ name: "hush hush", code: "hush-hush", cause: { code: 7 } }, "unknown"],
      ["hush", "unknown"],
      [null, "unknown"],
      [new Proxy({}, { get: () => { throw new Error("hush"); } }), "unknown"],
    ];
    for (const [thrown, reason] of errors) {
      const error = await failure(() => t.consumer({ fetch: () => Promise.reject(thrown) }).debug.whoami());
      isRequestError(t, error, reason);
      ok(!error.message.includes("hush"), error.message);
    }
  });

  test("refuses a key set of more than 256 KiB after decompression, and does not grow the wasm memory", async (t) => {
    const session_jwt = await t.emulator.token();
    const check = () => failure(() => t.consumer(t.fresh()).sessions.authenticateJwtLocal({ session_jwt }));
    const path_prefix = t.emulator.keySetPath("consumer");
    const before = t.memory.bytes();
    for (const gzip of [true, false]) {
      const error = await t.emulator.withFault({ path_prefix, kind: "large_body", bytes: 8 * MIB, gzip }, check);
      isLimit(t, error.cause, 262_144);
      same(error.reason, "keys_unavailable");
    }
    const grown = t.memory.bytes() - before;
    ok(grown <= PAGE, `the wasm memory grew by ${grown} bytes`);
    await t.emulator.withFault({ path_prefix, kind: "large_body", bytes: 262_144, gzip: true }, () =>
      t.consumer(t.fresh()).sessions.authenticateJwtLocal({ session_jwt }),
    );
  });

  test("refuses a policy of more than 4 MiB", async (t) => {
    const session_jwt = await t.emulator.token();
    const authorization_check = { resource_id: "documents", action: "write" };
    const check = () => failure(() => t.consumer(t.fresh()).sessions.authenticateJwtLocal({ session_jwt, authorization_check }));
    const fault = { path_prefix: "/v1/rbac/policy", kind: "large_body", bytes: 4 * MIB + 1, gzip: true };
    const error = await t.emulator.withFault(fault, check);
    isLimit(t, error, 4 * MIB);
  });

  for (const [what, fault] of Object.entries({
    "an answer of more than 16 MiB": { kind: "large_body", bytes: 24 * MIB },
    "a compressed answer of more than 16 MiB": { kind: "large_body", bytes: 24 * MIB, gzip: true },
    "an endless answer": { kind: "endless_body" },
  })) {
    test(`refuses ${what}, and works afterwards`, async (t) => {
      const client = t.consumer();
      const before = t.memory.bytes();
      const error = await t.emulator.withFault({ path_prefix: WHOAMI, ...fault }, () => failure(() => client.debug.whoami()));
      isLimit(t, error, 16 * MIB);
      same((await client.debug.whoami()).status_code, 200);
      same(t.memory.bytes(), before, "bytes of wasm memory");
    });
  }

  test("accepts an answer of 16 MiB, and does not copy it into the wasm", async (t) => {
    const client = t.consumer();
    await client.debug.whoami();
    const before = t.memory.bytes();
    const fault = { path_prefix: WHOAMI, kind: "large_body", bytes: 16 * MIB, gzip: true };
    same((await t.emulator.withFault(fault, () => client.debug.whoami())).status_code, 200);
    same(t.memory.bytes(), before, "bytes of wasm memory");
  });

  test("cancels the stream of a fetch that ignores the signal, also if `cancel` fails", async (t) => {
    const chunk = new Uint8Array(MIB);
    let pulled = 0;
    let cancelled = 0;
    const pull = (controller) => {
      pulled += 1;
      controller.enqueue(chunk);
    };
    const cancel = () => {
      cancelled += 1;
      throw new Error("the caller's error");
    };
    const fetch = async () => new Response(new ReadableStream({ pull, cancel }));
    isLimit(t, await failure(() => t.consumer({ fetch }).debug.whoami()), 16 * MIB);
    same(cancelled, 1, "calls of cancel");
    ok(pulled < 20, `${pulled} chunks were read`);
  });

  test("reads characters that are split between chunks, and replaces bytes that are not UTF-8", async (t) => {
    const bytes = [...new TextEncoder().encode(`\u{feff}{"status_code":200,"a":"ä€😀`), 0xff, ...new TextEncoder().encode(`"}`)];
    const chunks = (size) => {
      const parts = [];
      for (let at = 0; at < bytes.length; at += size) parts.push(Uint8Array.from(bytes.slice(at, at + size)));
      return new Response(
        new ReadableStream({
          start(controller) {
            for (const part of [...parts, new Uint8Array()]) if (part.length || size > 1) controller.enqueue(part);
            controller.close();
          },
        }),
      );
    };
    for (const size of [1, 2, 3, 5, 1_000]) {
      const result = await t.consumer({ fetch: async () => chunks(size) }).debug.whoami();
      same(result.a, "ä€😀\ufffd", `chunks of ${size} bytes`);
    }
  });

  test("throws a RequestError for a stream that fails, that is locked, or whose chunks are not bytes", async (t) => {
    const streaming = (start) => new Response(new ReadableStream({ start }));
    const locked = new Response("{}");
    locked.body.getReader();
    const bodies = [
      [() => locked, "unknown"],
      [() => ({ status: 200, body: new ReadableStream({ start: (controller) => controller.enqueue("{}") }) }), "api_unavailable"],
      [() => ({ status: 200, body: new ReadableStream({ start: (controller) => controller.enqueue(undefined) }) }), "api_unavailable"],
      [() => streaming((controller) => controller.error(new TypeError("hush"))), "unknown"],
      [() => streaming((controller) => controller.error({ name: "TypeError", code: "ECONNRESET" })), "connection_reset"],
    ];
    for (const [answer, reason] of bodies) {
      const error = await failure(() => t.consumer({ fetch: async () => answer() }).debug.whoami());
      isRequestError(t, error, reason);
      ok(!error.message.includes("hush"), error.message);
    }
    same(t.memory.instanceCount(), t.instancesBefore, "instances of the wasm");
  });

  test("accepts responses that have only `json` or only `text`", async (t) => {
    for (const answer of [
      { json: async () => ({ status_code: 200 }) },
      { text: async () => `{"status_code":200}` },
      { body: { not: "a stream" }, json: async () => ({ status_code: 200 }) },
      { body: null, text: async () => `{"status_code":200}` },
    ]) {
      same((await t.consumer({ fetch: async () => ({ status: 200, ...answer }) }).debug.whoami()).status_code, 200);
    }
  });

  test("throws a RequestError for a successful response that is not an object", async (t) => {
    for (const text of ["null", "[]", `"x"`, "7", "true", "[{}]"]) {
      const clients = [t.consumer({ fetch: answering(text) }), t.consumer({ fetch: async () => ({ status: 200, json: async () => JSON.parse(text) }) })];
      for (const client of clients) {
        for (const call of [() => client.debug.whoami(), () => client.users.get({ user_id: "user-test-1" })]) {
          const error = await failure(call);
          isRequestError(t, error, "api_unavailable");
          matches(error.message, / was answered with status 200 and a body that is not a JSON object$/);
        }
      }
    }
  });

  test("reports rate_limited for a response with status 429 that is not an error of the API", async (t) => {
    for (const text of ["<html>", "null", ""]) {
      const error = await failure(() => t.consumer({ fetch: answering(text, 429) }).debug.whoami());
      isRequestError(t, error, "rate_limited");
    }
    const fault = { path_prefix: WHOAMI, kind: "large_body", bytes: 17 * MIB, status: 429, text: "<html>" };
    isRequestError(t, await t.emulator.withFault(fault, () => failure(() => t.consumer().debug.whoami())), "rate_limited");
  });

  test("returns or refuses very deep JSON, and never throws another error", async (t) => {
    const deep = "[".repeat(DEPTH) + "]".repeat(DEPTH);
    const json = `{"status_code":200,"error_type":${deep},"error_message":${deep},"session":${deep},"policy":${deep},"active":${deep},"user":{"a":${deep}}}`;
    const session_jwt = await t.emulator.token({ claims: { exp: 1 } });
    for (const status of [200, 400, 503]) {
      const client = t.consumer({ ...t.fresh(), fetch: answering(json, status) });
      const calls = [
        () => client.debug.whoami(),
        () => client.sessions.authenticate({ session_token: "a" }),
        () => client.sessions.authenticateJwt({ session_jwt }),
        () => client.idp.introspectTokenNetwork({ token: "a", client_id: "b" }),
        () => client.m2m.token({ client_id: "a", client_secret: "b" }),
        () => client.sessions.authenticateJwtLocal({ session_jwt }),
      ];
      for (const call of calls) {
        const { RequestError, ClientError, StytchError } = t.stytch;
        const result = await call().catch((error) => error);
        const isOurs = [RequestError, ClientError, StytchError].some((kind) => result instanceof kind);
        ok(isOurs || (status === 200 && !(result instanceof Error) && typeof result === "object"), `${status} ${call} ${result?.name}`);
      }
      const verdict = await client.authenticateRequest({ headers: { cookie: "stytch_session=a-session-token" } });
      ok(["unavailable", "authenticated"].includes(verdict.status), verdict.status);
    }
    same(t.memory.instanceCount(), t.instancesBefore, "instances of the wasm");
  });
};

function isLimit(t, error, bytes) {
  isRequestError(t, error, "api_unavailable");
  matches(error.message, new RegExp(` was answered with a body of more than ${bytes} bytes$`));
}

function isRequestError(t, error, reason) {
  ok(error instanceof t.stytch.RequestError, `expected a RequestError, found ${error}`);
  same(error.reason, reason, error.message);
}

const MIB = 2 ** 20;

/** The smallest step by which wasm memory grows. */
const PAGE = 64 * 2 ** 10;

/** With 7,000 levels, `JSON.stringify` throws a RangeError in Node. */
const DEPTH = 20_000;
