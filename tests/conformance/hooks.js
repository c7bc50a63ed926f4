// The hooks `on_request`, `on_response`, `on_retry` and `on_verdict`, and the fields of errors about requests.

import { deepSame, failure, matches, ok, same } from "./assert.js";
import { METHODS, recording, subjects, unavailable } from "./call_methods.js";
import { cookies } from "./credentials.js";
import { withoutJitter } from "./jitter.js";
import { refill } from "./retry_budgets.js";
import { answering } from "./signer.js";

const HOOKS = ["on_request", "on_response", "on_retry", "on_verdict", "on_event"];
const HUSH = "a-value-that-must-stay-hidden";

/** Hooks that record their events, each with its name. */
function recorded() {
  const events = [];
  const hooks = Object.fromEntries(HOOKS.map((name) => [name, (event) => void events.push([name, event])]));
  return { events, hooks };
}

/** The events, with durations and the number of the call replaced: `duration_ms` is checked, and `call` counts from the first. */
function comparable(events) {
  const first = events.find(([, { call }]) => call)?.[1].call;
  return events.map(([name, { duration_ms, call, ...rest }]) => {
    if (duration_ms !== undefined) ok(typeof duration_ms === "number" && duration_ms >= 0 && duration_ms < 10_000, `duration_ms is ${duration_ms}`);
    same(["on_response", "on_verdict"].includes(name), duration_ms !== undefined, `${name} has duration_ms`);
    return [name, { ...rest, ...(call && { call: call - first }) }];
  });
}

/** What the events of a call of an API method have in common. */
const about = (t, operation, method, path_template, attempt = 1, call = 0) => ({
  operation, method, path_template, attempt, call, origin: t.emulator.url, project_id: t.config().project_id,
});

export default (test) => {
  test("calls on_request and on_response with the request and its status, duration and id", async (t) => {
    const { events, hooks } = recorded();
    const client = t.consumer(hooks);
    const { request_id } = await client.users.search({ limit: 1 });
    const error = await failure(() => client.users.get({ user_id: "user-test-unknown" }));
    const [search, get] = [about(t, "users.search", "POST", "/v1/users/search"), about(t, "users.get", "GET", "/v1/users/{user_id}", 1, 1)];
    deepSame(comparable(events), [
      ["on_request", search],
      ["on_response", { ...search, status_code: 200, request_id }],
      ["on_request", get],
      ["on_response", { ...get, status_code: error.status_code, request_id: error.request_id }],
    ]);
    matches(request_id, /^request-id-/);
  });

  test("calls on_retry with the status or the reason and the delay", async (t) => {
    await refill(t, "other");
    const { events, hooks } = recorded();
    const answers = [() => unavailable(503), () => Promise.reject({ name: "TypeError", cause: { code: "ECONNRESET" } }), () => new Response("<html>", { status: 502 })];
    const client = t.consumer({ ...hooks, retries: 3, fetch: async () => (answers.shift() ?? (() => new Response(`{"status_code":200,"request_id":"request-id-test-1"}`)))() });
    await withoutJitter(() => client.users.get({ user_id: "user-test-1" }), 0.05);
    const get = (attempt) => about(t, "users.get", "GET", "/v1/users/{user_id}", attempt);
    deepSame(comparable(events), [
      ["on_request", get(1)],
      ["on_response", { ...get(1), status_code: 503 }],
      ["on_retry", { ...get(1), status_code: 503, delay_ms: 10 }],
      ["on_request", get(2)],
      ["on_response", { ...get(2), reason: "connection_reset" }],
      ["on_retry", { ...get(2), reason: "connection_reset", delay_ms: 20 }],
      ["on_request", get(3)],
      ["on_response", { ...get(3), status_code: 502 }],
      ["on_retry", { ...get(3), status_code: 502, delay_ms: 40 }],
      ["on_request", get(4)],
      ["on_response", { ...get(4), status_code: 200, request_id: "request-id-test-1" }],
    ]);
    await refill(t, "other", 15);
  });

  test("calls on_response with the reason if there is no usable response", async (t) => {
    for (const [fetch, reason, status_code] of [
      [() => Promise.reject({ name: "TypeError", cause: { code: "ECONNREFUSED" } }), "connection_refused"],
      [() => new Promise(() => {}), "timeout"],
      [async () => new Response("", { status: 307, headers: { Location: "https://a.example" } }), "api_unavailable"],
      [async () => new Response(new ReadableStream({ start: (controller) => controller.error(new TypeError(HUSH)) }), { status: 200 }), "unknown"],
    ]) {
      const { events, hooks } = recorded();
      await failure(() => t.consumer({ ...hooks, fetch, timeout: 50, retries: 0 }).users.get({ user_id: "user-test-1" }));
      const response = events.find(([name]) => name === "on_response")[1];
      same(response.reason, reason);
      if (response.status_code !== undefined || status_code) same(typeof response.status_code, "number", "status_code");
    }
  });

  test("does not call on_response for a call that is aborted", async (t) => {
    const { events, hooks } = recorded();
    const controller = new AbortController();
    const fetch = recording();
    const ended = failure(() => t.consumer({ ...hooks, fetch }).users.get({ user_id: "user-test-1" }, { signal: controller.signal }));
    controller.abort();
    await ended;
    await new Promise((resolve) => setTimeout(resolve, 20));
    ok(events.every(([name]) => name === "on_request"), events.map(([name]) => name).join());
  });

  test("names the operation of each method that sends requests", async (t) => {
    const names = {};
    for (const [name, { call }] of Object.entries(METHODS)) {
      const { events, hooks } = recorded();
      const its = await subjects(t, { ...hooks, fetch: recording(() => unavailable(400)) });
      await call(its).catch(() => {});
      const event = events.find(([hook]) => hook === "on_request")[1];
      names[name] = [event.operation, event.method, event.path_template].join(" ");
    }
    const keys = "sessions.getJWKS GET /v1/sessions/jwks/{project_id}";
    deepSame(names, {
      "users.get": "users.get GET /v1/users/{user_id}",
      "users.search": "users.search POST /v1/users/search",
      "users.searchAll": "users.search POST /v1/users/search",
      "users.create": "users.create POST /v1/users",
      "organizations.members.search": "organizations.members.search POST /v1/b2b/organizations/members/search",
      "sessions.authenticate": "sessions.authenticate POST /v1/sessions/authenticate",
      "sessions.authenticateJwt": "sessions.authenticate POST /v1/sessions/authenticate",
      "sessions.authenticateJwtLocal": keys,
      "idp.introspectTokenLocal": keys,
      "idp.introspectTokenNetwork": "idp.introspectTokenNetwork POST /v1/public/{project_id}/oauth2/introspect",
      "idp.authenticateRequest": keys,
      "m2m.token": "m2m.token POST /v1/public/{project_id}/oauth2/token",
      "m2m.authenticateToken": keys,
      "m2m.authenticateRequest": keys,
      tokenProvider: "m2m.token POST /v1/public/{project_id}/oauth2/token",
      loadKeys: keys,
      loadPolicies: "rbac.policy GET /v1/rbac/policy",
      exportKeys: keys,
      authenticateRequest: "sessions.authenticate POST /v1/sessions/authenticate",
      "SessionVerifier.authenticateRequest": keys,
      "SessionVerifier.authenticateJwtLocal": keys,
      "SessionVerifier.loadKeys": keys,
    });
  });

  test("calls on_verdict with the method, the status, and the reason or how the token was verified", async (t) => {
    const { events, hooks } = recorded();
    const { session_jwt } = await t.logIn();
    const client = t.consumer({ ...t.fresh(), ...hooks });
    await client.authenticateRequest(cookies(`stytch_session_jwt=${session_jwt}`));
    await client.authenticateRequest(cookies("a=b"));
    await client.m2m.authenticateRequest({ headers: {} });
    await client.idp.authenticateRequest({ headers: { authorization: "Bearer junk" } });
    await t.consumer({ ...t.fresh(), ...hooks, retries: 0, fetch: () => unavailable(503) }).authenticateRequest(cookies("stytch_session=a"));
    const { project_id } = t.config();
    deepSame(comparable(events.filter(([name]) => name === "on_verdict")).map(([, event]) => event), [
      { project_id, method: "authenticateRequest", status: "authenticated", via: "local" },
      { project_id, method: "authenticateRequest", status: "unauthenticated", reason: "no_credentials" },
      { project_id, method: "m2m.authenticateRequest", status: "unauthenticated", reason: "no_credentials" },
      { project_id, method: "idp.authenticateRequest", status: "unauthenticated", reason: "malformed" },
      { project_id, method: "authenticateRequest", status: "unavailable", reason: "api_unavailable" },
    ]);
  });

  const HARMFUL = {
    throw: () => {
      throw new Error(HUSH);
    },
    "return a promise that is rejected": () => Promise.reject(new Error(HUSH)),
    "return a promise that never settles": () => new Promise(() => {}),
    "return an object whose `then` throws": () => ({
      get then() {
        throw new Error(HUSH);
      },
    }),
    "return a `then` that throws when it is called": () => ({
      then() {
        throw new Error(HUSH);
      },
    }),
    "change their event": (event) => {
      for (const name of Object.keys(event)) event[name] = HUSH;
      Object.freeze(event);
    },
  };
  for (const [what, hook] of Object.entries(HARMFUL)) {
    test(`ignores hooks that ${what}`, async (t) => {
      await refill(t, "other", 20);
      const hooks = Object.fromEntries(HOOKS.map((name) => [name, hook]));
      const answers = [503, 502, 200];
      const client = t.consumer({ ...t.fresh(), ...hooks, fetch: () => unavailable(answers.shift() ?? 200) });
      const result = await withoutJitter(() => client.users.get({ user_id: "user-test-1" }));
      same(result.status_code, 200);
      const down = t.consumer({ ...t.fresh(), isolated: true, retries: 0, ...hooks, fetch: () => unavailable(503) });
      const verdict = await down.authenticateRequest(cookies("stytch_session=a"));
      deepSame([verdict.status, verdict.reason], ["unavailable", "api_unavailable"]);
      same((await failure(() => down.users.get({ user_id: "user-test-1" }))).status_code, 503);
      same(t.memory.instanceCount(), t.instancesBefore, "instances of the wasm");
      await refill(t, "other", 10);
    });
  }

  test("can be called again by each hook", async (t) => {
    await refill(t, "other", 100);
    const inner = [];
    const other = t.consumer({ ...t.fresh(), fetch: answering(`{"status_code":200}`) });
    await t.consumer(t.base).loadKeys();
    const session_jwt = await t.emulator.token();
    const local = t.consumer(t.base);
    const hook = (name) => () => {
      same(local.sessions.authenticateJwtLocalSync({ session_jwt }).session_id.length > 0, true);
      local.clearSessionHeaders();
      inner.push(other.users.get({ user_id: "user-test-1" }).then(() => name));
      client.reset();
    };
    const hooks = Object.fromEntries(HOOKS.map((name) => [name, hook(name)]));
    const answers = [503, 502, 200];
    const client = t.consumer({ ...t.fresh(), isolated: true, ...hooks, fetch: () => unavailable(answers.shift() ?? 503) });
    same((await withoutJitter(() => client.users.get({ user_id: "user-test-1" }))).status_code, 200);
    same((await client.authenticateRequest(cookies("stytch_session=a"), { retries: 0 })).status, "unavailable");
    const names = new Set(await Promise.all(inner));
    deepSame([...names].sort(), [...HOOKS].sort());
    same(t.memory.instanceCount(), t.instancesBefore, "instances of the wasm");
  });

  test("never passes a secret, a token, a query, a body or a value of a path to a hook", async (t) => {
    await refill(t, "other", 100);
    const { events, hooks } = recorded();
    const value = (name) => `${HUSH}-${name}`;
    for (const fetch of [() => unavailable(503), async () => new Response(`{"status_code":200,"session_token":"${HUSH}","user_id":"${HUSH}"}`), async () => new Response(`<${HUSH}>`), () => Promise.reject(new TypeError(HUSH))]) {
      const config = { ...t.fresh(), isolated: true, secret: `secret-test-${HUSH}`, ...hooks, fetch, retries: 1 };
      const [client, b2b] = [t.consumer(config), t.b2b({ ...config, project_id: t.config("b2b").project_id })];
      const calls = [
        () => client.users.get({ user_id: value("user") }),
        () => client.users.search({ limit: 1, query: { operator: "AND", operands: [{ filter_name: "email_address", filter_value: [value("email")] }] } }),
        () => client.users.create({ email: value("email") }),
        () => client.sessions.get({ user_id: value("user") }),
        () => client.sessions.authenticate({ session_token: value("token") }),
        () => client.passwords.authenticate({ email: value("email"), password: value("password") }),
        () => client.m2m.token({ client_id: value("client"), client_secret: value("secret") }),
        () => client.m2m.tokenProvider({ client_id: value("client"), client_secret: value("secret") })(),
        () => client.idp.introspectTokenNetwork({ token: value("token"), client_id: value("client"), client_secret: value("secret") }),
        () => client.authenticateRequest(cookies(`stytch_session=${value("token")}`)),
        () => b2b.organizations.members.get({ organization_id: value("organization"), member_id: value("member") }),
        () => b2b.organizations.get({ organization_id: value("organization") }, { authorization: { session_token: value("token") } }),
      ];
      for (const call of calls) await withoutJitter(() => call().catch(() => {}));
    }
    ok(events.length > 100, `${events.length} events`);
    const text = JSON.stringify(events, (_, found) => (found instanceof Error ? { ...found, message: found.message, stack: found.stack } : found));
    const own = events.filter(([name]) => name !== "on_event");
    ok(!JSON.stringify(own).includes(HUSH), "an event contains a value of the request or of the response");
    // An error in on_event contains the URL, and a StytchError contains the response of the API. Neither contains credentials.
    ok(![value("token"), value("secret"), value("password"), `secret-test-${HUSH}`].some((hidden) => text.includes(hidden)), "an event contains a credential");
    await refill(t, "other", 100);
    await refill(t, "unverified", 50);
  });

  test("refuses hooks that are not functions", async (t) => {
    for (const name of HOOKS) {
      for (const hook of ["text", 1, {}, true]) {
        const error = await failure(() => t.consumer({ [name]: hook }));
        deepSame([error.code, error.message.includes(name)], ["invalid_argument", true], `${error}`);
      }
    }
  });

  test("reports the status, Retry-After and the number of attempts in a RequestError", async (t) => {
    await refill(t, "other", 60);
    const page = (status, headers) => async () => new Response("<html>", { status, headers });
    for (const [fetch, expected] of [
      [page(503), { reason: "api_unavailable", status_code: 503, attempts: 3 }],
      [page(503, { "Retry-After": "0" }), { reason: "api_unavailable", status_code: 503, retry_after_seconds: 0, attempts: 3 }],
      [page(503, { "Retry-After": "7" }), { reason: "api_unavailable", status_code: 503, retry_after_seconds: 7, attempts: 1 }],
      [page(429, { "Retry-After": "60" }), { reason: "rate_limited", status_code: 429, retry_after_seconds: 60, attempts: 1 }],
      [page(500), { reason: "api_unavailable", status_code: 500, attempts: 1 }],
      [page(200), { reason: "api_unavailable", status_code: 200, attempts: 1 }],
      [() => Promise.reject({ code: "ECONNREFUSED" }), { reason: "connection_refused", attempts: 3 }],
      [() => Promise.reject({ code: "CERT_HAS_EXPIRED" }), { reason: "tls", attempts: 1 }],
    ]) {
      const error = await withoutJitter(() => failure(() => t.consumer({ fetch }).users.get({ user_id: "user-test-1" })));
      same(error.name, "RequestError");
      const { reason, status_code, retry_after_seconds, request_id, attempts, request } = error;
      deepSame({ reason, status_code, retry_after_seconds, request_id, attempts }, { status_code: undefined, retry_after_seconds: undefined, request_id: undefined, ...expected });
      deepSame(request, { method: "GET", url: `${t.emulator.url}/v1/users/user-test-1` });
    }
    await refill(t, "other", 40);
  });

  test("reports the request_id of a response whose body is unusable", async (t) => {
    for (const call of [(client) => client.loadPolicies(), (client) => client.loadKeys()]) {
      const fetch = answering(`{"status_code":200,"request_id":"request-id-test-1"}`);
      const error = await failure(() => call(t.consumer({ ...t.fresh(), isolated: true, fetch })));
      const { name, request_id, status_code, attempts } = error.cause ?? error;
      deepSame({ name, request_id, status_code, attempts }, { name: "RequestError", request_id: "request-id-test-1", status_code: 200, attempts: 1 });
    }
  });
};
