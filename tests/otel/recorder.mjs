// OpenTelemetry's own SDK with exporters in memory, and a context manager that Node and workerd can run. Knows nothing
// about the package.

import { AsyncLocalStorage } from "node:async_hooks";

import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";

/** Runs `body` with a new recorder, and stops the recorder. */
export async function recording(body) {
  const spanExporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spanExporter)] });
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const recorder = {
    tracerProvider,
    meterProvider,
    tracer: tracerProvider.getTracer("tests"),
    meter: meterProvider.getMeter("tests"),
    /** The spans that have ended, in the order of their ends. */
    async spans() {
      await tracerProvider.forceFlush();
      return spanExporter.getFinishedSpans();
    },
    /** The metrics of all scopes, by name. */
    async metrics() {
      metricExporter.reset();
      await meterProvider.forceFlush();
      const scopes = metricExporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
      return Object.fromEntries(scopes.flatMap(({ scope, metrics }) => metrics.map((metric) => [metric.descriptor.name, { ...metric, scope }])));
    },
  };
  try {
    return await body(recorder);
  } finally {
    await tracerProvider.shutdown();
    await meterProvider.shutdown();
  }
}

/** A span's data that the tests compare. */
export const shown = ({ name, kind, status, attributes }) => ({ name, kind, status: status.code, attributes });

/** A time or a duration of a span in milliseconds. */
export const milliseconds = ([seconds, nanoseconds]) => seconds * 1_000 + nanoseconds / 1_000_000;

/** The attributes and the value of each data point of a metric. */
export const points = (metric) => metric.dataPoints.map(({ attributes, value }) => ({ attributes, value: value.sum ?? value, count: value.count }));

/** Passes the active context to asynchronous code. */
class Contexts {
  #storage = new AsyncLocalStorage();

  active() {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }

  with(active, body, self, ...given) {
    return this.#storage.run(active, () => body.apply(self, given));
  }

  bind(active, target) {
    return typeof target === "function" ? (...given) => this.with(active, target, undefined, ...given) : target;
  }

  enable() {
    return this;
  }

  disable() {
    return this;
  }
}

context.setGlobalContextManager(new Contexts());
