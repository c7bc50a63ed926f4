// The global providers, and tracers and meters that throw.

import { metrics, trace } from "@opentelemetry/api";
import { telemetry } from "stytch-edge/otel";

import { deepSame, matches, same } from "../conformance/assert.js";
import { REQUEST, RESPONSE, VERDICT } from "./events.mjs";
import { points, recording } from "./recorder.mjs";

export const providerTests = {
  "records nothing without a registered provider": () => {
    const { on_request, on_response, on_retry, on_verdict } = telemetry();
    on_request(REQUEST);
    on_response(RESPONSE);
    on_retry({ ...REQUEST, delay_ms: 100, reason: "timeout" });
    on_verdict(VERDICT);
  },
  "uses global providers, even if they are registered or replaced later": async () => {
    const { on_request, on_response } = telemetry();
    const attempt = () => {
      on_request(REQUEST);
      on_response(RESPONSE);
    };
    attempt();
    for (const round of [1, 2]) {
      await recording(async (recorder) => {
        trace.setGlobalTracerProvider(recorder.tracerProvider);
        metrics.setGlobalMeterProvider(recorder.meterProvider);
        attempt();
        trace.disable();
        metrics.disable();
        attempt();
        const [span, ...others] = await recorder.spans();
        same(others.length, 0, `other spans of round ${round}`);
        const metric = (await recorder.metrics())["http.client.request.duration"];
        deepSame(points(metric).map(({ count }) => count), [1]);
        for (const { name, version } of [span.instrumentationScope, metric.scope]) {
          same(name, "stytch-edge");
          matches(version, /^\d+\.\d+\.\d+/, "version");
        }
      });
    }
  },
  "creates the instruments of a meter once": () =>
    recording(async (recorder) => {
      let created = 0;
      const { meter } = recorder;
      const counting = {
        createHistogram: (...given) => (created += 1) && meter.createHistogram(...given),
        createCounter: (...given) => (created += 1) && meter.createCounter(...given),
      };
      for (const call of [1, 2, 3]) telemetry({ meter: counting }).on_response({ ...RESPONSE, call });
      same(created, 3);
    }),
  "records durations if the tracer throws": () =>
    recording(async ({ meter, metrics }) => {
      const { on_request, on_response, on_verdict } = telemetry({ tracer: { startSpan: fail }, meter });
      same(thrown(() => on_request(REQUEST)), "broken");
      on_response(RESPONSE);
      same(thrown(() => on_verdict(VERDICT)), "broken");
      const found = await metrics();
      for (const name of ["http.client.request.duration", "stytch.verdict.duration"]) same(points(found[name])[0].count, 1, name);
    }),
  "ends spans if the meter throws": () =>
    recording(async ({ tracer, spans }) => {
      const instrument = () => ({ record: fail, add: fail });
      const meters = [{ createHistogram: fail }, { createHistogram: instrument, createCounter: instrument }];
      for (const meter of meters) {
        const { on_request, on_response, on_retry, on_verdict } = telemetry({ tracer, meter });
        on_request(REQUEST);
        for (const hook of [() => on_response(RESPONSE), () => on_retry(REQUEST), () => on_verdict(VERDICT)]) same(thrown(hook), "broken");
      }
      const found = (await spans()).map(({ name, attributes }) => [name, attributes["http.response.status_code"]]);
      const each = [["GET /v1/users/{user_id}", 200], ["stytch authenticateRequest", undefined]];
      deepSame(found, [...each, ...each]);
    }),
  "ends spans that throw when they receive attributes or a status": () => {
    for (const broken of ["setAttributes", "setStatus"]) {
      let ended = 0;
      const span = { setAttributes() {}, setStatus() {}, end: () => (ended += 1), [broken]: fail };
      const { on_request, on_response, on_verdict } = telemetry({ tracer: { startSpan: () => span } });
      on_request(REQUEST);
      same(thrown(() => on_response({ ...RESPONSE, status_code: 500 })), "broken", broken);
      same(thrown(() => on_verdict({ ...VERDICT, status: "unavailable" })), "broken", broken);
      same(ended, 2, broken);
    }
  },
  "keeps the span of a request if an abandoned span throws when it ends": () => {
    const ended = [];
    const startSpan = (_, { attributes }) => ({
      setAttributes() {},
      end: () => (attributes["stytch.operation"] === "first" ? fail() : ended.push(attributes["stytch.operation"])),
    });
    const { on_request, on_response } = telemetry({ tracer: { startSpan } });
    on_request({ ...REQUEST, operation: "first" });
    on_request({ ...REQUEST, operation: "second" });
    on_response(RESPONSE);
    deepSame(ended, ["second"]);
  },
};

function fail() {
  throw new Error("broken");
}

function thrown(call) {
  try {
    call();
  } catch ({ message }) {
    return message;
  }
  return undefined;
}
