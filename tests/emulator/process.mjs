// The suite in a process of Node, Deno or Bun. Prints the results as JSON.

import { B2BClient, Client } from "stytch-edge";
import { createEmulator, EmulatorError } from "stytch-emulator";

import { run } from "./suite.js";

const runtime = globalThis.Deno ? "deno" : globalThis.Bun ? "bun" : "node-import";
console.log(JSON.stringify(await run({ runtime, createEmulator, EmulatorError, Client, B2BClient })));
