// A Worker with every contestant in it. Its clock stands still while it works, so
// it only does what it is asked, and whoever asks holds the watch.

import jose from "./contestants/jose.mjs";
import nobody from "./contestants/nobody.mjs";
import ours from "./contestants/ours.mjs";
import sync from "./contestants/sync.mjs";
import stytch from "./contestants/stytch.mjs";
import { checksOf, runLap } from "./laps.mjs";

let checks;
let tokens;

const ROUTES = {
  /** Makes the clients and fetches the pool, once. */
  async "/prepare"(request) {
    const stand = await request.json();
    checks = { ...checksOf({ ours, sync, stytch, jose }, stand), nobody: nobody() };
    tokens = await (await fetch(`${stand.url}/tokens`)).json();
    return tokens.length;
  },

  /** One lap of a contestant. */
  async "/lap"(request) {
    const { name, ...lap } = await request.json();
    await runLap(checks[name], tokens, lap);
    return "done";
  },

  /** One check, as a guarded Worker does it. */
  "/guard"(request) {
    return checks[request.headers.get("Contestant")](request.headers.get("Authorization"));
  },
};

export default {
  async fetch(request) {
    return new Response(await ROUTES[new URL(request.url).pathname](request));
  },
};
