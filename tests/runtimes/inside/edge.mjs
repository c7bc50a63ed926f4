// The suite as an edge function. The runner's bundle replaces EMULATOR, because module scope
// cannot receive arguments.

// The first import, so that it wraps `WebAssembly.Instance` before the package is loaded.
import * as memory from "../../conformance/memory.js";
import { run } from "../../conformance/suite.js";
import { hono, stytch, verify } from "./entries.mjs";

/* global EMULATOR, addEventListener */

const moduleScopeClient = new stytch.Client({ ...EMULATOR.consumer, custom_base_url: EMULATOR.url });

addEventListener("fetch", (event) => {
  const results = run({ runtime: "edge", stytch, verify, hono, emulator: EMULATOR, memory, moduleScopeClient });
  event.respondWith(results.then((results) => new Response(JSON.stringify(results))));
});
