// Node, by `require` from CommonJS.

import { createRequire } from "node:module";

import { same } from "../conformance/assert.js";
import * as memory from "../conformance/memory.js";
import { expectedCount, run } from "../conformance/suite.js";
import { startEmulator } from "./inside/emulator.mjs";
import { report, runOwn } from "./inside/report.mjs";

const stytch = createRequire(import.meta.url)("stytch-edge");
const emulator = await startEmulator();
const results = await run({ runtime: "node-require", stytch, emulator, memory });
await emulator.end();

const own = await runOwn({
  // Two copies would have two classes of each error, and two sets of keys.
  "require and import give the same package": async () => {
    const imported = await import("stytch-edge");
    for (const name of Object.keys(imported)) same(stytch[name], imported[name], name);
  },
});
report([...results, ...own], expectedCount("node-require") + 1);
