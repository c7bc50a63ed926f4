// Runs in a process of a runtime. Reads the base URLs from one argument, and prints the reasons as one line of JSON.

import { reasonsOf } from "./network-reasons.mjs";

const [urls] = globalThis.Deno?.args ?? globalThis.process.argv.slice(2);
console.log(JSON.stringify(await reasonsOf(JSON.parse(urls))));
