// The spans of attempts and verdicts, from events.

import { telemetry } from "stytch-edge/otel";

import { deepSame, ok, same } from "../conformance/assert.js";
import { ATTRIBUTES, CLIENT, ERROR, INTERNAL, REQUEST, RESPONSE, UNSET, VERDICT, verdictAttributes } from "./events.mjs";
import { milliseconds, recording, shown } from "./recorder.mjs";

const PROJECT = { "stytch.project_id": "project-test-1" };

/** Each origin, with its address, port and scheme. */
const ORIGINS = {
  "https://test.stytch.com": ["test.stytch.com", 443, "https"],
  "https://login.example.com:8443": ["login.example.com", 8443, "https"],
  "http://127.0.0.1:8080": ["127.0.0.1", 8080, "http"],
  "http://localhost": ["localhost", 80, "http"],
  "http://[::1]:3000": ["::1", 3000, "http"],
};

/** The end of an attempt, with the type of its error. */
const ENDS = [
  [{ status_code: 200 }, undefined],
  [{ status_code: 304 }, undefined],
  [{ status_code: 400 }, "400"],
  [{ status_code: 404 }, "404"],
  [{ status_code: 503 }, "503"],
  [{ status_code: 503, reason: "unavailable" }, "503"],
  [{ status_code: 200, reason: "connection_reset" }, "connection_reset"],
  [{ reason: "timeout" }, "timeout"],
  [{}, "_OTHER"],
];

const VERDICTS = [
  [{ status: "authenticated", via: "remote" }, undefined],
  [{ status: "unauthenticated", reason: "no_credentials" }, undefined],
  [{ status: "forbidden", reason: "missing_permission", method: "m2m.authenticateRequest" }, undefined],
  [{ status: "unavailable", reason: "timeout" }, "timeout"],
  [{ status: "unavailable" }, "unavailable"],
];

export const spanTests = {
  "records an attempt as a span, without other data of the events": () =>
    recording(async (recorder) => {
      const { on_request, on_response } = telemetry(recorder);
      const before = Date.now();
      const other = { url: "https://test.stytch.com/v1/users/user-test-1?a=b", headers: { authorization: "Basic c2VjcmV0" }, body: "{}" };
      on_request({ ...REQUEST, ...other });
      on_response({ ...RESPONSE, ...other });
      const [span, ...others] = await recorder.spans();
      same(others.length, 0);
      deepSame(shown(span), {
        name: "GET /v1/users/{user_id}",
        kind: CLIENT,
        status: UNSET,
        attributes: { ...ATTRIBUTES, ...PROJECT, "http.response.status_code": 200, "stytch.request_id": "request-id-test-1" },
      });
      same(milliseconds(span.duration), 12.5);
      const started = milliseconds(span.startTime);
      ok(started >= before && started <= Date.now(), "the span starts with the request");
      deepSame([span.events, span.links, span.parentSpanContext], [[], [], undefined]);
    }),
  "names the server of each origin": () =>
    recording(async (recorder) => {
      const { on_request, on_response } = telemetry(recorder);
      for (const origin of Object.keys(ORIGINS)) {
        on_request({ ...REQUEST, origin });
        on_response({ ...RESPONSE, origin });
      }
      const found = (await recorder.spans()).map(({ attributes }) => ["server.address", "server.port", "url.scheme"].map((name) => attributes[name]));
      deepSame(found, Object.values(ORIGINS));
    }),
  "sets the type of an error, and the status of the span": () =>
    recording(async (recorder) => {
      const { on_request, on_response } = telemetry(recorder);
      for (const [end] of ENDS) {
        on_request(REQUEST);
        on_response({ ...REQUEST, duration_ms: 1, ...end });
      }
      const found = (await recorder.spans()).map(({ status, attributes }) => [status, attributes["http.response.status_code"], attributes["error.type"]]);
      deepSame(found, ENDS.map(([{ status_code }, error]) => [{ code: error === undefined ? UNSET : ERROR }, status_code, error]));
    }),
  "records each attempt of a call, with the number of the repetition": () =>
    recording(async (recorder) => {
      const { on_request, on_response, on_retry } = telemetry(recorder);
      for (const attempt of [1, 2, 3]) {
        on_request({ ...REQUEST, attempt });
        on_response({ ...RESPONSE, attempt, status_code: attempt < 3 ? 503 : 200 });
        if (attempt < 3) on_retry({ ...REQUEST, attempt, delay_ms: 100, status_code: 503 });
      }
      const found = (await recorder.spans()).map(({ status, attributes }) => [status.code, attributes["http.request.resend_count"]]);
      deepSame(found, [[ERROR, undefined], [ERROR, 1], [UNSET, 2]]);
    }),
  "assigns the ends of concurrent attempts to their spans": () =>
    recording(async (recorder) => {
      const { on_request, on_response } = telemetry(recorder);
      for (const call of [1, 2, 3]) on_request({ ...REQUEST, call, operation: `call.${call}` });
      for (const call of [2, 3, 1]) on_response({ ...RESPONSE, call, request_id: `request-${call}` });
      const found = (await recorder.spans()).map(({ attributes }) => `${attributes["stytch.operation"]} ${attributes["stytch.request_id"]}`);
      deepSame(found, ["call.2 request-2", "call.3 request-3", "call.1 request-1"]);
    }),
  "uses the active span as the parent of attempts and verdicts": () =>
    recording(async (recorder) => {
      const { on_request, on_response, on_verdict } = telemetry(recorder);
      const parent = recorder.tracer.startActiveSpan("parent", (parent) => {
        on_request(REQUEST);
        on_verdict(VERDICT);
        return parent;
      });
      on_response(RESPONSE);
      const { traceId, spanId } = parent.spanContext();
      const spans = await recorder.spans();
      same(spans.length, 2);
      for (const span of spans) deepSame([span.spanContext().traceId, span.parentSpanContext.spanId], [traceId, spanId]);
    }),
  "ends the oldest span over 1000 open spans": () =>
    recording(async (recorder) => {
      const { on_request, on_response } = telemetry(recorder);
      const calls = Array.from({ length: 1_003 }, (_, call) => call);
      for (const call of calls) on_request({ ...REQUEST, call, operation: `call.${call}` });
      const ended = (await recorder.spans()).map(({ attributes }) => attributes["stytch.operation"]);
      deepSame(ended, ["call.0", "call.1", "call.2"]);
      for (const call of calls) on_response({ ...RESPONSE, call });
      same((await recorder.spans()).length, 1_003, "spans");
    }),
  "ends an open span if the number of its call is used again": () =>
    recording(async (recorder) => {
      const { on_request, on_response } = telemetry(recorder);
      on_request(REQUEST);
      on_request(REQUEST);
      same((await recorder.spans()).length, 1);
      on_response(RESPONSE);
      on_response(RESPONSE);
      const found = (await recorder.spans()).map(({ attributes }) => attributes["http.response.status_code"]);
      deepSame(found, [undefined, 200]);
    }),
  "records a verdict as a span; only unavailable is an error": () =>
    recording(async (recorder) => {
      const { on_verdict } = telemetry(recorder);
      const { via, ...common } = VERDICT;
      const events = VERDICTS.map(([own]) => ({ ...common, ...own }));
      for (const event of events) on_verdict(event);
      const ended = Date.now();
      const spans = await recorder.spans();
      const expected = events.map((event, at) => {
        const error = VERDICTS[at][1];
        const attributes = { ...verdictAttributes(event), ...PROJECT, ...(error && { "error.type": error }) };
        return { name: `stytch ${event.method}`, kind: INTERNAL, status: error ? ERROR : UNSET, attributes };
      });
      deepSame(spans.map(shown), expected);
      for (const span of spans) {
        same(milliseconds(span.duration), 2.5);
        ok(milliseconds(span.endTime) <= ended, "the span ends with the verdict");
      }
    }),
};
