// The spans and metrics of `stytch-edge/otel` with OpenTelemetry's own SDK: the tests of tests/otel in Node and on workerd,
// and the package's version in Node.

import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import { same } from "../conformance/assert.js";
import { recording } from "../otel/recorder.mjs";
import { COUNT, run } from "../otel/suite.mjs";
import { bundleWorker } from "./inside/bundle.mjs";
import { startEmulator } from "./inside/emulator.mjs";
import { temporaryFolder } from "./inside/folder.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { oneWorker, serveWorkers } from "./inside/serve-workers.mjs";

const require = createRequire(import.meta.url);

const { end, ...ready } = await startEmulator();
const inNode = await run(ready);
const onWorkerd = await inWorker();
await end();

const own = await runOwn({
  "a CommonJS program receives the same function, with the version of the package": () =>
    recording(async ({ tracerProvider, spans }) => {
      const { telemetry } = require("stytch-edge/otel");
      const { version } = require("stytch-edge/package.json");
      const { trace } = require("@opentelemetry/api");
      trace.setGlobalTracerProvider(tracerProvider);
      telemetry().on_verdict({ project_id: "project-test-1", method: "authenticateRequest", status: "authenticated", duration_ms: 1 });
      trace.disable();
      same((await spans())[0].instrumentationScope.version, version);
    }),
});
const named = (runtime, results) => results.map((result) => ({ ...result, name: `${runtime}: ${result.name}` }));
report([...named("node", inNode), ...named("workerd", onWorkerd), ...own], 2 * COUNT + 1);

async function inWorker() {
  const folder = temporaryFolder("otel");
  const define = { EMULATOR: JSON.stringify(ready) };
  await bundleWorker("../../otel/worker.mjs", folder, { define, external: ["node:async_hooks"] });
  await writeFile(join(folder, "config.capnp"), oneWorker("2025-03-01", ["nodejs_als"]));
  const { urls, end: endWorkerd } = await serveWorkers(folder, ["worker"]);
  const results = await (await fetch(urls.worker)).json();
  await endWorkerd();
  return results;
}
