// The spans and metrics of a client that calls the emulator.

import { Client } from "stytch-edge";
import { telemetry } from "stytch-edge/otel";

import { deepSame, failure, matches, ok, same } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";
import { CLIENT, ERROR, UNSET } from "./events.mjs";
import { points, recording } from "./recorder.mjs";

const USERS = "/v1/users/";
const email = "ada@example.com";

/** The tests with a running emulator. */
export function clientTests(ready) {
  const emulator = new Emulator(ready);

  /** Runs `body` with a client that has its own keys, and with a user. */
  const calling = (body) =>
    recording(async (recorder) => {
      const config = { ...ready.consumer, custom_base_url: ready.url, isolated: true };
      const client = new Client({ ...config, ...telemetry(recorder) });
      const { user_id } = await new Client(config).magicLinks.email.loginOrCreate({ email });
      return body({ client, user_id, recorder, inSpan: (call) => inSpan(recorder.tracer, call) });
    });

  /** The spans of requests, without the tests' own. */
  const requests = async ({ spans }) => (await spans()).filter(({ kind }) => kind === CLIENT);
  const verdicts = async ({ spans }) => (await spans()).filter(({ name }) => name.startsWith("stytch "));

  return {
    "records a client's requests in the spans that called it, without identifiers and secrets": () =>
      calling(async ({ client, user_id, recorder, inSpan }) => {
        const parents = await Promise.all([1, 2, 3].map(() => inSpan(() => client.users.get({ user_id }))));
        const spans = await requests(recorder);
        same(spans.length, 3);
        for (const { name, status, attributes } of spans) {
          const { "stytch.request_id": request_id, ...others } = attributes;
          same(name, "GET /v1/users/{user_id}");
          same(status.code, UNSET);
          ok(typeof request_id === "string" && request_id.length > 0, "the span has the request_id");
          deepSame(others, {
            "http.request.method": "GET",
            "http.response.status_code": 200,
            "server.address": "127.0.0.1",
            "server.port": Number(new URL(ready.url).port),
            "url.scheme": "http",
            "url.template": "/v1/users/{user_id}",
            "stytch.operation": "users.get",
            "stytch.project_id": ready.consumer.project_id,
          });
        }
        deepSame(spans.map(({ parentSpanContext }) => parentSpanContext.spanId).sort(), parents.sort(), "parents");
        const found = await recorder.metrics();
        deepSame(points(found["http.client.request.duration"]).map(({ count }) => count), [3]);
        const text = JSON.stringify([spans.map(({ name, attributes, events, status }) => [name, attributes, events, status]), found]);
        for (const value of [user_id, email, ready.consumer.secret, btoa(`${ready.consumer.project_id}:${ready.consumer.secret}`)]) {
          ok(!text.includes(value), "spans and metrics contain no identifiers and no secrets");
        }
      }),
    "records an error of the API": () =>
      calling(async ({ client, recorder }) => {
        const { status_code } = await failure(() => client.users.get({ user_id: "user-test-00000000-0000-4000-8000-000000000000" }));
        const [{ status, attributes }, ...others] = await requests(recorder);
        same(others.length, 0);
        deepSame([status.code, attributes["error.type"], attributes["http.response.status_code"]], [ERROR, String(status_code), status_code]);
      }),
    "records each attempt of a call that is retried": () =>
      calling(({ client, user_id, recorder, inSpan }) =>
        emulator.withFault({ path_prefix: USERS, kind: "status", status: 503, times: 1 }, async () => {
          const parent = await inSpan(() => client.users.get({ user_id }));
          const found = (await requests(recorder)).map(({ status, attributes, parentSpanContext }) => [
            status.code,
            attributes["http.response.status_code"],
            attributes["http.request.resend_count"],
            parentSpanContext.spanId,
          ]);
          deepSame(found, [[ERROR, 503, undefined, parent], [UNSET, 200, 1, parent]]);
          const { "stytch.retries": retries } = await recorder.metrics();
          deepSame(points(retries).map(({ attributes, value }) => [attributes["stytch.operation"], attributes["error.type"], value]), [["users.get", "503", 1]]);
        }),
      ),
    "records the reason if there is no response": () =>
      calling(({ client, recorder }) =>
        emulator.withFault({ path_prefix: "/v1/magic_links", kind: "reset", times: 1 }, async () => {
          await failure(() => client.magicLinks.email.loginOrCreate({ email }));
          const [{ status, attributes }, ...others] = await requests(recorder);
          same(others.length, 0);
          same(status.code, ERROR);
          same(attributes["http.response.status_code"], undefined);
          matches(attributes["error.type"], /^[a-z]+(_[a-z]+)*$/, "error.type");
        }),
      ),
    "records verdicts": () =>
      calling(async ({ client, recorder, inSpan }) => {
        const session_jwt = await emulator.token();
        const verdict = (headers) => client.authenticateRequest({ headers: new Headers(headers) });
        await verdict({});
        const parent = await inSpan(() => verdict({ Authorization: `Bearer ${session_jwt}` }));
        await emulator.withFault({ path_prefix: "/v1/sessions/authenticate", kind: "status", status: 503 }, () => verdict({ Cookie: "stytch_session=unknown" }));
        const spans = await verdicts(recorder);
        const found = spans.map(({ name, status, attributes }) => [name, status.code, ...["status", "reason", "via"].map((name) => attributes[`stytch.verdict.${name}`])]);
        const { 2: [, , , reason] = [] } = found;
        matches(reason, /^[a-z]+(_[a-z]+)*$/, "reason");
        deepSame(found, [
          ["stytch authenticateRequest", UNSET, "unauthenticated", "no_credentials", undefined],
          ["stytch authenticateRequest", UNSET, "authenticated", undefined, "local"],
          ["stytch authenticateRequest", ERROR, "unavailable", reason, undefined],
        ]);
        same(spans[1].parentSpanContext.spanId, parent);
        const { "stytch.verdict.duration": durations } = await recorder.metrics();
        deepSame(points(durations).map(({ count }) => count), [1, 1, 1]);
        const text = JSON.stringify([(await recorder.spans()).map(({ attributes }) => attributes), durations]);
        ok(!text.includes(session_jwt), "spans and metrics contain no tokens");
      }),
  };
}

/** Runs `call` in a span and returns the identifier of the span. */
function inSpan(tracer, call) {
  return tracer.startActiveSpan("caller", async (span) => {
    try {
      await call();
    } finally {
      span.end();
    }
    return span.spanContext().spanId;
  });
}
