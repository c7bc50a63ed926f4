// A page that measures its wasm memory.

// The first import, so that it wraps `WebAssembly.Instance` before the package is loaded.
import * as measured from "./growth.mjs";
import { fetched as ours } from "./contestants/ours.mjs";

/** The bytes of memory after few and many checks and clients. */
export async function growth({ server, plan }) {
  const tokens = await (await fetch(`${server.url}/tokens`)).json();
  return measured.growth(ours, server, tokens, plan.memory);
}
