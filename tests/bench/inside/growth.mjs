// How much memory the wasm has after few checks and after many, and after few
// clients and many. Import this before anything that imports the package.

import * as memory from "../../conformance/memory.js";
import { runLap, sessionId } from "./laps.mjs";

/**
 * Does the checks up to a total of `count`, and gives the bytes. Nothing is seen twice
 * among the first; later, most of what is seen has been seen before, as in real life.
 * `state` goes from call to call.
 */
export async function afterChecks(ours, stand, tokens, state, count) {
  state.check ??= ours(stand);
  state.done ??= 0;
  state.next ??= 0;
  const times = state.done === 0 ? 1 : AGAIN;
  while (state.done < count) {
    const from = state.next % tokens.length;
    const some = Math.min(STRETCH, tokens.length - from);
    await runLap(state.check, tokens, { from, count: some, times });
    state.next += some;
    state.done += some * times;
  }
  return memory.bytes();
}

/** Makes clients up to a total of `count`, each of which checks one token, and gives the bytes. */
export async function afterClients(ours, stand, tokens, state, count) {
  state.clients ??= 0;
  for (; state.clients < count; state.clients += 1) {
    const number = state.clients % tokens.length;
    const found = await ours(stand)(tokens[number]);
    if (found !== sessionId(number)) throw new Error(`token ${number} gave ${found}`);
  }
  return memory.bytes();
}

/** All four numbers, for a runtime that can work that long in one piece. */
export async function growth(ours, stand, tokens, plan) {
  const state = {};
  return {
    checks: [
      await afterChecks(ours, stand, tokens, state, plan.few),
      await afterChecks(ours, stand, tokens, state, plan.many),
    ],
    clients: [
      await afterClients(ours, stand, tokens, state, plan.clientsFew),
      await afterClients(ours, stand, tokens, state, plan.clientsMany),
    ],
  };
}

const STRETCH = 100;
const AGAIN = 5;
