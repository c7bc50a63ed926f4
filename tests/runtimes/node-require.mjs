// Node with `require` from CommonJS.

import { createRequire } from "node:module";

import { same } from "../conformance/assert.js";
import * as memory from "../conformance/memory.js";
import { expectedCount, run } from "../conformance/suite.js";
import { startEmulator } from "./inside/emulator.mjs";
import { report, runOwn } from "./inside/report.mjs";

const require = createRequire(import.meta.url);
const [stytch, verify] = [require("stytch-edge"), require("stytch-edge/verify")];
const hono = { ...require("hono"), ...require("stytch-edge/hono") };
const emulator = await startEmulator();
const results = await run({ runtime: "node-require", stytch, verify, hono, emulator, memory });
await emulator.end();

const own = await runOwn({
  // Two instances would have two classes of each error, and two key caches.
  "returns the same instance for require and import": async () => {
    const imported = await import("stytch-edge");
    for (const name of Object.keys(imported)) same(stytch[name], imported[name], name);
    const verifying = await import("stytch-edge/verify");
    for (const name of Object.keys(verifying)) same(verify[name], verifying[name], name);
  },
});
report([...results, ...own], expectedCount("node-require") + 1);
