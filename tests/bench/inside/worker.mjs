// A Worker with every contestant. Its clock does not advance during a request, so the caller
// measures the time.

import jose from "./contestants/jose.mjs";
import baseline from "./contestants/baseline.mjs";
import ours from "./contestants/ours.mjs";
import sync from "./contestants/sync.mjs";
import stytch from "./contestants/stytch.mjs";
import { checksOf, runLap } from "./laps.mjs";

let checks;
let tokens;

const ROUTES = {
  /** Constructs the clients and fetches the pool, once. */
  async "/prepare"(request) {
    const server = await request.json();
    checks = { ...checksOf({ ours, sync, stytch, jose }, server), "no check": baseline() };
    tokens = await (await fetch(`${server.url}/tokens`)).json();
    return tokens.length;
  },

  /** One lap of a contestant. */
  async "/lap"(request) {
    const { name, ...lap } = await request.json();
    await runLap(checks[name], tokens, lap);
    return "done";
  },

  /** One check, as in a guarded Worker. */
  "/guard"(request) {
    return checks[request.headers.get("Contestant")](request.headers.get("Authorization"));
  },
};

export default {
  async fetch(request) {
    return new Response(await ROUTES[new URL(request.url).pathname](request));
  },
};
