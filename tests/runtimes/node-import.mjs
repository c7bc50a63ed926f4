// Node, by `import`.

import * as memory from "../conformance/memory.js";
import { expectedCount, run } from "../conformance/suite.js";
import { startEmulator } from "./inside/emulator.mjs";
import { report } from "./inside/report.mjs";

const stytch = await import("stytch-edge");
const emulator = await startEmulator();
const results = await run({ runtime: "node-import", stytch, emulator, memory });
await emulator.end();
report(results, expectedCount("node-import"));
