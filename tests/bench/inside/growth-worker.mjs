// A Worker whose wasm is watched: some checks or clients more with each request.

// First, so that it sees the wasm start.
import { afterChecks, afterClients } from "./growth.mjs";
import ours from "./contestants/ours.mjs";

const AFTER = { checks: afterChecks, clients: afterClients };
const state = {};
let tokens;

export default {
  async fetch(request) {
    const { stand, of, count } = await request.json();
    tokens ??= await (await fetch(`${stand.url}/tokens`)).json();
    return Response.json(await AFTER[of](ours, stand, tokens, state, count));
  },
};
