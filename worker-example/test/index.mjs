// @ts-check
// The test of the examples, `npm test`: it runs each Worker in a real `wrangler dev`, against the emulator. The last
// line of its output is `N passed, M failed`.

import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { forms } from "../b2b/test/forms.mjs";
import { members } from "../b2b/test/members.mjs";
import { edges } from "./edges.mjs";
import { guard } from "./guard.mjs";
import { https } from "./https.mjs";
import { journey } from "./journey.mjs";
import { outage } from "./outage.mjs";
import { startEmulator, startWorker } from "./servers.mjs";

/**
 * The arguments of each part of the test: the URL of the Worker, the emulated API, and the function that runs a step.
 * @typedef {{ url: string, api: import("./servers.mjs").Api, step: typeof step }} Context
 */

// The number of steps is asserted, so that a missing step is a failure.
const STEPS = 56;
let passed = 0;
let failed = 0;

await step("the sources pass the type check", () => {
  const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const folder = fileURLToPath(new URL("..", import.meta.url));
  const run = spawnSync(process.execPath, [compiler, "--noEmit"], { cwd: folder, encoding: "utf8", timeout: 120_000 });
  assert.equal(run.status, 0, run.stdout + run.stderr);
});
const api = await startEmulator();
try {
  await onFreshWorker([journey, edges, guard, https]);
  await onFreshWorker([outage]);
  await onFreshWorker([members, forms], "b2b");
} finally {
  await api.end();
}
if (passed + failed !== STEPS) {
  console.log(`FAIL  expected ${STEPS} steps, but ${passed + failed} ran`);
  failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/**
 * Runs parts of the test with a new Worker, whose isolate state is empty.
 * @param {((context: Context) => Promise<void>)[]} parts @param {"consumer" | "b2b"} [product]
 */
async function onFreshWorker(parts, product = "consumer") {
  const worker = await startWorker(api, product);
  console.log(`      wrangler dev was ready after ${worker.seconds.toFixed(1)} s`);
  try {
    for (const part of parts) await part({ url: worker.url, api, step }).catch((error) => fail(part.name, error));
  } finally {
    await worker.end();
  }
  await step("the Worker's log does not contain the secret or a token", () => {
    assert.ok(worker.log().includes("503"), "the log contains the outages");
    assert.ok(!worker.log().includes(api[product].secret));
    assert.doesNotMatch(worker.log(), /eyJ|token=/);
  });
}

/** @param {string} title @param {() => unknown} run */
async function step(title, run) {
  try {
    await run();
    passed += 1;
    console.log(`ok    ${title}`);
  } catch (error) {
    fail(title, error);
  }
}

/** @param {string} title @param {unknown} error */
function fail(title, error) {
  failed += 1;
  console.log(`FAIL  ${title}\n${error instanceof Error ? error.stack : error}`);
}
