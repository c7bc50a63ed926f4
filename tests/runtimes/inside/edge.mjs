// The suite as an edge function. EMULATOR is put in when the runner bundles this,
// because module scope cannot ask for it.

// First, so that it sees the wasm start.
import * as memory from "../../conformance/memory.js";
import { run } from "../../conformance/suite.js";
import { hono, stytch, verify } from "./entries.mjs";

/* global EMULATOR, addEventListener */

const moduleScopeClient = new stytch.Client({ ...EMULATOR.consumer, custom_base_url: EMULATOR.url });

addEventListener("fetch", (event) => {
  const results = run({ runtime: "edge", stytch, verify, hono, emulator: EMULATOR, memory, moduleScopeClient });
  event.respondWith(results.then((results) => new Response(JSON.stringify(results))));
});
