// A page whose wasm is watched.

// First, so that it sees the wasm start.
import * as watched from "./growth.mjs";
import ours from "./contestants/ours.mjs";

/** Bytes after few and many checks and clients. */
export async function growth({ stand, plan }) {
  const tokens = await (await fetch(`${stand.url}/tokens`)).json();
  return watched.growth(ours, stand, tokens, plan.memory);
}
