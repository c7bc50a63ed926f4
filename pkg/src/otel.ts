// Records the events of a client's hooks as spans and metrics of OpenTelemetry, by its conventions for HTTP clients
// (https://opentelemetry.io/docs/specs/semconv/http/). Does not know URLs, headers, bodies, tokens or secrets: the events
// do not contain them. The conventions' `url.full` is absent for this reason.

import { metrics, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Attributes, Counter, Histogram, Meter, Span, Tracer } from "@opentelemetry/api";
import version from "package-version";

import type { RequestEvent, ResponseEvent, RetryEvent, VerdictEvent } from "./config.js";

/** The options of `telemetry`. */
export interface TelemetryOptions {
  /** Starts the spans. Default: the tracer `stytch-edge` of the global provider. */
  tracer?: Tracer | undefined;
  /** Creates the instruments. Default: the meter `stytch-edge` of the global provider. */
  meter?: Meter | undefined;
}

/** The hooks of a client that record spans and metrics. */
export interface Telemetry {
  /** Starts the span of an attempt. Its parent is the active span. */
  on_request: (event: RequestEvent) => void;
  /** Ends the span of an attempt, and records its duration. */
  on_response: (event: ResponseEvent) => void;
  /** Counts a retry. */
  on_retry: (event: RetryEvent) => void;
  /** Records the span and the duration of a verdict. */
  on_verdict: (event: VerdictEvent) => void;
}

/**
 * The hooks that record a client's requests and verdicts with OpenTelemetry. Requires `@opentelemetry/api`; without a
 * registered SDK, nothing is recorded.
 *
 * ```ts
 * import { Client } from "stytch-edge";
 * import { telemetry } from "stytch-edge/otel";
 *
 * const client = new Client({ project_id, secret, ...telemetry() });
 * ```
 *
 * - Each attempt of a request is a span of kind CLIENT, such as `GET /v1/users/{user_id}`, and is recorded in
 *   `http.client.request.duration`. An instrumentation of `fetch` records the same attempts again.
 * - Each verdict is a span of kind INTERNAL, such as `stytch authenticateRequest`, and is recorded in
 *   `stytch.verdict.duration` with its status, reason and `via`. Only `unavailable` is an error.
 * - Each retry is counted in `stytch.retries`.
 *
 * The span of an aborted request may not end with the request. Over 1,000 open spans, the oldest one is ended.
 */
export function telemetry({ tracer, meter }: TelemetryOptions = {}): Telemetry {
  const spans = new Map<string, OpenSpan>();
  // Providers may be registered or replaced after this call, so each event looks them up.
  const start = (...given: Parameters<Tracer["startSpan"]>) => (tracer ?? trace.getTracer(NAME, version)).startSpan(...given);
  const instruments = () => instrumentsOf(meter ?? metrics.getMeter(NAME, version));

  /** Removes an open span. */
  const taken = (key: string): OpenSpan | undefined => {
    const open = spans.get(key);
    spans.delete(key);
    return open;
  };

  /** Ends a span without a result. If this fails, the next span is recorded anyway. */
  const abandon = (key: string): void => {
    try {
      taken(key)?.span.end();
    } catch {
      // The tracer's own error.
    }
  };

  return {
    on_request(event) {
      const started = Date.now();
      const { method, path_template, project_id, attempt } = event;
      const resent = attempt > 1 && { "http.request.resend_count": attempt - 1 };
      const attributes = { ...requestAttributes(event), "stytch.project_id": project_id, ...resent };
      const span = start(`${method} ${path_template}`, { kind: SpanKind.CLIENT, startTime: started, attributes });
      const key = keyOf(event);
      // After a trap, the numbers of calls may start again.
      abandon(key);
      if (spans.size >= MAX_OPEN_SPANS) abandon(spans.keys().next().value!);
      spans.set(key, { span, started });
    },
    on_response(event) {
      const open = taken(keyOf(event));
      const outcome = outcomeAttributes(event);
      try {
        instruments().requests.record(event.duration_ms / 1000, { ...requestAttributes(event), ...outcome });
      } finally {
        const request = event.request_id !== undefined && { "stytch.request_id": event.request_id };
        if (open) end(open, event.duration_ms, { ...outcome, ...request });
      }
    },
    on_retry(event) {
      instruments().retries.add(1, { ...requestAttributes(event), ...outcomeAttributes(event) });
    },
    on_verdict({ project_id, method, status, reason, via, duration_ms }) {
      const attributes = {
        "stytch.verdict.method": method,
        "stytch.verdict.status": status,
        ...(reason !== undefined && { "stytch.verdict.reason": reason }),
        ...(via !== undefined && { "stytch.verdict.via": via }),
      };
      try {
        instruments().verdicts.record(duration_ms / 1000, attributes);
      } finally {
        const started = Date.now() - duration_ms;
        const span = start(`stytch ${method}`, { startTime: started, attributes: { ...attributes, "stytch.project_id": project_id } });
        end({ span, started }, duration_ms, status === "unavailable" ? { "error.type": reason ?? status } : {});
      }
    },
  };
}

/** The span of an attempt without a response so far. */
interface OpenSpan {
  span: Span;
  /** The start, in milliseconds since 1970. */
  started: number;
}

/** Ends a span, with an error if the attributes contain its type. A span that throws on attributes must end too. */
function end({ span, started }: OpenSpan, duration_ms: number, attributes: Attributes): void {
  try {
    span.setAttributes(attributes);
    if (attributes["error.type"] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
  } finally {
    span.end(started + duration_ms);
  }
}

const keyOf = ({ call, attempt }: RequestEvent) => `${call} ${attempt}`;

/** The attributes of a request, which have few values, so that metrics may have them. */
function requestAttributes({ origin, method, path_template, operation }: RequestEvent): Attributes {
  const { hostname, port, protocol } = new URL(origin);
  return {
    "http.request.method": method,
    "server.address": hostname.replace(/^\[|\]$/g, ""),
    "server.port": Number(port) || (protocol === "https:" ? 443 : 80),
    "url.scheme": protocol.slice(0, -1),
    "url.template": path_template,
    "stytch.operation": operation,
  };
}

/** The attributes of the end of a request. `_OTHER` is the conventions' word for an unknown error. */
function outcomeAttributes({ status_code, reason }: Pick<ResponseEvent, "status_code" | "reason">): Attributes {
  if (status_code === undefined) return { "error.type": reason ?? "_OTHER" };
  const error = status_code >= 400 ? String(status_code) : reason;
  return { "http.response.status_code": status_code, ...(error !== undefined && { "error.type": error }) };
}

/** The instruments of one meter. */
interface Instruments {
  requests: Histogram;
  verdicts: Histogram;
  retries: Counter;
}

/** The instruments of a meter, which are created once. */
function instrumentsOf(meter: Meter): Instruments {
  const known = INSTRUMENTS.get(meter);
  if (known) return known;
  const duration = (name: string, description: string) =>
    meter.createHistogram(name, { description, unit: "s", advice: { explicitBucketBoundaries: SECONDS } });
  const created = {
    requests: duration("http.client.request.duration", "Duration of HTTP client requests."),
    verdicts: duration("stytch.verdict.duration", "Duration of verdicts on requests."),
    retries: meter.createCounter("stytch.retries", { description: "Number of retries.", unit: "{retry}" }),
  };
  INSTRUMENTS.set(meter, created);
  return created;
}

const INSTRUMENTS = new WeakMap<Meter, Instruments>();

const NAME = "stytch-edge";
/** Aborted requests may leave open spans. */
const MAX_OPEN_SPANS = 1_000;

/** The boundaries that the conventions recommend for `http.client.request.duration`. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
