// The size of the wasm memory after few and many checks, and after few and many clients. Import
// this module before the package.

import * as memory from "../../conformance/memory.js";
import { runLap, sessionId } from "./laps.mjs";

/**
 * Continues the checks up to a total of `count`, and returns the bytes of memory. The first call
 * checks each token once. Later calls check each token several times, as in production. Pass the
 * same `state` to every call.
 */
export async function afterChecks(ours, server, tokens, state, count) {
  state.check ??= ours(server);
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

/** Constructs clients up to a total of `count`, checks one token with each, and returns the bytes of memory. */
export async function afterClients(ours, server, tokens, state, count) {
  state.clients ??= 0;
  for (; state.clients < count; state.clients += 1) {
    const number = state.clients % tokens.length;
    const found = await ours(server)(tokens[number]);
    if (found !== sessionId(number)) throw new Error(`token ${number} returned ${found}`);
  }
  return memory.bytes();
}

/** All four numbers, for a runtime without a time limit. */
export async function growth(ours, server, tokens, plan) {
  const state = {};
  return {
    checks: [
      await afterChecks(ours, server, tokens, state, plan.few),
      await afterChecks(ours, server, tokens, state, plan.many),
    ],
    clients: [
      await afterClients(ours, server, tokens, state, plan.clientsFew),
      await afterClients(ours, server, tokens, state, plan.clientsMany),
    ],
  };
}

const STRETCH = 100;
const AGAIN = 5;
