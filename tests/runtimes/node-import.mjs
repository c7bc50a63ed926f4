// Node with `import`, the comparison with npm stytch against the emulator, and the command `stytch-edge`.

import official from "stytch";

import * as memory from "../conformance/memory.js";
import { expectedCount, run } from "../conformance/suite.js";
import { commandTests } from "./inside/command.mjs";
import { startEmulator } from "./inside/emulator.mjs";
import { officialTests } from "./inside/official.mjs";
import { report, runOwn } from "./inside/report.mjs";

const entries = await import("./inside/entries.mjs");
const { stytch } = entries;
const { end, ...emulator } = await startEmulator();
const results = await run({ runtime: "node-import", ...entries, emulator, memory });
const own = await runOwn({ ...officialTests(official, stytch, emulator, memory), ...commandTests(emulator) });
await end();
report([...results, ...own], expectedCount("node-import") + 11);
