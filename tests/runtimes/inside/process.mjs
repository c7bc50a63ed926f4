// Runs in a process of another runtime than Node. Reads its input from one argument, and
// prints the results as one line of JSON.

import * as memory from "../../conformance/memory.js";
import { run } from "../../conformance/suite.js";

const given = JSON.parse((globalThis.Deno?.args ?? globalThis.process.argv.slice(2))[0]);
const entries = await import("./entries.mjs");
console.log(JSON.stringify(await run({ ...given, ...entries, memory })));
