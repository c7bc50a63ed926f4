// @ts-check
// The example's own test, `npm test`: it walks through the Worker in a real `wrangler dev`, against the emulator. The
// last line is `N passed, M failed`.
//
// STYTCH_EMULATOR_BIN names the emulator's binary, if it is not the one that cargo builds beside this folder.

import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { edges } from "./edges.mjs";
import { guard } from "./guard.mjs";
import { https } from "./https.mjs";
import { journey } from "./journey.mjs";
import { outage } from "./outage.mjs";
import { startEmulator, startWorker } from "./servers.mjs";

/**
 * What a part of the test gets: a Worker, the API behind it, and how to take a step.
 * @typedef {{ url: string, api: import("./servers.mjs").Api, step: typeof step }} Stage
 */

// Counted, so that a step which did not run is a failure.
const STEPS = 33;
let passed = 0;
let failed = 0;

await step("the sources are as their types say", () => {
  const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const folder = fileURLToPath(new URL("..", import.meta.url));
  const run = spawnSync(process.execPath, [compiler, "--noEmit"], { cwd: folder, encoding: "utf8", timeout: 120_000 });
  assert.equal(run.status, 0, run.stdout + run.stderr);
});
const api = await startEmulator();
try {
  await onFreshWorker([journey, edges, guard, https]);
  await onFreshWorker([outage]);
} finally {
  await api.end();
}
if (passed + failed !== STEPS) {
  console.log(`FAIL  ${STEPS} steps should have run, and not ${passed + failed}`);
  failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/**
 * Takes parts of the test with a Worker whose isolate is cold.
 * @param {((stage: Stage) => Promise<void>)[]} parts
 */
async function onFreshWorker(parts) {
  const worker = await startWorker(api);
  console.log(`      wrangler dev was ready after ${worker.seconds.toFixed(1)} s`);
  try {
    for (const part of parts) await part({ url: worker.url, api, step }).catch((error) => fail(part.name, error));
  } finally {
    await worker.end();
  }
  await step("the Worker's log has neither the secret nor a token", () => {
    assert.ok(worker.log().includes("503"), "the outages are in the log");
    assert.ok(!worker.log().includes(api.consumer.secret));
    assert.doesNotMatch(worker.log(), /eyJ|token=/);
  });
}

/** @param {string} title @param {() => unknown} take */
async function step(title, take) {
  try {
    await take();
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
