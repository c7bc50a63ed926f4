// The metrics of attempts, retries and verdicts, from events.

import { telemetry } from "stytch-edge/otel";

import { deepSame, same } from "../conformance/assert.js";
import { ATTRIBUTES, REQUEST, RESPONSE, VERDICT, verdictAttributes } from "./events.mjs";
import { points, recording } from "./recorder.mjs";

/** The boundaries that the conventions recommend. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

export const metricTests = {
  "records the durations of attempts in seconds, without identifiers": () =>
    recording(async (recorder) => {
      const { on_request, on_response } = telemetry(recorder);
      for (const [call, end] of [{}, {}, { status_code: 429 }, { status_code: undefined, reason: "timeout" }].entries()) {
        on_request({ ...REQUEST, call });
        on_response({ ...RESPONSE, call, request_id: `request-${call}`, duration_ms: 250, ...end });
      }
      const metric = (await recorder.metrics())["http.client.request.duration"];
      same(metric.descriptor.unit, "s");
      deepSame(metric.dataPoints[0].value.buckets.boundaries, BOUNDARIES);
      deepSame(points(metric), [
        { attributes: { ...ATTRIBUTES, "http.response.status_code": 200 }, value: 0.5, count: 2 },
        { attributes: { ...ATTRIBUTES, "http.response.status_code": 429, "error.type": "429" }, value: 0.25, count: 1 },
        { attributes: { ...ATTRIBUTES, "error.type": "timeout" }, value: 0.25, count: 1 },
      ]);
    }),
  "records the same attributes for every attempt of a call": () =>
    recording(async (recorder) => {
      const { on_request, on_response } = telemetry(recorder);
      for (const attempt of [1, 2, 3]) {
        on_request({ ...REQUEST, attempt });
        on_response({ ...RESPONSE, attempt });
      }
      same(points((await recorder.metrics())["http.client.request.duration"]).length, 1);
    }),
  "records the durations of verdicts in seconds, with status, reason and via": () =>
    recording(async (recorder) => {
      const { on_verdict } = telemetry(recorder);
      const { via, ...common } = VERDICT;
      const events = [VERDICT, { ...common, status: "unauthenticated", reason: "expired" }, { ...common, status: "unavailable", reason: "timeout" }];
      for (const event of [...events, VERDICT]) on_verdict(event);
      const metric = (await recorder.metrics())["stytch.verdict.duration"];
      same(metric.descriptor.unit, "s");
      deepSame(metric.dataPoints[0].value.buckets.boundaries, BOUNDARIES);
      const expected = events.map((event, at) => ({ attributes: verdictAttributes(event), value: at ? 0.0025 : 0.005, count: at ? 1 : 2 }));
      deepSame(points(metric), expected);
    }),
  "counts retries": () =>
    recording(async (recorder) => {
      const { on_retry } = telemetry(recorder);
      for (const end of [{ status_code: 503 }, { status_code: 503 }, { reason: "connection_reset" }]) on_retry({ ...REQUEST, delay_ms: 100, ...end });
      const metric = (await recorder.metrics())["stytch.retries"];
      same(metric.descriptor.unit, "{retry}");
      deepSame(points(metric), [
        { attributes: { ...ATTRIBUTES, "http.response.status_code": 503, "error.type": "503" }, value: 2, count: undefined },
        { attributes: { ...ATTRIBUTES, "error.type": "connection_reset" }, value: 1, count: undefined },
      ]);
    }),
};
