// A Worker that measures its wasm memory, with additional checks or clients in each request.

// The first import, so that it wraps `WebAssembly.Instance` before the package is loaded.
import { afterChecks, afterClients } from "./growth.mjs";
import { fetched as ours } from "./contestants/ours.mjs";

const AFTER = { checks: afterChecks, clients: afterClients };
const state = {};
let tokens;

export default {
  async fetch(request) {
    const { server, of, count } = await request.json();
    tokens ??= await (await fetch(`${server.url}/tokens`)).json();
    return Response.json(await AFTER[of](ours, server, tokens, state, count));
  },
};
